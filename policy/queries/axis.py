"""From a rule's dates and statuses to one time axis."""

from dataclasses import replace
from datetime import date, timedelta

from django.urls import reverse

from policy.domain.timeaxis import Axis, Bar, Mark, place
from policy.models import Deadline, DeadlineDate
from policy.queries.asof import Reading
from policy.queries.deadlines import DatedDeadline
from policy.queries.rules import ProvisionStatus, RulePage

# Years without a date that the axis may show beside those with one.
REACH = timedelta(days=10 * 365)


def rule_axis(page: RulePage, reading: Reading) -> Axis | None:
    """Dates as marks; the comment window and any stay as bars.

    The day that is read is marked too, unless it would press all dates together.
    """
    marks = [mark for dated in page.deadlines if (mark := date_mark(dated)) is not None]
    bars = [bar for dated in page.deadlines if (bar := comment_window(dated)) is not None]
    bars += [bar for status in page.provisions for bar in stays(status)]
    days = [mark.day for mark in marks]
    if not days or min(days) - REACH <= reading.on <= max(days) + REACH:
        return place(marks, bars, reading.on)
    axis = place(marks, bars, min(days))
    return replace(axis, today_x=None) if axis else None


def date_mark(dated: DatedDeadline) -> Mark | None:
    day = dated.current.exact_day if dated.current else None
    if day is None:
        return None
    url = reverse("policy:deadline", args=[dated.deadline.slug])
    return Mark(day, dated.deadline.get_kind_display(), dated.deadline.kind, url)


def comment_window(dated: DatedDeadline) -> Bar | None:
    """The days in which comments are taken: from publication to the end that governs."""
    current = dated.current
    if dated.deadline.kind != Deadline.Kind.COMMENT or current is None:
        return None
    start = first_publication(dated.history)
    if start is None or current.exact_day is None or current.exact_day <= start:
        return None
    return Bar(start, current.exact_day, "Comment period", "comment")


def first_publication(history: tuple[DeadlineDate, ...]) -> date | None:
    counted = [row.counted_from for row in history if row.counted_from]
    begun = [row.valid_from for row in history if row.valid_from]
    return min(counted or begun, default=None)


def stays(status: ProvisionStatus) -> list[Bar]:
    fact = status.force.fact
    if fact is None or fact.state != "stayed" or fact.valid_from is None:
        return []
    return [Bar(fact.valid_from, fact.valid_until, "Stayed", "stayed")]
