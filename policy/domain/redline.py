"""A redline: what one text changed in another, by paragraph and by word.

Both texts are compared in normal form, so that setting a text anew gives nothing. A redline
keeps both printings whole: joined again, its parts give back the text before and after to
the last sign.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from policy.domain.normal_form import normal_form

Kind = Literal["same", "insert", "delete"]

# Two paragraphs that share less than this part of their words are not one paragraph revised.
LEAST_ALIKE = 0.35
# Beyond so many pairs the paragraphs of a stretch are paired in their order.
MOST_PAIRS = 40_000
# Unchanged words that stay to the left and right of a change.
WORDS_BESIDE = 12

_PIECE = re.compile(r"\W*\w+\W*?(?=\w|\s|$)\s*|\W+", re.UNICODE)
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Run:
    """Words in a row that were kept, inserted or deleted; what was kept has two printings."""

    kind: Kind
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The words as they read now, or as they read last."""
        return self.before if self.kind == "delete" else self.after


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a redline. ``before`` or ``after`` is None where there was none."""

    before: str | None
    after: str | None
    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        return any(run.kind != "same" for run in self.runs)


@dataclass(frozen=True)
class Gap:
    """A stretch of unchanged paragraphs that is not shown, and how many they are."""

    paragraphs: int


@dataclass(frozen=True)
class Redline:
    """The paragraphs of both texts, aligned, in reading order."""

    paragraphs: tuple[Paragraph, ...]

    def __bool__(self) -> bool:
        """Whether anything was amended."""
        return any(paragraph.changed for paragraph in self.paragraphs)

    @property
    def before(self) -> str:
        return "\n".join(p.before for p in self.paragraphs if p.before is not None)

    @property
    def after(self) -> str:
        return "\n".join(p.after for p in self.paragraphs if p.after is not None)

    def words(self, kind: Kind) -> int:
        """How many words were inserted, deleted or kept."""
        runs = (run for p in self.paragraphs for run in p.runs if run.kind == kind)
        return sum(len(run.text.split()) for run in runs)


def redline(before: str, after: str) -> Redline:
    """What ``after`` changed in ``before``; paragraphs are lines.

    Texts that say the same in other lines, as a new setting may have them, are one unchanged
    paragraph.
    """
    if normal_form(before) == normal_form(after):
        return Redline((Paragraph(before, after, (Run("same", before, after),)),))
    return Redline(tuple(_aligned(before.split("\n"), after.split("\n"))))


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    olds, news = [normal_form(p) for p in old], [normal_form(p) for p in new]
    for tag, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            for one, other in zip(old[i:j], new[k:m], strict=True):
                yield Paragraph(one, other, (Run("same", one, other),))
        else:
            yield from _revised(old[i:j], new[k:m])


def _revised(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs of a stretch that differs: paired where they are alike, else gone or new."""
    done, made = 0, 0
    for i, k in [*_pairs(old, new), (len(old), len(new))]:
        for text in old[done:i]:
            yield Paragraph(text, None, (Run("delete", before=text),))
        for text in new[made:k]:
            yield Paragraph(None, text, (Run("insert", after=text),))
        if i < len(old):
            yield Paragraph(old[i], new[k], word_runs(old[i], new[k]))
        done, made = i + 1, k + 1


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of paragraphs that are alike, in order, so that they are alike the most in sum."""
    if len(old) * len(new) > MOST_PAIRS:
        both = zip(old, new, strict=False)
        return [(i, i) for i, (a, b) in enumerate(both) if _likeness(_bag(a), _bag(b))]
    olds, news = [_bag(p) for p in old], [_bag(p) for p in new]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    alike = [[_likeness(a, b) for b in news] for a in olds]
    for i in reversed(range(len(olds))):
        for k in reversed(range(len(news))):
            paired = alike[i][k] + best[i + 1][k + 1] if alike[i][k] else 0.0
            best[i][k] = max(paired, best[i + 1][k], best[i][k + 1])
    return list(_walk(alike, best))


def _walk(alike: list[list[float]], best: list[list[float]]) -> Iterator[tuple[int, int]]:
    i = k = 0
    while i < len(alike) and k < len(alike[0]):
        if alike[i][k] and best[i][k] == alike[i][k] + best[i + 1][k + 1]:
            yield i, k
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1


def _bag(text: str) -> Counter[str]:
    return Counter(normal_form(word) for word in text.split())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The shared part of all words, 0 to 1; 0 for paragraphs that are too little alike."""
    every = one.total() + other.total()
    alike = 2 * (one & other).total() / every if every else 0.0
    return alike if alike >= LEAST_ALIKE else 0.0


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The words of one paragraph as kept, deleted and inserted runs."""
    old, new = _pieces(before), _pieces(after)
    olds, news = [normal_form(p) for p in old], [normal_form(p) for p in new]
    runs: list[Run] = []
    for tag, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal" or normal_form(gone) == normal_form(came):
            runs.append(Run("same", gone, came))
        else:
            runs += [Run("delete", before=gone)] if gone else []
            runs += [Run("insert", after=came)] if came else []
    return _joined(runs)


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbours of one kind as one run."""
    return tuple(
        Run(kind, "".join(run.before for run in found), "".join(run.after for run in found))
        for kind, same in groupby(runs, key=lambda run: run.kind)
        for found in [list(same)]
    )


def _pieces(text: str) -> list[str]:
    """The text in pieces of one word each; signs and spaces go with the word before them."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        if pieces and (not normal_form(piece) or not normal_form(pieces[-1])):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def shortened(found: Redline, beside: int = WORDS_BESIDE) -> list[Paragraph | Gap]:
    """The redline as a page shows it: unchanged stretches are counted, or cut to their ends."""
    shown: list[Paragraph | Gap] = []
    for changed, group in groupby(found.paragraphs, key=lambda paragraph: paragraph.changed):
        paragraphs = list(group)
        if not changed:
            shown.append(Gap(len(paragraphs)))
            continue
        shown += [
            Paragraph(p.before, p.after, tuple(_cut_runs(p.runs, beside))) for p in paragraphs
        ]
    return shown


def _cut_runs(runs: Sequence[Run], beside: int) -> Iterator[Run]:
    last = len(runs) - 1
    for place, run in enumerate(runs):
        if run.kind != "same":
            yield run
            continue
        head, tail = (0 if place == 0 else beside), (0 if place == last else beside)
        yield Run("same", _cut(run.before, head, tail), _cut(run.after, head, tail))


def _cut(text: str, head: int, tail: int) -> str:
    """The first ``head`` and the last ``tail`` words, with an ellipsis for those between.

    The beginning of a paragraph stays, since it bears the paragraph's designator.
    """
    words = _WORD.findall(text)
    start = head or 3
    if len(words) <= start + tail + 3:
        return text
    end = "".join(words[len(words) - tail :]) if tail else ""
    return f"{''.join(words[:start])}… {end}"
