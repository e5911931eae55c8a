"""Deadlines and other dates of rules and dockets, and the closings that move them."""

from datetime import date
from typing import ClassVar

from django.db import models

from policy.domain.calendar import Closing
from policy.domain.deadline_acts import Act
from policy.domain.partial_dates import PartialDate, Precision
from policy.models.facts import Fact

ACTS = [(act.value, act.value.capitalize()) for act in Act]


class Deadline(models.Model):
    """One date of a rule or docket that may be set, and moved, by several documents.

    A rule may have several of a kind: one for each provision, duty or amendatory instruction.
    """

    class Kind(models.TextChoices):
        PUBLIC_INSPECTION = "public-inspection", "Public inspection"
        FILED = "filed", "Filed"
        PUBLISHED = "published", "Published"
        EFFECTIVE = "effective", "Effective"
        COMMENT = "comment", "Comments due"
        COMPLIANCE = "compliance", "Compliance"
        STAY_ENDS = "stay-ends", "Last day of a stay"
        APPLICATION = "application", "Application deadline"
        REGISTRATION = "registration", "Registration"
        HEARING = "hearing", "Hearing or briefing"
        INFORMATION_COLLECTION = "information-collection", "Comments on an information collection"
        EXPIRY = "expiry", "Expiry"

    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    label = models.CharField(max_length=200)
    rule = models.ForeignKey("policy.Rule", models.PROTECT, related_name="deadlines")
    docket = models.ForeignKey(
        "policy.Docket", models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    provision = models.ForeignKey(
        "policy.Provision", models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    scope = models.CharField(max_length=200, blank=True, help_text="Paragraphs or duties covered.")

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_countdown(self) -> bool:
        """Whether a reader has to act by it, rather than merely note it."""
        noted = {self.Kind.PUBLIC_INSPECTION, self.Kind.FILED, self.Kind.PUBLISHED}
        return self.kind not in noted


class DeadlineDate(Fact):
    """The date that a document sets for a deadline, in force until another moves it.

    ``valid_from`` is the day from which this document governs, so a chain of extensions is
    the chain of these rows in valid time; ``act`` says what it did to the date before. A
    missing ``day`` is a date that was set but that the record does not know.
    """

    key_fields = ("deadline",)

    class Basis(models.TextChoices):
        PRINTED = "printed", "Printed"
        COMPUTED = "computed", "Computed"
        REPORTED = "reported", "As regulations.gov gives it"

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="dates")
    day = models.DateField(null=True, blank=True, help_text="Earliest day, if not exact.")
    day_precision = models.CharField(max_length=5, default=Precision.DAY)
    at = models.TimeField(null=True, blank=True, help_text="Eastern, if printed; else 23:59:59.")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    act = models.CharField(
        max_length=10, blank=True, choices=ACTS, help_text="By which it came; empty: not known."
    )
    counted_from = models.DateField(null=True, blank=True, help_text="Publication counted from.")
    counted_days = models.PositiveSmallIntegerField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    scheduled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.deadline}: {self.on or 'not known'}"

    @property
    def on(self) -> PartialDate | None:
        return PartialDate(self.day, Precision(self.day_precision)) if self.day else None

    @property
    def exact_day(self) -> date | None:
        """The day, if it is known to the day: alerts go out on no other."""
        return self.day if self.day_precision == Precision.DAY else None


class FederalClosing(Fact):
    """A day on which a presidential order closed Federal offices."""

    key_fields = ("day",)

    day = models.DateField()
    order = models.CharField(max_length=200, help_text="The order, as it is cited.")
    proclaimed = models.DateField(null=True, blank=True, help_text="Empty if not known.")

    def __str__(self) -> str:
        return f"{self.day}: {self.order}"

    def as_closing(self) -> Closing:
        return Closing(day=self.day, proclaimed=self.proclaimed, order=self.order)
