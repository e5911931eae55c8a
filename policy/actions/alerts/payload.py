"""What a mail says, fixed as JSON when it is planned or first leaves.

Everything that depends on the record is in the content, which all readers of a date share, so
that a retry says the same. Only the days left and a remark that the mail is late are worked out
when it leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from policy.actions.alerts.invites import change_invite, deadline_invite, kept
from policy.domain.alert_words import cutoff_words, why_now
from policy.domain.due import Cause, StatedDate, cause_of
from policy.domain.leads import Lead
from policy.domain.partial_dates import day_text
from policy.models import Alert, AlertContent, DeadlineDate, Event, Source
from policy.queries.asof import Reading, read_parameters
from policy.queries.deadlines import Receipts, receipts_of
from policy.queries.due_dates import Chain, ChangeTopic, Topic, stated_by, topic_named
from policy.queries.invites import dated_entry
from policy.queries.subjects import Followed


class Cited(TypedDict):
    """A source as mails print it; ``url`` is the publisher's page, or else ours."""

    text: str
    title: str
    url: str
    quote: str


class DatePayload(TypedDict):
    """What a mail says of one date. ``due`` is the Eastern day, empty if there is none."""

    what: str
    about: str
    details: list[list[str]]
    due: str
    words: str
    eastern: str
    utc: str
    scheduled: bool
    receipt: list[str]
    cited: Cited | None
    caveats: list[str]
    permalink: str
    invite: dict[str, Any] | None


def date_payload(topic: Topic, reading: Reading) -> DatePayload:
    """The part of a payload that is the same for every reader of a date."""
    if isinstance(topic, ChangeTopic):
        return change_payload(topic, reading)
    return deadline_payload(topic.chain, topic.row, topic.due.stated, reading)


def deadline_payload(
    chain: Chain, row: DeadlineDate | None, stated: StatedDate, reading: Reading
) -> DatePayload:
    """``row`` is the row that governs, None where the deadline is no longer in the record."""
    deadline = chain.deadline
    eastern, utc = cutoff_words(stated)
    path = reverse("policy:deadline", args=[deadline.slug])
    if row is None:
        path = reverse("policy:rule", args=[deadline.rule.slug])
    receipt, permalink = receipt_lines(row, reading) if row else [], pinned(path, reading)
    details = [
        ["Rule", deadline.rule.title],
        ["Docket", deadline.docket.number if deadline.docket else ""],
        ["Covers", deadline.scope],
    ]
    return {
        "what": deadline.label,
        "about": deadline.rule.title,
        "details": [pair for pair in details if pair[1]],
        "due": stated.day.isoformat() if stated.day else "",
        "words": stated.words,
        "eastern": eastern,
        "utc": utc,
        "scheduled": bool(row and row.scheduled),
        "receipt": receipt,
        "cited": cited(row.source, row.quote, reading) if row else None,
        "caveats": [*deadline_caveats(chain, row, reading), *coverage_caveats(reading)],
        "permalink": permalink,
        "invite": kept(deadline_invite(dated_entry(chain, reading), receipt, permalink)),
    }


def change_payload(topic: ChangeTopic, reading: Reading) -> DatePayload:
    change, stated = topic.change, topic.due.stated
    return {
        "what": change.title,
        "about": change.subject.label,
        "details": [["Subject", change.subject.label]],
        "due": change.day.isoformat(),
        "words": stated.words,
        "eastern": f"from {day_text(change.day)}, Eastern calendar day",
        "utc": "",
        "scheduled": False,
        "receipt": [change.note] if change.note else [],
        "cited": cited(change.source, change.quote, reading),
        "caveats": coverage_caveats(reading),
        "permalink": pinned(change.subject.url, reading),
        "invite": kept(change_invite(change, pinned(change.subject.url, reading))),
    }


def receipt_lines(row: DeadlineDate, reading: Reading) -> list[str]:
    """How a date came about: as printed, and as counted where both are known."""
    receipts: Receipts = receipts_of(row, reading)
    lines = []
    if receipts.printed:
        lines.append(f"Printed in {row.source}. {receipts.printed.sentence}")
    if receipts.reported:
        lines.append(f"Given in {row.source}. {receipts.reported.sentence}")
    if receipts.computed:
        counted = f"Counted under {receipts.computed.rule}. {receipts.computed.sentence}"
        lines.append(counted)
    if receipts.differ:
        lines.append("The printed date and the count differ; the printed date governs.")
    return [*lines, row.note] if row.note else lines


def deadline_caveats(chain: Chain, row: DeadlineDate | None, reading: Reading) -> list[str]:
    caveats = []
    if row and row.scheduled:
        caveats.append(
            "Scheduled, not confirmed: an earlier document set this date, and nothing in the "
            "record has confirmed it since."
        )
    following = chain.upcoming(reading.revision_number, reading.on)
    if following and following.valid_from:
        caveats.append(
            f"From {day_text(following.valid_from)} another document ({following.source}) "
            f"governs: {stated_by(following).words}."
        )
    return caveats


def coverage_caveats(reading: Reading) -> list[str]:
    if not reading.beyond_coverage or reading.coverage_end is None:
        return []
    ends = day_text(reading.coverage_end)
    return [f"The record ends {ends}: a change made since then is not known to it."]


def moved_part(
    chain: Chain, row: DeadlineDate | None, change: Sequence[StatedDate]
) -> dict[str, str]:
    """Both dates and the document that made the difference; ``change`` is before and after."""
    before, after = change
    because = f"{row.source}: {row.source.title}" if row else removal_reason(chain)
    return {"from": before.code, "to": after.code, "because": because}


def deadline_content(
    chain: Chain, row: DeadlineDate | None, stated: StatedDate, reading: Reading
) -> AlertContent:
    """What all mails of a date say at this point in both times."""
    data = deadline_payload(chain, row, stated, reading)
    return kept_content(chain.deadline.slug, stated, reading, data)


def kept_content(
    topic: str, stated: StatedDate, reading: Reading, data: DatePayload
) -> AlertContent:
    content, _ = AlertContent.objects.get_or_create(
        topic=topic,
        told=stated.code,
        revision=reading.revision_number,
        on=reading.today,
        defaults={"data": data},
    )
    return content


@dataclass
class Said:
    """What one run has looked up of dates, kept while the newest revision and the day stay."""

    found: dict[tuple[str, str, int, date], tuple[AlertContent, datetime]] = field(
        default_factory=dict
    )

    def of(self, alert: Alert, reading: Reading) -> tuple[AlertContent, datetime]:
        """What a mail of a lead time says, and when the record learned of its date."""
        key = (alert.topic, alert.told, reading.revision_number, reading.today)
        if key not in self.found:
            self.found[key] = content_now(alert, reading)
        return self.found[key]


def content_now(alert: Alert, reading: Reading) -> tuple[AlertContent, datetime]:
    here = {"topic": alert.topic, "told": alert.told}
    point = {"revision": reading.revision_number, "on": reading.today}
    content = AlertContent.objects.filter(**here, **point).first()
    topic = topic_named(alert.topic, reading)
    if content is None:
        content = kept_content(alert.topic, topic.due.stated, reading, date_payload(topic, reading))
    return content, topic.due.recorded_at


def fill_content(alert: Alert, reading: Reading, said: Said) -> bool:
    """Fill in what a mail of a lead time says, unsaved; False where that is fixed already.

    Call it once the mail is known to hold: the date must still be what it tells.
    """
    if alert.reason != Alert.Reason.LEAD or alert.content_id:
        return False
    alert.content, recorded_at = said.of(alert, reading)
    usual = {"why": why_of(alert, recorded_at), "label": alert.subscription.label}
    alert.own = {**usual, **alert.own}
    return True


def fix_content(alert: Alert, *, at: datetime) -> None:
    """Fix what a mail of a lead time says, before it first leaves; again it does nothing."""
    if fill_content(alert, read_parameters("", "", now=at), Said()):
        Alert.objects.filter(pk=alert.pk).update(content=alert.content, own=alert.own)


def why_of(alert: Alert, recorded_at: datetime) -> str:
    """Why the mail of a lead time was planned when it was."""
    meant_for = alert.meant_for or alert.planned_at
    since = alert.subscription.confirmed_at or alert.subscription.created_at
    cause = cause_of(meant_for, since, recorded_at, alert.planned_at)
    happened = since if cause is Cause.NEW_SUBSCRIPTION else recorded_at
    return why_now(cause, Lead.from_code(alert.lead), meant_for, happened)


def removal_reason(chain: Chain) -> str:
    """Why the last rows of a deadline were closed without a successor."""
    last = max(chain.rows, key=lambda row: (row.superseded_id or 0, row.pk))
    return last.closed_because or "the record no longer holds it"


def events_payload(subject: Followed, events: Sequence[Event], reading: Reading) -> dict[str, Any]:
    """The changes that one revision made to a country or another followed subject."""
    return {
        "about": subject.label,
        "events": [event_payload(event, reading) for event in events],
        "caveats": [],
        "permalink": pinned(subject.url, reading),
    }


def event_payload(event: Event, reading: Reading) -> dict[str, Any]:
    return {
        "kind": event.get_kind_display(),
        "title": event.title,
        "detail": event.detail,
        "day": day_text(event.day) if event.day else "",
        "cited": cited(event.source, "", reading) if event.source else None,
    }


def cited(source: Source, quote: str, reading: Reading) -> Cited:
    own_page = pinned(reverse("policy:source", args=[source.slug]), reading)
    return {
        "text": str(source),
        "title": source.title,
        "url": source.url or own_page,
        "quote": quote,
    }


def pinned(path: str, reading: Reading) -> str:
    """The absolute address of a page as it reads at this point in both times."""
    return f"{settings.SITE_URL}{path}?{urlencode(reading.pinned)}"
