"""The forms of a source: registering it, and storing its text."""

from collections.abc import Sequence
from typing import Any

from django import forms

from policy.actions.desk.fields import PartialDateField
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.source_texts import NewSource
from policy.models import Source, SourceText
from policy.queries.source_texts import HeldText


class Telling(forms.Form):
    """A form that takes in what an action refuses."""

    def take(self, refused: BadValues) -> None:
        for name, sentence in refused.sentences.items():
            self.add_error(name if name in self.fields else None, sentence)


class SourceForm(Telling):
    """A source that the record does not know yet."""

    title = forms.CharField(
        label="Title",
        help_text="As it is printed.",
        error_messages={"required": "Give the title as it is printed."},
    )
    kind = forms.ChoiceField(label="Kind", choices=Source.Kind.choices)
    citation = forms.CharField(
        label="Citation", max_length=120, required=False, help_text="As it is cited: 90 FR 4544."
    )
    publisher = forms.CharField(label="Publisher", max_length=200, required=False)
    published = PartialDateField(
        label="Published",
        required=False,
        help_text="2025-05-15, or 2025-05 if only that is known.",
    )
    url = forms.URLField(label="Address", max_length=500, required=False, assume_scheme="https")
    slug = forms.SlugField(
        label="Short name",
        max_length=120,
        required=False,
        help_text="In addresses; empty: made of the title.",
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    @property
    def new_source(self) -> NewSource:
        return NewSource(**self.cleaned_data)


class TextForm(Telling):
    """A text to store: pasted, or one that the record holds of the source."""

    PASTED = "pasted"
    take_from = forms.ChoiceField(
        label="Where it comes from", widget=forms.RadioSelect, initial=PASTED
    )
    text = forms.CharField(
        label="Pasted text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="The words of the source, as printed. Line breaks do not count.",
    )

    def __init__(self, data: Any = None, *, held: Sequence[HeldText]) -> None:
        super().__init__(data)
        self.held = {text.key: text for text in held}
        offered = [(text.key, text.label) for text in held]
        choices = [(self.PASTED, "The text pasted below"), *offered]
        self.fields["take_from"].choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def words(self) -> str:
        """The text to store."""
        held = self.held.get(self.cleaned_data["take_from"])
        return held.text if held else str(self.cleaned_data["text"])

    @property
    def how(self) -> str:
        held = self.held.get(self.cleaned_data["take_from"])
        return held.how if held else SourceText.How.PASTED.value
