"""A run that is killed at any step leaves the old facts in force, and the next one completes."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.entities.actions.lists import DOCK, GLASS, LIST
from tests.entities.sources.samples import part744
from tests.processes.product import Product
from tests.replay.answers import version
from tests.replay.killed import COMMITTED, STEPS
from tests.replay.server import Replay, replaying
from tests.shared_data import ROOT

pytestmark = pytest.mark.processes
# Longer than a lease.
LATER = 11
DAYS = ("2026-03-25", "2026-07-18")


@dataclass
class Place:
    """A record with the list of the first day, and sources that have one of the second."""

    product: Product
    replay: Replay

    def run(self, step: str, minutes: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tests.replay.killed", "ecfr", step, str(minutes)],
            cwd=ROOT,
            env=self.product.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.product.folder / "earmark.sqlite3")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    @property
    def in_force(self) -> int:
        standing = "superseded_id IS NULL AND valid_until IS NULL"
        [(count,)] = self.ask(f"SELECT count(*) FROM entities_listing WHERE {standing}")
        assert isinstance(count, int)
        return count

    @property
    def unfinished(self) -> int:
        return len(self.ask("SELECT 1 FROM policy_sourcecheck WHERE finished IS NULL"))


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


@pytest.fixture(scope="module")
def prepared(replay: Replay, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The list of the first day has been taken in; the sources have gone on since."""
    folder = tmp_path_factory.mktemp("killed") / "var"
    folder.mkdir()
    place = place_in(folder, replay)
    assert place.run("prepare", 0).returncode == 0
    world = replay.world
    world.up_to_date = world.latest_issue = DAYS[0]
    world.parts["744"] = part744(*LIST)
    first = place.run("none", 0)
    assert first.stdout == "new\n", first.stderr
    world.up_to_date = world.latest_issue = DAYS[1]
    world.versions = [version("744", DAYS[1])]
    world.parts["744"] = part744(GLASS, DOCK)
    return place


def place_in(folder: Path, replay: Replay) -> Place:
    settings = {
        "EARMARK_FETCH": "1",
        "EARMARK_SOURCE_SITES": f"ecfr={replay.site}",
        "EARMARK_PARTS": "744",
    }
    return Place(Product(folder, settings), replay)


@pytest.fixture
def place(prepared: Place, tmp_path: Path) -> Place:
    """A copy of its own for each test."""
    folder = tmp_path / "var"
    shutil.copytree(prepared.product.folder, folder)
    return place_in(folder, prepared.replay)


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_is_killed_leaves_one_whole_list_and_the_next_one_completes(
    place: Place, step: str
) -> None:
    assert place.in_force == 3
    killed = place.run(step, 0)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert place.in_force == (2 if step in COMMITTED else 3)
    following = place.run("none", LATER)
    assert following.stdout == ("same\n" if step in COMMITTED else "new\n"), following.stderr
    assert place.in_force == 2
    assert place.unfinished == 0


def test_while_the_lease_lasts_no_other_run_begins(place: Place) -> None:
    place.run("claimed", 0)
    assert place.run("none", 0).stdout == "running\n"
    assert place.in_force == 3


def test_what_was_fetched_before_the_kill_is_not_fetched_again(place: Place) -> None:
    place.run("importing", 0)
    place.replay.seen.clear()
    place.run("none", LATER)
    assert place.replay.paths() == []
    assert place.in_force == 2
