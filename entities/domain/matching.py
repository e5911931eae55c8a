"""Finding a party by name: by alias, typing error, word order, legal form, script.

A trigram index proposes candidates, rapidfuzz ranks them. A match says how the names are
alike, never that two parties are the same.
"""

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from entities.domain.names import Folded, exact_key, fold, is_chinese
from entities.domain.trigrams import TrigramIndex

# Candidates that are ranked with care; the right name is among them in all but freak cases.
CANDIDATES = 60
# Below it, names have no more in common than any two names of companies.
LOWEST_SCORE = 76.0
# A query of so few letters must be a word of the name; anything looser finds everything.
SHORT = 3
# How much of a longer name a found part of it is worth.
PART_OF_NAME = 90.0
PART_RATIO = 90.0
TYPO_LETTERS = 2


@dataclass(frozen=True)
class IndexedName:
    """A name of an entity, as the record has it."""

    entity_id: int
    text: str
    kind: str


@dataclass(frozen=True)
class Match:
    """An entity, the name that was found, how alike (0 to 100), and in what way."""

    entity_id: int
    name: str
    score: float
    reasons: tuple[str, ...]


class NameIndex:
    """An index over names that is never changed; another record has another index."""

    def __init__(self, names: Sequence[IndexedName], trigrams: TrigramIndex) -> None:
        self.names = list(names)
        self.trigrams = trigrams
        self.folded = [fold(name.text) for name in self.names]
        self.core_texts = [folded.core_text for folded in self.folded]
        self.joined = [folded.joined for folded in self.folded]
        self.exact: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(self.names):
            self.exact[exact_key(name.text)].append(position)

    @classmethod
    def build(cls, names: Sequence[IndexedName]) -> "NameIndex":
        return cls(names, TrigramIndex.build([fold(name.text).core for name in names]))

    def search(
        self, query: str, *, limit: int = 10, keep: NDArray[np.bool_] | None = None
    ) -> list[Match]:
        """The best match of each entity, best first; at most ``limit``.

        ``keep`` says for each name whether it may be found, for searches of a past day.
        """
        wanted = fold(query)
        positions = [p for p in self.exact.get(exact_key(query), ()) if keep is None or keep[p]]
        scores = dict.fromkeys(positions, 100.0)
        if wanted.core:
            for position in self.candidates(wanted, limit, keep):
                scores.setdefault(position, self.score(wanted, position))
        found = [(score, p) for p, score in scores.items() if score >= LOWEST_SCORE]
        found.sort(key=lambda pair: (-pair[0], len(self.core_texts[pair[1]]), pair[1]))
        best: dict[int, Match] = {}
        for score, position in found:
            name = self.names[position]
            if name.entity_id not in best and len(best) < limit:
                reasons = self.reasons(query, wanted, position)
                best[name.entity_id] = Match(name.entity_id, name.text, round(score, 1), reasons)
        return list(best.values())

    def candidates(self, wanted: Folded, limit: int, keep: NDArray[np.bool_] | None) -> list[int]:
        """Names that share the most with the query, and those that hold most of it."""
        shared, length = self.trigrams.overlap(wanted.core)
        if not length:
            return []
        if keep is not None:
            shared = np.where(keep, shared, 0)
        cosine = shared / (self.trigrams.lengths * length)
        count = min(max(CANDIDATES, 2 * limit), len(shared))
        alike = np.argpartition(-cosine, count - 1)[:count]
        holding = np.argpartition(-shared, count - 1)[:count]
        chosen = np.unique(np.concatenate((alike, holding)))
        return [int(p) for p in chosen if shared[p] > 0]

    def score(self, wanted: Folded, position: int) -> float:
        """0 to 100: the most favourable of the ways in which two names can be alike."""
        core, joined = self.core_texts[position], self.joined[position]
        if len(wanted.joined) <= SHORT:
            return self.score_short(wanted, position)
        whole = max(
            fuzz.token_sort_ratio(wanted.core_text, core),
            fuzz.ratio(wanted.joined, joined),
        )
        part = self.score_part(wanted, position)
        # Legal words are left out of the comparison but decide between otherwise equal names.
        same_form = 0.5 if self.folded[position].words == wanted.words else 0.0
        return min(100.0, max(whole * 0.99, part) + same_form)

    def score_part(self, wanted: Folded, position: int) -> float:
        """For a query that is a part of the name: its words, or its letters without spaces."""
        joined = self.joined[position]
        if len(wanted.joined) >= len(joined):
            return 0.0
        coverage = len(wanted.joined) / len(joined)
        words = set(self.folded[position].core)
        if words.issuperset(wanted.core):
            return PART_OF_NAME + 8 * coverage
        ratio = fuzz.partial_ratio(wanted.joined, joined)
        if ratio < PART_RATIO:
            return 0.0
        starts_word = any(word.startswith(wanted.joined[:SHORT]) for word in words)
        return ratio * (0.85 if starts_word else 0.78) + 6 * coverage

    def score_short(self, wanted: Folded, position: int) -> float:
        words = self.folded[position].core
        if wanted.core == words:
            return 99.0
        return PART_OF_NAME if set(words).issuperset(wanted.core) else 0.0

    def reasons(self, query: str, wanted: Folded, position: int) -> tuple[str, ...]:
        """In what way the names are alike, in words that a reader can check."""
        name, folded = self.names[position], self.folded[position]
        found = [likeness(query, wanted, name.text, folded)]
        if is_chinese(query) and not is_chinese(name.text):
            found.append(f"pinyin of {query.strip()}: {wanted.text}")
        if name.kind != "name":
            kinds = {"alias": "alias", "former": "former name", "acronym": "acronym"}
            found.append(kinds.get(name.kind, "name in its own script"))
        return tuple(found)

    def to_bytes(self) -> bytes:
        """The trigram part, which takes the longest to build; names come from the record."""
        buffer = io.BytesIO()
        index = self.trigrams
        vocabulary = "\n".join(index.vocabulary).encode()
        np.savez(
            buffer,
            vocabulary=np.frombuffer(vocabulary, np.uint8),
            starts=index.starts,
            names=index.names,
            rarity=index.rarity,
            lengths=index.lengths,
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, names: Sequence[IndexedName]) -> "NameIndex":
        """The index of exactly the names it was built from. Raises ValueError for others."""
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            if len(held["lengths"]) != len(names):
                msg = "the stored index belongs to another set of names"
                raise ValueError(msg)
            words = held["vocabulary"].tobytes().decode().split("\n")
            vocabulary = {gram: place for place, gram in enumerate(words)}
            trigrams = TrigramIndex(
                vocabulary, held["starts"], held["names"], held["rarity"], held["lengths"]
            )
        return cls(names, trigrams)


def likeness(query: str, wanted: Folded, text: str, folded: Folded) -> str:
    """The strictest sense in which the two names are the same."""
    if exact_key(query) == exact_key(text):
        return "exact name"
    if wanted.words == folded.words:
        return "same but for signs and case"
    if sorted(wanted.words) == sorted(folded.words):
        return "same words in another order"
    if wanted.core == folded.core:
        return "same but for the legal form"
    if wanted.joined == folded.joined:
        return "same letters, spaced otherwise"
    if set(folded.core).issuperset(wanted.core):
        return "all words occur in the name"
    distance = Levenshtein.distance(wanted.joined, folded.joined)
    if distance <= TYPO_LETTERS:
        return f"{distance} letter{'s' if distance > 1 else ''} differ"
    return "similar"
