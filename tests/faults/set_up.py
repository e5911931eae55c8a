"""Fills the database of the environment: one deadline, and many who are to be told of it.

python -m tests.faults.set_up COUNT [TODAY]
"""

import sys
from datetime import UTC, date, datetime, time, timedelta

import django

django.setup()

from policy.clock import now  # noqa: E402  # after Django
from policy.domain.deadlines import eastern_day  # noqa: E402
from policy.models import Subscriber, Subscription, SubscriptionLead  # noqa: E402
from tests.policy.alerts import world  # noqa: E402

WEEK = 7


def main(count: int, today: date) -> None:
    """The deadline is a week from today; each reader wants to know a week before, at midnight."""
    before = datetime.combine(today - timedelta(days=30), time(12), UTC)
    world.state(world.deadline(), today + timedelta(days=WEEK), at=before, baseline=True)
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            email=f"reader-{number}@d{number % 7}.example.org",
            token=f"token-{number}",
            hour=time(0),
            created_at=before,
            confirmed_at=before,
        )
        for number in range(count)
    )
    wishes = Subscription.objects.bulk_create(
        Subscription(
            subscriber=reader,
            subject="rule",
            subject_id="ai-diffusion",
            label="AI Diffusion",
            created_at=before,
            confirmed_at=before,
            since_revision=10**6,
            announced_revision=10**6,
        )
        for reader in readers
    )
    SubscriptionLead.objects.bulk_create(
        SubscriptionLead(subscription=wish, days=WEEK) for wish in wishes
    )


if __name__ == "__main__":
    given = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else eastern_day(now())
    main(int(sys.argv[1]), given)
