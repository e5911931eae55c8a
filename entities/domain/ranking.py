"""Which names a query could mean, and how alike each of them is to it.

Trigrams propose candidates; rapidfuzz and numpy compare them all at once: as wholes, word by
word, and as parts. A score runs from 0 to 100.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Prefix

from entities.domain.spelling import Spelling, errors_possible
from entities.domain.trigrams import Floats, Integers, TrigramIndex, Words

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]
Table = NDArray[np.floating[Any]]

# A query of so few letters must be a word of the name; anything looser finds everything.
SHORT = 3
# Words beyond this number are compared as letters only.
MOST_WORDS = 24
# Only the same name in the same letters is worth 100.
MOST_ALIKE = 99.0
# A query whose words the name has is worth so much, and up to ten more as it fills the name.
PART = 90.0
# Letters inside a name may be there by chance, the fewer the likelier.
LETTERS_INSIDE = 81.0
LEAST_RATIO = 88.0
SHORTEST_INSIDE = 5
# A name as typed, less so much for each letter that is wrong.
AS_TYPED = 98.0
WRONG_LETTER = 9.0
# So many letters of a long word may be wrong.
LONG_WORD, LONG_WORD_ERRORS = 10, 3
ERRORS = np.array([*(errors_possible("x" * n) for n in range(LONG_WORD)), LONG_WORD_ERRORS])
# A name that shares less than this part of what the best one shares is no candidate.
SOMETHING_SHARED = 0.1
# What the beginning of a word is worth, and its first letter.
BEGINNING, FULLER = 0.75, 0.2
INITIAL = 0.6
# Keeps a name without words from being divided by nothing.
LEAST_RARITY = 1e-6


@dataclass(frozen=True)
class Reading:
    """One way to read a query: the words that tell, all its letters, and what it is worth."""

    words: Words
    letters: str
    worth: float = 1.0

    @property
    def joined(self) -> str:
        return "".join(self.words)


@dataclass(frozen=True)
class Likeness:
    """A name by its place, from 0 to 100 how alike it is, and by which reading."""

    place: int
    score: float
    reading: int


def compare(queries: Sequence[str], texts: Sequence[str], scorer: Callable[..., float]) -> Table:
    """``scorer`` of each query with each text, as a table."""
    table: Table = process.cdist(queries, texts, scorer=scorer, dtype=np.float32)
    return table


def greatest(values: Floats, count: int) -> Places:
    """The places of the ``count`` greatest values, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]


def lengths_of(texts: Sequence[str]) -> Integers:
    return np.fromiter(map(len, texts), np.int32, len(texts))


def errors_allowed(lengths: Integers) -> NDArray[np.int64]:
    """How many letters of a word of each length may be wrong."""
    allowed: NDArray[np.int64] = ERRORS[np.minimum(lengths, LONG_WORD)]
    return allowed


def alike_words(words: Sequence[str], forms: Sequence[str]) -> Table:
    """From 0 to 1: typing errors count by their share of the word; a beginning counts some."""
    errors = compare(words, forms, OSA.distance)
    begun = compare(words, forms, Prefix.similarity)
    long, form_long = lengths_of(words)[:, None], lengths_of(forms)[None, :]
    longest = np.maximum(np.maximum(long, form_long), 1)
    typed = (errors <= errors_allowed(np.minimum(long, form_long))) * (1 - errors / longest)
    beginning = ((begun == long) & (long >= SHORT)) * (BEGINNING + FULLER * long / longest)
    initial = ((begun == 1) & (long == 1)) * INITIAL
    table: Table = np.maximum(np.maximum(typed, beginning), initial).astype(np.float32)
    return table


def as_typed(queries: Sequence[str], names: Sequence[str], allowed: NDArray[np.int64]) -> Table:
    """By the number of wrong letters, where so few are ``allowed``."""
    errors = compare(queries, names, OSA.distance)
    scores: Table = (errors <= allowed) * (AS_TYPED - WRONG_LETTER * errors)
    return scores


def inside(queries: Sequence[str], names: Sequence[str]) -> Table:
    """For queries that stand inside a longer name."""
    ratio = compare(queries, names, fuzz.partial_ratio)
    long, name_long = lengths_of(queries)[:, None], np.maximum(lengths_of(names), 1)
    fits = (ratio >= LEAST_RATIO) & (long >= SHORTEST_INSIDE) & (long < name_long)
    scores: Table = fits * (ratio * LETTERS_INSIDE / 100 + (100 - PART) * long / name_long)
    return scores


class WordTable:
    """The words of each name as numbers, one after the other, and how rare each word is."""

    def __init__(self, words_of_names: Sequence[Words]) -> None:
        numbers: dict[str, int] = {}
        ids = [numbers.setdefault(word, len(numbers)) for words in words_of_names for word in words]
        # The last number stands for no word.
        self.ids = np.array([*ids, len(numbers)], np.int32)
        self.forms = [*numbers, ""]
        self.numbers = numbers
        self.starts = np.zeros(len(words_of_names) + 1, np.int32)
        np.cumsum([len(words) for words in words_of_names], out=self.starts[1:])
        counts = np.bincount(self.ids)
        self.rarity = np.log1p(len(words_of_names) / counts).astype(np.float32)
        self.rarity[-1] = 0

    def grid(self, places: Places) -> Integers:
        """A row of word numbers for each name, filled up with the number of no word."""
        begin, end = self.starts[places], self.starts[places + 1]
        columns = np.arange(int((end - begin).max(initial=1)))
        at = begin[:, None] + columns
        return self.ids[np.where(at < end[:, None], at, -1)]


class Rendition:
    """All names in one way to write them: in Latin letters, or in consonants only.

    ``letters`` are those of each name with its legal form, without spaces.
    """

    def __init__(
        self, words_of_names: Sequence[Words], letters: Sequence[str], trigrams: TrigramIndex
    ) -> None:
        self.letters = letters
        self.trigrams = trigrams
        self.joined = ["".join(words) for words in words_of_names]
        self.words = WordTable(words_of_names)
        self.spelling = Spelling.build(words_of_names)
        self.twins: dict[str, list[int]] = defaultdict(list)
        for place, joined in enumerate(self.joined):
            self.twins[joined].append(place)

    def likenesses(
        self, readings: Sequence[Reading], *, least: float, count: int, keep: Mask | None
    ) -> list[Likeness]:
        """The names that are at least so alike, of ``count`` candidates or twice as many."""
        meant = self.meant(readings)
        places = self.candidates(readings, meant, count, keep)
        if not len(places):
            return []
        by_letters = self.by_letters(readings, places)
        table = np.maximum(by_letters, self.by_words(readings, meant, places))
        worth = np.array([reading.worth for reading in readings], np.float32)[:, None]
        table = np.minimum(table, MOST_ALIKE) * worth
        scores = table.max(axis=0)
        enough = np.flatnonzero(scores >= least)
        best = table[:, enough].argmax(axis=0)
        return list(map(Likeness, places[enough].tolist(), scores[enough].tolist(), best.tolist()))

    def meant(self, readings: Sequence[Reading]) -> dict[str, list[str]]:
        """The near spellings of each word, and of all letters together, that no name has."""
        texts = {text for r in readings for text in (*r.words[:MOST_WORDS], r.joined)}
        return {text: self.spelling.near(text) for text in texts - self.spelling.known}

    def candidates(
        self,
        readings: Sequence[Reading],
        meant: Mapping[str, list[str]],
        count: int,
        keep: Mask | None,
    ) -> Places:
        """Names that share the most with the query, and those that hold most of it."""
        spellings = [r.words for r in readings]
        corrected = [(form,) for forms in meant.values() for form in forms]
        shared = self.trigrams.overlap([*spellings, *corrected])
        if keep is not None:
            shared *= keep
        some = np.flatnonzero(shared > SOMETHING_SHARED * shared.max(initial=0))
        alike = some[greatest(shared[some] / self.trigrams.lengths[some], count)]
        holding = some[greatest(shared[some], count)]
        forms = [form for r in readings for form in (r.joined, *meant.get(r.joined, ()))]
        twins = np.array([place for form in forms for place in self.twins.get(form, ())], np.int64)
        chosen = np.unique(np.concatenate((alike, holding, twins)))
        return chosen[shared[chosen] > 0]

    def by_letters(self, readings: Sequence[Reading], places: Places) -> Table:
        """As wholes, as typed, and as parts, with no regard to spaces."""
        queries = [reading.joined for reading in readings]
        names = [self.joined[place] for place in places]
        long = lengths_of(queries)[:, None]
        # What is so short is another word if a letter is wrong.
        loose = long > SHORT
        shorter = np.minimum(long, lengths_of(names))
        all_letters = [self.letters[place] for place in places]
        tables = (
            compare(queries, names, fuzz.ratio) * loose,
            as_typed(queries, names, errors_allowed(long) * loose),
            as_typed([r.letters for r in readings], all_letters, errors_allowed(shorter) * loose),
            inside(queries, names),
        )
        best: Table = np.maximum.reduce(tables)
        return best

    def by_words(
        self, readings: Sequence[Reading], meant: Mapping[str, list[str]], places: Places
    ) -> Table:
        """The share of the query's words, by rarity, that each name has in any order."""
        lists = [list(dict.fromkeys(reading.words))[:MOST_WORDS] for reading in readings]
        words = list(dict.fromkeys(word for listed in lists for word in listed))
        grid = self.words.grid(places)
        used, column = np.unique(grid, return_inverse=True)
        alike = alike_words(words, [self.words.forms[number] for number in used])
        alike = alike[:, column.reshape(grid.shape)]
        telling = np.array([self.telling(word, meant) for word in words], np.float32)
        name_telling = self.words.rarity[grid]
        name_telling /= np.maximum(name_telling.sum(axis=1, keepdims=True), LEAST_RARITY)
        rows = []
        for listed in lists:
            at = [words.index(word) for word in listed]
            held = telling[at] @ alike[at].max(axis=2) / telling[at].sum()
            filled = (alike[at].max(axis=0) * name_telling).sum(axis=1)
            rows.append(held * (PART + (100 - PART) * filled))
        return np.stack(rows)

    def telling(self, word: str, meant: Mapping[str, list[str]]) -> float:
        """How much a word tells: if misspelled, as much as what it may be meant for."""
        numbers = [self.words.numbers.get(form) for form in (word, *meant.get(word, ()))]
        known = [float(self.words.rarity[number]) for number in numbers if number is not None]
        return min(known, default=float(np.log1p(len(self.joined))))
