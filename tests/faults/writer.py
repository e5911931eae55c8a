"""One of several programs that write at once: the record, subscriptions and the outbox.

python -m tests.faults.writer NAME ROUNDS
"""

import sys
from datetime import timedelta

import django

django.setup()

from policy.actions.alerts.plan import plan_alerts  # noqa: E402  # after Django
from policy.clock import now  # noqa: E402
from policy.domain.deadlines import eastern_day  # noqa: E402
from tests.policy.alerts import world  # noqa: E402


def main(name: str, rounds: int) -> None:
    for number in range(rounds):
        at = now()
        today = eastern_day(at)
        of = world.deadline(slug=f"{name}-{number}", label=f"Of {name}")
        # Far away, so that nobody is due to be told of it.
        world.state(of, today + timedelta(days=200), at=at, governs=today)
        world.subscribe("rule", email=f"{name}-{number}@example.org", leads=[0], at=at)
        plan_alerts(at=at)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
