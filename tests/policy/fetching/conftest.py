"""The replay server, and clients that may reach it."""

from collections.abc import Iterator

import pytest
import stamina

from policy.fetching.client import Client
from tests.policy.fetching.clients import Sleeps, client_of
from tests.replay.server import Replay, replaying


@pytest.fixture
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


@pytest.fixture(autouse=True)
def attempts_without_waiting() -> Iterator[None]:
    """As many attempts as the client allows, but nobody waits between them."""
    stamina.set_testing(True, attempts=10, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def client(replay: Replay) -> Client:
    return client_of(replay)
