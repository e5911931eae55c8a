"""What the watchdog notices, and what readers and staff are told of it."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from policy import heart
from policy.actions import watch as watching
from policy.actions.watch import QUIET_AFTER, watch
from policy.heart import BEAT, WORKER, Pulse, beat_heart
from policy.models import Heartbeat, Incident, SourceCheck
from tests.instants import TODAY
from tests.site_map import PAGES, shown

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def staff(settings: Settings) -> None:
    settings.STAFF_EMAILS = ["staff@earmark.example"]
    settings.FETCH = True


def alive(at: datetime = TODAY) -> None:
    beat_heart(BEAT, at=at)
    beat_heart(WORKER, at=at)


def checked(outcome: str, started: datetime, slug: str = "csl") -> None:
    SourceCheck.objects.create(
        channel=slug,
        by="tests",
        started=started,
        finished=started,
        leased_until=started,
        outcome=outcome,
        message="The list lost rows.",
        failing_since=started if outcome == "failed" else None,
    )


def subjects() -> list[str]:
    return list(Incident.objects.filter(closed=None).values_list("subject", flat=True))


def test_nothing_is_told_while_all_is_well() -> None:
    alive()
    found = watch(at=TODAY + QUIET_AFTER)
    assert (found.opened, found.closed, found.open, found.mailed) == (0, 0, 0, 0)
    assert mail.outbox == []


@pytest.mark.parametrize(("quiet", "other"), [(BEAT, WORKER), (WORKER, BEAT)])
def test_a_process_that_gives_no_sign_of_life_is_an_incident(quiet: str, other: str) -> None:
    alive()
    later = TODAY + QUIET_AFTER + MINUTE
    beat_heart(other, at=later)
    assert watch(at=later).opened == 1
    assert subjects() == [quiet]


def test_a_process_that_was_never_seen_is_quiet() -> None:
    watch(at=TODAY)
    assert sorted(subjects()) == [BEAT, WORKER]


def test_one_mail_an_incident_and_one_when_it_is_over() -> None:
    beat_heart(WORKER, at=TODAY)
    for minute in range(3):
        watch(at=TODAY + minute * MINUTE)
    alive(TODAY + 3 * MINUTE)
    for minute in range(3, 6):
        watch(at=TODAY + minute * MINUTE)
    told = [message.subject for message in mail.outbox]
    sentence = watching.PROCESSES[BEAT]
    assert told == [f"[Earmark] {sentence}", f"[Earmark] Over: {sentence}"]
    assert mail.outbox[0].to == ["staff@earmark.example"]
    assert "Since 2026-11-23 15:00 UTC." in mail.outbox[0].body
    assert "Over at 2026-11-23 15:03 UTC." in mail.outbox[1].body


def test_a_mail_that_did_not_leave_is_sent_by_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beat_heart(WORKER, at=TODAY)

    def away(*_args: object) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(watching, "send_mail", away)
        assert watch(at=TODAY).mailed == 0
    assert watch(at=TODAY + MINUTE).mailed == 1
    assert len(mail.outbox) == 1


def test_nobody_is_mailed_where_no_staff_is_named(settings: Settings) -> None:
    settings.STAFF_EMAILS = []
    assert watch(at=TODAY).opened == 2
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("outcome", "age", "told"),
    [
        ("same", timedelta(hours=1), False),
        ("same", timedelta(days=3), True),
        ("waiting", timedelta(hours=1), True),
        ("failed", timedelta(hours=23), False),
        ("failed", timedelta(hours=24), True),
    ],
)
def test_a_source_is_an_incident_when_it_does_not_get_well_by_itself(
    outcome: str, age: timedelta, told: bool
) -> None:
    alive()
    checked(outcome, TODAY - age)
    watch(at=TODAY)
    assert subjects() == (["source:csl"] if told else [])


def test_a_source_that_was_never_asked_or_is_turned_off_is_none(settings: Settings) -> None:
    alive()
    watch(at=TODAY)
    settings.FETCH = False
    checked("waiting", TODAY)
    watch(at=TODAY)
    assert subjects() == []


def test_an_incident_shows_on_every_page_until_it_is_over(client: Client, record: object) -> None:
    alive()
    checked("waiting", TODAY - timedelta(hours=1))
    watch(at=TODAY)
    sentence = "Consolidated Screening List: Waiting for a person. The list lost rows."
    for url in PAGES.values():
        assert sentence in shown(url, client.get(url)).text
    checked("same", TODAY)
    watch(at=TODAY)
    cache.clear()
    assert sentence not in shown("/", client.get("/")).text


def test_the_command_looks_once_for_cron(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("watchdog", "--once")
    assert capsys.readouterr().out == "2 opened, 0 closed, 2 open, 2 mailed\n"
    call_command("watchdog", "--once", "--json")
    assert '"opened": 0' in capsys.readouterr().out


def test_a_pulse_is_one_row_however_often_it_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    # The connection of a test must stay open.
    monkeypatch.setattr(heart, "close_old_connections", lambda: None)
    pulse = Pulse(BEAT)
    for _ in range(3):
        pulse()
    assert Heartbeat.objects.get().at == TODAY
