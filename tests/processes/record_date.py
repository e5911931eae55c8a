"""Records, in the product's own database, that a deadline of the AI Diffusion rule has a date.

python -m tests.processes.record_date SLUG DAY
"""

import sys
from datetime import date

import django

django.setup()

from policy.clock import now  # noqa: E402  # after Django
from policy.domain.deadlines import eastern_day  # noqa: E402
from tests.policy.alerts import world  # noqa: E402


def main(slug: str, day: str) -> None:
    deadline = world.deadline(slug=slug, label=f"Comments on {slug}")
    at = now()
    document = world.source(f"document-{day}", f"91 FR {day[-2:]}", "Extension of comment period")
    world.state(deadline, date.fromisoformat(day), at=at, governs=eastern_day(at), by=document)


if __name__ == "__main__":
    main(*sys.argv[1:])
