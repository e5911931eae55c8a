"""Dates that a source gives only to the month or the year."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class BadDate(ValueError):
    """Raised with a sentence for text that is not a date of the form YYYY[-MM[-DD]]."""


PATTERN = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")


@dataclass(frozen=True)
class PartialDate:
    """A day, or the month or year in which an unknown day lies (Eastern calendar)."""

    earliest: date
    precision: Precision = Precision.DAY

    @property
    def latest(self) -> date:
        if self.precision is Precision.DAY:
            return self.earliest
        if self.precision is Precision.YEAR:
            return date(self.earliest.year, 12, 31)
        last = calendar.monthrange(self.earliest.year, self.earliest.month)[1]
        return self.earliest.replace(day=last)

    @property
    def is_exact(self) -> bool:
        return self.precision is Precision.DAY

    @property
    def iso(self) -> str:
        """The machine form: 2025-05-14, 2025-05 or 2025."""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.earliest.isoformat()[:length]

    def __str__(self) -> str:
        if self.precision is Precision.DAY:
            return day_text(self.earliest)
        if self.precision is Precision.YEAR:
            return f"{self.earliest.year} (day not known)"
        return f"{self.earliest:%B %Y} (day not known)"


def parse_partial_date(text: str) -> PartialDate:
    """Read ``2025-05-14``, ``2025-05`` or ``2025``. Raises BadDate for anything else."""
    found = PATTERN.fullmatch(text.strip())
    if not found:
        msg = f"“{text}” is not a date; write it as 2025-05-14, or 2025-05 if the day is not known"
        raise BadDate(msg)
    year, month, day = found["year"], found["month"], found["day"]
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return PartialDate(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError as error:
        msg = f"“{text}” is not a day of the calendar"
        raise BadDate(msg) from error


def day_text(day: date) -> str:
    """The form that every page uses: 15 May 2025."""
    return f"{day.day} {day:%B %Y}"
