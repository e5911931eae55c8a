"""A small record and its readers, for the tests of deadline mails.

Dates are stated the way that the record does it: a revision, a fact, and an event.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from policy.actions import record_notices
from policy.actions.alerts.payload import fix_content
from policy.actions.alerts.recheck import Dates, is_paused, reason_to_cancel
from policy.actions.alerts.subscribe import confirm_subscription, request_subscription
from policy.actions.facts import set_portion
from policy.actions.record_events import events_of
from policy.actions.revisions import new_revision
from policy.domain.due import EVERYTHING
from policy.domain.leads import LEADS, Lead
from policy.models import (
    Alert,
    Country,
    CountryGroup,
    Coverage,
    Deadline,
    DeadlineDate,
    Docket,
    Event,
    Revision,
    Rule,
    Source,
    Subscription,
)
from policy.queries.asof import read_parameters
from policy.queries.subjects import find_subject

TITLE = "Framework for Artificial Intelligence Diffusion"
DUE = date(2025, 5, 15)
ALL_LEADS = tuple(lead.days for lead in LEADS)


def eastern(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A UTC instant by its Eastern clock."""
    local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("America/New_York"))
    return local.astimezone(UTC)


# The day on which the small record is loaded, and one on which somebody subscribes.
LOADED = eastern(2025, 1, 15, 9)
SUBSCRIBED = eastern(2025, 1, 20, 12)


def source(slug: str = "2025-00636", citation: str = "90 FR 4544", title: str = TITLE) -> Source:
    found, _ = Source.objects.get_or_create(
        slug=slug,
        defaults={
            "kind": Source.Kind.FEDERAL_REGISTER,
            "title": title,
            "citation": citation,
            "url": f"https://www.federalregister.gov/d/{slug}",
        },
    )
    return found


def rule(slug: str = "ai-diffusion", title: str = TITLE) -> Rule:
    found, _ = Rule.objects.get_or_create(
        slug=slug,
        defaults={"title": title, "short_title": "AI Diffusion", "kind": Rule.Kind.RULE},
    )
    return found


def deadline(
    slug: str = "ai-diffusion-comment",
    kind: str = Deadline.Kind.COMMENT,
    label: str = "Comments due",
    of: Rule | None = None,
) -> Deadline:
    docket, _ = Docket.objects.get_or_create(number="BIS-2025-0001")
    found, _ = Deadline.objects.get_or_create(
        slug=slug,
        defaults={"kind": kind, "label": label, "rule": of or rule(), "docket": docket},
    )
    return found


@contextmanager
def revision(at: datetime = LOADED) -> Any:
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=at) as issued:
        yield issued


def state(
    of: Deadline,
    day: date | None,
    *,
    at: datetime = LOADED,
    governs: date = date(2025, 1, 15),
    by: Source | None = None,
    baseline: bool = False,
    closes: time | None = None,
    **more: Any,
) -> DeadlineDate:
    """Record, at the instant ``at``, that from ``governs`` on a deadline has a date."""
    fact = DeadlineDate(
        deadline=of,
        day=day,
        basis=DeadlineDate.Basis.PRINTED,
        source=by or source(),
        valid_from=governs,
        at=closes,
        **more,
    )
    with revision(at) as issued:
        written = set_portion(fact, revision=issued, because="A document moved it")
        events = events_of(written, record_notices.deadline, issued)
        for event in events:
            event.baseline = baseline
        Event.objects.bulk_create(events)
    return fact


def comment_deadline(day: date = DUE, **more: Any) -> Deadline:
    """A comment deadline of the AI Diffusion rule, in the record since its first load."""
    found = deadline()
    state(found, day, baseline=True, **more)
    return found


def covered_until(day: date, at: datetime = LOADED) -> None:
    with revision(at) as issued:
        fact = Coverage(topic=Coverage.Topic.LAW, until=day, source=source())
        set_portion(fact, revision=issued, because="The record reaches further")


def country(key: str = "kh", name: str = "Cambodia") -> Country:
    found, _ = Country.objects.get_or_create(
        key=key, defaults={"name": name, "kind": Country.Kind.COUNTRY}
    )
    return found


def put_in_group(
    place: Country, start: date | None, end: date | None = None, *, at: datetime = LOADED
) -> CountryGroup:
    fact = CountryGroup(
        country=place,
        scheme=CountryGroup.Scheme.D5,
        group=CountryGroup.Group.D5,
        source=source(),
        valid_from=start,
        valid_until=end,
    )
    with revision(at) as issued:
        set_portion(fact, revision=issued, because="A document says so")
    return fact


def announce(
    kind: str, subject_id: str, title: str, *, at: datetime, baseline: bool = False
) -> Event:
    """An event about any subject, as other apps write them."""
    with revision(at) as issued:
        return Event.objects.create(
            revision=issued,
            kind=Event.Kind.CHANGED,
            subject_kind=kind,
            subject_id=subject_id,
            title=title,
            source=source(),
            baseline=baseline,
        )


def subscribe(
    kind: str = "rule",
    subject_id: str = "ai-diffusion",
    *,
    email: str = "reader@example.org",
    leads: Sequence[int] = ALL_LEADS,
    at: datetime = SUBSCRIBED,
) -> Subscription:
    """A confirmed subscription; its confirmation mail is taken as delivered."""
    subject = find_subject(kind, subject_id)
    assert subject is not None
    asked = request_subscription(email=email, subject=subject, leads=map(Lead, leads), at=at)
    asked.alerts.all().delete()
    return confirm_subscription(subscription=asked, at=at)


def subscribe_to_everything(**more: Any) -> Subscription:
    return subscribe(*EVERYTHING, **more)


def said(alert: Alert) -> dict[str, Any]:
    """What a mail says that leaves as soon as it is planned."""
    fix_content(alert, at=alert.planned_at)
    return alert.payload


def why_not(alert: Alert, at: datetime) -> str:
    """Why a sender would not let a mail leave at the UTC instant ``at``; empty if it would."""
    is_paused(alert)  # reads the subscription and its reader anew
    return reason_to_cancel(alert, read_parameters("", "", now=at), at=at, dates=Dates())
