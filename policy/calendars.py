"""Calendars as files that programs fetch, RFC 5545."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from policy.actions.alerts.invites import change_invite, deadline_invite, publisher
from policy.actions.alerts.payload import pinned, receipt_lines
from policy.domain.deadlines import eastern_day
from policy.domain.due import Subject
from policy.domain.invites import Invite, Method, calendar_of, method_of
from policy.queries.asof import Reading
from policy.queries.invites import DatedEntry
from policy.queries.selections import entries_of
from policy.queries.subjects import scheduled_changes


def invites_on(subject: Subject, reading: Reading, since: date) -> list[Invite]:
    """All that a calendar on a subject holds: its deadlines, and what is scheduled for it.

    ``since`` is the Eastern day from which on scheduled changes are shown, so that one which
    has come stays in the calendar.
    """
    kind, subject_id = subject
    changes = scheduled_changes(kind, [subject_id], since)
    return [
        *invites_of(entries_of(subject, reading), reading),
        *(
            change_invite(change, at_stamp(change.subject.url, change.recorded_at))
            for change in changes
        ),
    ]


def invites_of(entries: Iterable[DatedEntry], reading: Reading) -> list[Invite]:
    found = (invite_of(entry, reading) for entry in entries)
    return [invite for invite in found if invite]


def invite_of(entry: DatedEntry, reading: Reading) -> Invite | None:
    receipt = receipt_lines(entry.row, reading) if entry.row else []
    return deadline_invite(entry, receipt, entry_url(entry, reading))


def entry_url(entry: DatedEntry, reading: Reading) -> str:
    """The page of a deadline at the point in both times that its entry speaks of.

    In a calendar of today that is the moment of the last change: an address with today's date
    would make every entry a new one each day.
    """
    deadline = entry.chain.deadline
    path = reverse("policy:deadline", args=[deadline.slug])
    if entry.stated is None or entry.row is None:
        path = reverse("policy:rule", args=[deadline.rule.slug])
    if not reading.is_today:
        return pinned(path, reading)
    return at_stamp(path, entry.stamp)


def at_stamp(path: str, stamp: datetime) -> str:
    """The absolute address of a page as it read at a UTC instant."""
    point = {"on": eastern_day(stamp).isoformat(), "known": stamp.isoformat()}
    return f"{settings.SITE_URL}{path}?{urlencode(point)}"


def ics_response(
    invites: Sequence[Invite], *, file_name: str, name: str = "", method: Method | None = None
) -> HttpResponse:
    """The calendar as a response. It says the same until the record does not."""
    method = method or method_of(invites)
    data = calendar_of(invites, publisher(), method=method, name=name)
    response = HttpResponse(data, f"text/calendar; charset=utf-8; method={method}")
    response["Content-Disposition"] = f'attachment; filename="{file_name}.ics"'
    return response
