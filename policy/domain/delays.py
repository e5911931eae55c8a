"""Sentences that say that other documents' effective dates were delayed."""

import re
from dataclasses import dataclass
from datetime import date

from policy.domain.citations import parse_fr_citations
from policy.domain.dates_paragraph import sentences
from policy.domain.prose_dates import find_dates

_DELAYED = re.compile(
    r"\beffective\s+dates?\b.*\b(?:has|have|is|are|was|were)\s+(?:been\s+)?"
    r"(?:further\s+)?(?:delayed|postponed|deferred)\b(?P<until>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CITATION = re.compile(r"\b\d{1,3}\s+F\.?\s?R\.?\s+\d[\d,]*", re.IGNORECASE)


@dataclass(frozen=True)
class Delay:
    """The document at a citation takes effect on ``until``; None where no day is printed."""

    volume: int
    page: int
    until: date | None


def find_delays(text: str) -> list[Delay]:
    """Every document whose effective date a sentence of ``text`` says to be delayed.

    Of several days in one sentence the last counts: it corrects the earlier ones. A sentence
    that merely tells who once delayed what ("In 11 FR 123 we delayed …") delays nothing.
    """
    spans = list(sentences(text))
    found: list[Delay] = []
    for place, (start, _) in enumerate(spans):
        delayed = _DELAYED.search(text[start : _end(text, spans, place)])
        if delayed is None:
            continue
        days = [d.day for d in find_dates(delayed["until"]) if d.day]
        until = days[-1] if days else None
        before = delayed[0][: delayed.start("until") - delayed.start()]
        for match in _CITATION.finditer(before):
            [citation] = parse_fr_citations(match[0]).citations
            found.append(Delay(citation.volume, citation.page, until))
    return found


def _end(text: str, spans: list[tuple[int, int]], place: int) -> int:
    """A semicolon does not end what a sentence corrects in itself."""
    end = spans[place][1]
    while text[end - 1 : end] == ";" and place + 1 < len(spans):
        place += 1
        end = spans[place][1]
    return end
