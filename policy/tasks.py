"""What Celery's beat nudges. The database is the truth: each task may run twice, or late."""

from dataclasses import asdict
from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent

from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.erase import forget_stragglers
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import forget_unconfirmed
from policy.actions.desk.fetch_texts import fetch_waiting
from policy.actions.desk.review import publish_due
from policy.actions.sync import sync_channel
from policy.actions.webhooks.deliver import deliver_webhooks
from policy.clock import now
from policy.heart import WORKER, Pulse
from policy.models import SourceCheck
from policy.queries.freshness import source_states
from policy.registry import channels

# A first download may take its time; each step of it is bounded by the client.
SYNC_LIMIT = 3600
worker_pulse = Pulse(WORKER)


@heartbeat_sent.connect
def note_worker(**_kwargs: object) -> None:
    """The worker's main process says every few seconds that it lives; now and then it is kept."""
    worker_pulse()


@shared_task
def tick() -> dict[str, Any]:
    """Every minute: publish what was approved for now, plan the mails that are due, send them."""
    published = publish_due(at=now())
    forgotten = forget_unconfirmed(at=now())
    forget_stragglers(at=now())
    planned = plan_alerts(at=now())
    delivered = deliver_alerts(clock=now)
    told = deliver_webhooks(clock=now)
    done = {"planned": asdict(planned), "delivered": asdict(delivered), "forgotten": forgotten}
    done["published"] = published
    return {**done, "webhooks": asdict(told)}


@shared_task
def send() -> dict[str, Any]:
    """Every minute, beside the tick: a second sender, so that two processes share a long queue."""
    return asdict(deliver_alerts(clock=now))


@shared_task(time_limit=SYNC_LIMIT, soft_time_limit=SYNC_LIMIT - 60)
def sync_due() -> dict[str, str]:
    """Every minute: ask the sources whose time has come, one after the other.

    While one is asked nothing else is: a download leaves the other process to the mails.
    """
    if SourceCheck.objects.running(now()).exists():
        return {}
    found = {}
    for state in source_states(channels(), now()):
        if state.is_due:
            check = sync_channel(state.channel, clock=now, by="sync")
            found[state.channel.slug] = check.outcome if check else "running"
    return found


@shared_task
def fetch_texts() -> int:
    """Every few seconds: fetch the texts that the desk asked for. It looks once, mostly."""
    return fetch_waiting(clock=now)
