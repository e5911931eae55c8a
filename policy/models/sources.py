"""What facts cite: documents, pages, press reports and imported snapshots."""

from typing import ClassVar

from django.db import models

from policy.domain.partial_dates import PartialDate, Precision
from policy.models.facts import Fact, Revision


class Source(models.Model):
    """A document, page or snapshot that a fact rests on."""

    class Kind(models.TextChoices):
        FEDERAL_REGISTER = "federal-register", "Federal Register document"
        ECFR = "ecfr", "eCFR"
        OFFICIAL = "official", "Official statement"
        LAW_FIRM = "law-firm", "Law-firm note"
        PRESS = "press", "Press report"
        COMPANY = "company", "Statement of an organisation"
        SECONDARY = "secondary", "Secondary source"

    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.TextField()
    publisher = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    citation = models.CharField(max_length=120, blank=True, help_text="As it is cited: 90 FR 4544.")
    published = models.DateField(null=True, blank=True)
    published_precision = models.CharField(max_length=5, default=Precision.DAY)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.citation or self.publisher or self.title

    @property
    def published_on(self) -> PartialDate | None:
        if self.published is None:
            return None
        return PartialDate(self.published, Precision(self.published_precision))


def topic_name(topic: str) -> str:
    """A topic as pages print it: "Entity list", "eCFR part 744"."""
    return topic.replace("-", " ").capitalize().replace("Ecfr", "eCFR")


class Snapshot(models.Model):
    """One retrieved state of an official file: its bytes, and the day that it speaks for."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="snapshot")
    topic = models.CharField(max_length=40, help_text="What it is a state of: entity-list.")
    as_of = models.DateField(help_text="The day for which the publisher gives this text.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes before compression.")
    file_name = models.CharField(max_length=255)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="snapshots")
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-as_of", "-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "as_of", "sha256"], name="one_snapshot_per_topic_day_and_bytes"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} of {self.as_of}"

    @property
    def topic_name(self) -> str:
        return topic_name(self.topic)

    @property
    def rows(self) -> int | None:
        """How many rows or sections the file held."""
        held: int | None = self.counts.get("rows", self.counts.get("sections"))
        return held

    @property
    def changes(self) -> str:
        """What the import made of it: "3 new, 1 changed"; "none" where nothing was new."""
        words = {
            "created": "new",
            "added": "new",
            "changed": "changed",
            "amended": "amended",
            "ended": "ended",
            "removed": "removed",
        }
        counted = ((self.counts.get(name), word) for name, word in words.items())
        return ", ".join(f"{count:,} {word}" for count, word in counted if count) or "none"


class SnapshotContent(models.Model):
    """The raw bytes of a snapshot, gzip-compressed, kept apart so that lists stay light."""

    snapshot = models.OneToOneField(Snapshot, models.CASCADE, related_name="content")
    gzipped = models.BinaryField()


class Coverage(Fact):
    """The last day for which the record knows a topic; later readings are not confirmed."""

    key_fields = ("topic",)

    class Topic(models.TextChoices):
        LAW = "law", "Rules, statuses, dates and reactions"
        ENTITY_LIST = "entity-list", "Entity List"
        SCREENING_LIST = "screening-list", "Consolidated Screening List"

    topic = models.CharField(max_length=40, choices=Topic.choices)
    until = models.DateField(help_text="The last day covered.")

    def __str__(self) -> str:
        return f"{self.topic} up to {self.until}"


class RecordedItem(models.Model):
    """What a record file said about one key when it was last loaded.

    Loading compares with this, not with the facts, so that a file which did not change
    never undoes what the legal desk has changed since.
    """

    file = models.CharField(max_length=120)
    model = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "model", "key"], name="one_digest_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.file}: {self.model} {self.key}"
