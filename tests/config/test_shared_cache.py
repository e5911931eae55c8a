"""What all processes count together: on one server, and by each of them while that is away."""

import logging
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django.fixtures import Settings

from config import run
from config import settings as own_settings
from config.processes import redis_command
from config.shared_cache import SharedCache, location_of, shared_cache
from policy.views.throttle import is_within_limit
from tests.config.test_settings import read
from tests.people import PASSWORD, account, code

HOUR = timedelta(hours=1)
AWAY = "this process counts for itself"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: the name of a socket has a hundred letters at most."""
    with TemporaryDirectory(prefix="earmark-") as made:
        yield Path(made)


@contextmanager
def server(folder: Path) -> Iterator[SharedCache]:
    """A real server, as ``make run`` starts it, and one process's view of it."""
    socket = folder / "valkey.sock"
    with subprocess.Popen(redis_command(socket, folder)) as process:
        give_up = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < give_up:
            time.sleep(0.01)
        yield cache_at(socket)
        process.terminate()


def cache_at(socket: Path) -> SharedCache:
    entry = shared_cache(f"redis+socket://{socket}")
    params = {name: value for name, value in entry.items() if name not in ("BACKEND", "LOCATION")}
    return SharedCache(entry["LOCATION"], params)


def use(settings: Settings, socket: Path) -> None:
    """Let the site count there."""
    settings.CACHES = {**settings.CACHES, "default": shared_cache(f"redis+socket://{socket}")}


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
        ("rediss://u:p@redis.example", "rediss://u:p@redis.example"),
        ("redis+socket:///var/valkey.sock", "unix:///var/valkey.sock"),
        ("redis+socket:///valkey.sock?virtual_host=3", "unix:///valkey.sock?db=3"),
        ("unix:///valkey.sock", "unix:///valkey.sock"),
        ("sentinel://one;sentinel://other", ""),
        ("locmemcache://", ""),
        ("", ""),
    ],
)
def test_an_address_of_the_queue_is_one_of_the_cache(url: str, location: str) -> None:
    assert location_of(url) == location
    assert shared_cache(url).get("LOCATION", "") == location


@pytest.mark.parametrize(
    ("variables", "backend"),
    [
        ({}, "LocMemCache"),
        ({"REDIS_URL": "redis://127.0.0.1:6380/2"}, "SharedCache"),
        ({"CACHE_URL": "dummycache://", "REDIS_URL": "redis://127.0.0.1"}, "DummyCache"),
    ],
)
def test_counts_are_shared_where_there_is_a_server(
    tmp_path: Path, variables: dict[str, str], backend: str
) -> None:
    found = read(tmp_path, "CACHES", **variables)["CACHES"]
    assert found["default"]["BACKEND"].rpartition(".")[2] == backend
    assert found["local"]["BACKEND"].endswith("LocMemCache")


def test_two_processes_count_together_and_anew_once_the_server_was_emptied(folder: Path) -> None:
    with server(folder) as one:
        other = cache_at(folder / "valkey.sock")
        assert one.add("k", 1, timeout=60)
        assert not other.add("k", 1, timeout=60)
        assert (other.incr("k"), one.get("k")) == (2, 2)
        one._cache.get_client().flushall()
        assert other.get("k") is None
        assert other.add("k", 1, timeout=60)


def test_the_queue_is_never_emptied_by_the_cache(folder: Path) -> None:
    with pytest.raises(NotImplementedError, match="The queue lives on the same server"):
        cache_at(folder / "none.sock").clear()


def test_a_limit_holds_through_an_outage(
    folder: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, folder / "valkey.sock")

    def tries(number: int) -> list[bool]:
        return [is_within_limit("x", "somebody", limit=2, per=HOUR) for _ in range(number)]

    with server(folder):
        assert tries(3) == [True, True, False]
    assert AWAY not in caplog.text
    # This process begins to count by itself, and says so once.
    assert tries(4) == [True, True, False, False]
    assert caplog.text.count(AWAY) == 1
    with server(folder):
        assert caches["default"].add("anything", 1)
        assert cache_at(folder / "valkey.sock").get("anything") == 1


@pytest.mark.django_db
def test_no_page_of_the_record_asks_the_server(
    client: Client, folder: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, folder / "none.sock")
    with caplog.at_level(logging.WARNING):
        for path in ("/", "/rules/", "/deadlines/", "/tiers/", "/health/", "/account/sign-in/"):
            assert client.get(path).status_code < 500
    assert AWAY not in caplog.text


@pytest.mark.django_db
def test_without_the_server_people_sign_in_and_a_code_still_works_once(
    client: Client, folder: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, folder / "none.sock")
    typed = {"login": account().email, "password": PASSWORD}
    assert client.post("/account/sign-in/", typed)["Location"] == "/account/sign-in/code/"
    assert client.post("/account/sign-in/code/", {"code": code()}).status_code == 302
    assert client.get("/account/").status_code == 200
    again = Client()
    again.post("/account/sign-in/", typed)
    assert again.post("/account/sign-in/code/", {"code": code()}).status_code == 200
    assert again.get("/account/").status_code == 302
    assert AWAY in caplog.text


@pytest.mark.django_db
def test_without_the_server_the_way_in_is_limited(
    client: Client, folder: Path, settings: Settings
) -> None:
    use(settings, folder / "none.sock")
    assert {client.post("/account/sign-in/", {}).status_code for _ in range(30)} == {200}
    assert client.post("/account/sign-in/", {}).status_code == 429


@pytest.mark.parametrize(
    ("broker", "shared"),
    [
        ("redis+socket:///run/valkey.sock", {"CACHE_URL": "redis+socket:///run/valkey.sock"}),
        ("sentinel://10.0.0.1:26379", {}),
        ("amqp://10.0.0.1", {}),
    ],
)
def test_the_product_starts_whatever_queue_it_is_given(
    monkeypatch: pytest.MonkeyPatch, broker: str, shared: dict[str, str]
) -> None:
    monkeypatch.setattr(own_settings, "CELERY_BROKER_URL", broker)
    monkeypatch.setattr(own_settings, "CACHE_URL", "")
    environment: dict[str, str] = {}
    run.share_counts(environment)
    assert environment == shared
