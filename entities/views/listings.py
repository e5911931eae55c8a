"""The Entity List: search, facets, sort, export; and the comparison of two days."""

from datetime import date

from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from entities.models import Listing
from entities.queries.listings import Choice, compare, list_page, listings
from policy.domain.asof import parse_day
from policy.domain.citations import parse_query_reference
from policy.domain.partial_dates import BadDate
from policy.exports import Columns, csv_response, wants_csv
from policy.http import ReadingRequest, Response
from policy.queries.asof import Reading
from policy.views.render import render

PER_PAGE = 50
COLUMNS: Columns[Listing] = {
    "name": lambda row: row.name,
    "destination": lambda row: row.destination,
    "country": lambda row: row.country_id,
    "listed_since": lambda row: row.valid_from,
    "start_is": lambda row: "reconstructed from publication" if row.reconstructed else "effective",
    "requirement": lambda row: row.requirement,
    "footnotes": lambda row: " ".join(row.footnotes),
    "review_policy": lambda row: row.review_policy,
    "source": lambda row: row.source,
    "entity": lambda row: row.entity.slug,
}


def read_choice(request: ReadingRequest) -> Choice:
    """The reader's choices from the address; what cannot be read counts as no choice."""
    given = request.GET
    return Choice(
        q=given.get("q", "").strip()[:200],
        country=given.get("country", ""),
        year=given.get("year", ""),
        policy=given.get("policy", ""),
        rule=given.get("rule", ""),
        citation=read_citation(given.get("citation", "")),
        sort=given.get("sort", ""),
    )


def read_citation(text: str) -> tuple[int, int] | None:
    """Volume and page, where the text is a Federal Register citation."""
    cited = parse_query_reference(text)
    if cited is None or cited.volume is None or cited.page is None:
        return None
    return cited.volume, cited.page


@require_safe
def entity_list(request: ReadingRequest) -> Response:
    choice = read_choice(request)
    if wants_csv(request):
        rows = listings(choice, request.reading).iterator(chunk_size=1000)
        return csv_response("entity-list", COLUMNS, rows, request.reading)
    shown = list_page(choice, request.reading)
    context = {
        "choice": choice,
        "page": Paginator(shown.found, PER_PAGE).get_page(request.GET.get("page")),
        "facets": shown.facets,
        "chips": chips(request, choice),
        "columns": columns(request, choice.sort or ("" if choice.q else "name")),
    }
    return render(request, "entities/list.html", context, part="results")


def chips(request: ReadingRequest, choice: Choice) -> list[dict[str, str]]:
    """What narrows the list, each with the address that removes it."""
    citation = f"{choice.citation[0]} FR {choice.citation[1]}" if choice.citation else ""
    values = [
        ("q", "Search", choice.q),
        ("country", "Destination", choice.country.upper()),
        ("year", "Listed in", choice.year),
        ("policy", "Review policy", choice.policy),
        ("rule", "Rule", choice.rule),
        ("citation", "Citation", citation),
    ]
    return [
        {"label": label, "text": text, "without": changed(request, **{name: ""})}
        for name, label, text in values
        if text
    ]


def changed(request: ReadingRequest, **changes: str) -> str:
    """This page's address with some parameters changed, from its first page on."""
    parameters = request.GET.copy()
    for name in ("page", "format", *changes):
        parameters.pop(name, None)
    for name, value in changes.items():
        if value:
            parameters[name] = value
    return f"?{parameters.urlencode()}" if parameters else request.path


def columns(request: ReadingRequest, sort: str) -> list[dict[str, str]]:
    """The table's head: each sortable column with the address that sorts by it."""
    return [
        sortable(request, sort, "name", "Name", width="l"),
        sortable(request, sort, "destination", "Destination", width="s"),
        sortable(request, sort, "listed", "Listed", width="s"),
        {"label": "Requirement"},
        {"label": "Review policy"},
    ]


def sortable(
    request: ReadingRequest, sort: str, name: str, label: str, *, width: str
) -> dict[str, str]:
    directions = {name: "ascending", f"-{name}": "descending"}
    following = f"-{name}" if sort == name else name
    url = changed(request, sort=following)
    return {"label": label, "url": url, "sort": directions.get(sort, ""), "width": width}


@require_safe
def comparison(request: ReadingRequest) -> Response:
    """The list on two days: added, ended, worded anew."""
    reading, sentence = request.reading, ""
    try:
        earlier, later = two_days(request, reading)
    except BadDate as refused:
        sentence, (earlier, later) = str(refused), (reading.on, reading.on)
    found = compare(min(earlier, later), max(earlier, later), reading)
    if wants_csv(request):
        kinds = (("added", found.added), ("ended", found.ended), ("reworded", found.changed))
        rows = [(kind, row) for kind, group in kinds for row in group]
        return csv_response("entity-list-comparison", COMPARISON_COLUMNS, rows, reading)
    return render(
        request, "entities/compare.html", {"found": found, "sentence": sentence}, part="results"
    )


COMPARISON_COLUMNS: Columns[tuple[str, Listing]] = {
    "change": lambda pair: pair[0],
    "name": lambda pair: pair[1].name,
    "destination": lambda pair: pair[1].destination,
    "listed_since": lambda pair: pair[1].valid_from,
    "source": lambda pair: pair[1].source,
    "entity": lambda pair: pair[1].entity.slug,
}


def two_days(request: ReadingRequest, reading: Reading) -> tuple[date, date]:
    """The days ``from`` and ``to``; without them, a year back and the day asked about.

    Raises BadDate for what is not a day.
    """
    later = request.GET.get("to", "")
    earlier = request.GET.get("from", "")
    end = parse_day(later, "to") if later else reading.on
    start = parse_day(earlier, "from") if earlier else a_year_before(end)
    return start, end


def a_year_before(day: date) -> date:
    """The first of the same month a year earlier: every month has one, 29 February or not."""
    return day.replace(year=max(day.year - 1, date.min.year), day=1)
