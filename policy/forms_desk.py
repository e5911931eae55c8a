"""The form of a change: its own words, and one part for each thing that it writes.

What is typed is kept as typed; each field answers a slip with its sentence. A draft may be
unfinished, so an empty field is a slip only once the change is handed over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict

from policy.actions.desk.drafts import Item, Words
from policy.actions.desk.fields import IdentityField, text_of
from policy.actions.desk.kinds import Act, BadValues, Kind, kind_of
from policy.actions.desk.pickers import public_id_meant
from policy.domain.calendar import FederalCalendar
from policy.domain.deadlines import EASTERN, Receipt, full_day
from policy.domain.partial_dates import PartialDate
from policy.domain.wall_time import BadWallTime, parse_wall_time, wall_time
from policy.http import whole
from policy.models import ChangeItem, Source

# A change of more is made by the machine: a split, an undoing, answers in bulk.
MOST_ITEMS = 500
ACTS = dict(ChangeItem.Act.choices)


class WallTimeField(forms.CharField):
    """A day and a time of day, Eastern; the UTC instant is what comes of it."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        form = {"placeholder": "YYYY-MM-DD HH:MM", "autocomplete": "off", "spellcheck": "false"}
        return {**super().widget_attrs(widget), **form}

    def prepare_value(self, value: Any) -> Any:
        return wall_time(value).replace("T", " ") if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        try:
            return parse_wall_time(text) if text else None
        except BadWallTime as refused:
            raise forms.ValidationError(str(refused)) from refused


class WordsForm(forms.Form):
    """What a change says of itself, whatever it writes."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="One line for the queue.",
        error_messages={"required": "Give the change a title: the queue shows it."},
    )
    why = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The reason, which history shows for good.",
        error_messages={"required": "Say why: history shows the reason for good."},
    )
    source = IdentityField(
        Source,
        label="Source",
        help_text="A citation such as 90 FR 4544, a document number, or words of its title.",
        error_messages={
            "required": "Every fact cites a source: choose one, or register it first.",
        },
    )
    quote = forms.CharField(
        label="Quote",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The words of the source, as printed. Select them in its text.",
    )
    publish_at = WallTimeField(
        label="Publish at, Eastern",
        required=False,
        help_text="Empty: as soon as it is approved.",
    )


@dataclass(frozen=True)
class Line:
    """One field as the page shows it: its meaning so far, and what the record says now."""

    field: BoundField
    shape: str
    error: str = ""
    note: str = ""
    now: str = ""

    @property
    def name(self) -> str:
        return self.field.html_name

    @property
    def widget(self) -> str:
        """The control, described by its help and by what is said of it while somebody types."""
        helped = f"{self.field.auto_id}_helptext " if self.field.help_text else ""
        attributes: dict[str, Any] = {"aria-describedby": f"{helped}live_{self.name}"}
        if self.error:
            attributes["aria-invalid"] = "true"
        return self.field.as_widget(attrs=attributes)


class ItemForm(forms.Form):
    """One thing that a change writes, by the fields that its kind and act want."""

    def __init__(self, item: Item, number: int, *, strict: bool = False) -> None:
        """``number`` is its place in the form, from 0; ``strict`` minds what is empty too."""
        self.kind: Kind = kind_of(item.kind)
        self.item, self.number, self.strict = item, number, strict
        prefix = f"item-{number}"
        data = {f"{prefix}-{name}": value for name, value in item.values.items()}
        super().__init__(data, prefix=prefix)
        self.fields = self.kind.form_fields(item.act)

    def full_clean(self) -> None:
        """Read as the change will be, so that both say the same of a slip."""
        self._errors = ErrorDict()
        self.cleaned_data = self.kind.readable(self.item.values, self.item.act)
        try:
            self.kind.read(self.item.values, self.item.act)
        except BadValues as refused:
            for name, sentence in refused.sentences.items():
                if self.strict or self.item.values.get(name):
                    self._errors[name or NON_FIELD_ERRORS] = ErrorList([sentence])

    def lines(self, on: date) -> list[Line]:
        """Every field in order; ``on`` is the Eastern day whose values in force are shown."""
        now = self.now(on)
        return [self.line(name, now) for name in self.fields]

    def now(self, on: date) -> dict[str, Any]:
        """What would be typed to write what the record has in force for this key."""
        row = self.kind.in_force(self.item.values, on)
        return self.kind.values_of(row) if row is not None else {}

    def line(self, name: str, now: Mapping[str, Any]) -> Line:
        bound = self[name]
        held, typed = now.get(name, ""), self.item.values.get(name, "")
        differs = bool(held) and text_of(held) != typed and name not in self.kind.key_fields
        said = "yes" if held is True else str(held)
        return Line(
            bound,
            shape_of(bound.field),
            error=sentence(self.errors.get(name)),
            note=meaning(self.cleaned_data.get(name), typed),
            now=said if differs else "",
        )

    def receipts(self, calendar: FederalCalendar, today: date) -> list[Receipt]:
        """How the dates come about, so far as they can be read."""
        if self.item.act != Act.SET:
            return []
        self.full_clean()
        return list(self.kind.receipts(self.cleaned_data, calendar, today))


@dataclass(frozen=True)
class Part:
    """An item as the page shows it; a template would take a field's name for the form's own."""

    form: ItemForm
    lines: list[Line]
    receipts: list[Receipt]

    @property
    def kind(self) -> Kind:
        return self.form.kind

    @property
    def number(self) -> int:
        return self.form.number

    @property
    def prefix(self) -> str:
        return str(self.form.prefix)

    @property
    def act(self) -> str:
        return self.form.item.act

    @property
    def acts(self) -> list[tuple[str, str]]:
        return [(act, str(ACTS[act])) for act in self.kind.acts]

    @property
    def can_fill(self) -> bool:
        return self.kind.is_fact

    @property
    def slips(self) -> list[str]:
        """What is wrong with the item as a whole."""
        return [str(error) for error in self.form.non_field_errors()]


def shape_of(field: forms.Field) -> str:
    """How much room a field takes: a box to check, a whole line, or a part of one."""
    if isinstance(field, forms.BooleanField):
        return "check"
    return "long" if isinstance(field.widget, forms.Textarea) else "short"


def meaning(value: Any, typed: Any) -> str:
    """What a typed text was read as, where that says more than the text."""
    if isinstance(value, PartialDate):
        return full_day(value.earliest) if value.is_exact else str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%H:%M} UTC on {full_day(value.astimezone(UTC).date())}"
    if isinstance(value, date):
        return full_day(value)
    if hasattr(value, "pk") and str(value) != typed:
        return str(value)
    return ""


class ChangeForm:
    """All of it: the words of a change as they stand in the form."""

    def __init__(self, words: Words, *, typed: Mapping[str, str] | None = None, strict: bool):
        """``typed`` are own words that could not be read, as they were typed."""
        self.words, self.strict = words, strict
        publish_at = wall_time(words.publish_at).replace("T", " ") if words.publish_at else ""
        own = {
            "title": words.title,
            "why": words.why,
            "source": words.source,
            "quote": words.quote,
            "publish_at": publish_at,
            **(typed or {}),
        }
        self.own = WordsForm(own)
        for name in [n for n in self.own.errors if not strict and not own[n]]:
            del self.own.errors[name]
        self.items = [ItemForm(i, n, strict=strict) for n, i in enumerate(words.items)]

    @classmethod
    def from_post(cls, data: QueryDict, *, strict: bool = False) -> "ChangeForm":
        """The form as posted. Raises BadValues for a kind or act that nobody offered."""
        own = WordsForm(named_source(data))
        own.is_valid()
        read = own.cleaned_data
        source: Source | None = read.get("source")
        words = Words(
            title=str(data.get("title", "")).strip(),
            why=lines_of(data.get("why", "")),
            source=source.slug if source else "",
            quote=lines_of(data.get("quote", "")),
            publish_at=read.get("publish_at"),
            items=tuple(posted_items(data)),
        )
        unread = {n: str(own.data.get(n, "")) for n in ("source", "publish_at") if not read.get(n)}
        return cls(words, typed=unread, strict=strict)

    @cached_property
    def source(self) -> Source | None:
        self.own.is_valid()
        found: Source | None = self.own.cleaned_data.get("source")
        return found

    def own_line(self, name: str) -> Line:
        bound = self.own[name]
        typed = bound.value() or ""
        error = sentence(self.own.errors.get(name))
        note = meaning(self.own.cleaned_data.get(name), typed)
        if name == "source" and self.source:
            note = self.source.title
        return Line(bound, shape_of(bound.field), error=error, note=note)

    @property
    def own_lines(self) -> dict[str, Line]:
        return {name: self.own_line(name) for name in self.own.fields}

    def line(self, name: str, on: date) -> Line | None:
        """The line of the field with this name in the form, if there is one."""
        if name in self.own.fields:
            return self.own_line(name)
        item, field = self.item_of(name), name.partition("-")[2].partition("-")[2]
        return item.line(field, item.now(on)) if item and field in item.fields else None

    def item_of(self, name: str) -> ItemForm | None:
        """The item that the field of this name belongs to."""
        return next((i for i in self.items if name.startswith(f"{i.prefix}-")), None)

    def sentences(self) -> list[str]:
        """Every slip, with what it is about, for the head of the page."""
        return [*self.own_sentences(), *self.item_sentences()]

    def own_sentences(self) -> Iterator[str]:
        for name in self.own.fields:
            if error := self.own_line(name).error:
                yield error

    def item_sentences(self) -> Iterator[str]:
        for item in self.items:
            for name, errors in item.errors.items():
                label = item.fields[name].label if name in item.fields else ""
                yield f"{item.kind.title}{f', {label}' if label else ''}: {sentence(errors)}"


def named_source(data: QueryDict) -> dict[str, str]:
    """The own words as posted, a citation of the source replaced by its public id."""
    own = {name: str(data.get(name, "")) for name in WordsForm.base_fields}
    own["source"] = public_id_meant(Source, own["source"])
    return own


def posted_items(data: QueryDict) -> Iterator[Item]:
    """The items in the order of the form; their number is what the form says."""
    count = whole(str(data.get("items", "0")))
    if count > MOST_ITEMS:
        raise BadValues({"": f"A change writes at most {MOST_ITEMS} things; nothing was saved."})
    for number in range(count):
        prefix = f"item-{number}"
        # Not below the prefix: a rule has a kind of its own, and a date an act.
        slug, act = str(data.get(f"kind-{number}", "")), str(data.get(f"act-{number}", ""))
        kind = kind_of(slug)
        wanted = act if act in kind.acts else kind.acts[0]
        yield Item(slug, wanted, posted_values(kind, wanted, prefix, data))


def posted_values(kind: Kind, act: str, prefix: str, data: QueryDict) -> dict[str, Any]:
    """The texts of one item. What another act of its kind would want is kept, if it is there."""
    values: dict[str, Any] = {}
    for name, field in kind.form_fields(act).items():
        key = f"{prefix}-{name}"
        if isinstance(field, forms.BooleanField):
            values[name] = key in data
        elif isinstance(field, IdentityField):
            values[name] = public_id_meant(field.model, str(data.get(key, "")))
        else:
            values[name] = lines_of(data.get(key, ""))
    return values


def lines_of(text: object) -> str:
    """A text as typed, with plain line ends and no white space around it."""
    return str(text or "").replace("\r\n", "\n").strip()


def sentence(errors: Any) -> str:
    return " ".join(str(error) for error in errors or ())


def eastern_clock(instant: datetime) -> str:
    return instant.astimezone(EASTERN).strftime("%H:%M:%S")
