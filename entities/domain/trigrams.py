"""An inverted index of letter trigrams, as numpy arrays.

A name is indexed by the trigrams of its words and by those of all its letters without
spaces, so that "Zhi Pu", "Zhipu" and "ZhiPu" share most of them. A trigram is a number, its
place in a table of all that there can be, so nothing has to be looked up by text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int32]
Floats = NDArray[np.float32]
Words = Sequence[str]

# The begin and end of all letters, the edge of a word, and what words are made of.
ALPHABET = "^$ abcdefghijklmnopqrstuvwxyz0123456789"
LETTERS = len(ALPHABET)
ALL_TRIGRAMS = LETTERS**3
SPACE = ALPHABET.index(" ")
# Stands between names and is part of no trigram.
BREAK = 255
CODES = np.full(256, BREAK, np.int64)
CODES[np.frombuffer(ALPHABET.encode(), np.uint8)] = np.arange(LETTERS)
# Names are taken in portions of so many, which bounds the memory that building takes.
PORTION = 8192
# Trigrams that half of all names share tell little and take the longest: the commonest are
# left out as soon as the rarer ones have named so many names.
MOST_POSTINGS = 50_000


def spelled(words: Words) -> str:
    """The text whose windows of three letters are the trigrams of a name, spaces marking words."""
    return f"^{''.join(words)}$\n {' '.join(words)} \n" if words else "\n"


def trigrams(text: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The number of the trigram that begins at each letter, and whether it is one."""
    codes = CODES[np.frombuffer(text.encode("ascii"), np.uint8)]
    first, middle, last = codes[:-2], codes[1:-1], codes[2:]
    valid = (first != BREAK) & (middle != BREAK) & (last != BREAK) & (middle != SPACE)
    return (first * LETTERS + middle) * LETTERS + last, valid


def trigram_set(names: Iterable[Words]) -> NDArray[np.int64]:
    """The distinct trigrams of all the names together."""
    found, valid = trigrams("".join(map(spelled, names)) + "\n\n")
    return np.unique(found[valid])


@dataclass(frozen=True)
class TrigramIndex:
    """Postings in one array: those of trigram ``i`` are ``names[starts[i]:starts[i + 1]]``.

    ``rarity`` is the squared inverse document frequency of each trigram, ``lengths`` the
    length of each name as a vector of rarities.
    """

    starts: Integers
    names: Integers
    rarity: Floats
    lengths: Floats

    @classmethod
    def build(cls, words_of_names: Sequence[Words]) -> "TrigramIndex":
        size = len(words_of_names)
        portions = [
            pairs(words_of_names[at : at + PORTION], at, size) for at in range(0, size, PORTION)
        ]
        keys = np.sort(np.concatenate(portions)) if portions else np.zeros(0, np.int64)
        grams, names = np.divmod(keys, max(size, 1))
        counts = np.bincount(grams, minlength=ALL_TRIGRAMS)
        rarity = (np.log1p(size / np.maximum(counts, 1)) ** 2).astype(np.float32)
        squares = np.bincount(names, weights=rarity[grams], minlength=size)
        return cls(
            starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
            names=names.astype(np.int32),
            rarity=rarity,
            lengths=np.sqrt(np.maximum(squares, 1e-6)).astype(np.float32),
        )

    def overlap(self, names: Iterable[Words]) -> Floats:
        """What each indexed name shares with ``names`` taken together: a sum of rarities."""
        found = trigram_set(names)
        counts = self.starts[found + 1] - self.starts[found]
        found, counts = found[counts > 0], counts[counts > 0]
        rarest_first = np.argsort(counts, kind="stable")
        found, counts = found[rarest_first], counts[rarest_first]
        # The rarest one is taken however common it is.
        enough = max(1, int(np.searchsorted(np.cumsum(counts), MOST_POSTINGS)))
        found, counts = found[:enough], counts[:enough]
        ends = np.cumsum(counts)
        at = np.arange(counts.sum()) + np.repeat(self.starts[found] - ends + counts, counts)
        rarity = np.repeat(self.rarity[found], counts)
        shared = np.bincount(self.names[at], weights=rarity, minlength=len(self.lengths))
        return shared.astype(np.float32)


def pairs(words_of_names: Sequence[Words], first: int, size: int) -> NDArray[np.int64]:
    """Every distinct (trigram, name) of a portion as one number, ``trigram * size + name``."""
    texts = [spelled(words) for words in words_of_names]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    found, valid = trigrams("".join(texts) + "\n\n")
    owners = np.repeat(np.arange(first, first + len(texts)), lengths)
    return np.unique(found[valid] * size + owners[: len(found)][valid])
