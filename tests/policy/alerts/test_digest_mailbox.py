"""A digest from the plan to the mail box: what still holds is in it, and is settled with it."""

from datetime import date, timedelta
from email.message import Message

import pytest
from django.core import mail
from icalendar import Calendar

from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.models import Alert, Subscription
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

THURSDAY, FRIDAY = eastern(2025, 5, 8, 8), eastern(2025, 5, 9, 8)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def gathered() -> None:
    """Two reminders wait since Thursday for Friday's digest; one of the dates moves meanwhile."""
    world.comment_deadline()
    other = world.deadline("ai-diffusion-other", "compliance", "Compliance")
    world.state(other, date(2025, 5, 22), baseline=True)
    world.subscribe()
    Subscription.objects.update(delivery=Subscription.Delivery.WEEKLY, weekday=FRIDAY.weekday())
    plan_alerts(at=THURSDAY)
    world.state(other, date(2025, 5, 26), at=FRIDAY)


def deliver() -> list[Message]:
    """What arrives when Friday's tick plans and sends."""
    plan_alerts(at=FRIDAY)
    deliver_alerts(clock=lambda: FRIDAY + MINUTE)
    return [one.message() for one in mail.outbox]


def entries(message: Message) -> dict[str, str]:
    """By UID, the day of each entry in the calendar that a mail carries."""
    (data, *_) = [
        part.get_payload(decode=True)
        for part in message.walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert isinstance(data, bytes)
    found = Calendar.from_ical(data)
    return {str(one["UID"]): str(one.decoded("DTSTART"))[:10] for one in found.events}


@pytest.mark.usefixtures("gathered")
def test_nothing_leaves_before_the_day_of_the_digest() -> None:
    deliver_alerts(clock=lambda: THURSDAY + MINUTE)
    assert mail.outbox == []


@pytest.mark.usefixtures("gathered")
def test_one_mail_brings_what_still_holds_and_not_what_has_moved() -> None:
    (message,) = deliver()
    text = str(message)
    assert "Comments due in 6 days (15 May 2025)" in text
    assert "Compliance in 13 days" not in text
    assert [day for _, day in sorted(entries(message).items())] == ["2025-05-16", "2025-05-26"]


@pytest.mark.usefixtures("gathered")
def test_the_parts_are_settled_with_the_digest() -> None:
    deliver()
    told = {(row.reason, row.told): row.state for row in Alert.objects.all()}
    assert told == {
        ("lead", "2025-05-15"): "sent",
        ("lead", "2025-05-22"): "cancelled",
        ("moved", "2025-05-26"): "sent",
        ("digest", ""): "sent",
    }
    assert deliver_alerts(clock=lambda: FRIDAY + 2 * MINUTE).sent == 0


@pytest.mark.usefixtures("gathered")
def test_what_a_part_said_is_kept_with_it() -> None:
    deliver()
    part = Alert.objects.get(told="2025-05-15")
    assert part.content
    assert part.content.data["invite"]["topic"] == "ai-diffusion-comment"
    assert part.own["why"]
