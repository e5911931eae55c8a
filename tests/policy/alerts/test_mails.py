"""What a reader finds in a mail: the date, where it comes from, and the way out."""

import re
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from pytest_django import Settings

from policy.actions.alerts.compose import compose
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import request_subscription
from policy.domain.leads import Lead
from policy.models import Alert
from policy.queries.subjects import find_subject
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
MOVED_AT = eastern(2025, 3, 3, 10)


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.SITE_URL = "https://earmark.example"


def read(alert: Alert) -> EmailMessage:
    """The mail as a program at the other end reads it."""
    world.said(alert)
    alert.message_id = alert.message_id or f"<alert-{alert.pk}@earmark.example>"
    alert.save()
    wire = compose(alert, at=alert.planned_at).as_sent.encode()
    parsed = BytesParser(policy=default).parsebytes(wire)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content())


def words(message: EmailMessage) -> str:
    """The text part, with its lines joined."""
    return " ".join(part(message, "plain").split())


def reminder(**more: Any) -> EmailMessage:
    world.comment_deadline(**more)
    world.subscribe()
    plan_alerts(at=D_7)
    return read(Alert.objects.get())


def moved() -> EmailMessage:
    world.comment_deadline()
    world.subscribe()
    extension = world.source("2025-09999", "90 FR 20000", "Extension of comment period")
    world.state(
        world.deadline(), date(2025, 6, 16), at=MOVED_AT, governs=date(2025, 3, 3), by=extension
    )
    plan_alerts(at=MOVED_AT)
    return read(Alert.objects.get(reason=Alert.Reason.MOVED))


def confirmation() -> EmailMessage:
    world.comment_deadline()
    subject = find_subject("rule", "ai-diffusion")
    assert subject
    request_subscription(email="new@example.org", subject=subject, leads=[Lead(7), Lead(1)], at=D_7)
    return read(Alert.objects.get())


def test_the_subject_of_a_reminder_stands_alone() -> None:
    assert reminder()["Subject"] == (
        "Comments due in 7 days (15 May 2025): Framework for Artificial Intelligence Diffusion"
    )


def test_a_reminder_says_when_in_eastern_time_and_in_utc() -> None:
    text = words(reminder())
    assert "7 days left." in text
    assert "Thursday, 15 May 2025, 23:59:59 Eastern (EDT)" in text
    assert "16 May 2025, 03:59:59 UTC" in text


def test_a_reminder_gives_its_receipt_and_its_source() -> None:
    text = words(reminder(quote="Comments must be received by May 15, 2025"))
    assert "HOW THE DATE CAME ABOUT" in text
    assert "Printed in 90 FR 4544" in text
    assert "“Comments must be received by May 15, 2025”" in text
    assert "https://www.federalregister.gov/d/2025-00636" in text


def test_a_reminder_leads_to_the_page_as_it_was_when_the_mail_was_written() -> None:
    text = part(reminder(), "plain")
    (link,) = re.findall(r"https://earmark\.example/deadlines/\S+", text)
    assert "on=2025-05-08" in link
    assert "known=" in link


def test_a_scheduled_date_is_called_unconfirmed_in_the_subject_already() -> None:
    message = reminder(scheduled=True)
    assert message["Subject"].startswith("Scheduled, not confirmed: Comments due")
    assert "nothing in the record has confirmed it since" in words(message)


def test_a_date_beyond_the_record_says_where_the_record_ends() -> None:
    world.covered_until(date(2025, 4, 30))
    assert "The record ends 30 April 2025" in words(reminder())


def test_a_move_names_both_dates_and_the_document_behind_it() -> None:
    message = moved()
    assert message["Subject"] == (
        "Comments due: moved from 15 May 2025 to 16 June 2025: "
        "Framework for Artificial Intelligence Diffusion"
    )
    text = words(message)
    assert "Before: 15 May 2025" in text
    assert "Now: 16 June 2025" in text
    assert "Because of: 90 FR 20000: Extension of comment period" in text


@pytest.mark.parametrize("make", [reminder, moved])
def test_every_reminder_and_move_can_be_ended_with_one_click(make: object) -> None:
    message = make()  # type: ignore[operator]  # one of the two above
    alert = Alert.objects.filter(message_id=message["Message-ID"]).get()
    token, number = alert.subscriber.token, alert.subscription_id
    one_click = f"https://earmark.example/subscribe/unsubscribe/{token}/{number}/"
    assert message["List-Unsubscribe"].strip() == f"<{one_click}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one_click in part(message, "plain")
    assert f"https://earmark.example/subscribe/manage/{token}/" in part(message, "plain")


@pytest.mark.parametrize("make", [reminder, moved, confirmation])
def test_every_mail_is_for_one_reader_and_says_the_same_in_text_and_html(make: object) -> None:
    message = make()  # type: ignore[operator]  # one of the three above
    alert = Alert.objects.get(message_id=message["Message-ID"])
    assert message["To"] == alert.subscriber.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Cc"] is message["Bcc"] is None
    text, html = part(message, "plain"), part(message, "html")
    assert set(re.findall(r"https?://[^\s<>\"]+", text)) <= set(
        re.findall(r"https?://[^\s<>\"]+", html.replace("&amp;", "&"))
    )
    assert "<script" not in html
    assert "src=" not in html


@pytest.mark.parametrize("make", [reminder, moved])
def test_no_mail_about_the_law_goes_without_its_warning(make: object) -> None:
    message = make()  # type: ignore[operator]  # one of the two above
    for kind in ("plain", "html"):
        assert "not legal advice" in part(message, kind).casefold()


def test_a_confirmation_says_what_was_asked_and_promises_silence() -> None:
    message = confirmation()
    text = words(message)
    assert message["Subject"].startswith("Confirm your deadline e-mails: ")
    assert "Reminders: 7 days and 1 day before" in text
    assert "Nothing is sent before you confirm." in text
    assert "https://earmark.example/subscribe/confirm/" in text
    assert message["List-Unsubscribe"] is None


@pytest.mark.parametrize("title", ["A <b>bold</b> & old rule", "Two\r\nBcc: thief@example.org"])
def test_a_title_can_neither_break_the_page_nor_the_headers(title: str) -> None:
    rule = world.rule("odd", title)
    deadline = world.deadline("odd-comment", of=rule)
    world.state(deadline, world.DUE, baseline=True)
    world.subscribe("rule", "odd")
    plan_alerts(at=D_7)
    message = read(Alert.objects.get())
    assert message["Bcc"] is None
    assert "<b>" not in part(message, "html")
    assert "\n" not in message["Subject"]
