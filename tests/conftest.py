"""What all tests share: a clock that stands still, the record, a browser."""

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from policy.actions.load_record import LoadReport
from policy.vendor import lift_guards
from tests.instants import TODAY
from tests.starting_record import loaded_record

# Of the many objects of a test few are garbage: to look for it seldom saves a twelfth of the time.
gc.set_threshold(100_000, 50, 50)
# How long an example takes says how busy the machine is; what must be fast is measured in bench.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="run only the tests that use the database"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """What takes longest begins first, in whichever order, so that no worker waits for another."""
    if config.getoption("--database-only"):
        keep(config, items, uses_database)
    yield
    items.sort(key=lambda item: not is_long(item))


def is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "processes"))


def uses_database(item: pytest.Item) -> bool:
    """What reads no database says the same whichever it is, and runs once."""
    return item.get_closest_marker("django_db") is not None


def keep(
    config: pytest.Config, items: list[pytest.Item], is_wanted: Callable[[pytest.Item], bool]
) -> None:
    wanted = [item for item in items if is_wanted(item)]
    config.hook.pytest_deselected(items=[item for item in items if not is_wanted(item)])
    items[:] = wanted


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test happens on 23 November 2026, but for those that start real processes."""
    if request.node.get_closest_marker("processes"):
        yield
        return
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite's tables are in a file of each worker's own.

    One in memory is shared by Django's threads under locks of its own kind: it takes twice the
    time to import a long list, and says nothing of two writers at once.
    """
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = (
            tmp_path_factory.mktemp("database") / "tests.sqlite3"
        )


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied() -> Iterator[None]:
    """Tests that commit leave empty tables, which the guards of the history refuse to make.

    What the flush sends after itself, as after a migration, lays the guards again.
    """
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_unguarded(operations: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        lift_guards(operations.connection.alias)
        flush(operations, sql_list)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_unguarded)
        yield


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test writes or caches reaches the next test or the user's own files."""
    settings.INDEX_DIR = tmp_path_factory.getbasetemp() / "index"
    settings.MAIL_DIR = tmp_path_factory.getbasetemp() / "mail"
    # The real one is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # One memory for all, whatever REDIS_URL says.
    settings.CACHES = dict.fromkeys(settings.CACHES, settings.CACHES["local"])
    caches["local"].clear()
    yield
    caches["local"].clear()


@pytest.fixture(scope="module")
def record(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LoadReport]:
    """The starting record, for the tests of one module; they need the mark ``django_db`` too."""
    with loaded_record(django_db_blocker) as report:
        yield report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Skips, with the reason, where there is none."""
    path = os.environ.get("EARMARK_CHROMIUM") or shutil.which("chromium")
    if path is None or not Path(path).exists():
        pytest.skip("no Chromium: apt-get install chromium, or name one in EARMARK_CHROMIUM")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
