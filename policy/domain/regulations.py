"""Instants, names and numbers of regulations.gov: what they say, and what they do not."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from policy.domain.deadlines import EASTERN, eastern_day
from policy.domain.normal_form import normal_form

FILTER_FORM = "%Y-%m-%d %H:%M:%S"
# Agencies post comments for months after a period has ended; later ones are looked for weekly.
POSTED_WITHIN = timedelta(days=90)
LATE_ONES = timedelta(days=7)
_LAST_PART = re.compile(r"-\d{1,6}$")


@dataclass(frozen=True)
class Period:
    """The Eastern days of a comment period; None is not known.

    The instants that regulations.gov writes are the first and last of these days, in UTC:
    ``2023-03-15T03:59:59Z`` ends the fourteenth. They are converted with the zone, since an
    offset differs between summer and winter.
    """

    start: date | None
    end: date | None


def period_of(start: datetime | None, end: datetime | None) -> Period:
    """From UTC instants to Eastern days. Raises BadDeadline for one without a zone."""
    return Period(eastern_day(start) if start else None, eastern_day(end) if end else None)


def comments_are_due(ends: Iterable[date | None], last_asked: date | None, today: date) -> bool:
    """Whether a run asks for comments too, or for documents alone.

    ``ends`` are the last Eastern days of the comment periods that are held, None where a period
    has no known end. A quiet day outside of them costs one question in place of two.
    """
    if last_asked is None or today - last_asked >= LATE_ONES:
        return True
    return any(end is None or today - end <= POSTED_WITHIN for end in ends)


def next_filter(modified: Iterable[datetime]) -> str | None:
    """The value of ``filter[lastModifiedDate][ge]`` that continues after these UTC instants.

    The filter takes Eastern wall time. It includes the newest instant itself, so that nothing
    of that second is left out and what comes twice changes nothing. In the hour that is passed
    twice when summer time ends the value lies before both passes. None asks for everything.
    """
    newest = max(modified, default=None)
    if newest is None:
        return None
    wall = newest.astimezone(EASTERN)
    if wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset():
        wall = wall.replace(minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(seconds=1)
    return wall.strftime(FILTER_FORM)


def docket_of(number: str, followed: Iterable[str]) -> str | None:
    """The followed docket that a number such as BIS-2025-0001-0045 belongs to by its form.

    Lists of comments do not name the docket. The number of a thing is that of its docket and
    one part more; a form that an agency made for itself says nothing.
    """
    docket = _LAST_PART.sub("", number)
    return docket if docket != number and docket in set(followed) else None


def names_of(organizations: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """By normal form, the organisation whose name it is; a name that two bear is nobody's.

    ``organizations`` gives the names of each by its public id.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    for public_id, names in organizations.items():
        for name in names:
            bearers[normal_form(name)].add(public_id)
    return {form: next(iter(ids)) for form, ids in bearers.items() if form and len(ids) == 1}


def who_is(printed: str, names: Mapping[str, str]) -> str | None:
    """The organisation whose name is printed, up to its setting; None where nobody can say.

    Nothing is guessed: "Nvidia Employees" is not Nvidia, and a longer name is another.
    """
    return names.get(normal_form(printed))
