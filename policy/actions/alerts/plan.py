"""Planning: from the record, the subscriptions and an instant to rows of the outbox.

Planning again does nothing: each row has a unique key. Nothing depends on when planning ran
last, so after any downtime the next run catches up.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Value, When

from policy.actions.alerts.plan_changes import plan_changes
from policy.actions.alerts.plan_leads import plan_leads
from policy.actions.alerts.plan_moves import plan_moves
from policy.models import Subscription
from policy.queries.asof import read_parameters
from policy.queries.due_dates import chains


@dataclass(frozen=True)
class Planned:
    """How many mails one planning put into the outbox, by reason."""

    leads: int = 0
    moves: int = 0
    changes: int = 0


def plan_alerts(*, at: datetime) -> Planned:
    """Put every mail that is due at the UTC instant ``at`` into the outbox, once."""
    with transaction.atomic():
        subscriptions = followed_subscriptions()
        if not subscriptions:
            return Planned()
        reading = read_parameters("", "", now=at)
        held = chains()
        # A mail about a moved date stands in for the lead times that have passed, so it is
        # planned before them.
        return Planned(
            moves=plan_moves(subscriptions, held, reading, at=at),
            changes=plan_changes(subscriptions, reading, at=at),
            leads=plan_leads(subscriptions, held, reading, at=at),
        )


def followed_subscriptions() -> list[Subscription]:
    """The active subscriptions, the more particular before "everything"."""
    general = When(subject=Subscription.Subject.EVERYTHING, then=Value(1))
    rows = Subscription.objects.active().select_related("subscriber").prefetch_related("chosen")
    return list(rows.order_by(Case(general, default=Value(0)), "pk"))
