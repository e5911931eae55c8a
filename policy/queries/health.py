"""Whether mails leave: the age of the oldest one that should have, and who is alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from policy.models import Alert, Heartbeat, Subscriber

# A tick comes each minute, and a run may last almost one.
RED_AFTER = timedelta(minutes=3)
PROCESSES = ("beat", "worker")


@dataclass(frozen=True)
class Pulse:
    """When a process was last seen alive; None is never."""

    process: str
    seen: datetime | None
    is_quiet: bool


@dataclass(frozen=True)
class Health:
    """The state of the outbox at the UTC instant ``at``.

    ``oldest`` is when the oldest row that is due and unsent was due. Rows that wait because
    their address is paused do not count: ``held`` says how many.
    """

    at: datetime
    oldest: datetime | None
    overdue: int
    held: int
    paused: int
    pulses: tuple[Pulse, ...]

    @property
    def age(self) -> timedelta:
        return max(self.at - self.oldest, timedelta()) if self.oldest else timedelta()

    @property
    def problems(self) -> list[str]:
        """What is wrong, in sentences; none is green."""
        quiet = [pulse for pulse in self.pulses if pulse.is_quiet and pulse.seen]
        late = self.age > RED_AFTER
        minutes = int(self.age.total_seconds() // 60)
        return [
            *([f"A mail has been due for {minutes} minutes and has not left."] if late else []),
            *(f"Celery's {pulse.process} has been quiet since {pulse.seen}." for pulse in quiet),
        ]

    @property
    def is_green(self) -> bool:
        return not self.problems

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "status": "green" if self.is_green else "red",
            "problems": self.problems,
            "oldest_due_unsent": self.oldest.isoformat() if self.oldest else None,
            "oldest_age_seconds": int(self.age.total_seconds()),
            "due_unsent": self.overdue,
            "held": self.held,
            "paused_addresses": self.paused,
            "heartbeats": {
                pulse.process: pulse.seen.isoformat() if pulse.seen else None
                for pulse in self.pulses
            },
        }


def health(at: datetime) -> Health:
    """Look at the outbox and the heartbeats. A process that was never seen is not missed."""
    overdue = Alert.objects.overdue(at)
    seen = dict(Heartbeat.objects.values_list("process", "at"))
    return Health(
        at=at,
        oldest=overdue.aggregate(oldest=Min("not_before"))["oldest"],
        overdue=overdue.count(),
        held=Alert.objects.held().filter(not_before__lte=at).count(),
        paused=Subscriber.objects.filter(paused_at__isnull=False).count(),
        pulses=tuple(
            Pulse(name, seen.get(name), name not in seen or at - seen[name] > RED_AFTER)
            for name in PROCESSES
        ),
    )
