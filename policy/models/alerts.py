"""Who wants to be told of what, and the outbox of mails."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q


class Subscriber(models.Model):
    """An address that has asked for mail; nothing is sent before it is confirmed."""

    email = models.EmailField(unique=True)
    token = models.CharField(max_length=64, unique=True, help_text="Opens the links in mails.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.email


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> Self:
        """Confirmed and not ended: the only ones that mail is planned for."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def pending(self) -> Self:
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)


class Subscription(models.Model):
    """One subject that a subscriber follows, with the lead times in calendar days.

    Each one is confirmed by itself, so that nobody can subscribe another person's address.
    """

    class Subject(models.TextChoices):
        EVERYTHING = "everything", "Everything closing"
        RULE = "rule", "A rule"
        COUNTRY = "country", "A country"
        ENTITY = "entity", "A listed entity"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    subject = models.CharField(max_length=12, choices=Subject.choices)
    subject_id = models.CharField(max_length=160, blank=True)
    label = models.CharField(max_length=300)
    leads = models.JSONField(default=list, help_text="Days before the due date.")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    since_revision = models.PositiveIntegerField(help_text="Changes after it are announced.")
    announced_revision = models.PositiveIntegerField(
        default=0, help_text="Changes up to it are in the outbox."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscriber", "subject", "subject_id"],
                condition=Q(confirmed_at__isnull=False, ended_at__isnull=True),
                name="one_subscription_per_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} on {self.label}"

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class AlertQuerySet(models.QuerySet["Alert"]):
    def sendable(self, at: datetime) -> Self:
        """The rows that a sender may claim at the UTC instant ``at``, oldest first."""
        return self.filter(state=Alert.State.QUEUED, not_before__lte=at)

    def stuck(self, at: datetime) -> Self:
        """The rows whose sender did not settle them within its lease."""
        return self.filter(state=Alert.State.SENDING, leased_until__lt=at)

    def told(self) -> Self:
        """The rows whose content the reader has, or whose address takes no mail at all."""
        return self.filter(state__in=[Alert.State.SENT, Alert.State.FAILED])

    def standing(self) -> Self:
        return self.exclude(state=Alert.State.CANCELLED)


class Alert(models.Model):
    """One mail of the outbox: queued, leased by a sender, then sent or failed.

    ``key`` holds the subscription, the deadline, the due date and the lead, so planning
    twice inserts nothing and a moved date alerts anew. Instants are UTC.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Reason(models.TextChoices):
        LEAD = "lead", "Lead time"
        MOVED = "moved", "Date moved"
        CHANGED = "changed", "Change to the record"
        CONFIRM = "confirm", "Confirmation of the address"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="alerts")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="alerts")
    key = models.CharField(max_length=300, unique=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    topic = models.CharField(max_length=200, blank=True, help_text="The deadline it is about.")
    told = models.CharField(max_length=30, blank=True, help_text="The date that it tells.")
    lead = models.PositiveSmallIntegerField(null=True, blank=True)
    payload = models.JSONField(default=dict, help_text="What the mail says, fixed when planned.")
    not_before = models.DateTimeField(help_text="When it is due to go out, or to be retried.")
    not_after = models.DateTimeField(null=True, blank=True, help_text="The cutoff instant.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    message_id = models.CharField(max_length=120, unique=True)
    planned_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_content = models.TextField(blank=True, help_text="The message exactly as sent.")
    last_error = models.TextField(blank=True, help_text="Or why it was cancelled.")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["planned_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "not_before"], name="alert_queue"),
            models.Index(fields=["topic", "subscriber"], name="alert_topic"),
        ]

    def __str__(self) -> str:
        return self.key
