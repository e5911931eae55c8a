"""Who wants to be told of what, when and how."""

from collections.abc import Iterable
from datetime import time
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from policy.domain.leads import Lead, in_order


class Subscriber(models.Model):
    """An address that has asked for mail; nothing is sent before it is confirmed.

    Mails go out at ``hour`` by the clock of ``zone``, an IANA time zone. While
    ``paused_at`` is set the address takes no mail: what is planned waits.
    """

    email = models.EmailField(unique=True)
    token = models.CharField(max_length=64, unique=True, help_text="Opens the links in mails.")
    zone = models.CharField(max_length=64, default="America/New_York")
    hour = models.TimeField(default=time(8))
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> Self:
        """Confirmed and not ended: the only ones that mail is planned for."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def pending(self) -> Self:
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)


class Subscription(models.Model):
    """One subject that a subscriber follows.

    Each one is confirmed by itself, so that nobody can subscribe another person's address.
    ``weekday`` counts from Monday, 0; it is the day of a weekly digest. The zone and hour that
    were asked for become the subscriber's when it is confirmed, and not before.
    """

    class Subject(models.TextChoices):
        EVERYTHING = "everything", "Everything closing"
        RULE = "rule", "A rule"
        DOCKET = "docket", "A docket"
        COUNTRY = "country", "A country"
        ENTITY = "entity", "A listed entity"
        KIND = "kind", "A kind of deadline"
        SEARCH = "search", "A saved search"
        # Not chosen by anybody: what a backup person confirms, by the id of the subscription.
        BACKUP = "backup", "As a backup person"

    class Delivery(models.TextChoices):
        IMMEDIATE = "immediate", "At once"
        DAILY = "daily", "In a daily digest"
        WEEKLY = "weekly", "In a weekly digest"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    subject = models.CharField(max_length=12, choices=Subject.choices)
    subject_id = models.CharField(max_length=300, blank=True)
    label = models.CharField(max_length=300)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.IMMEDIATE)
    weekday = models.PositiveSmallIntegerField(default=0)
    backup_email = models.EmailField(blank=True, help_text="Told where nobody acknowledges.")
    escalate_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Calendar days before the date; empty: never."
    )
    asked_zone = models.CharField(max_length=64, blank=True)
    asked_hour = models.TimeField(null=True, blank=True)
    asked_by = models.CharField(
        max_length=150, blank=True, help_text="Who asked, for an address that is not their own."
    )
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
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id"], name="subscription_subject")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} on {self.label}"

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    @property
    def leads(self) -> list[Lead]:
        """The lead times, longest first. Prefetch ``chosen`` where many are read."""
        return in_order(Lead(row.days, row.business) for row in self.chosen.all())

    def set_leads(self, leads: Iterable[Lead]) -> None:
        """Make these the lead times of a saved subscription; call it inside a transaction."""
        wanted = set(leads)
        held = {Lead(row.days, row.business): row for row in self.chosen.all()}
        gone = [row.pk for lead, row in held.items() if lead not in wanted]
        SubscriptionLead.objects.filter(pk__in=gone).delete()
        SubscriptionLead.objects.bulk_create(
            SubscriptionLead(subscription=self, days=lead.days, business=lead.business)
            for lead in in_order(wanted - held.keys())
        )


class SubscriptionLead(models.Model):
    """One lead time of a subscription: a row, so that the database can plan by it."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, db_index=False, related_name="chosen"
    )
    days = models.PositiveSmallIntegerField()
    business = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "days", "business"], name="one_lead_each"
            )
        ]

    def __str__(self) -> str:
        return Lead(self.days, self.business).code
