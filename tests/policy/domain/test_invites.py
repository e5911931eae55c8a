"""Calendar entries: what RFC 5545 and RFC 5546 ask of them, and that they are read back."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from policy.domain.invites import (
    NO_ADVICE,
    Invite,
    Method,
    Publisher,
    calendar_of,
    clean,
    method_of,
)

PUBLISHER = Publisher("Earmark", "alerts@earmark.example", "earmark.example")
COMMENT = Invite(
    topic="ai-diffusion-comment",
    kind="comment",
    summary="Comments due: Framework for Artificial Intelligence Diffusion",
    day=date(2025, 5, 15),
    at=None,
    sequence=0,
    stamp=datetime(2025, 1, 15, 14, tzinfo=UTC),
    url="https://earmark.example/deadlines/ai-diffusion-comment/?on=2025-01-15",
    description="Printed in 90 FR 4544; a “printed” date is never moved, 智谱 or not.",
)
EFFECTIVE = replace(COMMENT, topic="ai-diffusion-effective", kind="effective")
GOLDEN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Earmark//Deadlines//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
BEGIN:VEVENT
SUMMARY:Comments due: Framework for Artificial Intelligence Diffusion
DTSTART:20250516T035959Z
DTSTAMP:20250115T140000Z
UID:ai-diffusion-comment@earmark.example
SEQUENCE:0
DESCRIPTION:Printed in 90 FR 4544\\; a “printed” date is never moved\\, 
 智谱 or not.\\n\\nNot legal advice. Check the source before you rely on it
 .
LAST-MODIFIED:20250115T140000Z
ORGANIZER;CN=Earmark:mailto:alerts@earmark.example
STATUS:CONFIRMED
TRANSP:TRANSPARENT
URL:https://earmark.example/deadlines/ai-diffusion-comment/?on=2025-01-15
END:VEVENT
END:VCALENDAR
"""

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
texts = st.text(max_size=300)
invites = st.builds(
    Invite,
    topic=st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,9}){0,5}", fullmatch=True),
    kind=st.sampled_from(["comment", "effective", "compliance", "application", "hearing"]),
    summary=texts.filter(lambda text: text.strip()),
    day=days,
    at=st.none() | st.times().map(lambda t: t.replace(microsecond=0)),
    sequence=st.integers(0, 2_000_000),
    stamp=st.integers(1_600_000_000, 3_700_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    url=st.just("https://earmark.example/deadlines/x/?on=2025-01-15&known=2025-01-15T14:00:00Z"),
    description=texts,
    cancelled=st.booleans(),
    tentative=st.booleans(),
)


def written(*entries: Invite, method: Method | None = None, **more: Any) -> bytes:
    return calendar_of(entries, PUBLISHER, method=method or method_of(entries), **more)


def events_in(data: bytes) -> list[Event]:
    return [c for c in Calendar.from_ical(data).subcomponents if isinstance(c, Event)]


def event_of(invite: Invite) -> Event:
    (found,) = events_in(written(invite))
    return found


def test_a_calendar_of_one_deadline_reads_as_it_always_did() -> None:
    assert written(COMMENT).decode() == GOLDEN.replace("\n", "\r\n")


@given(st.lists(invites, max_size=4), texts)
def test_whatever_a_deadline_says_a_program_reads_back(entries: list[Invite], name: str) -> None:
    data = written(*entries, name=name)
    found = Calendar.from_ical(data)
    assert found["METHOD"] == method_of(entries)
    assert found["VERSION"] == "2.0"
    for invite, event in zip(entries, events_in(data), strict=True):
        assert event["UID"] == f"{invite.topic}@earmark.example"
        assert event["SEQUENCE"] == invite.sequence
        assert event.decoded("DTSTART") == invite.start
        assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == invite.stamp
        assert str(event["SUMMARY"]) == clean(invite.summary)
        whole = clean(f"{invite.description}\n\n{NO_ADVICE}".strip())
        assert str(event["DESCRIPTION"]) == whole
        assert event["URL"] == invite.url


@given(st.lists(invites, min_size=1, max_size=4))
def test_every_line_is_folded_and_ended_as_rfc_5545_section_3_1_asks(entries: list[Invite]) -> None:
    data = written(*entries)
    assert data.endswith(b"\r\n")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
        assert not any((byte < 0x20 and byte != 0x09) or byte == 0x7F for byte in line)


@given(invites)
def test_an_entry_has_what_rfc_5546_requires_of_its_method(invite: Invite) -> None:
    """Sections 3.2.1 and 3.2.5: what must be there once, and what must not be there."""
    event = event_of(invite)
    for name in ("DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "UID", "SEQUENCE"):
        assert not isinstance(event[name], list), name
    assert str(event["ORGANIZER"]) == "mailto:alerts@earmark.example"
    assert event["ORGANIZER"].params["CN"] == "Earmark"
    assert "ATTENDEE" not in event
    assert "REQUEST-STATUS" not in event
    assert event.subcomponents == []  # no alarm: the mail is the alarm
    assert event["STATUS"] in ("TENTATIVE", "CONFIRMED", "CANCELLED")
    assert (event["STATUS"] == "CANCELLED") == invite.cancelled


@given(invites)
def test_a_planned_mail_keeps_an_entry_whole(invite: Invite) -> None:
    assert Invite.from_json(invite.as_json()) == invite


@pytest.mark.parametrize(
    ("kind", "at", "start"),
    [
        ("comment", None, datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)),
        ("comment", time(17), datetime(2025, 5, 15, 21, tzinfo=UTC)),
        ("application", None, datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)),
        ("effective", None, date(2025, 5, 15)),
        ("compliance", None, date(2025, 5, 15)),
        ("hearing", time(9, 30), datetime(2025, 5, 15, 13, 30, tzinfo=UTC)),
    ],
)
def test_what_is_received_ends_at_an_instant_and_what_falls_fills_its_eastern_day(
    kind: str, at: time | None, start: date
) -> None:
    event = event_of(replace(COMMENT, kind=kind, at=at))
    found = event.decoded("DTSTART")
    assert (type(found), found) == (type(start), start)
    assert "DTEND" not in event


@pytest.mark.parametrize(
    ("cancelled", "method"),
    [
        ([], Method.PUBLISH),
        ([False], Method.PUBLISH),
        ([True], Method.CANCEL),
        ([True, False], Method.PUBLISH),
        ([True, True], Method.CANCEL),
    ],
)
def test_only_a_calendar_of_which_nothing_stands_cancels(
    cancelled: list[bool], method: Method
) -> None:
    assert method_of([replace(COMMENT, cancelled=gone) for gone in cancelled]) == method


@pytest.mark.parametrize(
    ("cancelled", "tentative", "status"),
    [
        (False, False, "CONFIRMED"),
        (False, True, "TENTATIVE"),
        (True, False, "CANCELLED"),
        (True, True, "CANCELLED"),
    ],
)
def test_a_date_that_is_not_confirmed_says_so(
    cancelled: bool, tentative: bool, status: str
) -> None:
    invite = replace(COMMENT, cancelled=cancelled, tentative=tentative)
    assert event_of(invite)["STATUS"] == status


def test_a_moved_date_keeps_its_uid() -> None:
    moved = replace(COMMENT, day=COMMENT.day + timedelta(32), sequence=1)
    assert event_of(moved)["UID"] == event_of(COMMENT)["UID"]
    assert event_of(EFFECTIVE)["UID"] != event_of(COMMENT)["UID"]


def test_an_empty_calendar_still_holds_the_component_that_rfc_5545_asks_for() -> None:
    data = written(name="Deadlines; rules,\r\nall")
    found = Calendar.from_ical(data)
    assert [component.name for component in found.subcomponents] == ["VTIMEZONE"]
    assert b"\r\nNAME:Deadlines\\; rules\\, all\r\n" in data


def test_a_title_cannot_end_its_line_and_begin_another_property() -> None:
    odd = replace(COMMENT, summary="Comments\r\nATTENDEE:mailto:thief@example.org\x00")
    event = event_of(odd)
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]) == "Comments\nATTENDEE:mailto:thief@example.org"
