"""Paragraph designators of the Code of Federal Regulations: (a)(6)(iii)(A).

A paragraph prints only the last steps of its designator; the ones before are those of the
paragraphs above it. The kind of a step gives its level: letters, figures, small Roman
figures, capitals, then figures and small Roman figures in italics (1 CFR 21.11(h)).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Around what is set in italics; characters of the private use area, which no text holds.
ITALIC, ROMAN_TYPE = "\ue000", "\ue001"

_LETTER, _FIGURE, _ROMAN, _CAPITAL, _ITALIC_FIGURE, _ITALIC_ROMAN = range(6)
_NUMERALS = (
    *("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv"),
    *("xv", "xvi", "xvii", "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv"),
)
_STEP = r"\(\s*(?:\ue000?)(?:\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})(?:\ue001?)\s*\)"
_LEADING = re.compile(rf"\s*(?P<steps>(?:{_STEP})+)")
# "(b) <italics>Exception</italics>—(1) <italics>…" and "(3) <italics>Items.</italics> (i)(A) …"
_AFTER_HEADING = re.compile(
    rf"\s*\ue000[^\ue001]*\ue001[^\w(]*(?P<steps>(?:{_STEP})+)(?=\s*[\w“\"\ue000])"
)
_ONE = re.compile(r"\(\s*(?P<italic>\ue000?)(?P<step>\w+)\ue001?\s*\)")


@dataclass(frozen=True)
class Step:
    """One step of a designator, such as (iii), and its level, from 0."""

    level: int
    text: str


Path = tuple[Step, ...]


def designator(path: Path) -> str:
    """The path as it is cited: ``(a)(6)(iii)(A)``."""
    return "".join(f"({step.text})" for step in path)


def path_of(text: str, above: Path) -> tuple[Path, Path]:
    """The path of a paragraph, and the one that the next paragraph is read under.

    ``text`` has its italics marked; ``above`` is the path that the paragraph above leaves.
    The two differ where a heading is followed by a further step in the same line. An empty
    path: no designator is printed.
    """
    found = _LEADING.match(text)
    if not found:
        return (), above
    own = below = extended(above, found["steps"])
    while inner := _AFTER_HEADING.match(text, found.end()):
        below = extended(below, inner["steps"])
        found = inner
    return own, below


def extended(above: Path, steps: str) -> Path:
    path = above
    for found in _ONE.finditer(steps):
        level = level_of(found["step"], bool(found["italic"]), path)
        path = (*(step for step in path if step.level < level), Step(level, found["step"]))
    return path


def level_of(step: str, is_italic: bool, path: Sequence[Step]) -> int:
    """The level of a step after ``path``; a single i, v or x may be a letter or a figure."""
    if step.isdigit():
        return _ITALIC_FIGURE if is_italic else _FIGURE
    if is_italic:
        return _ITALIC_ROMAN
    if step.isupper():
        return _CAPITAL
    if step not in _NUMERALS:
        return _LETTER
    return _ROMAN if reads_as_figure(step, path) else _LETTER


def reads_as_figure(step: str, path: Sequence[Step]) -> bool:
    at = {one.level: one.text for one in path}
    place = _NUMERALS.index(step)
    before = _NUMERALS[place - 1] if place else None
    if at.get(_ROMAN) == before and (before or _FIGURE in at):
        return True
    follows_letter = len(step) == 1 and at.get(_LETTER) == chr(ord(step) - 1)
    return not follows_letter and (len(step) > 1 or _FIGURE in at)
