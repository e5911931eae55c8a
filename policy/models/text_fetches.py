"""Texts of sources that are asked of their publishers, and the bytes that came."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

# Longer than a worker needs: after it nobody can be expected to come.
PATIENCE = timedelta(minutes=3)


class TextFetch(models.Model):
    """That somebody asked for the text of a source, and how it ended; bookkeeping, no fact."""

    class Outcome(models.TextChoices):
        NEW = "new", "A text that was not stored"
        SAME = "same", "The text that is stored"
        FAILED = "failed", "No text"

    source = models.ForeignKey("policy.Source", models.PROTECT, related_name="text_fetches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked = models.DateTimeField()
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then one worker has it; empty: nobody yet."
    )
    takings = models.PositiveSmallIntegerField(default=0, help_text="Workers that took it.")
    finished = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    message = models.TextField(blank=True)
    reopened = models.PositiveIntegerField(default=0, help_text="Questions that it opened.")

    class Meta:
        verbose_name_plural = "text fetches"
        ordering: ClassVar = ["-asked", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(finished__isnull=True), name="one_text_fetch_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.get_outcome_display() or 'running'}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether nobody has come for it within reason by the UTC instant ``at``."""
        return self.finished is None and at - self.asked > PATIENCE


class FetchedText(models.Model):
    """The bytes of which a stored text was made, and where they came from; only ever added."""

    text = models.OneToOneField("policy.SourceText", models.PROTECT, related_name="fetched")
    url = models.URLField(max_length=500, help_text="That answered, after redirects.")
    content_type = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes before compression.")
    size = models.PositiveIntegerField(help_text="Bytes before compression.")
    gzipped = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.url}, {self.size:,} bytes"
