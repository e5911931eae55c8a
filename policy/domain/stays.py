"""Effective-date notes of the CFR: which provision was stayed, by what, until when.

"At 90 FR 50857, Nov. 12, 2025, in § 744.11, paragraph (a)(1) was stayed, effective until
Nov. 9, 2026." Only a note that names whole provisions and a day is read; one that speaks of
sentences or introductory text is left to a person.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from policy.domain.citations import FrCitation, parse_fr_citations
from policy.domain.normal_form import normal_form

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?:[A-Z][a-z]+\.? \d{1,2}, \d{4})"
_PATH = r"(?:\((?:\w{1,5})\))+"
_NOTE = re.compile(
    rf"At (?P<citation>\d{{1,3}} FR \d{{1,6}}, {_DAY}), (?P<what>.+?) (?:was|were) stayed, "
    rf"effective (?:until|through) (?P<until>{_DAY})\.?"
)
_WHOLE = re.compile(
    r"(?P<section>§ \d{1,4}\.\d{1,4}|supplement no\. \d{1,2} to part \d{1,4})", re.IGNORECASE
)
_PARAGRAPHS = re.compile(
    rf"in (?P<section>{_WHOLE.pattern[len('(?P<section>') : -1]}), paragraphs? "
    rf"(?P<paths>{_PATH}(?:(?:, and |, | and ){_PATH})*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Stay:
    """A stay as printed. ``until`` is the printed day, which counts as the last one stayed."""

    citation: FrCitation
    cites: tuple[str, ...]
    until: date
    words: str

    @property
    def back_on(self) -> date:
        """The first day on which the provision is no longer stayed.

        The eCFR prints "until"; agencies and law firms read "through", and so does the
        record.
        """
        return self.until + timedelta(days=1)


def read_stay(words: str) -> Stay | None:
    """The stay that a note states; None if any part of it is not read for certain."""
    note = _NOTE.fullmatch(" ".join(words.split()))
    if note is None:
        return None
    cited, until = parse_fr_citations(note["citation"]).citations, _day(note["until"])
    cites = _cites(note["what"])
    return Stay(cited[0], cites, until, words) if cited and cites and until else None


def _cites(what: str) -> tuple[str, ...]:
    if whole := _WHOLE.fullmatch(what):
        return (whole["section"],)
    if some := _PARAGRAPHS.fullmatch(what):
        return tuple(some["section"] + path for path in re.findall(_PATH, some["paths"]))
    return ()


def _day(text: str) -> date | None:
    name, day, year = text.replace(",", "").replace(".", "").split()
    try:
        return date(int(year), _MONTHS.index(name[:3].lower()) + 1, int(day))
    except ValueError:
        return None


def same_provision(one: str, other: str) -> bool:
    """Whether two citations of a provision name the same one, however they are set."""
    return bool(one) and normal_form(one) == normal_form(other)
