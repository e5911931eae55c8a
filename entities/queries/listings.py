"""The list as of a day: filtered, sorted, counted by facet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When
from django.db.models.functions import ExtractYear

from entities.models import Listing, ListingCitation
from entities.queries.names import matching_entities
from policy.models import Country
from policy.queries.asof import Reading

SORTS = {
    "name": ("sort_name", "pk"),
    "-name": ("-sort_name", "-pk"),
    "destination": ("destination", "sort_name", "pk"),
    "-destination": ("-destination", "sort_name", "pk"),
    "listed": ("valid_from", "sort_name", "pk"),
    "-listed": ("-valid_from", "sort_name", "pk"),
}
# The facets are as old as the record's newest revision at most, which is part of their key.
FACETS_KEPT = 24 * 60 * 60
# SQLite takes at most 32,766 variables in one statement.
CHUNK = 5000


@dataclass(frozen=True)
class Choice:
    """What the reader of the list has asked for; every empty field means "any"."""

    q: str = ""
    country: str = ""
    year: str = ""
    policy: str = ""
    rule: str = ""
    citation: tuple[int, int] | None = None
    sort: str = ""


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facets:
    countries: list[FacetValue] = field(default_factory=list)
    years: list[FacetValue] = field(default_factory=list)
    policies: list[FacetValue] = field(default_factory=list)


@dataclass(frozen=True)
class ListPage:
    """What the list shows: the listings found, and counts of what they have in common."""

    found: QuerySet[Listing]
    facets: Facets


def list_page(choice: Choice, reading: Reading) -> ListPage:
    """Both from one search by name."""
    ranked = ranked_by_name(choice, reading)
    return ListPage(ordered(choice, reading, ranked), facets(choice, reading, ranked))


def listings(choice: Choice, reading: Reading) -> QuerySet[Listing]:
    """The listings in force at this point that meet every choice, in the chosen order."""
    return ordered(choice, reading, ranked_by_name(choice, reading))


def ranked_by_name(choice: Choice, reading: Reading) -> list[int]:
    """Ids of the entities whose names match, best first; empty where no name is sought."""
    return matching_entities(choice.q, reading) if choice.q else []


def ordered(choice: Choice, reading: Reading, ranked: Sequence[int]) -> QuerySet[Listing]:
    rows = named(filtered(choice, reading), choice, ranked)
    if ranked and choice.sort not in SORTS:
        return rows.order_by(rank_of(ranked), "pk")
    return rows.order_by(*SORTS.get(choice.sort, SORTS["name"]))


def named(rows: QuerySet[Listing], choice: Choice, ranked: Sequence[int]) -> QuerySet[Listing]:
    return rows.filter(entity__in=ranked) if choice.q else rows


def filtered(choice: Choice, reading: Reading) -> QuerySet[Listing]:
    rows: QuerySet[Listing] = Listing.objects.as_of(reading.asof)
    rows = rows.select_related("entity", "country", "source").defer("raw")
    if choice.country:
        rows = rows.filter(country=choice.country)
    if choice.year.isdecimal():
        year = min(max(int(choice.year[:5]), date.min.year), date.max.year)
        rows = rows.filter(valid_from__year=year)
    if choice.policy:
        rows = rows.filter(review_policy_normal=choice.policy)
    if choice.rule:
        rows = rows.filter(cited_by(reading, document__rules__slug=choice.rule))
    if choice.citation:
        volume, page = choice.citation
        rows = rows.filter(cited_by(reading, volume=volume, page=page))
    return rows


def cited_by(reading: Reading, **condition: Any) -> Exists:
    """Whether a citation of the listing, known and published by then, meets a condition."""
    rows = ListingCitation.objects.as_of(reading.asof)
    return Exists(rows.filter(entity=OuterRef("entity"), **condition))


def rank_of(entity_ids: Sequence[int]) -> Case:
    """Order by place in a ranked list."""
    return Case(*(When(entity=pk, then=place) for place, pk in enumerate(entity_ids)))


def facets(choice: Choice, reading: Reading, ranked: Sequence[int]) -> Facets:
    """Counts for what the reader may choose next, kept until the record's next revision."""
    parts = (choice, reading.on, reading.revision_number)
    key = "facets:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = count_facets(choice, reading, ranked)
        cache.set(key, found, FACETS_KEPT)
    return found  # type: ignore[no-any-return]  # the cache is untyped


def count_facets(choice: Choice, reading: Reading, ranked: Sequence[int]) -> Facets:
    """Each facet counts what the other choices leave, so that its own can be changed."""

    def counted_for(others: Choice) -> QuerySet[Listing]:
        return named(filtered(others, reading), choice, ranked)

    names = dict(Country.objects.values_list("key", "name"))
    by_country = counted(counted_for(replace(choice, country="")), "country_id")
    of_year = counted_for(replace(choice, year=""))
    by_year = counted(of_year.annotate(year=ExtractYear("valid_from")), "year")
    by_policy = counted(counted_for(replace(choice, policy="")), "review_policy_normal")
    return Facets(
        countries=[FacetValue(k, names.get(k, k), n) for k, n in by_country],
        years=sorted(
            (FacetValue(str(y), str(y), n) for y, n in by_year if y),
            key=lambda v: v.value,
            reverse=True,
        ),
        policies=[FacetValue(p, p, n) for p, n in by_policy if p][:12],
    )


def counted(rows: QuerySet[Listing], field_name: str) -> list[tuple[Any, int]]:
    pairs = rows.order_by().values_list(field_name).annotate(n=Count("pk"))
    return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))


@dataclass(frozen=True)
class Comparison:
    """What happened to the list after one day and up to another, both Eastern."""

    earlier: date
    later: date
    added: list[Listing]
    ended: list[Listing]
    changed: list[Listing]


def compare(earlier: date, later: date, reading: Reading) -> Comparison:
    """Listings in force on one of two days only, and those worded anew between them."""
    before = digests(reading.on_day(earlier))
    after = digests(reading.on_day(later))
    added = [pk for entity, (pk, _) in after.items() if entity not in before]
    ended = [pk for entity, (pk, _) in before.items() if entity not in after]
    both = ((before[entity], row) for entity, row in after.items() if entity in before)
    changed = [new for (_, old_digest), (new, digest) in both if old_digest != digest]
    return Comparison(earlier, later, rows(added), rows(ended), rows(changed))


def digests(reading: Reading) -> dict[int, tuple[int, str]]:
    """By entity, the listing in force on the day and the digest of what it says."""
    found = Listing.objects.as_of(reading.asof).values_list("entity", "pk", "digest")
    return {entity: (pk, digest) for entity, pk, digest in found}


def rows(pks: Sequence[int]) -> list[Listing]:
    found: list[Listing] = []
    for start in range(0, len(pks), CHUNK):
        chunk = Listing.objects.filter(pk__in=pks[start : start + CHUNK]).defer("raw")
        found += chunk.select_related("entity", "country", "source")
    return sorted(found, key=lambda row: row.sort_name)
