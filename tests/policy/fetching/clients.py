"""Clients that may reach the replay server."""

from policy.fetching.client import Client
from policy.fetching.politeness import Politeness
from tests.instants import TODAY
from tests.replay.server import Replay


class Sleeps(list[float]):
    """A clock that only sleeping moves, and how long each sleep was."""

    now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.append(seconds)
        self.now += seconds


def polite(replay: Replay, **changes: object) -> Politeness:
    given = {"origins": frozenset({replay.site}), "loopback": True, "pause": 0.0, "jitter": 0.0}
    return Politeness(**{**given, **changes})  # type: ignore[arg-type]  # each by its own name


def client_of(replay: Replay, sleeps: Sleeps | None = None, **changes: object) -> Client:
    limits = polite(replay, **changes)
    if sleeps is None:
        return Client(limits, wall=lambda: TODAY)
    return Client(limits, wall=lambda: TODAY, clock=sleeps.clock, sleep=sleeps.sleep)
