"""The whole product fetches by itself after ``make run``, or says at once that it cannot."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entities.screening.lists import as_json, small_list
from tests.processes.product import Product, free_port, running, wait_for
from tests.replay.server import Replay, replaying
from tests.site_map import Shown

pytestmark = pytest.mark.processes
WITHIN = 60.0
SOURCES = ("federal-register", "regulations", "ecfr", "csl")


@pytest.fixture
def replay() -> Iterator[Replay]:
    with replaying() as server:
        server.world.csl = as_json(small_list()).data
        server.world.up_to_date = server.world.latest_issue = "2026-03-25"
        yield server


def product(folder: Path, site: str) -> Product:
    folder.mkdir()
    settings = {
        "EARMARK_FETCH": "1",
        "EARMARK_SOURCE_SITES": ",".join(f"{slug}={site}" for slug in SOURCES),
        "EARMARK_TICK_SECONDS": "1",
        "EARMARK_PARTS": "744",
    }
    return Product(folder, settings)


def sources_page(port: int) -> Shown:
    url = f"http://127.0.0.1:{port}/sources/"
    with urllib.request.urlopen(url, timeout=30) as answer:  # loopback
        return Shown(url, answer.read().decode())


def row(port: int, title: str) -> str:
    rows = sources_page(port).texts("//div[@id='fresh']//tbody/tr")
    return next(row for row in rows if row.startswith(title))


def test_the_screening_list_is_there_without_anybody_asking(tmp_path: Path, replay: Replay) -> None:
    port = free_port()
    with running(product(tmp_path / "var", replay.site), port) as run:
        title = "Consolidated Screening List"
        wait_for(lambda: "something new" in row(port, title), WITHIN, run.log)
        assert "3 rows" in row(port, title)
        wait_for(lambda: "Waiting for a person" in row(port, "eCFR"), WITHIN, run.log)
        # The part is not there: the starting record stays, and the page says why.
        assert "status 404" in row(port, "eCFR")


def test_without_a_network_the_page_says_so_and_how_to_import(tmp_path: Path) -> None:
    port = free_port()
    with running(product(tmp_path / "var", f"http://127.0.0.1:{free_port()}"), port) as run:
        wait_for(lambda: "Failing" in row(port, "eCFR"), WITHIN, run.log)
        assert "There is no way to 127.0.0.1 from here" in row(port, "eCFR")
        assert "manage.py import_ecfr FILE_OR_FOLDER --date DAY" in row(port, "eCFR")
