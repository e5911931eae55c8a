"""Planning: from the record, the subscriptions and an instant to rows of the outbox.

Planning again does nothing: each row has a unique key. Nothing depends on when planning ran
last, so after any downtime the next run catches up.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from policy.actions.alerts.answers import hold_snoozed
from policy.actions.alerts.escalate import plan_escalations
from policy.actions.alerts.plan_changes import plan_changes
from policy.actions.alerts.plan_digests import plan_digests
from policy.actions.alerts.plan_leads import plan_leads
from policy.actions.alerts.plan_moves import plan_moves
from policy.models import Subscription
from policy.queries.asof import read_parameters
from policy.queries.due_dates import chains, followed_searches
from policy.vendor import lock_planning


@dataclass(frozen=True)
class Planned:
    """How many mails one planning put into the outbox, by reason; ``held`` it took out again."""

    leads: int = 0
    moves: int = 0
    changes: int = 0
    held: int = 0
    escalated: int = 0
    digests: int = 0


def plan_alerts(*, at: datetime) -> Planned:
    """Put every mail that is due at the UTC instant ``at`` into the outbox, once."""
    with transaction.atomic():
        if not Subscription.objects.active().exists():
            return Planned()
        lock_planning()
        reading = read_parameters("", "", now=at)
        held = chains(searches=followed_searches())
        # A mail about a moved date stands in for the lead times that have passed, so it is
        # planned before them; digests gather what has been planned and is not put off.
        return Planned(
            moves=plan_moves(held, reading, at=at),
            changes=plan_changes(reading, at=at),
            leads=plan_leads(held, reading, at=at),
            held=hold_snoozed(at=at),
            escalated=plan_escalations(held, reading, at=at),
            digests=plan_digests(at=at),
        )
