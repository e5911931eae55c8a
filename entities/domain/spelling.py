"""Words of the list that are spelled nearly like a word that is not on it.

Trigrams find a long name in spite of a typing error, but one error spoils most trigrams of
a short one. So a word of a query that no name has is also looked for in its near spellings.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

# One error is possible in a word of so many letters, two in a longer one.
ONE_ERROR, TWO_ERRORS = 3, 6
LONGEST_FORM = 24
MOST_FORMS = 5
LETTER_BIT = {letter: 1 << at for at, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}


def letters_in(word: str) -> int:
    """Which letters a word has, as a set of bits."""
    bits = 0
    for letter in word:
        bits |= LETTER_BIT[letter]
    return bits


def errors_possible(word: str) -> int:
    """How many letters of a word may be wrong before it is another word."""
    if len(word) < ONE_ERROR:
        return 0
    return 1 if len(word) < TWO_ERRORS else 2


class Spelling:
    """The words of all names, and whole short names without spaces."""

    def __init__(self, forms: list[str], letters: NDArray[np.int64]) -> None:
        self.forms = forms
        self.known = frozenset(forms)
        self.letters = letters

    @classmethod
    def build(cls, words_of_names: Iterable[Sequence[str]]) -> "Spelling":
        forms: set[str] = set()
        for words in words_of_names:
            forms.update(words)
            forms.add("".join(words))
        kept = sorted(form for form in forms if ONE_ERROR <= len(form) <= LONGEST_FORM)
        return cls(kept, np.fromiter(map(letters_in, kept), np.int64, len(kept)))

    def near(self, word: str) -> list[str]:
        """The forms at the smallest number of wrong letters, if that is possible at all."""
        errors = errors_possible(word)
        if not errors or len(word) > LONGEST_FORM:
            return []
        # A wrong letter adds one to the letters of a word and takes one away.
        differing = np.bitwise_count(self.letters ^ letters_in(word))
        places = np.flatnonzero(differing <= 2 * errors)
        if not len(places):
            return []
        forms = [self.forms[place] for place in places]
        distances = process.cdist([word], forms, scorer=OSA.distance, dtype=np.uint8)[0]
        least = int(distances.min())
        if least > errors:
            return []
        return [forms[at] for at in np.flatnonzero(distances == least)[:MOST_FORMS]]
