"""A real site in a process of its own, and a real browser that looks at it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.shared_data import FOLDER, ROOT

LIST_FILE = FOLDER / "ecfr/title-15_part-744_2026-03-25.xml"
LIST_DAY = "2026-03-25"
# One run's workers share the record of the site; another run makes its own.
RUN = "PYTEST_XDIST_TESTRUNUID"
# The machine may be busy with other tests.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def has_full_list() -> bool:
    """Whether the site holds the real list; without it, only the record's own entries."""
    return LIST_FILE.exists()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, has_full_list: bool) -> Iterator[str]:
    """The address of the site."""
    folder = tmp_path_factory.mktemp("site")
    run = os.environ.get(RUN)
    shared = tmp_path_factory.getbasetemp().parent / f"site-{run}" if run else folder / "shared"
    command = [sys.executable, "-m", "tests.browser.serve", str(folder), str(shared)]
    if has_full_list:
        command += [str(LIST_FILE), LIST_DAY]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port.isdecimal(), f"the site did not start: {port}"
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@dataclass
class Windows:
    """Contexts of one browser, lent out empty: a new one costs more than all that a test does."""

    browser: Browser
    idle: dict[str, list[BrowserContext]] = field(default_factory=dict)

    def lend(self, site: str, options: dict[str, Any]) -> BrowserContext:
        """A context without cookies, storage or pages. Its cache may hold what others asked."""
        kept = self.idle.setdefault(self.key(site, options), [])
        return kept.pop() if kept else self.browser.new_context(base_url=site, **options)

    def take_back(self, context: BrowserContext, site: str, options: dict[str, Any]) -> None:
        if context.pages:
            forget_storage(context, site)
        for page in context.pages:
            page.close()
        context.clear_cookies()
        self.idle[self.key(site, options)].append(context)

    @staticmethod
    def key(site: str, options: dict[str, Any]) -> str:
        return f"{site} {sorted(options.items())}"


def forget_storage(context: BrowserContext, site: str) -> None:
    session = context.new_cdp_session(context.pages[0])
    session.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": "local_storage"})


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    return Windows(chromium)


@dataclass
class Visitor:
    """Somebody with a browser. Errors on the console or from the network are failures."""

    windows: Windows
    site: str
    troubles: list[str] = field(default_factory=list)
    lent: list[tuple[BrowserContext, dict[str, Any]]] = field(default_factory=list)

    def open(self, path: str, width: int = 1440, height: int = 900, **options: Any) -> Page:
        """The page at ``path`` in a new window; options are those of a Playwright context."""
        page = self.window(width, height, **options)
        page.goto(path, wait_until="load")
        return page

    def window(self, width: int = 1440, height: int = 900, **options: Any) -> Page:
        """An empty window that shares neither cookies nor storage with another."""
        options.setdefault("reduced_motion", "reduce")
        context = self.windows.lend(self.site, options)
        self.lent.append((context, options))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", self.note_failure)
        return page

    def note_failure(self, request: Request) -> None:
        """That the next page comes before all of this one has arrived is no failure."""
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url}")

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def close(self) -> None:
        for context, options in self.lent:
            self.windows.take_back(context, self.site, options)


Open = Callable[..., Page]


@pytest.fixture
def visitor(windows: Windows, site: str) -> Iterator[Visitor]:
    visiting = Visitor(windows, site)
    yield visiting
    visiting.close()
    assert visiting.troubles == []


@pytest.fixture
def visit(visitor: Visitor) -> Open:
    """Opens a page: ``visit("/tiers/", width=390, color_scheme="dark")``."""
    return visitor.open


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where pictures for the README go, if somebody asked for new ones."""
    folder = os.environ.get("EARMARK_SCREENSHOTS")
    return Path(folder) if folder else None
