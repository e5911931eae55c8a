"""Searches that a person might make for a name: generated, so that nothing is tuned to them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entities.domain.matching import IndexedName
from entities.domain.names import LEGAL_WORDS, WORD, fold

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A typing error in a shorter word makes another word of it.
SHORTEST = 6


@dataclass(frozen=True)
class Query:
    """What is typed, for which entity, and what was done to the name."""

    text: str
    entity_id: int
    change: str


def typo(name: str, rng: random.Random) -> str:
    """One letter dropped, doubled, replaced, or swapped with its neighbour."""
    place = rng.randrange(1, len(name) - 1)
    kind = rng.choice(("drop", "double", "replace", "swap"))
    if kind == "drop":
        return name[:place] + name[place + 1 :]
    if kind == "double":
        return name[:place] + name[place] + name[place:]
    if kind == "replace":
        return name[:place] + rng.choice(LETTERS) + name[place + 1 :]
    return name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :]


def two_typos(name: str, rng: random.Random) -> str:
    return typo(typo(name, rng), rng)


def reorder(name: str, rng: random.Random) -> str:
    words = name.split()
    rng.shuffle(words)
    return " ".join(words)


def drop_legal_form(name: str, _rng: random.Random) -> str:
    words = [w for w in name.split() if not set(WORD.findall(w.lower())) <= LEGAL_WORDS]
    return " ".join(words) or name


def respace(name: str, rng: random.Random) -> str:
    """The name with one space more or less, as pinyin is written."""
    words = name.split()
    if len(words) > 1 and rng.random() < 0.5:  # a coin
        place = rng.randrange(len(words) - 1)
        return " ".join([*words[:place], words[place] + words[place + 1], *words[place + 2 :]])
    return typo_space(name, rng)


def typo_space(name: str, rng: random.Random) -> str:
    place = rng.randrange(2, len(name) - 1)
    return f"{name[:place]} {name[place:]}"


def shout(name: str, _rng: random.Random) -> str:
    return name.upper().replace(",", " ").replace(".", "")


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    typo,
    two_typos,
    reorder,
    drop_legal_form,
    respace,
    shout,
)


def build_queries(names: Sequence[IndexedName], *, seed: int, count: int) -> list[Query]:
    """``count`` searches spread over all changes; native names are asked for as they are."""
    rng = random.Random(seed)  # noqa: S311  # not a secret
    native = [name for name in names if not name.text.isascii()]
    long_enough = [n for n in names if len(fold(n.text).joined) >= SHORTEST and n.text.isascii()]
    queries = [Query(n.text, n.entity_id, "script") for n in native[: count // 10]]
    while len(queries) < count:
        name, change = rng.choice(long_enough), rng.choice(CHANGES)
        queries.append(Query(change(name.text, rng), name.entity_id, change.__name__))
    return queries
