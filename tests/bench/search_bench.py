"""The search by name, measured: how long it takes and how often it finds what was meant."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import quantiles

from entities.domain.matching import IndexedName, NameIndex
from tests.bench.search_queries import Query

DEPTH = 10


@dataclass(frozen=True)
class Outcome:
    """How one query went: milliseconds, and the place of the right entity, 0 if not found."""

    kind: str
    milliseconds: float
    place: int


def measure(index: NameIndex, queries: Sequence[Query]) -> dict[str, dict[str, float]]:
    """Figures for each kind of query and for ``all``.

    ``p50`` and ``p95`` are milliseconds a query inside the process, ``recall@1`` and
    ``recall@10`` the share of queries whose entity came first, or among the first ten.
    """
    index.search("warm up 预热")
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for query in queries:
        outcome = run(index, query)
        by_kind[query.kind].append(outcome)
        by_kind["all"].append(outcome)
    return {kind: figures(outcomes) for kind, outcomes in by_kind.items()}


def run(index: NameIndex, query: Query) -> Outcome:
    started = time.perf_counter()
    matches = index.search(query.text, limit=DEPTH)
    took = (time.perf_counter() - started) * 1000
    found = [match.entity_id for match in matches]
    place = found.index(query.entity_id) + 1 if query.entity_id in found else 0
    return Outcome(query.kind, took, place)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    cuts = quantiles([outcome.milliseconds for outcome in outcomes], n=20, method="inclusive")
    count = len(outcomes)
    return {
        "queries": count,
        "p50": round(cuts[9], 2),
        "p95": round(cuts[18], 2),
        "recall@1": round(sum(outcome.place == 1 for outcome in outcomes) / count, 4),
        "recall@10": round(sum(outcome.place > 0 for outcome in outcomes) / count, 4),
    }


def measure_size(names: Sequence[IndexedName]) -> dict[str, float]:
    """Seconds to build the index, its bytes, and milliseconds to load it from them."""
    started = time.perf_counter()
    data = NameIndex.build(names).to_bytes()
    built = time.perf_counter()
    NameIndex.from_bytes(data, names)
    loaded = time.perf_counter()
    return {
        "names": len(names),
        "build seconds": round(built - started, 2),
        "bytes": len(data),
        "load milliseconds": round((loaded - built) * 1000, 1),
    }


def measure_nonsense(index: NameIndex, texts: Sequence[str]) -> float:
    """The share of names that are on no list and yet find something."""
    return sum(bool(index.search(text)) for text in texts) / len(texts)


def made_up_names(seed: int, count: int) -> list[str]:
    """Names of shops and firms that no list holds."""
    random = Random(seed)
    columns = [column.split(", ") for column in (FIRST, SECOND, THIRD)]
    return [" ".join(random.choice(column) for column in columns) for _ in range(count)]


FIRST = (
    "Banana, Bluebell, Cosy, Daisy, Maple, Old, Town, Riverside, Sunny, Meadow, Grandma's, "
    "Little, Happy, Golden, Crumb, Cherry, Whistling, Lavender, Copper, Kettle, Wobbly, "
    "Penguin, Marmalade, Velvet, Thistle, Otter, Pumpkin"
)
SECOND = (
    "Bread, Flower, Garden, Wool, Cheese, Puppet, Bicycle, Honey, Soup, Carpet, Wedding, "
    "Toy, Candle, Pottery, Yoga, Dental, Haircut, Cider, Pasta, Pancake, Umbrella, "
    "Hedgehog, Laundry, Violin"
)
THIRD = (
    "Bakery, Shop, Studio, Cafe, Workshop, Rescue, Parlour, Club, Boutique, Kitchen, Barn, Orchard"
)
