"""What can go wrong while mails are sent, each a function that breaks a place and mends it."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults.place import Place
from tests.faults.points import IN_FLIGHT, POINTS


@dataclass(frozen=True)
class Scenario:
    """``allowed`` duplicates: the mails that are in flight when the fault strikes."""

    name: str
    run: Callable[[Place], None]
    count: int = 12
    allowed: int = 0


def stop_and_start(place: Place) -> None:
    """Stopped as a deployment does it, in the middle of the mails; nothing comes twice."""
    place.mailbox.pause = 0.05
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.nudge()
        place.wait_for_mails(3)
        place.end("worker", signal.SIGTERM)
        place.end("broker", signal.SIGTERM)
        place.start_broker()
        place.start_worker()
        place.catch_up()


def kill_at(place: Place, *, point: str, action: str = "die") -> None:
    """Killed as the third mail, or the first tick, comes to a point."""
    each_mail = list(POINTS).index(point) >= list(POINTS).index("begun")
    with place.mail_server():
        place.start_broker()
        place.start_worker(fault=f"{action}|{point}|{3 if each_mail else 1}")
        place.nudge()
        if action == "die":
            place.wait_for_death("worker")
            place.start_worker()
        else:
            place.wait(lambda: (place.folder / "acted").exists())
        place.skip()
        place.catch_up()


KILLS = [
    Scenario(f"worker killed: {point}", partial(kill_at, point=point), allowed=point in IN_FLIGHT)
    for point in POINTS
]
SCENARIOS = [Scenario("clean stop and start", stop_and_start), *KILLS]
