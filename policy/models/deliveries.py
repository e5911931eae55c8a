"""What became of a mail on its way, attempt by attempt."""

from typing import ClassVar

from django.db import models

from policy.models.alerts import Alert


class SendAttempt(models.Model):
    """An attempt that did not end well, or what a person or the sweeper did to a mail.

    The attempt that succeeded is the mail's own ``sent_at``. Instants are UTC.
    """

    class Outcome(models.TextChoices):
        SOON = "soon", "Failed, tried again soon"
        LATE = "late", "Failed, tried again later"
        PERMANENT = "permanent", "Refused for good"
        BOUNCED = "bounced", "The address takes no mail"
        MAYBE = "maybe", "No answer; it may have arrived"
        LEASE_ENDED = "lease", "The sender died"
        GIVEN_UP = "given_up", "Given up after many attempts"
        CANCELLED = "cancelled", "Cancelled by a person"
        RESUMED = "resumed", "Queued again, since the address takes mail"

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.TextField(blank=True, help_text="The server's words, or who did it and why.")

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.text}"
