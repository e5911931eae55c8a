"""An inverted index of letter trigrams, as numpy arrays.

A name is indexed by the trigrams of its words and by those of all its letters without
spaces, so that "Zhi Pu", "Zhipu" and "ZhiPu" share most of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int32]
Floats = NDArray[np.float32]


def grams(words: Iterable[str]) -> set[str]:
    """Trigrams of each word, marked at its ends, and of the letters without spaces."""
    listed = list(words)
    joined = "".join(listed)
    found = {f"^{joined}$"[i : i + 3] for i in range(len(joined))}
    for word in listed:
        marked = f" {word} "
        found.update(marked[i : i + 3] for i in range(len(marked) - 2))
    return found


@dataclass(frozen=True)
class TrigramIndex:
    """Postings in one array: those of gram ``i`` are ``names[starts[i]:starts[i + 1]]``."""

    vocabulary: dict[str, int]
    starts: Integers
    names: Integers
    rarity: Floats
    lengths: Floats

    @classmethod
    def build(cls, words_of_names: Sequence[Sequence[str]]) -> "TrigramIndex":
        vocabulary: dict[str, int] = {}
        gram_ids: list[int] = []
        name_ids: list[int] = []
        for name_id, words in enumerate(words_of_names):
            for gram in grams(words):
                gram_ids.append(vocabulary.setdefault(gram, len(vocabulary)))
                name_ids.append(name_id)
        return cls.from_pairs(
            vocabulary,
            np.array(gram_ids, np.int32),
            np.array(name_ids, np.int32),
            len(words_of_names),
        )

    @classmethod
    def from_pairs(
        cls, vocabulary: dict[str, int], gram_ids: Integers, name_ids: Integers, size: int
    ) -> "TrigramIndex":
        order = np.argsort(gram_ids, kind="stable")
        counts = np.bincount(gram_ids, minlength=len(vocabulary))
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        rarity = np.log1p(size / np.maximum(counts, 1)).astype(np.float32)
        weights = rarity[gram_ids] if len(gram_ids) else np.zeros(0, np.float32)
        squares = np.bincount(name_ids, weights=weights**2, minlength=size)
        lengths = np.sqrt(np.maximum(squares, 1e-6)).astype(np.float32)
        return cls(vocabulary, starts, name_ids[order], rarity, lengths)

    def overlap(self, words: Sequence[str]) -> tuple[Floats, float]:
        """For every name the summed squared rarity of shared grams, and the query's length."""
        known = [self.vocabulary[g] for g in grams(words) if g in self.vocabulary]
        size = len(self.lengths)
        if not known:
            return np.zeros(size, np.float32), 0.0
        parts = [self.names[self.starts[g] : self.starts[g + 1]] for g in known]
        weights = [np.full(len(p), self.rarity[g] ** 2) for g, p in zip(known, parts, strict=True)]
        shared = np.bincount(np.concatenate(parts), weights=np.concatenate(weights), minlength=size)
        length = float(np.sqrt(sum(self.rarity[g] ** 2 for g in known)))
        return shared.astype(np.float32), length
