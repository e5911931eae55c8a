"""The lives of rows: as a chain tells them, as a table tells them, and where the two differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from policy.domain.chain import GENESIS, Act, Digest, Group, Link, link_hash


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree: which record, which revision, and the sentence on it."""

    record: str
    revision: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.record[:1].upper()}{self.record[1:]} {self.sentence}"


@dataclass(frozen=True, slots=True)
class Life:
    """One row: the revision that recorded it, its digest, and how it was closed, if it was."""

    recorded: int
    digest: Digest
    closed: int | None = None
    because: str = ""


@dataclass
class Replay:
    """One chain read from its start: each hash computed anew, and the rows that it tells of."""

    record: str
    lives: list[Life] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    position: int = 0
    previous: bytes = GENESIS

    def take(self, link: Link, hashed: bytes) -> None:
        """Go on to an entry, with the hash that stands in it; a fault is said where it begins."""
        if link.position > self.position + 1:
            missing = range(self.position + 1, link.position)
            self.find(link, f"lacks {numbered('entry', missing)} of its history.")
        elif link_hash(self.previous, link) != hashed:
            sentence = (
                f"has an entry of its history, number {link.position} of revision "
                f"{link.revision}, that was altered, or whose neighbour was."
            )
            self.find(link, sentence)
        self.position, self.previous = link.position, hashed
        self.live(link)

    def live(self, link: Link) -> None:
        if link.act == Act.INSERTED:
            self.lives.append(Life(link.revision, link.digest))
            return
        for place, life in enumerate(self.lives):
            if life.closed is None and life.digest == link.digest:
                self.lives[place] = replace(life, closed=link.revision, because=link.because)
                return
        sentence = (
            f"has an entry of its history, number {link.position}, by which revision "
            f"{link.revision} closed a row that no entry recorded as it then was."
        )
        self.find(link, sentence)

    def find(self, link: Link, sentence: str) -> None:
        self.findings.append(Finding(self.record, link.revision, sentence))


def numbered(word: str, places: range) -> str:
    if len(places) == 1:
        return f"{word} {places[0]}"
    return f"entries {places.start} to {places.stop - 1}"


def explain(record: str, told: Sequence[Life], found: Sequence[Life]) -> list[Finding]:
    """What happened to the rows of one fact: ``told`` by its chain alone, ``found`` in its table.

    A row is taken for the one told of that it has most in common with.
    """
    rest, findings = list(found), []
    lost: list[Life] = []
    for life in told:
        alike = max(rest, key=lambda row: likeness(life, row), default=None)
        if alike is None or not likeness(life, alike):
            lost.append(life)
            continue
        rest.remove(alike)
        findings.append(Finding(record, life.recorded, difference(life, alike)))
    findings += [
        Finding(record, life.recorded, f"lacks the row that revision {life.recorded} recorded.")
        for life in lost
    ]
    findings += [
        Finding(
            record,
            life.recorded,
            f"has a row said to be of revision {life.recorded} that no revision recorded.",
        )
        for life in rest
    ]
    return findings


def likeness(told: Life, row: Life) -> int:
    """How much of a row is as told; 0 where it is another row altogether."""
    same = len(Group) - len(row.digest.differs_in(told.digest.parts))
    return 2 * same + (told.closed == row.closed and told.because == row.because) if same else 0


def difference(told: Life, row: Life) -> str:
    """How a row differs from what its chain tells of it; they differ in something."""
    of = f"of revision {told.recorded}"
    if row.digest != told.digest:
        groups = row.digest.differs_in(told.digest.parts)
        what = " and ".join(groups) or "a field"
        return f"has a row {of} in which {what} was altered behind the application's back."
    if row.closed is None:
        return f"has a row {of} that revision {told.closed} closed and that stands open again."
    if told.closed is None:
        return f"has a row {of} that stands closed by revision {row.closed}, which did not do so."
    if told.closed != row.closed:
        return f"has a row {of} that revision {told.closed} closed, and not {row.closed}."
    return f"has a row {of} whose reason of closing, by revision {row.closed}, was altered."
