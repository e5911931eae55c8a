"""Sections of the regulations as text, and the amendments that made it what it is."""

from datetime import date
from typing import ClassVar

from django.db import models

from policy.models.facts import Fact


class Section(models.Model):
    """A section or supplement of title 15: its text changes, its identity does not."""

    title = models.PositiveSmallIntegerField(default=15)
    part = models.CharField(max_length=10)
    identifier = models.CharField(max_length=120, help_text="744.23, Supplement No. 5 to Part 744")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in the part.")

    class Meta:
        ordering: ClassVar = ["title", "part", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["title", "identifier"], name="one_section_per_title")
        ]

    def __str__(self) -> str:
        return f"§ {self.identifier}" if self.is_numbered else self.identifier

    @property
    def is_numbered(self) -> bool:
        """Whether it is a section, which has a number, and no supplement."""
        return self.identifier[:1].isdigit()


class SectionText(Fact):
    """What a section says. ``paragraphs`` are [designator, kind, text], as printed.

    ``valid_from`` is the day of the first snapshot that has this text, or the day on which
    the document that amended the section took effect, where the record knows that day.
    """

    key_fields = ("section",)

    section = models.ForeignKey(Section, models.PROTECT, related_name="texts")
    heading = models.TextField()
    text = models.TextField(blank=True, help_text="The paragraphs, a line each.")
    paragraphs = models.JSONField(default=list)
    source_line = models.TextField(blank=True, help_text="[88 FR 73458, Oct. 25, 2023, …]")
    stays = models.JSONField(default=list, help_text="Effective-date notes, as printed.")
    notes = models.JSONField(default=list, help_text="Editorial notes, as printed.")
    digest = models.CharField(max_length=64, help_text="Of what it says in normal form.")

    def __str__(self) -> str:
        return self.heading

    def says_the_same_as(self, other: "SectionText") -> bool:
        """Text churn is not amendment: texts compare in normal form, not as printed."""
        return self.digest == other.digest

    @property
    def whole(self) -> str:
        """The heading, the paragraphs and the stays: all that a redline compares."""
        return "\n".join([self.heading, *filter(None, [self.text]), *self.stays])


class Amendment(Fact):
    """That a section was amended on a day; the texts of the day before and after say how.

    A section may be amended by several documents between two snapshots: one row each, told
    apart by ``position``. ``document`` is empty where the source line names no new one.
    """

    key_fields = ("section", "day", "position")

    class Act(models.TextChoices):
        ADDED = "added", "Added"
        AMENDED = "amended", "Amended"
        REMOVED = "removed", "Removed"

    section = models.ForeignKey(Section, models.PROTECT, related_name="amendments")
    day = models.DateField(help_text="The first Eastern day with the text that it made.")
    position = models.PositiveSmallIntegerField(default=0)
    act = models.CharField(max_length=8, choices=Act.choices)
    printed = models.CharField(max_length=120, blank=True, help_text="90 FR 4544, Jan. 15, 2025")
    document = models.ForeignKey(
        "policy.Document", models.PROTECT, null=True, blank=True, related_name="amendments"
    )

    def __str__(self) -> str:
        return f"{self.section} {self.get_act_display().lower()}"

    @property
    def day_before(self) -> date:
        return date.fromordinal(self.day.toordinal() - 1)
