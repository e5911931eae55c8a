"""The sources that the apps register, and the processes that say they live."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent
from django.core.management import get_commands
from django.db import OperationalError
from django.utils.module_loading import import_string
from pytest_django import Settings

from config import processes
from config.celery import app
from policy import heart, tasks
from policy.actions.sync import channel_named, client, is_set_up, site_of
from policy.clock import now
from policy.fetching.channel import Channel
from policy.fetching.client import Client
from policy.fetching.politeness import OFFICIAL
from policy.heart import BEAT, WORKER, BeatingScheduler, Pulse
from policy.models import Heartbeat
from policy.registry import channels
from tests.instants import TODAY


@pytest.fixture
def fresh_pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tasks, "worker_pulse", Pulse(WORKER))
    # The connection of a test must stay open.
    monkeypatch.setattr(heart, "close_old_connections", lambda: None)
    yield


def test_four_sources_are_asked() -> None:
    assert [c.slug for c in channels()] == ["federal-register", "regulations", "ecfr", "csl"]


@pytest.mark.parametrize("channel", channels(), ids=lambda channel: channel.slug)
def test_a_source_has_a_run_a_site_that_may_be_asked_and_a_way_by_hand(
    channel: Channel,
) -> None:
    assert callable(import_string(channel.run))
    assert channel.site in OFFICIAL
    (_manage, command, *_) = channel.import_command.split()
    assert command in get_commands()
    assert channel_named(channel.slug) is channel


def test_by_default_only_the_official_sites_are_asked(settings: Settings) -> None:
    settings.SOURCE_SITES = {}
    found = client(now)
    assert isinstance(found, Client)
    assert found.politeness.origins == OFFICIAL
    assert not found.politeness.loopback
    assert found.politeness.agent.startswith("Earmark (+http")


def test_this_machine_is_asked_only_where_the_settings_say_so(settings: Settings) -> None:
    settings.SOURCE_SITES = {"csl": "https://mirror.example"}
    found = client(now)
    assert isinstance(found, Client)
    assert not found.politeness.loopback
    settings.SOURCE_SITES = {"csl": "http://127.0.0.1:8100"}
    found = client(now)
    assert isinstance(found, Client)
    assert found.politeness.loopback
    csl, ecfr = channel_named("csl"), channel_named("ecfr")
    assert csl is not None
    assert ecfr is not None
    assert site_of(csl) == "http://127.0.0.1:8100"
    assert site_of(ecfr) == "https://www.ecfr.gov"


@pytest.mark.parametrize(
    ("fetch", "key", "asked"),
    [(True, "key", True), (True, "", False), (False, "key", False), (False, "", False)],
)
def test_a_source_that_wants_a_key_is_asked_only_with_one(
    settings: Settings, fetch: bool, key: str, asked: bool
) -> None:
    settings.FETCH, settings.REGULATIONS_API_KEY = fetch, key
    channel = channel_named("regulations")
    assert channel is not None
    assert is_set_up(channel) is asked


def test_beat_nudges_mails_and_sources_apart() -> None:
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    tasks = ("tick", "send", "sync_due", "fetch_texts")
    assert names == {f"policy.tasks.{task}" for task in tasks}
    # Neither a download nor a page whose text is fetched may hold up the mails.
    command = processes.worker_command()
    assert command[command.index("--concurrency") + 1] == "3"


def test_the_watchdog_runs_beside_celery_and_not_in_it() -> None:
    found = dict(processes.commands(8000))
    assert "watchdog" in found["watchdog"]
    assert "celery" not in found["watchdog"]


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_pulse")
def test_the_worker_says_that_it_lives_whenever_celery_does() -> None:
    for _ in range(3):
        heartbeat_sent.send(sender=None)
    (row,) = Heartbeat.objects.all()
    assert (row.process, row.at) == (WORKER, TODAY)


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_pulse")
@pytest.mark.parametrize(("wanted", "slept"), [(3600.0, 15.0), (2.0, 2.0)])
def test_beat_says_that_it_lives_at_each_tick_and_wakes_often_enough(
    monkeypatch: pytest.MonkeyPatch, wanted: float, slept: float
) -> None:
    monkeypatch.setattr(PersistentScheduler, "tick", lambda _self: wanted)
    monkeypatch.setattr(BeatingScheduler, "schedule", {})
    scheduler = BeatingScheduler(app=app, lazy=True)
    assert scheduler.tick() == slept
    assert Heartbeat.objects.get().process == BEAT


def test_beat_forgets_runs_that_lie_ahead_of_a_clock_that_was_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = app.now()
    hour_ago = at - timedelta(hours=1)
    ahead = SimpleNamespace(name="ahead", last_run_at=at + timedelta(days=3))
    past = SimpleNamespace(name="past", last_run_at=hour_ago)
    monkeypatch.setattr(BeatingScheduler, "schedule", {"ahead": ahead, "past": past})
    BeatingScheduler(app=app, lazy=True).believe_the_clock()
    assert (ahead.last_run_at, past.last_run_at) == (at, hour_ago)


@pytest.mark.usefixtures("fresh_pulse")
def test_a_database_that_is_away_stops_no_process(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(heart, "beat_heart", away)
    Pulse(BEAT)()
    assert "heartbeat of beat: away" in caplog.text
