"""How the texts of a change are read: one form field for each field of a model.

What is typed stays text until it is applied, so that a draft may be unfinished and a reader of
history sees what was written. Each field answers a slip with a sentence.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from policy.domain.partial_dates import BadDate, PartialDate, parse_partial_date

# What addresses and files call an identity by; the primary key where nothing stands here.
PUBLIC_IDS = ("slug", "number", "key")
SPAN = ("valid_from", "unknown_start", "last_day")
REMARKS = ("note", "confidence")


# What a field for a date shows while it is empty.
DAY_FORM = {"placeholder": "YYYY-MM-DD", "autocomplete": "off", "spellcheck": "false"}


class PartialDateField(forms.CharField):
    """A day, or the month or year in which it lies, as a source gives it."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **DAY_FORM}

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_partial_date(text)
        except BadDate as refused:
            raise forms.ValidationError(f"{refused}.") from refused


class DayField(forms.CharField):
    """An Eastern calendar day, written 2025-05-15."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **DAY_FORM}

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = parse_partial_date(text)
        except BadDate as refused:
            raise forms.ValidationError(f"{refused}.") from refused
        if not found.is_exact:
            raise forms.ValidationError(f"“{text}” names no day; write it as 2025-05-14.")
        if found.earliest == date.max:
            raise forms.ValidationError("No calendar has a day after this one; leave it empty.")
        return found.earliest


class IdentityField(forms.CharField):
    """The public id of something that the record holds: a rule, a country, an organisation."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.model = model
        self.public_id = public_id_of(model)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """``data-pick`` names what the script suggests; without it the public id is typed."""
        picked = {"data-pick": str(self.model._meta.model_name), "autocomplete": "off"}
        return {**super().widget_attrs(widget), **picked, "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.model._default_manager.filter(**{self.public_id: text}).first()
        if found is None:
            what = self.model._meta.verbose_name
            raise forms.ValidationError(f"The record holds no {what} “{text}”; choose one.")
        return found


class LinesField(forms.CharField):
    """Several texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


def public_id_of(model: type[models.Model]) -> str:
    """The field that addresses name a model's rows by."""
    for name in PUBLIC_IDS:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return name
    return "pk"


def id_text(row: models.Model | None) -> str:
    """The public id of a row, as a change writes it."""
    return str(getattr(row, public_id_of(type(row)))) if row is not None else ""


def field_for(model: type[models.Model], name: str) -> forms.Field:
    """The form field that reads the texts of a model's field."""
    column: Any = model._meta.get_field(name)
    label = str(column.verbose_name).capitalize()
    common = {"label": label, "help_text": column.help_text, "required": not column.blank}
    if isinstance(column, models.ForeignKey):
        common["required"] = not column.null
        return IdentityField(column.related_model, **common)
    if isinstance(column, models.JSONField):
        return LinesField(**{**common, "required": False})
    if isinstance(column, models.DateField):
        return PartialDateField(**common) if has_precision(model, name) else DayField(**common)
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(**{**common, "required": False})
    found = column.formfield()
    if not isinstance(found, forms.Field):
        msg = f"{model.__name__}.{name} cannot be typed"
        raise TypeError(msg)
    if isinstance(found.widget, forms.Textarea):
        found.widget.attrs["rows"] = 2
    if isinstance(found, forms.TimeField):
        found.widget.attrs["placeholder"] = "HH:MM"
    return found


def has_precision(model: type[models.Model], name: str) -> bool:
    return any(column.name == f"{name}_precision" for column in model._meta.concrete_fields)


def span_fields() -> dict[str, forms.Field]:
    return {
        "valid_from": PartialDateField(
            label="First day",
            required=False,
            help_text="First Eastern day in force: 2025-05-15, or 2025-05 if only that is known.",
        ),
        "unknown_start": forms.BooleanField(label="Since before the first source", required=False),
        "last_day": DayField(
            label="Last day",
            required=False,
            help_text="The last Eastern day in force; empty: until further notice.",
        ),
    }


def after(last_day: date | None) -> date | None:
    """The end of a half-open span whose last day is given."""
    return last_day + timedelta(days=1) if last_day else None


def text_of(value: Any) -> Any:
    """A model's value as a change writes it: what its form field would read back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, models.Model):
        return id_text(value)
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
