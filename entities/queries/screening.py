"""The screening lists as of a day: found, counted, and compared with the Entity List."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, QuerySet

from entities.domain.cross_check import CrossCheck, Party, Row, cross_check
from entities.models import ListedUnder, Listing, PartyName, ScreeningEntry
from policy.models import Coverage
from policy.queries.asof import Reading

ENTITY_LIST = "EL"
# Seconds. A comparison reads some thirteen thousand names, which takes half a second.
KEPT = 24 * 60 * 60


@dataclass(frozen=True)
class ListCount:
    """One of the lists, and how many of its entries are in force."""

    code: str
    name: str
    count: int


def entries(reading: Reading) -> QuerySet[ScreeningEntry]:
    """The entries of all lists that are in force at a point in both times, by name."""
    rows: QuerySet[ScreeningEntry] = ScreeningEntry.objects.as_of(reading.asof)
    return rows.select_related("source").order_by("name", "pk")


def found_entries(reading: Reading, *, q: str, code: str, country: str) -> QuerySet[ScreeningEntry]:
    """The entries among whose names every word of ``q`` stands."""
    rows = entries(reading)
    for word in q.casefold().split():
        rows = rows.filter(searched__contains=word)
    if code:
        rows = rows.filter(code=code)
    if country:
        rows = rows.filter(countries__contains=f"|{country.upper()}|")
    return rows


def list_counts(reading: Reading) -> list[ListCount]:
    """Every list with entries in force, by its code."""
    rows = ScreeningEntry.objects.as_of(reading.asof).order_by("code")
    counted = rows.values_list("code", "list_name").annotate(Count("pk"))
    found: dict[str, ListCount] = {}
    for code, name, count in counted:
        before = found[code].count if code in found else 0
        found[code] = ListCount(code, name, before + count)
    return list(found.values())


def lists_confirmed(reading: Reading) -> date | None:
    """The last day for which the record, as known, holds the lists; None if it holds none."""
    return reading.coverage.get(Coverage.Topic.SCREENING_LIST)


def comparison_with_entity_list(reading: Reading) -> CrossCheck:
    """The Entity List of both publishers on the reading's day, row by row.

    Kept by what it was read from: a revision never changes afterwards.
    """
    revision, on = reading.revision_number, reading.on
    key = f"cross-check:{revision}:{on.isoformat()}"
    held: CrossCheck | None = cache.get(key)
    if held is None:
        held = cross_check(_rows(revision, on), list(_parties(revision, on)))
        cache.set(key, held, KEPT)
    return held


def _rows(revision: int, on: date) -> Iterator[Row]:
    rows = ScreeningEntry.objects.known(revision).in_force(on).filter(code=ENTITY_LIST)
    for ref, name, countries in rows.order_by("name", "pk").values_list("ref", "name", "countries"):
        codes = None if countries is None else frozenset(countries.casefold().split("|")) - {""}
        yield Row(ref, name, codes)


def _parties(revision: int, on: date) -> Iterator[Party]:
    """Every name of every listed party, with the listing that it stands in."""
    listed = Listing.objects.known(revision).in_force(on)
    places = dict(listed.values_list("entity", "country"))
    inside = ListedUnder.objects.known(revision).in_force(on)
    holders = dict(inside.values_list("entity", "parent"))
    names = PartyName.objects.known(revision).in_force(on)
    for entity, text, kind in names.values_list("entity", "text", "kind"):
        holder = holders.get(entity, entity)
        if holder in places:
            is_primary = kind == PartyName.Kind.PRIMARY
            yield Party(holder, text, places[holder], is_primary, entity in holders)


def listings_by_entity(entities: Iterable[int], reading: Reading) -> dict[int, Listing]:
    rows = Listing.objects.as_of(reading.asof).filter(entity__in=list(entities))
    return {row.entity_id: row for row in rows.select_related("entity").defer("raw")}
