"""Finding a party by name: by alias, typing error, word order, legal form, script.

A match says how the names are alike, never that two parties are the same.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from entities.domain.chinese import is_chinese, without_legal_form
from entities.domain.legal_forms import without_legal_words, word_set
from entities.domain.names import (
    LONGEST_NAME,
    Folded,
    consonants,
    fold,
    fold_variants,
    is_abjad,
    normalise_name,
)
from entities.domain.ranking import Likeness, Mask, Reading, Rendition
from entities.domain.trigrams import TrigramIndex, Words

# To be raised when names are folded otherwise: an index that was stored before is built anew.
FORMAT = 3
# Candidates that are compared with care; the right name is among them in all but freak cases.
CANDIDATES = 50
# Below it, names have no more in common than any two names of companies.
LOWEST_SCORE = 72.0
EXACT_SCORE = 100.0
INITIALS_SCORE = 88.0
# A part of a name in the same characters, and up to three more as it fills the name.
CHARACTERS_SCORE, FILLED_CHARACTERS = 96.0, 3.0
# Legal forms are left out of the comparison but decide between otherwise equal names.
SAME_FORM = 0.5
# What a query is worth when words of legal forms are left out wherever they stand.
LOOSELY = 0.97
SHORTEST_INITIALS, MOST_INITIALS = 3, 10
NOT_INITIAL = word_set("and at da de des di do du for im in of on the und von y")
TYPO_LETTERS = 2
SEAL_LENGTH = 32
KINDS = {"alias": "alias", "former": "former name", "acronym": "acronym"}


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

    def __init__(
        self, names: Sequence[IndexedName], folded: Sequence[Folded], trigrams: TrigramIndex
    ) -> None:
        self.names = list(names)
        self.folded = list(folded)
        letters = ["".join(name.words) for name in folded]
        self.latin = Rendition([name.core for name in folded], letters, trigrams)
        self.normal: dict[str, list[int]] = defaultdict(list)
        self.initials: dict[str, list[int]] = defaultdict(list)
        self.native: list[tuple[int, str]] = []
        for place, (name, words) in enumerate(zip(names, folded, strict=True)):
            text = normalise_name(name.text)
            self.normal[text].append(place)
            if is_chinese(text):
                self.native.append((place, text))
            for letters_of_words in initials(words):
                self.initials[letters_of_words].append(place)

    @cached_property
    def consonantal(self) -> Rendition:
        """The names without vowels, which few searches need."""
        words = [consonants(name.core) for name in self.folded]
        letters = ["".join(consonants(name.words)) for name in self.folded]
        return Rendition(words, letters, TrigramIndex.build(words))

    @classmethod
    def build(cls, names: Sequence[IndexedName]) -> "NameIndex":
        folded = [fold(name.text) for name in names]
        return cls(names, folded, TrigramIndex.build([name.core for name in folded]))

    def search(
        self, query: str, *, limit: int = 10, keep: NDArray[np.bool_] | None = None
    ) -> list[Match]:
        """The best match of each entity, best first; at most ``limit``. Never raises.

        ``keep`` says for each name whether it may be found, for searches of a past day.
        """
        asked = Question.read(query, self.latin.words.numbers)
        best: dict[int, Match] = {}
        for found in self.ranked(asked, limit, keep):
            name = self.names[found.place]
            if len(best) >= limit:
                break
            if name.entity_id not in best:
                reasons = self.reasons(asked, found)
                best[name.entity_id] = Match(
                    name.entity_id, name.text, round(found.score, 1), reasons
                )
        return list(best.values())

    def ranked(self, asked: "Question", limit: int, keep: Mask | None) -> list[Likeness]:
        """The names that are alike enough, best first; of equals the shorter first."""
        found = {
            likeness.place: likeness
            for likeness in self.compared(asked, max(CANDIDATES, 2 * limit), keep)
        }
        for likeness in self.looked_up(asked):
            place = likeness.place
            if keep is not None and not keep[place]:
                continue
            if place not in found or found[place].score < likeness.score:
                found[place] = likeness
        return sorted(found.values(), key=self.rank)

    def rank(self, found: Likeness) -> tuple[float, int, int]:
        return -found.score, len(self.latin.joined[found.place]), found.place

    def compared(self, asked: "Question", count: int, keep: Mask | None) -> list[Likeness]:
        if not asked.readings:
            return []
        rendition = self.consonantal if asked.abjad else self.latin
        return [
            self.with_form(asked, likeness)
            for likeness in rendition.likenesses(
                asked.readings, least=LOWEST_SCORE, count=count, keep=keep
            )
        ]

    def with_form(self, asked: "Question", found: Likeness) -> Likeness:
        if asked.folded[found.reading].words != self.folded[found.place].words:
            return found
        return Likeness(found.place, found.score + SAME_FORM, found.reading)

    def looked_up(self, asked: "Question") -> Iterable[Likeness]:
        """Names found by what they are, not by likeness."""
        for place in self.normal.get(asked.normal, ()):
            yield Likeness(place, EXACT_SCORE, 0)
        for place in self.initials.get(asked.letters, ()):
            yield Likeness(place, INITIALS_SCORE, 0)
        if asked.characters:
            for place, text in self.native:
                if asked.characters in text:
                    filled = len(asked.characters) / len(text)
                    yield Likeness(place, CHARACTERS_SCORE + FILLED_CHARACTERS * filled, 0)

    def reasons(self, asked: "Question", found: Likeness) -> tuple[str, ...]:
        """In what way the names are alike, in words that a reader can check."""
        name, folded = self.names[found.place], self.folded[found.place]
        wanted = asked.folded[found.reading] if asked.folded else WORDLESS
        if asked.abjad:
            wanted, folded = vowelless(wanted), vowelless(folded)
        given = [likeness(asked.text, wanted, name.text, folded)]
        if asked.abjad:
            given.append(f"consonants of {asked.text}: {wanted.text}")
        elif is_chinese(asked.text) and not is_chinese(name.text):
            given.append(f"pinyin of {asked.text}: {wanted.text}")
        elif is_chinese(name.text) and not is_chinese(asked.text):
            given.append(f"pinyin of {name.text}: {folded.text}")
        if name.kind != "name":
            given.append(KINDS.get(name.kind, "name in its own script"))
        return tuple(given)

    def to_bytes(self) -> bytes:
        """All but the names themselves, which come from the record."""
        buffer = io.BytesIO()
        trigrams = self.latin.trigrams
        np.savez(
            buffer,
            words=packed(name.words for name in self.folded),
            core=packed(name.core for name in self.folded),
            starts=trigrams.starts,
            names=trigrams.names,
            rarity=trigrams.rarity,
            lengths=trigrams.lengths,
        )
        data = buffer.getvalue()
        return seal(data, self.names) + data

    @classmethod
    def from_bytes(cls, data: bytes, names: Sequence[IndexedName]) -> "NameIndex":
        """The index of exactly the names it was built from.

        Raises ValueError for other names, a damaged text, and an index of an older format.
        """
        sealed, data = data[:SEAL_LENGTH], data[SEAL_LENGTH:]
        if sealed != seal(data, names):
            msg = "the stored index is damaged, or belongs to another set of names"
            raise ValueError(msg)
        with np.load(io.BytesIO(data), allow_pickle=False) as part:
            folded = list(map(Folded, unpacked(part["words"]), unpacked(part["core"])))
            trigrams = TrigramIndex(part["starts"], part["names"], part["rarity"], part["lengths"])
        return cls(names, folded, trigrams)


@dataclass(frozen=True)
class Question:
    """A query in all the ways in which it is looked for.

    Each of ``readings`` is of the one of ``folded`` at the same place; a query without letters
    has none. ``characters`` are those of a Chinese query without its legal form, else empty.
    """

    text: str
    normal: str
    abjad: bool
    characters: str
    folded: tuple[Folded, ...]
    readings: tuple[Reading, ...]

    @classmethod
    def read(cls, query: str, known: Container[str]) -> "Question":
        """``known`` are the words of all names; others may be misspelled."""
        text = query[:LONGEST_NAME].strip()
        abjad, chinese = is_abjad(text), is_chinese(text)
        folded = [name for name in fold_variants(text) if name.core]
        readings = [reading_of(vowelless(name) if abjad else name) for name in folded]
        if folded and not abjad and not chinese:
            core = without_legal_words(folded[0].core, known)
            if core != folded[0].core:
                folded.append(Folded(folded[0].words, core))
                readings.append(Reading(core, "".join(core), LOOSELY))
        normal = normalise_name(text)
        characters = without_legal_form(normal) if chinese else ""
        return cls(text, normal, abjad, characters, tuple(folded), tuple(readings))

    @property
    def letters(self) -> str:
        """All its letters, which may be the initials of a name."""
        return self.readings[0].letters if self.readings else ""


def reading_of(name: Folded) -> Reading:
    return Reading(name.core, "".join(name.words))


def vowelless(name: Folded) -> Folded:
    return Folded(consonants(name.words), consonants(name.core))


def initials(name: Folded) -> set[str]:
    """The first letters of its words, with the legal form and without it."""
    found = {
        "".join(word[0] for word in words if word not in NOT_INITIAL)
        for words in (name.words, name.core)
    }
    return {text for text in found if SHORTEST_INITIALS <= len(text) <= MOST_INITIALS}


# What signs fold to, and characters that have no reading in Latin letters.
WORDLESS = Folded((), ())


def likeness(query: str, wanted: Folded, text: str, folded: Folded) -> str:
    """The strictest sense in which the two names are the same."""
    if normalise_name(query) == normalise_name(text):
        return "exact name"
    for sense, same in SENSES if wanted.words else ():
        if same(wanted, folded):
            return sense
    if is_chinese(query) and without_legal_form(normalise_name(query)) in normalise_name(text):
        return "part of the name in the same characters"
    distance = OSA.distance(wanted.joined, folded.joined)
    if distance <= TYPO_LETTERS:
        return "1 letter differs" if distance == 1 else f"{distance} letters differ"
    if "".join(wanted.words) in initials(folded):
        return "initials of the name"
    return "similar"


Sense = Callable[[Folded, Folded], bool]
SENSES: tuple[tuple[str, Sense], ...] = (
    ("same but for signs and case", lambda one, other: one.words == other.words),
    ("same words in another order", lambda one, other: sorted(one.words) == sorted(other.words)),
    ("same but for the legal form", lambda one, other: one.core == other.core),
    ("same letters, spaced otherwise", lambda one, other: one.joined == other.joined),
    ("all words occur in the name", lambda one, other: set(one.core) <= set(other.core)),
    ("part of the name, spaced otherwise", lambda one, other: one.joined in other.joined),
)


def seal(data: bytes, names: Sequence[IndexedName]) -> bytes:
    """Vouches that ``data`` is the stored index of these names in the present format."""
    texts = "\n".join([str(FORMAT), *(name.text for name in names)])
    return blake2b(data + texts.encode(errors="surrogatepass"), digest_size=SEAL_LENGTH).digest()


def packed(words_of_names: Iterable[Words]) -> NDArray[np.uint8]:
    """A line of text for each name."""
    lines = "".join(f"{' '.join(words)}\n" for words in words_of_names)
    return np.frombuffer(lines.encode(), np.uint8)


def unpacked(lines: NDArray[np.uint8]) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in lines.tobytes().decode().split("\n")[:-1]]
