"""Calendar days written out in prose, as the Federal Register prints them.

Only what names a whole day is found: no month without a day, no day without a year, no
number that merely looks like a date. A slip of the printer ("January 13. 2025") is read and
kept as printed; a day that no calendar has is given back as such, never corrected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan\.?|feb\.?|mar\.?|apr\.?|jun\.?|jul\.?|aug\.?|sept?\.?|oct\.?|nov\.?|dec\.?)"
)
_DAY = re.compile(
    # January 13, 2025; Jan. 3 2009; January 3rd, 2009; January 13. 2025
    rf"\b{_MONTH.format('month')}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,.]?\s+(?P<year>\d{{4}})\b"
    # 15 January 2025; 3rd of January, 2009
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH.format('month2')},?"
    r"\s+(?P<year2>\d{4})\b"
    # 03/6/09; 01/01/2009
    r"|(?<![\d/-])(?P<month3>\d{1,2})/(?P<day3>\d{1,2})/(?P<year3>\d{4}|\d{2})(?![\d/])",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>[ap])\.?\s?m\b\.?"
    r"|\b(?P<word>midnight|noon)\b)"
    r"(?:[\s,]*\(?\s*(?P<zone>eastern(?:\s+(?:standard|daylight))?(?:\s+time)?|e\.?[sd]?\.?t\.?)"
    r"(?![a-z])\s*\)?)?",
    re.IGNORECASE,
)
# The Federal Register began in 1936; two-digit years are those nearest to a volume of today.
_CENTURY_TURNS_AT = 36


@dataclass(frozen=True)
class ProseDate:
    """A day as printed between ``start`` and ``end``; ``day`` is None if no calendar has it."""

    printed: str
    start: int
    end: int
    day: date | None


@dataclass(frozen=True)
class ProseClock:
    """A time of day as printed. ``is_eastern`` only where the print says so."""

    printed: str
    start: int
    end: int
    at: time | None
    is_eastern: bool


def find_dates(text: str) -> list[ProseDate]:
    """Every whole day that ``text`` names, in printed order."""
    return [ProseDate(found[0], found.start(), found.end(), _day(found)) for found in _days(text)]


def find_clocks(text: str) -> list[ProseClock]:
    """Every time of day with a.m., p.m., noon or midnight, in printed order."""
    return [
        ProseClock(found[0].strip(), found.start(), found.end(), _time(found), bool(found["zone"]))
        for found in _CLOCK.finditer(text)
    ]


def _days(text: str) -> Iterator[re.Match[str]]:
    return _DAY.finditer(text)


def _day(found: re.Match[str]) -> date | None:
    if found["month3"]:
        month, day, year = int(found["month3"]), int(found["day3"]), _year(found["year3"])
    else:
        name = (found["month"] or found["month2"])[:3].lower()
        month = _MONTHS.index(name) + 1
        day, year = int(found["day"] or found["day2"]), int(found["year"] or found["year2"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(printed: str) -> int:
    year = int(printed)
    if len(printed) > len("YY"):
        return year
    return year + (1900 if year >= _CENTURY_TURNS_AT else 2000)


def _time(found: re.Match[str]) -> time | None:
    if found["word"]:
        # "Midnight" of a day is its beginning to some and its end to others: not read.
        return time(12) if found["word"].lower() == "noon" else None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if not (1 <= hour <= 12 and minute < 60):  # noqa: PLR2004  # the faces of a clock
        return None
    return time(hour % 12 + (12 if found["half"].lower() == "p" else 0), minute)
