"""What programs fetch or are sent: calendars by a secret address, and webhooks."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from policy.models.subscriptions import Subscriber
from policy.models.voices import Event


class CalendarLink(models.Model):
    """An address that a calendar program fetches. Whoever knows it reads it, until revoked."""

    token = models.CharField(max_length=64, unique=True)
    subject = models.CharField(max_length=12, help_text="A kind of subject that can be followed.")
    subject_id = models.CharField(max_length=300, blank=True)
    label = models.CharField(max_length=300)
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, null=True, blank=True, related_name="calendar_links"
    )
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar of {self.label}"


class Webhook(models.Model):
    """An address that is told of every change to one subject, signed with ``secret``.

    While ``paused_at`` is set nothing is sent; what happens meanwhile waits.
    """

    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=64)
    subject = models.CharField(max_length=12, help_text="A kind of subject that can be followed.")
    subject_id = models.CharField(max_length=300, blank=True)
    label = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    announced_revision = models.PositiveIntegerField(
        help_text="Changes up to it are in the outbox, or came before the webhook."
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.url} on {self.label}"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def sendable(self, at: datetime) -> Self:
        """What a sender may claim at the UTC instant ``at``; a paused webhook holds its own."""
        due = self.filter(state=WebhookDelivery.State.QUEUED, not_before__lte=at)
        return due.filter(webhook__paused_at=None)

    def stuck(self, at: datetime) -> Self:
        """What a sender did not settle within its lease."""
        return self.filter(state=WebhookDelivery.State.SENDING, leased_until__lt=at)


class WebhookDelivery(models.Model):
    """One change that one webhook is told of: queued, leased by a sender, then sent or failed.

    ``key`` is the Idempotency-Key, the same at each attempt. ``body`` is what is signed and
    sent, fixed when it was planned. Instants are UTC.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    planned_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "event"], name="one_delivery_per_event")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "not_before"], name="webhook_queue")]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
