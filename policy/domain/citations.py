"""Citations: Federal Register citations with their dates, and what a reader may type.

A citation names a volume and a page ("90 FR 4619"); the date printed with it is the day of
publication, not the day a rule took effect. Volume 1 of the Federal Register is that of
1936, so the year of a volume is its number plus 1935. Nothing here corrects a print: what
looks wrong is kept as printed and said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

_YEAR_BEFORE_VOLUME_ONE = 1935
_SATURDAY = 5
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CITATION = re.compile(
    r"(?P<volume>\b\d{1,3})\s*(?:F\.?\s?R\.?|Fed\.?\s?Reg\.?)(?P<again>\s*(?:FR\b\s*)*)\s*"
    r"(?P<page>\d{1,3}(?:,\d{3})+(?!\d)|\d{1,6}(?!\d))",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})(?!\d)"
    r"|\b(?P<name>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+"
    r"(?P<of>\d{1,2}),?\s+(?P<long>\d{4})\b",
    re.IGNORECASE,
)

Fault = Literal[
    "unreadable", "no_date", "bad_date", "two_dates", "wrong_year", "weekend", "stray_words",
    "doubled_fr", "repeated",
]  # fmt: skip


@dataclass(frozen=True)
class CitationProblem:
    """Something in a citation that is not as it should be; the print stays as it is."""

    printed: str
    reason: str
    fault: Fault


@dataclass(frozen=True)
class FrCitation:
    """One Federal Register citation; ``published`` is the Eastern day printed with it."""

    volume: int
    page: int
    published: date | None = None
    printed: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.volume} FR {self.page}"

    @property
    def volume_year(self) -> int:
        """The calendar year whose Federal Register is this volume."""
        return self.volume + _YEAR_BEFORE_VOLUME_ONE


@dataclass(frozen=True)
class ParsedCitations:
    """The citations of a text in printed order, and all that was odd about them."""

    citations: tuple[FrCitation, ...]
    problems: tuple[CitationProblem, ...]


def format_fr_citation(citation: FrCitation) -> str:
    """Write a citation the way Supplement No. 4 to part 744 does: ``90 FR 4619, 1/16/25.``"""
    day = citation.published
    return f"{citation}, {day.month}/{day.day}/{day.year % 100:02}." if day else f"{citation}."


@lru_cache(maxsize=2048)
def parse_fr_citations(text: str) -> ParsedCitations:
    """Read every Federal Register citation in ``text``, with or without dates.

    Separators, line breaks and a doubled "FR" do not matter. A page is never joined to
    what follows it, so line breaks must still be there as white space.
    """
    found = list(_CITATION.finditer(text))
    before = _words(text[: found[0].start()] if found else text)
    problems = [_stray(before, bool(found))] if before else []
    citations: list[FrCitation] = []
    for match, following in zip_longest(found, found[1:]):
        tail = text[match.end() : following.start() if following else None]
        citation, faults = _read_one(match, tail)
        if (citation.volume, citation.page) in {(c.volume, c.page) for c in citations}:
            faults.append(("repeated", f"{citation} is printed twice"))
        problems += [CitationProblem(citation.printed, said, fault) for fault, said in faults]
        citations.append(replace(citation, notes=tuple(said for _, said in faults)))
    return ParsedCitations(tuple(citations), tuple(problems))


def _stray(words: str, is_before: bool) -> CitationProblem:
    if is_before:
        return CitationProblem(words, "words before the first citation", "stray_words")
    return CitationProblem(words, "no Federal Register citation in these words", "unreadable")


def _read_one(match: re.Match[str], tail: str) -> tuple[FrCitation, list[tuple[Fault, str]]]:
    """One citation, and all that is odd about it as (kind, sentence)."""
    printed = " ".join((match[0] + tail).split()).rstrip(" ;,.")
    citation = FrCitation(_volume(match), _page(match), _first_date(match, tail), printed)
    return citation, list(_faults(match, tail))


def _faults(match: re.Match[str], tail: str) -> Iterator[tuple[Fault, str]]:
    if match["again"].strip():
        yield "doubled_fr", "“FR” is printed twice"
    dates = list(_DATE.finditer(tail))
    if not dates:
        yield "no_date", "no date is printed with the citation"
    else:
        yield from _date_faults(match, dates)
    if stray := _words(_DATE.sub(" ", tail)):
        yield "stray_words", f"stray words “{stray}” are printed in the citation"


def _date_faults(match: re.Match[str], dates: list[re.Match[str]]) -> Iterator[tuple[Fault, str]]:
    expected = _volume(match) + _YEAR_BEFORE_VOLUME_ONE
    day = _read_date(dates[0], expected)
    if len(dates) > 1:
        yield "two_dates", f"two dates are printed with {_volume(match)} FR {_page(match)}"
    if day is None:
        yield "bad_date", f"“{dates[0][0]}” is no day of the calendar"
    elif day.year != expected:
        yield (
            "wrong_year",
            f"volume {_volume(match)} of the Federal Register is that of {expected}, "
            f"but the date printed is of {day.year}",
        )
    elif day.weekday() >= _SATURDAY:
        yield "weekend", f"{dates[0][0]} is a {day:%A}, when no Federal Register is published"


def _volume(match: re.Match[str]) -> int:
    return int(match["volume"])


def _page(match: re.Match[str]) -> int:
    return int(match["page"].replace(",", ""))


def _first_date(match: re.Match[str], tail: str) -> date | None:
    found = _DATE.search(tail)
    return _read_date(found, _volume(match) + _YEAR_BEFORE_VOLUME_ONE) if found else None


def _read_date(found: re.Match[str], volume_year: int) -> date | None:
    if found["name"]:
        month = _MONTHS.index(found["name"][:3].lower()) + 1
        return _day(int(found["long"]), month, int(found["of"]))
    year = int(found["year"])
    if len(found["year"]) == len("YY"):
        year = _full_year(year, volume_year)
    return _day(year, int(found["month"]), int(found["day"]))


def _full_year(two_digits: int, volume_year: int) -> int:
    """The year with these last digits that is nearest to the volume's year.

    The volume decides the century, so no fixed pivot is needed: 64 FR … /99 is 1999,
    90 FR … /25 is 2025, and a slip of a year or two stays visible as such.
    """
    century = volume_year - volume_year % 100
    candidates = (century - 100 + two_digits, century + two_digits, century + 100 + two_digits)
    return min(candidates, key=lambda year: abs(year - volume_year))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _words(text: str) -> str:
    """What is left of ``text`` once punctuation at its ends and white space are put aside."""
    return " ".join(text.split()).strip(" .,;:()[]–—-")


ReferenceKind = Literal["fr_citation", "document_number", "rin", "docket", "section"]


@dataclass(frozen=True)
class Reference:
    """What a reader typed, when it names a document or a provision and nothing else.

    ``value`` is the reference in one spelling: ``90 FR 4619``, ``2025-00636``,
    ``0694-AJ90``, ``BIS-2025-0001``, ``742.6(a)(6)``, ``Supplement No. 4 to part 744``.
    """

    kind: ReferenceKind
    value: str
    volume: int | None = None
    page: int | None = None
    title: int | None = None
    part: int | None = None

    def __str__(self) -> str:
        is_numbered_section = self.kind == "section" and self.value[0].isdigit()
        return f"§ {self.value}" if is_numbered_section else self.value


_QUERY_CITATION = re.compile(
    r"(?P<volume>\d{1,3})\s*(?:F\.?\s?R\.?|Fed\.?\s?Reg\.?)\s*(?P<page>\d{1,3}(?:,\d{3})+|\d{1,6})"
    r"(?:\s*\(\s*\d{4}\s*\)|[,.]?\s*\d{1,2}/\d{1,2}/(?:\d{4}|\d{2}))?\.?",
    re.IGNORECASE,
)
_QUERY_RIN = re.compile(r"(?:RIN\s*:?\s*)?(?P<value>\d{4}-[A-Z]{2}\d{2})", re.IGNORECASE)
_QUERY_DOCUMENT = re.compile(
    r"(?:(?:FR\s+)?Doc(?:ument)?\.?\s*(?:No\.?|number)?\s*:?\s*)?"
    r"(?P<value>(?:[CRXZ]\d-)?(?:19|20)\d{2}-\d{4,5}|(?:[CRXZ]\d-)?(?:E\d|Z\d|\d{2})-\d{1,5})",
    re.IGNORECASE,
)
_QUERY_DOCKET = re.compile(
    r"(?:(?:agency\s+)?docket\s*(?:No\.?|number)?\s*:?\s*)?"
    r"(?P<value>[A-Z]{2,8}(?:_[A-Z]+)*-(?:19|20)\d{2}-\d{4,5}(?:-\d{4,6})?|\d{6}-\d{3,5})",
    re.IGNORECASE,
)
_QUERY_SECTION = re.compile(
    r"(?:(?P<title>\d{1,2})\s*C\.?\s?F\.?\s?R\.?\s*)?(?P<sign>(?:§{1,2}|sections?|sec\.)\s*)?"
    r"(?P<part>\d{1,4})\.(?P<section>\d{1,4}[a-z]?)(?P<path>(?:\s*\(\s*[0-9A-Za-z]{1,5}\s*\))*)"
    r"(?:\s+of the EAR)?",
    re.IGNORECASE,
)
_QUERY_SUPPLEMENT = re.compile(
    r"(?:(?P<title>\d{1,2})\s*C\.?\s?F\.?\s?R\.?\s*,?\s*)?"
    r"supp(?:lement|\.)?\s*(?:no\.?|number)?\s*(?P<number>\d{1,2})\s*"
    r"(?:,?\s*(?:to|of)\s*(?:the\s+)?)?(?:part\s*)?(?P<part>\d{3})",
    re.IGNORECASE,
)


def parse_query_reference(text: str) -> Reference | None:
    """Read a search as a reference, or return None when it is anything else.

    The whole text must be the reference. Spelling is forgiving: "90 Fed. Reg. 4,619",
    "RIN 0694-aj90", "15 CFR § 742.6 (a)(6)" and "Supp. 4 to part 744" are understood.
    """
    query = " ".join(text.split()).strip(" ,;")
    if found := _QUERY_CITATION.fullmatch(query):
        citation = FrCitation(_volume(found), _page(found))
        return Reference("fr_citation", str(citation), citation.volume, citation.page)
    for kind, pattern in _PLAIN_REFERENCES:
        if found := pattern.fullmatch(query):
            return Reference(kind, found["value"].upper())
    if found := _QUERY_SUPPLEMENT.fullmatch(query):
        value = f"Supplement No. {int(found['number'])} to part {found['part']}"
        return Reference("section", value, title=_title(found), part=int(found["part"]))
    if found := _section(query):
        value = f"{found['part']}.{found['section']}" + re.sub(r"\s", "", found["path"])
        return Reference("section", value, title=_title(found), part=int(found["part"]))
    return None


def _section(query: str) -> re.Match[str] | None:
    found = _QUERY_SECTION.fullmatch(query)
    if found is None or found["title"] or found["sign"]:
        return found
    # Without a sign or a title, only the three-digit parts of the EAR read as sections.
    return found if len(found["part"]) == len("744") else None


_PLAIN_REFERENCES: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = (
    ("rin", _QUERY_RIN),
    ("document_number", _QUERY_DOCUMENT),
    ("docket", _QUERY_DOCKET),
)


def _title(found: re.Match[str]) -> int | None:
    return int(found["title"]) if found["title"] else None
