"""What other programs need of a mail: RFC 5322, 8058, 2919, 6047, and colours that can be read."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from icalendar import Calendar, Event
from pytest_django import Settings

from policy.actions.alerts.answers import AnswerKey
from policy.actions.alerts.compose import compose
from policy.actions.alerts.plan import plan_alerts
from policy.domain.due import StatedDate
from policy.models import Alert, Subscriber, Subscription
from tests.policy.alerts import world
from tests.policy.alerts.test_mails import (
    D_7,
    MOVED_AT,
    confirmation,
    moved,
    part,
    read,
    reminder,
    words,
)
from tests.policy.alerts.world import eastern
from tests.shared_data import ROOT

pytestmark = pytest.mark.django_db

Make = Callable[[], EmailMessage]
FRIDAY = eastern(2025, 5, 9, 8)


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.SITE_URL = "https://earmark.example"


def with_an_odd_title() -> EmailMessage:
    rule = world.rule("odd", "智谱 und “Ähnliches”: " + "unbroken" * 200)
    world.state(world.deadline("odd-comment", of=rule), world.DUE, baseline=True)
    world.subscribe("rule", "odd")
    plan_alerts(at=D_7)
    return read(Alert.objects.get())


def withdrawn() -> EmailMessage:
    deadline = world.comment_deadline()
    world.subscribe()
    world.state(deadline, world.DUE, at=MOVED_AT, withdrawn=True)
    plan_alerts(at=MOVED_AT)
    return read(Alert.objects.get(reason=Alert.Reason.MOVED))


def country_change() -> EmailMessage:
    world.put_in_group(world.country(), None, date(2025, 5, 15))
    world.subscribe("country", "kh")
    plan_alerts(at=D_7)
    return read(Alert.objects.get(reason=Alert.Reason.LEAD))


def digest() -> EmailMessage:
    """A week's digest: reminders of two deadlines, of which one has moved on the same day."""
    world.comment_deadline()
    other = world.deadline("ai-diffusion-other", "compliance", "Compliance")
    world.state(other, date(2025, 5, 22), baseline=True)
    world.subscribe()
    Subscription.objects.update(delivery=Subscription.Delivery.WEEKLY, weekday=FRIDAY.weekday())
    plan_alerts(at=D_7)
    world.state(other, date(2025, 5, 26), at=FRIDAY)
    plan_alerts(at=FRIDAY)
    row = Alert.objects.get(reason=Alert.Reason.DIGEST)
    assert row.parts.count() == 3
    row.parts.filter(told="2025-05-22").update(state=Alert.State.CANCELLED)  # it is untrue now
    return read(row)


every_mail = pytest.mark.parametrize(
    "make",
    [reminder, moved, withdrawn, country_change, digest, confirmation, with_an_odd_title],
    ids=lambda make: make.__name__,
)
dated_mails = pytest.mark.parametrize(
    "make", [reminder, moved, withdrawn, country_change, with_an_odd_title]
)


@every_mail
def test_a_mail_is_one_that_rfc_5322_allows(make: Make) -> None:
    message = make()
    wire = compose(row_of(message), at=D_7).as_sent.encode()
    for line in wire.split(b"\r\n"):
        assert len(line) <= 998
        assert b"\n" not in line
        assert b"\r" not in line
    header, _, _ = wire.partition(b"\r\n\r\n")
    assert header.isascii()  # other characters are encoded words, RFC 2047
    assert max(map(len, header.split(b"\r\n"))) <= 200
    for name in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version"):
        assert len(message.get_all(name, [])) == 1, name
    assert message["From"].addresses[0].addr_spec == "alerts@earmark.example"
    assert re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", message["Message-ID"])
    sent = parsedate_to_datetime(message["Date"])
    assert sent == row_of(message).planned_at.replace(microsecond=0)


def row_of(message: EmailMessage) -> Alert:
    return Alert.objects.get(message_id=message["Message-ID"])


@every_mail
def test_no_part_of_a_mail_is_broken(make: Make) -> None:
    for found in make().walk():
        assert found.defects == []


@every_mail
def test_what_is_about_the_law_can_be_left_as_rfc_8058_asks(make: Make) -> None:
    message = make()
    if message["Subject"].startswith("Confirm"):
        assert message["List-Unsubscribe"] is None
        return
    (one_click,) = re.findall(r"<([^>]*)>", message["List-Unsubscribe"])
    assert one_click.startswith("https://")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"[\w ]+ <deadlines\.earmark\.example>", message["List-Id"])  # RFC 2919


def test_all_that_one_reader_hears_of_one_deadline_is_one_thread() -> None:
    deadline = world.comment_deadline()
    world.subscribe(email="one@example.org")
    world.subscribe(email="two@example.org")
    plan_alerts(at=D_7)
    world.state(deadline, date(2025, 6, 16), at=FRIDAY)
    plan_alerts(at=FRIDAY)
    threads: dict[str, set[str]] = {}
    for message in map(read, Alert.objects.all()):
        assert message["References"] == message["In-Reply-To"]
        assert message["References"] != message["Message-ID"]
        threads.setdefault(message["To"], set()).add(message["References"])
    assert [len(found) for found in threads.values()] == [1, 1]
    assert len(set.union(*threads.values())) == 2
    assert confirmation_thread() is None


def confirmation_thread() -> str | None:
    """A confirmation is about no deadline."""
    thread: str | None = confirmation_of_another()["References"]
    return thread


def confirmation_of_another() -> EmailMessage:
    Alert.objects.all().delete()
    return confirmation()


@pytest.mark.parametrize("make", [reminder, moved, digest])
def test_an_open_date_can_be_answered_from_the_mail(make: Make) -> None:
    links = set(re.findall(r"https://earmark.example/subscribe/answer/[^\s#]+", words(make())))
    keys = [AnswerKey.read(link.rstrip("/").rpartition("/")[2]) for link in links]
    assert all(key and key.topic.startswith("ai-diffusion-") for key in keys)
    assert len(keys) == (2 if make is digest else 1)


@pytest.mark.parametrize("make", [withdrawn, confirmation])
def test_where_there_is_no_date_there_is_nothing_to_answer(make: Make) -> None:
    assert "/subscribe/answer/" not in words(make())


def calendars_in(message: EmailMessage) -> list[EmailMessage]:
    return [found for found in message.walk() if found.get_content_type() == "text/calendar"]


def events_in(message: EmailMessage) -> list[Event]:
    (shown, _file) = calendars_in(message)
    found = Calendar.from_ical(shown.get_content())
    return [one for one in found.subcomponents if isinstance(one, Event)]


@dated_mails
def test_a_date_comes_as_an_entry_that_programs_show_and_as_a_file(make: Make) -> None:
    shown, file = calendars_in(make())
    assert shown.get_content() == file.get_content()
    assert file.get_filename() == "deadline.ics"
    assert file.get_content_disposition() == "attachment"
    assert shown.get_content_disposition() is None
    found = Calendar.from_ical(shown.get_content())
    for calendar in (shown, file):
        assert calendar.get_param("method") == found["METHOD"]  # RFC 6047, section 2.4
        assert calendar.get_param("charset") == "utf-8"


def test_the_entry_of_a_reminder_ends_with_the_period() -> None:
    (event,) = events_in(reminder())
    assert event["UID"] == "ai-diffusion-comment@earmark.example"
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTART") == datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)
    assert str(event["ORGANIZER"]) == "mailto:alerts@earmark.example"
    assert "Printed in 90 FR 4544" in str(event["DESCRIPTION"])
    assert "on=2025-05-08" in str(event["URL"])


def test_the_entry_of_a_moved_date_replaces_the_one_before() -> None:
    (event,) = events_in(moved())
    assert event["UID"] == "ai-diffusion-comment@earmark.example"
    assert event["SEQUENCE"] == 1
    assert event.decoded("DTSTART") == datetime(2025, 6, 17, 3, 59, 59, tzinfo=UTC)


def test_a_withdrawn_date_cancels_its_entry() -> None:
    message = withdrawn()
    (event,) = events_in(message)
    assert calendars_in(message)[0].get_param("method") == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "stands no more: withdrawn" in str(event["DESCRIPTION"])


def test_a_scheduled_change_is_an_entry_that_fills_its_day() -> None:
    (event,) = events_in(country_change())
    assert event.decoded("DTSTART") == date(2025, 5, 15)
    assert event["UID"] == "country.kh.d5-d5-until@earmark.example"


def test_a_digest_holds_each_deadline_as_it_stands_when_the_mail_leaves() -> None:
    message = digest()
    assert message["Subject"].strip().startswith("2 in this digest: Comments due in 6 days")
    assert message["References"] is None
    found = {str(event["UID"]): event for event in events_in(message)}
    assert len(found) == 2
    assert found["ai-diffusion-other@earmark.example"].decoded("DTSTART") == date(2025, 5, 26)
    text = words(message)
    assert "Before: 22 May 2025 Now: 26 May 2025" in text
    assert "in 14 days" not in text
    assert "You asked for mails in a weekly digest, at 08:00 in America/New York." in text


def test_a_digest_of_one_is_called_like_the_mail_that_it_holds() -> None:
    digest()
    Alert.objects.filter(reason=Alert.Reason.MOVED).update(digest=None)
    message = read(Alert.objects.get(reason=Alert.Reason.DIGEST))
    assert message["Subject"].startswith("Comments due in 6 days (15 May 2025)")
    assert "1 deadline or change in this digest" in words(message)


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("Asia/Taipei", "Friday, 16 May 2025, 11:59:59 in Asia/Taipei (UTC+08:00)"),
        ("America/Los_Angeles", "Thursday, 15 May 2025, 20:59:59 in America/Los Angeles"),
        ("Asia/Kolkata", "Friday, 16 May 2025, 09:29:59 in Asia/Kolkata (UTC+05:30)"),
        ("America/Toronto", ""),
        ("America/New_York", ""),
    ],
)
def test_a_reader_elsewhere_is_told_the_last_moment_by_the_own_clock(zone: str, line: str) -> None:
    world.comment_deadline()
    world.subscribe()
    plan_alerts(at=D_7)
    Subscriber.objects.update(zone=zone)
    message = read(Alert.objects.get())
    assert (" in A" in words(message).partition("Eastern")[2].partition("MIND")[0]) == bool(line)
    assert line in words(message)
    assert line in part(message, "html")


def test_a_retry_carries_the_entry_of_the_first_attempt() -> None:
    reminder()
    row = Alert.objects.get()
    first = [one.get_content() for one in calendars_in(read(row))]
    world.state(world.deadline(), date(2025, 6, 16), at=FRIDAY)
    assert [one.get_content() for one in calendars_in(read(Alert.objects.get(pk=row.pk)))] == first


def test_a_mail_that_was_planned_before_there_were_entries_goes_without() -> None:
    reminder()
    row = Alert.objects.get()
    row.own.pop("invite", None)
    if row.content:
        row.content.data.pop("invite", None)
    assert calendars_in(read(row)) == []


def test_an_escalated_mail_says_that_nobody_acknowledged() -> None:
    reminder()
    row = Alert.objects.get()
    row.reason = Alert.Reason.ESCALATED
    row.save()
    assert read(row)["Subject"].startswith("Not acknowledged: Comments due in 7 days")


def test_content_that_readers_share_is_in_each_mail() -> None:
    message = reminder()
    row = row_of(message)
    assert row.content
    assert "invite" not in row.own
    assert len(calendars_in(message)) == 2
    assert "Printed in 90 FR 4544" in words(message)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour.removeprefix("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_a_mail_can_be_read_by_day_and_by_night(scheme: str) -> None:
    style = (ROOT / "templates" / "policy" / "mail" / "style.txt").read_text()
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")
    rules = light if scheme == "light" else dark
    (background,) = re.findall(r"background: (#\w+)", rules)
    colours = set(re.findall(r"[ {]color: (#\w+)", rules))
    assert len(colours) == 3
    for colour in colours:
        brighter, darker = sorted((luminance(background), luminance(colour)), reverse=True)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5, (colour, background)


def test_a_time_of_day_that_is_printed_is_in_the_entry() -> None:
    (event,) = events_in(reminder(closes=time(17)))
    assert event.decoded("DTSTART") == datetime(2025, 5, 15, 21, tzinfo=UTC)
    assert StatedDate.from_code(Alert.objects.get().told).at == time(17)
