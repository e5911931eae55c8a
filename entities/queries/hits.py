"""What the Entity List adds to the one search box."""

from django.urls import reverse

from entities.domain.matching import Match
from entities.models import Entity, ListedUnder, Listing, ListingCitation
from entities.queries.names import find_names
from policy.domain.citations import parse_query_reference
from policy.queries.asof import Reading
from policy.queries.search import MOST, Hit

EXACT = 100.0


def entity_hits(q: str, reading: Reading) -> list[Hit]:
    """Parties by name, and listings by a citation that no known document holds."""
    reference = parse_query_reference(q)
    if reference and reference.kind == "fr_citation":
        return citation_hits(reference.volume or 0, reference.page or 0, reading)
    matches = find_names(q, reading, limit=MOST)
    ids = [match.entity_id for match in matches]
    slugs = dict(Entity.objects.filter(pk__in=ids).values_list("pk", "slug"))
    names = listed_names(ids, reading)
    exact = [match for match in matches if match.score == EXACT]
    return [
        hit_of(
            match,
            names.get(match.entity_id, match.name),
            slugs[match.entity_id],
            only=len(exact) == 1,
        )
        for match in matches
    ]


def listed_names(ids: list[int], reading: Reading) -> dict[int, str]:
    """By party, the name under which it is listed, or named inside another's listing."""
    names: dict[int, str] = {}
    for model in (ListedUnder, Listing):
        rows = model.objects.as_of(reading.asof).filter(entity__in=ids)
        names.update(rows.values_list("entity", "name"))
    return names


def hit_of(match: Match, name: str, slug: str, *, only: bool) -> Hit:
    """A name that two parties share leads to neither of them."""
    found_by = [] if match.name == name else [match.name]
    detail = "; ".join([*found_by, *match.reasons])
    url = reverse("entities:entity", args=[slug])
    exact = only and match.score == EXACT
    return Hit("Listed party", name, url, detail, exact, screened=True)


def citation_hits(volume: int, page: int, reading: Reading) -> list[Hit]:
    cited = ListingCitation.objects.as_of(reading.asof).filter(volume=volume, page=page)
    count = cited.values("entity").distinct().count()
    if not count:
        return []
    title = f"{count} Entity List entr{'y' if count == 1 else 'ies'} citing {volume} FR {page}"
    url = f"{reverse('entities:list')}?citation={volume}+FR+{page}"
    return [Hit("Entity List", title, url, "as printed in Supplement No. 4")]
