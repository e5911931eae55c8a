"""What people type when they look for a name: generated queries with a known answer.

Every kind of query comes from a rule of its own, written without a look at the code that is
measured, so that the figures say how well people are served rather than how well the code
knows itself. The same names and seed give the same queries.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from entities.domain.matching import IndexedName
from tests.bench.search_scripts import in_arabic, in_cyrillic, in_hanzi_big5, in_hanzi_gb

Distortion = Callable[[Random, str], str | None]

PER_KIND = 150
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
ACCENTED = str.maketrans("aceinosuzACEINOSUZ", "áçéíñöšüžÁÇÉÍÑÖŠÜŽ")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
LEGAL_ENDS = (
    "Company, Limited|Company Limited|Co., Limited|Co. Limited|Co., Ltd.|Co. Ltd.|Co., Ltd|Co Ltd"
    "|CO., LTD.|CO., LTD|Pte. Ltd.|Pte Ltd|PTE. LTD.|Pvt. Ltd.|Pvt Ltd|Private Limited|Sdn. Bhd."
    "|Sdn Bhd|SDN BHD|Limited Liability Company|Joint Stock Company|Limited Sirketi"
    "|Limited Şirketi|Anonim Sirketi|Ltd. Sti.|S.A. DE C.V.|GmbH|L.L.C.|LLC|Limited|Ltd.|Ltd|LTD"
    "|LIMITED|Corporation|Corp.|Inc.|Company|JSC|OOO|PAO|OAO|ZAO|AO|FZE|FZCO|FZC|DMCC|S.R.L."
)
LEGAL_END = re.compile(rf"[,\s]+(?:{LEGAL_ENDS.replace('.', chr(92) + '.')})$")
LEGAL_SWAPS = ("Co., Ltd.", "Company Limited", "LLC", "OOO", "Inc.", "GmbH", "Joint Stock Company")


@dataclass(frozen=True)
class Query:
    """A text to search for, the entity that it must find, and the rule that made it."""

    text: str
    entity_id: int
    kind: str
    name: str


def build_queries(
    names: Sequence[IndexedName], seed: int, *, per_kind: int = PER_KIND
) -> list[Query]:
    """Up to ``per_kind`` queries of every kind, each from another name drawn at random."""
    return [
        query
        for kind, distort in DISTORTIONS.items()
        for query in queries_of_kind(names, kind, distort, Random(f"{seed} {kind}"), per_kind)
    ]


def queries_of_kind(
    names: Sequence[IndexedName], kind: str, distort: Distortion, random: Random, most: int
) -> list[Query]:
    made: list[Query] = []
    for name in random.sample(names, len(names)):
        if len(made) == most:
            break
        text = distort(random, name.text)
        if text:
            made.append(Query(text, name.entity_id, kind, name.text))
    return made


def letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def edited(random: Random, text: str, edits: int) -> str:
    """``text`` with so many letters left out, put in, exchanged or swapped with the next."""
    characters = list(text)
    for _ in range(edits):
        places = [i for i, c in enumerate(characters) if c.isalpha()]
        i = random.choice(places)
        kind = random.randrange(4)
        if kind == 0:
            del characters[i]
        elif kind == 1:
            characters.insert(i, random.choice(ALPHABET))
        elif kind == 2 or i + 1 == len(characters):
            characters[i] = random.choice(ALPHABET.replace(characters[i].lower(), ""))
        else:
            characters[i : i + 2] = characters[i + 1], characters[i]
    return "".join(characters)


def one_typo(random: Random, text: str) -> str | None:
    return edited(random, text, 1) if letters(text) >= 4 else None


def two_typos(random: Random, text: str) -> str | None:
    return edited(random, text, 2) if letters(text) >= 6 else None


def other_order(random: Random, text: str) -> str | None:
    words = text.replace(",", " ").split()
    if len(words) < 2:
        return None
    shuffled = random.sample(words, len(words))
    return " ".join(shuffled) if shuffled != words else None


def last_word_first(_random: Random, text: str) -> str | None:
    """As lists print persons: ``Haqqani, Ibrahim``."""
    *first, last = text.split()
    return f"{last}, {' '.join(first)}" if first else None


def legal_form_left_out(_random: Random, text: str) -> str | None:
    bare = LEGAL_END.sub("", text)
    return bare if bare != text and letters(bare) >= 4 else None


def other_legal_form(random: Random, text: str) -> str | None:
    bare = legal_form_left_out(random, text)
    return f"{bare} {random.choice(LEGAL_SWAPS)}" if bare else None


def one_word_left_out(random: Random, text: str) -> str | None:
    words = text.split()
    if len(words) < 4:
        return None
    del words[random.randrange(len(words))]
    return " ".join(words)


def order_typo_and_legal_form(random: Random, text: str) -> str | None:
    shuffled = other_order(random, LEGAL_END.sub("", text))
    return edited(random, shuffled, 1) if shuffled and letters(shuffled) >= 8 else None


def accents(_random: Random, text: str) -> str | None:
    return text.translate(ACCENTED)


def full_width(_random: Random, text: str) -> str | None:
    return text.translate(FULL_WIDTH)


def spaced_otherwise(random: Random, text: str) -> str | None:
    """With one space left out, or one put into a longer word."""
    words = text.split()
    i = random.randrange(len(words))
    if len(words) > 1 and random.random() < 0.5:
        return " ".join(words).replace(" ", "", 1)
    if len(words[i]) < 6:
        return None
    cut = random.randrange(2, len(words[i]) - 2)
    words[i] = f"{words[i][:cut]} {words[i][cut:]}"
    return " ".join(words)


def as_it_is(_random: Random, text: str) -> str | None:
    return text


def capitals(_random: Random, text: str) -> str | None:
    return re.sub(r"[.,]", "", text).upper()


DISTORTIONS: dict[str, Distortion] = {
    "exact": as_it_is,
    "capitals": capitals,
    "one typo": one_typo,
    "two typos": two_typos,
    "other order": other_order,
    "last word first": last_word_first,
    "legal form left out": legal_form_left_out,
    "other legal form": other_legal_form,
    "one word left out": one_word_left_out,
    "order, typo, legal form": order_typo_and_legal_form,
    "accents": accents,
    "full width": full_width,
    "spaced otherwise": spaced_otherwise,
    "simplified characters": in_hanzi_gb,
    "traditional characters": in_hanzi_big5,
    "Cyrillic": in_cyrillic,
    "Arabic": in_arabic,
}
