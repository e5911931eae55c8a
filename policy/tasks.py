"""What Celery's beat nudges. The database is the truth: each task may run twice, or late."""

from dataclasses import asdict
from typing import Any

from celery import shared_task

from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import forget_unconfirmed
from policy.clock import now


@shared_task
def tick() -> dict[str, Any]:
    """Every minute: plan the mails that are due, and send what the outbox holds."""
    forgotten = forget_unconfirmed(at=now())
    planned = plan_alerts(at=now())
    delivered = deliver_alerts(clock=now)
    return {"planned": asdict(planned), "delivered": asdict(delivered), "forgotten": forgotten}
