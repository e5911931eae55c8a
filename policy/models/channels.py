"""How fresh the record is: each check of a source, who is alive, and what went quiet.

Bookkeeping, not facts: these rows belong to no revision and say nothing of the law.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q


class SourceCheckQuerySet(models.QuerySet["SourceCheck"]):
    def running(self, at: datetime) -> Self:
        """Checks whose holder is alive at the UTC instant ``at``, as far as its lease says."""
        return self.filter(finished__isnull=True, leased_until__gt=at)


class SourceCheck(models.Model):
    """One run that asked a source, and how it ended; one without an end is running or died."""

    class Outcome(models.TextChoices):
        NEW = "new", "Checked, something new"
        SAME = "same", "Checked, nothing new"
        FAILED = "failed", "Failed"
        WAITING = "waiting", "Waiting for a person"

    channel = models.CharField(max_length=40, help_text="The slug that the source registered.")
    by = models.CharField(max_length=150)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(help_text="Until then no other run may take over.")
    takeovers = models.PositiveIntegerField(default=0, help_text="Runs that died before this one.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    message = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Failures in a row, this one too.")
    progress = models.JSONField(default=dict, help_text="What is being done: text, done, total.")
    memory = models.JSONField(default=dict, help_text="ETags and dates for the next question.")
    counts = models.JSONField(default=dict)

    objects = SourceCheckQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-started", "-pk"]
        constraints: ClassVar = [
            # One run a source at a time, whoever starts them.
            models.UniqueConstraint(
                fields=["channel"], condition=Q(finished__isnull=True), name="one_check_at_a_time"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "-finished"], name="check_by_channel_and_end")
        ]

    def __str__(self) -> str:
        return f"{self.channel}, {self.get_outcome_display() or 'running'}"


class Heartbeat(models.Model):
    """When a process was last seen alive."""

    process = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} at {self.at}"


class Incident(models.Model):
    """Something that has gone quiet or waits for a person, from when until when."""

    subject = models.CharField(max_length=60, help_text="beat, worker, source:ecfr.")
    sentence = models.TextField()
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True, blank=True)
    told_opened = models.DateTimeField(null=True, blank=True, help_text="Mailed to staff.")
    told_closed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(closed__isnull=True), name="one_incident_a_subject"
            )
        ]

    def __str__(self) -> str:
        return self.sentence
