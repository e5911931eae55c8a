"""Documents that act on another document's text or dates: corrections, extensions, delays.

The Federal Register marks a correction in its data (``correction_of``). Everything else is
read from the printed ACTION line or title, and from the citations beside it; what such words
mean for a rule is for a person to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    CORRECTS = "corrects"
    EXTENDS = "extends"
    REOPENS = "reopens"
    WITHDRAWS = "withdraws"
    DELAYS = "delays"
    STAYS = "stays"


@dataclass(frozen=True)
class Target:
    """What is acted on: ``kind`` is "citation", "document" or "docket"."""

    kind: str
    value: str


@dataclass(frozen=True)
class DocumentAct:
    """An act that a document's own words announce, and the documents that they name."""

    act: Act
    words: str
    targets: tuple[Target, ...] = ()


# The words of ACTION lines and titles, after the Document Drafting Handbook of the Office of
# the Federal Register (chapter 3: "extension of comment period", "correction", …).
_WORDS: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(pattern, re.IGNORECASE))
    for act, pattern in (
        (Act.EXTENDS, r"\bextension\s+of\s+(?:\w+\s+){0,2}(?:period|deadline|date|validity)\b"),
        (Act.EXTENDS, r"\bcomment\s+period\s+(?:is\s+)?extended\b"),
        (Act.REOPENS, r"\breopen(?:ing|s|ed)?\b"),
        (Act.WITHDRAWS, r"\bwithdraw(?:al|s|n|ing)\b"),
        (Act.DELAYS, r"\b(?:delay|postponement)\s+of\s+(?:the\s+)?(?:effective|compliance)"),
        (Act.STAYS, r"\b(?:stay|suspension)\s+of\b|\b(?:administrative|partial)\s+stay\b"),
        # As an announcement of its own, not as one of the things that a rule does.
        (Act.CORRECTS, r"(?:^|;)\s*(?:technical\s+)?corrections?\b"),
    )
)
_CITATION = re.compile(r"\b(\d{1,3})\s+F\.?\s?R\.?\s+(\d{1,3}(?:,\d{3})+|\d{1,6})\b")
_DOCUMENT = re.compile(r"\bFR\s+Doc(?:ument)?\.?\s*(?:No\.?)?\s*((?:[A-Z]\d-)?\d{2,4}-\d{4,6})\b")
_DOCKET = re.compile(r"\b([A-Z]{3,5}-(?:19|20)\d{2}-\d{4})\b")


def find_acts(*, title: str, action: str = "", text: str = "") -> list[DocumentAct]:
    """The acts that a document's title or ACTION line announces, each once.

    ``text`` is its DATES paragraph or abstract, searched for what is acted on.
    """
    targets = tuple(dict.fromkeys(_targets(f"{title} {action} {text}")))
    found: dict[Act, DocumentAct] = {}
    for words in (action, title):
        for act in _announced(words):
            found.setdefault(act, DocumentAct(act, words, targets))
    return list(found.values())


def _announced(words: str) -> list[Act]:
    """A correction's title repeats that of what it corrects, whose acts are not its own."""
    acts = [act for act, pattern in _WORDS if pattern.search(words)]
    return [Act.CORRECTS] if Act.CORRECTS in acts else acts


def _targets(text: str) -> Iterator[Target]:
    for volume, page in _CITATION.findall(text):
        yield Target("citation", f"{volume} FR {int(page.replace(',', ''))}")
    for number in _DOCUMENT.findall(text):
        yield Target("document", number)
    for number in _DOCKET.findall(text):
        yield Target("docket", number)
