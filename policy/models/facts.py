"""The base that every fact stands on. Read ARCHITECTURE.md before changing this file."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from policy.domain.asof import AsOf
from policy.domain.partial_dates import PartialDate, Precision
from policy.domain.validity import Span


class Revision(models.Model):
    """One write to the record. Its number only grows, whatever the clock does."""

    class Kind(models.TextChoices):
        RECORD = "record", "Starting record"
        IMPORT = "import", "Import"
        DESK = "desk", "Legal desk"

    number = models.PositiveIntegerField(primary_key=True)
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=400)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField()
    change = models.OneToOneField(
        "policy.Change", models.PROTECT, null=True, blank=True, related_name="revision"
    )

    class Meta:
        ordering: ClassVar = ["number"]
        get_latest_by = "number"

    def __str__(self) -> str:
        return f"revision {self.number}"

    @property
    def people(self) -> list[str]:
        """Whose work it is: the author and the approver of a change, or who is named."""
        if self.change is None:
            return [self.by]
        both = (self.change.author, self.change.approved_by)
        named = [person.name for person in both if person]
        # An emergency was published by somebody whom only its byline names.
        return named if self.change.approved_by else [self.by]


class Confidence(models.TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class FactQuerySet(models.QuerySet["Any"]):
    """Readings of one kind of fact at a point in both times."""

    def known(self, revision: int | None) -> Self:
        """The rows that the record held after ``revision``; None is the newest."""
        if revision is None:
            return self.filter(superseded__isnull=True)
        return self.filter(
            Q(superseded__isnull=True) | Q(superseded__gt=revision), recorded__lte=revision
        )

    def of_key(self, key: Sequence[object]) -> Self:
        """The rows of one fact, whenever they were recorded; ``key`` as ``Fact.key`` gives it."""
        names = map(self.model.attname, self.model.key_fields)
        return self.filter(**dict(zip(names, key, strict=True)))

    def in_force(self, on: date) -> Self:
        """The rows whose half-open span of Eastern days holds ``on``."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_until__isnull=True) | Q(valid_until__gt=on),
        )

    def begun(self, on: date) -> Self:
        """The rows in force on ``on`` or before it."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))

    def as_of(self, asof: AsOf) -> Self:
        return self.known(asof.revision).in_force(asof.on)


class Fact(models.Model):
    """A statement in force over days, recorded over revisions, citing what made it so.

    ``valid_from`` and ``valid_until`` are Eastern calendar days, half-open; a missing start
    is "since before the first source", a missing end is open. Where a source gives a start
    only to the month, ``valid_from`` is the earliest day and ``valid_from_precision`` says so.
    """

    key_fields: ClassVar[tuple[str, ...]]

    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    valid_from_precision = models.CharField(
        max_length=5, default=Precision.DAY, choices=[(p.value, p.value) for p in Precision]
    )
    # Sources and revisions are never deleted, and no page looks facts up by revision: their
    # indexes would double the time of an import and answer nothing.
    source = models.ForeignKey("policy.Source", models.PROTECT, db_index=False, related_name="+")
    also = models.ForeignKey(
        "policy.Source",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="A second source that says the same.",
    )
    quote = models.TextField(blank=True, help_text="The words of the source, as printed.")
    note = models.TextField(blank=True, help_text="How the source was read, if that is not plain.")
    confidence = models.CharField(max_length=6, blank=True, choices=Confidence.choices)
    recorded = models.ForeignKey(Revision, models.PROTECT, db_index=False, related_name="+")
    superseded = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    closed_because = models.TextField(blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def span(self) -> Span:
        return Span(self.valid_from, self.valid_until)

    @property
    def since(self) -> PartialDate | None:
        """The start as the source gives it; None is "since before the first source"."""
        if self.valid_from is None:
            return None
        return PartialDate(self.valid_from, Precision(self.valid_from_precision))

    @property
    def last_day(self) -> date | None:
        """The last Eastern day in force, which is what documents print; None is open."""
        return date.fromordinal(self.valid_until.toordinal() - 1) if self.valid_until else None

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, self.attname(name)) for name in self.key_fields)

    @classmethod
    def attname(cls, field_name: str) -> str:
        return str(cls._meta.get_field(field_name).attname)  # type: ignore[union-attr]  # a concrete field

    @classmethod
    def statement_fields(cls) -> tuple[str, ...]:
        """Columns that make up what the fact says, apart from when it was recorded."""
        bookkeeping = {"id", "valid_from", "valid_until", "recorded_id", "superseded_id"}
        bookkeeping |= {"closed_because"}
        names = (field.attname for field in cls._meta.concrete_fields)
        return tuple(name for name in names if name not in bookkeeping)

    def says_the_same_as(self, other: Self) -> bool:
        """Whether two facts of one key differ in nothing that a reader could see.

        Their days apart: how exactly the first one is known counts only where it is the same.
        """
        names = set(self.statement_fields())
        if self.valid_from != other.valid_from:
            names.remove("valid_from_precision")
        return all(getattr(self, name) == getattr(other, name) for name in names)


def fact_models() -> Iterable[type[Fact]]:
    """Every concrete kind of fact in the project."""
    from django.apps import apps  # noqa: PLC0415  # models import this module while apps load

    return [m for m in apps.get_models() if issubclass(m, Fact)]
