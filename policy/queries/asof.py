"""From the two parameters of an address, ``on`` and ``known``, to a point in both times."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from policy.domain.asof import AsOf, describe_known, parse_day, parse_known
from policy.domain.calendar import Closing
from policy.domain.deadlines import eastern_day
from policy.domain.partial_dates import BadDate
from policy.models import Coverage, FederalClosing, Revision

FIRST_YEAR, LAST_YEAR = 1900, 9998


@dataclass(frozen=True)
class Reading:
    """What a page needs to know of the point in time that it shows.

    ``today`` is the Eastern day of the request. ``begins`` is set when ``known`` lies
    before the first revision, so that the page can say where the record begins.
    """

    asof: AsOf
    today: date
    newest: int
    newest_at: datetime | None = None
    begins: datetime | None = None

    @property
    def on(self) -> date:
        return self.asof.on

    @property
    def known(self) -> datetime | None:
        return self.asof.known

    @property
    def known_text(self) -> str:
        return describe_known(self.asof.known) if self.asof.known else "now"

    @property
    def known_value(self) -> str:
        """What a form field for ``known`` holds: the Eastern day, or nothing for now."""
        return eastern_day(self.asof.known).isoformat() if self.asof.known else ""

    @property
    def is_today(self) -> bool:
        return self.asof.on == self.today and self.asof.known is None

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters that carry this reading to the next page; none for today, now."""
        found = {}
        if self.asof.on != self.today:
            found["on"] = self.asof.on.isoformat()
        if self.asof.known:
            found["known"] = self.asof.known.isoformat()
        return found

    @cached_property
    def query(self) -> str:
        """The parameters as an address has them; a page has hundreds of links with them."""
        return urlencode(self.parameters)

    @property
    def pinned(self) -> dict[str, str]:
        """Parameters that give this very page again, whenever they are followed.

        A page read "as known now" is pinned to the instant of the newest revision.
        """
        instant = self.asof.known or self.newest_at
        known = {"known": instant.isoformat()} if instant else {}
        return {"on": self.asof.on.isoformat(), **known}

    @property
    def revision_number(self) -> int:
        return self.newest if self.asof.revision is None else self.asof.revision

    @cached_property
    def coverage(self) -> dict[str, date]:
        """By topic, the last day that the record knows, as known at this point."""
        rows = Coverage.objects.known(self.asof.revision).order_by("until")
        return {row.topic: row.until for row in rows}

    @cached_property
    def closings(self) -> tuple[Closing, ...]:
        """The closings by order that the record knew; a calendar asks for each of its dates."""
        rows = FederalClosing.objects.known(self.asof.revision).order_by("day")
        return tuple(row.as_closing() for row in rows)

    @property
    def coverage_end(self) -> date | None:
        return self.coverage.get(Coverage.Topic.LAW)

    @property
    def list_coverage_end(self) -> date | None:
        return self.coverage.get(Coverage.Topic.ENTITY_LIST)

    @property
    def beyond_coverage(self) -> bool:
        return self.coverage_end is not None and self.asof.on > self.coverage_end

    def on_day(self, day: date) -> "Reading":
        return replace(self, asof=replace(self.asof, on=day))


def read_parameters(on: str, known: str, *, now: datetime) -> Reading:
    """The reading that two (possibly empty) parameters ask for at the instant ``now``.

    Raises BadDate with a sentence for a value that is not a date, or of a year out of reach.
    """
    today = eastern_day(now)
    day = parse_day(on, "on") if on else today
    instant = parse_known(known) if known else None
    check_year(day.year, "on")
    check_year(instant.year if instant else today.year, "known")
    newest = Revision.objects.order_by("-number").first()
    number, at = (newest.number, newest.recorded_at) if newest else (0, None)
    if instant is None:
        return Reading(AsOf(on=day), today=today, newest=number, newest_at=at)
    revision = last_revision_at(instant)
    begins = None if revision else first_instant()
    return Reading(AsOf(day, revision, instant), today, number, at, begins)


def check_year(year: int, name: str) -> None:
    """Raises BadDate for a year near which days cannot be added or zones changed."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = f"the year {year:04} in {name} lies outside {FIRST_YEAR} to {LAST_YEAR}"
        raise BadDate(msg)


def last_revision_at(instant: datetime) -> int:
    """The number of the last revision recorded at or before a UTC instant; 0 if none was."""
    found = Revision.objects.filter(recorded_at__lte=instant).order_by("-number").first()
    return found.number if found else 0


def first_instant() -> datetime | None:
    first = Revision.objects.order_by("number").first()
    return first.recorded_at if first else None
