"""The outbox of mails."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from policy.models.subscriptions import Subscriber, Subscription


class AlertQuerySet(models.QuerySet["Alert"]):
    def sendable(self, at: datetime) -> Self:
        """The rows that a sender may claim at the UTC instant ``at``."""
        return self.filter(state=Alert.State.QUEUED, not_before__lte=at).exclude(IS_HELD)

    def held(self) -> Self:
        """The rows that wait because their address takes no mail."""
        return self.filter(IS_HELD, state=Alert.State.QUEUED)

    def overdue(self, at: datetime) -> Self:
        """The rows that should have left by the UTC instant ``at`` and have not."""
        unsent = [Alert.State.QUEUED, Alert.State.SENDING]
        return self.filter(state__in=unsent, not_before__lte=at).exclude(IS_HELD)

    def stuck(self, at: datetime) -> Self:
        """The rows whose sender did not settle them within its lease."""
        return self.filter(state=Alert.State.SENDING, leased_until__lt=at)

    def told(self) -> Self:
        """The rows whose content the reader has, or whose address takes no mail at all."""
        return self.filter(state__in=[Alert.State.SENT, Alert.State.FAILED])

    def standing(self) -> Self:
        return self.exclude(state=Alert.State.CANCELLED)


# Whoever confirms an address again is to get the mail that asks for it.
IS_HELD = Q(subscriber__paused_at__isnull=False) & ~Q(reason="confirm")


class AlertContent(models.Model):
    """What the mails of one date say, the same for every reader of it.

    Kept once for a topic, a date and a point in both times, and fixed when the first such mail
    leaves, so that a retry says the same. ``on`` is the Eastern day of it.
    """

    topic = models.CharField(max_length=200)
    told = models.CharField(max_length=30)
    revision = models.PositiveIntegerField(help_text="The newest at that moment.")
    on = models.DateField()
    data = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "told", "revision", "on"], name="one_content_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.told} at revision {self.revision}"


class Alert(models.Model):
    """One mail of the outbox: queued, leased by a sender, then sent or failed.

    ``key`` holds the subscriber, the deadline, the due date and the lead, so planning twice
    inserts nothing and a moved date alerts anew. Instants are UTC. A row that waits for a
    digest is collected, and settled with it.
    """

    class State(models.TextChoices):
        COLLECTED = "collected", "Waits for a digest"
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Reason(models.TextChoices):
        LEAD = "lead", "Lead time"
        MOVED = "moved", "Date moved"
        CHANGED = "changed", "Change to the record"
        DIGEST = "digest", "Digest"
        ESCALATED = "escalated", "Not acknowledged"
        CONFIRM = "confirm", "Confirmation of the address"

    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, db_index=False, related_name="alerts"
    )
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="alerts")
    key = models.CharField(max_length=300)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    topic = models.CharField(max_length=200, blank=True, help_text="The deadline it is about.")
    told = models.CharField(max_length=30, blank=True, help_text="The date that it tells.")
    lead = models.CharField(max_length=5, blank=True, help_text="The code of the lead time.")
    meant_for = models.DateTimeField(null=True, blank=True, help_text="When a lead was to go out.")
    revision = models.PositiveIntegerField(default=0, help_text="The newest when it was planned.")
    content = models.ForeignKey(
        AlertContent, models.PROTECT, null=True, blank=True, db_index=False, related_name="alerts"
    )
    own = models.JSONField(default=dict, help_text="What this mail alone says.")
    not_before = models.DateTimeField(help_text="When it is due to go out, or to be retried.")
    not_after = models.DateTimeField(null=True, blank=True, help_text="The cutoff instant.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    # Null until a sender first claims the row, and then for good.
    message_id = models.CharField(max_length=120, null=True, blank=True)
    planned_at = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True, help_text="The claim that holds the row.")
    leased_until = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True, help_text="Handed to the server.")
    maybe_sent = models.BooleanField(default=False, help_text="An earlier try may have arrived.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_content = models.TextField(blank=True, help_text="The message exactly as sent.")
    last_error = models.TextField(blank=True, help_text="Or why it was cancelled.")
    digest = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="parts",
        help_text="The mail that this one is a part of.",
    )
    resend_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="resends",
        help_text="The mail that a person sent once more.",
    )
    resent_by = models.CharField(max_length=150, blank=True)
    resent_because = models.TextField(blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["planned_at", "id"]
        # Constraints of their own: a unique field would bring PostgreSQL a second index each.
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="one_alert_a_key"),
            models.UniqueConstraint(
                fields=["message_id"],
                condition=Q(message_id__isnull=False),
                name="one_alert_a_message",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "not_before"], name="alert_queue"),
            models.Index(fields=["subscriber", "topic"], name="alert_reader"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="alert_digest"),
            # Small, since few rows are on their way and most were sent long ago.
            models.Index(fields=["lease"], name="alert_lease", condition=Q(lease__isnull=False)),
            models.Index(fields=["sent_at"], name="alert_sent", condition=Q(sent_at__isnull=False)),
            models.Index(
                fields=["resend_of"], name="alert_resend", condition=Q(resend_of__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def payload(self) -> dict[str, Any]:
        """All that the mail says: what every reader of the date is told, and its own part."""
        return {**(self.content.data if self.content else {}), **self.own}
