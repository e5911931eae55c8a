"""What readers answered to a mail: that they have seen a date, own it, or want it later."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from policy.models.subscriptions import Subscriber


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def given(self) -> Self:
        """Those by which somebody knows of the date. A snooze alone is none."""
        return self.exclude(state="")

    def asleep(self, at: datetime) -> Self:
        """Those whose snooze lasts at the UTC instant ``at``."""
        return self.filter(snoozed_until__gt=at)


class Acknowledgement(models.Model):
    """One reader's answer for one date of a deadline; a moved date has to be answered anew.

    Whoever has seen or owns a date is not escalated; their reminders go on. A snooze holds the
    reminders until a UTC instant, and a date that is only snoozed is still escalated.
    """

    class State(models.TextChoices):
        SEEN = "seen", "Seen"
        OWNED = "owned", "Owned"

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, db_index=False, related_name="acknowledgements"
    )
    topic = models.CharField(max_length=200, help_text="The deadline, as alerts name it.")
    told = models.CharField(max_length=30, help_text="The date that was answered.")
    state = models.CharField(max_length=5, choices=State.choices, blank=True)
    at = models.DateTimeField(help_text="When it was last answered.")
    snoozed_until = models.DateTimeField(null=True, blank=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscriber", "topic", "told"], name="one_answer_per_date"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["snoozed_until"], name="answer_snoozed")]

    def __str__(self) -> str:
        return f"{self.subscriber} on {self.topic} ({self.told}): {self.state or 'snoozed'}"
