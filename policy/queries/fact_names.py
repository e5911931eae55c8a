"""Facts by name: the address of any fact's history, and what a fact says, field by field.

A name is the kind and the key as the public knows it, "legalforce:ai-diffusion-d5" or
"countrygroup:kh,d5": never a number of the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, ForeignKey, Model, QuerySet, SlugField

from policy.domain.deadlines import EASTERN
from policy.domain.partial_dates import PartialDate, Precision, day_text
from policy.models import Fact, fact_models
from policy.models.chains import shape_of

# What the public names an identity by, the first that its table has.
PUBLIC = ("slug", "key", "number", "identifier")
# Columns that repeat others in another form, or say how a row is kept.
BOOKKEEPING = {"id", "slug", "recorded", "superseded", "closed_because", "position", "digest"}
OTHER_FORMS = {"normal", "sort_name", "review_policy_normal", "searched", "raw", "paragraphs"}
# Told in words of their own.
TOLD_APART = {"valid_from", "valid_until", "source", "also"}
HIDDEN = BOOKKEEPING | OTHER_FORMS | TOLD_APART
ABOUT_SOURCE = ("quote", "note", "confidence")


@dataclass(frozen=True)
class FactKey:
    """One fact: its kind, its key, the chain of its history, and a row of it."""

    model: type[Fact]
    row: Fact
    name: str

    @property
    def chain(self) -> str:
        return shape_of(self.model).chain(self.row)

    @property
    def kind(self) -> str:
        return kind_name(self.model)

    @property
    def rows(self) -> QuerySet[Any]:
        """Every row of the fact, whenever it was recorded."""
        return self.model.objects.of_key(self.row.key)

    @property
    def title(self) -> str:
        """The key in words: "Cambodia, Country Group D:5"."""
        return title_of(self.row)


def kind_name(model: type[Model]) -> str:
    name = str(model._meta.verbose_name)
    return f"{name[:1].upper()}{name[1:]}"


@cache
def kinds() -> dict[str, type[Fact]]:
    """Every kind of fact by the word that names it in addresses."""
    return {str(model._meta.model_name): model for model in fact_models()}


@cache
def public_field(model: type[Model]) -> str:
    for name in PUBLIC:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return name
    msg = f"{model.__name__} has nothing that the public could name it by"
    raise LookupError(msg)


def name_of(fact: Fact) -> str:
    """The name of a fact. What its key refers to should have been loaded with it."""
    parts = [key_part(fact, field) for field in key_fields(type(fact))]
    return f"{fact._meta.model_name}:{','.join(parts)}"


def key_fields(model: type[Fact]) -> list["Field[Any, Any]"]:
    return [model._meta.get_field(name) for name in model.key_fields]  # type: ignore[misc]  # columns


def key_part(fact: Fact, field: "Field[Any, Any]") -> str:
    if not isinstance(field, ForeignKey):
        return str(getattr(fact, field.attname))
    public = public_field(field.related_model)
    if field.target_field.name == public:
        return str(getattr(fact, field.attname))
    return str(getattr(getattr(fact, field.name), public))


def can_be_named(fact: Fact) -> bool:
    """Whether a fact's name is at hand without asking the database."""
    return all(
        field.is_cached(fact) or field.target_field.name in PUBLIC
        for field in key_fields(type(fact))
        if isinstance(field, ForeignKey)
    )


def find_fact(name: str) -> FactKey | None:
    """The fact of a name; None where there is none, or where it was never recorded."""
    kind, _, key = name.partition(":")
    model = kinds().get(kind)
    if model is None:
        return None
    fields = key_fields(model)
    parts = key.split(",", len(fields) - 1)
    if len(parts) != len(fields):
        return None
    wanted = {}
    for field, part in zip(fields, parts, strict=True):
        path, column = lookup_of(field)
        try:
            wanted[path] = column.to_python(part)
        except ValidationError:
            return None
    related = [field.name for field in fields if isinstance(field, ForeignKey)]
    row = model.objects.filter(**wanted).select_related(*related).order_by("-pk").first()
    return FactKey(model, row, name) if row else None


def lookup_of(field: "Field[Any, Any]") -> tuple[str, "Field[Any, Any]"]:
    if not isinstance(field, ForeignKey):
        return field.name, field
    related: Any = field.related_model
    public = public_field(related)
    return f"{field.name}__{public}", related._meta.get_field(public)


def title_of(fact: Fact) -> str:
    """A fact in words: its key, or its own words where the key is only a word of addresses."""
    parts = [(text_of(fact, field), field) for field in key_fields(type(fact))]
    if any(text == key_part(fact, field) and is_slug(field) for text, field in parts):
        return str(fact)
    return ", ".join(text for text, _ in parts)


def is_slug(field: "Field[Any, Any]") -> bool:
    return isinstance(lookup_of(field)[1], SlugField)


def with_related(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows together with all that they refer to, so that each can be told without asking again."""
    model = rows.model
    related = [f.name for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]
    return rows.select_related(*related)


def said_by(fact: Fact) -> dict[str, str]:
    """What a row says, by the label of each field, as texts that can be compared."""
    lines = {"Days": span_text(fact)}
    fields: list[Field[Any, Any]] = list(fact._meta.concrete_fields)
    ordered = sorted(fields, key=lambda field: field.name in ABOUT_SOURCE)
    for field in ordered:
        if field.name in HIDDEN or field.name.endswith("_precision"):
            continue
        label = str(field.verbose_name)
        lines[f"{label[:1].upper()}{label[1:]}"] = text_of(fact, field)
    lines["Source"] = source_text(fact)
    return lines


def source_text(fact: Fact) -> str:
    sources = [fact.source, fact.also] if fact.also else [fact.source]
    return "\n".join(f"{source}: {source.title}" for source in sources)


def span_text(fact: Fact) -> str:
    since = f"from {fact.since}" if fact.since else "since before the first source"
    if fact.last_day is None:
        return since
    return f"{since} up to and including {day_text(fact.last_day)}"


def text_of(fact: Fact, field: "Field[Any, Any]") -> str:
    """One field of a row as pages print it; nothing where the record knows nothing."""
    if field.choices:
        return str(getattr(fact, f"get_{field.name}_display")())
    value = getattr(fact, field.name)
    precision = getattr(fact, f"{field.name}_precision", None)
    if isinstance(value, date) and precision and not isinstance(value, datetime):
        return str(PartialDate(value, Precision(precision)))
    return as_text(value)


def as_text(value: object) -> str:
    """A value in words; unknown is nothing."""
    kinds_of_value: tuple[tuple[type, Callable[[Any], str]], ...] = (
        (bool, lambda known: "yes" if known else "no"),
        (datetime, instant_text),
        (date, day_text),
        (time, lambda at: f"{at:%H:%M}"),
        (dict, fields_text),
        (list, lambda items: "; ".join(map(as_text, items))),
    )
    if value is None:
        return ""
    return next(
        (text(value) for kind, text in kinds_of_value if isinstance(value, kind)), str(value)
    )


def instant_text(instant: datetime) -> str:
    eastern = instant.astimezone(EASTERN)
    return f"{day_text(eastern.date())}, {eastern:%H:%M} Eastern"


def fields_text(fields: dict[str, Any]) -> str:
    return "\n".join(f"{k.replace('_', ' ')}: {as_text(v)}" for k, v in fields.items() if v)
