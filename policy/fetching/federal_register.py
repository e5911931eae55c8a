"""Documents of BIS from the Federal Register's API, by slices of publication days.

https://www.federalregister.gov/developers/documentation/api/v1. A page beyond the 10,000th
document silently is page 1 again, so slices stay below that and pages stop on the count.
``results`` is absent when there are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from policy.fetching.client import Question
from policy.fetching.errors import NotReady, Permanent
from policy.fetching.fetched import Asker, Fetched, fetched, read_object

SITE = "https://www.federalregister.gov"
AGENCY = "industry-and-security-bureau"
# All that the record reads; most of it comes only when it is asked for.
FIELDS = (
    "abstract",
    "action",
    "cfr_references",
    "comments_close_on",
    "correction_of",
    "dates",
    "docket_ids",
    "document_number",
    "effective_on",
    "end_page",
    "html_url",
    "publication_date",
    "regulation_id_numbers",
    "start_page",
    "title",
    "type",
    "volume",
)
PER_PAGE = 1000
# Beyond this the API answers with page 1 again.
MOST = 10_000


@dataclass(frozen=True)
class Slice:
    """Publication days, Eastern, both included; None is open, for an address that stays."""

    first: date
    last: date | None

    @property
    def name(self) -> str:
        return f"{self.first}_{self.last or 'on'}"


def slices(since: date, today: date) -> Iterator[Slice]:
    """Whole years, then the current one with an open end."""
    for year in range(since.year, today.year):
        yield Slice(max(since, date(year, 1, 1)), date(year, 12, 31))
    yield Slice(max(since, date(today.year, 1, 1)), None)


def newest_slice(last: date) -> Slice:
    """What may be new since the Eastern day ``last``: from the first of a month, with an open end.

    The address is then the same for a month, so that the source can say "nothing new". A week
    is read again, since documents are corrected after publication.
    """
    return Slice((last - timedelta(days=7)).replace(day=1), None)


def question(site: str, days: Slice, page: int, per_page: int = PER_PAGE) -> Question:
    parameters = [("conditions[agencies][]", AGENCY)]
    parameters.append(("conditions[publication_date][gte]", days.first.isoformat()))
    if days.last:
        parameters.append(("conditions[publication_date][lte]", days.last.isoformat()))
    parameters += [("fields[]", name) for name in FIELDS]
    parameters += [("order", "oldest"), ("per_page", str(per_page)), ("page", str(page))]
    address = f"{site}/api/v1/documents.json"
    return Question(address, parameters=tuple(parameters), conditional=page == 1)


def documents(
    asker: Asker, days: Slice, *, today: date, site: str = SITE, per_page: int = PER_PAGE
) -> Iterator[Fetched]:
    """The pages of a slice. ``today`` is the Eastern day that closes an open slice.

    Nothing comes of a slice that is as it was. Raises Permanent with a sentence for an answer
    that repeats itself, NotReady for one that changes while it is read.
    """
    answer = asker.ask(question(site, days, 1, per_page))
    if answer.is_same:
        return
    count, numbers = read_page(read_object(answer))
    if count >= MOST:
        for half in halves(days, today):
            yield from documents(asker, half, today=today, site=site, per_page=per_page)
        return
    yield fetched(f"federal-register_{days.name}_page-1.json", answer)
    seen = set(numbers)
    for page in range(2, -(-count // per_page) + 1):
        answer = asker.ask(question(site, days, page, per_page))
        found = set(read_page(read_object(answer))[1])
        if found and found <= seen:
            raise Permanent(f"The Federal Register answers page {page} with an earlier page.")
        seen |= found
        yield fetched(f"federal-register_{days.name}_page-{page}.json", answer)
    if len(seen) < count:
        raise NotReady(f"The Federal Register counts {count} documents and gives {len(seen)}.")


def halves(days: Slice, today: date) -> tuple[Slice, Slice]:
    """Two slices for one that holds too many. Raises Permanent where it is a single day."""
    last = days.last or today
    if last <= days.first:
        raise Permanent(f"The Federal Register counts {MOST:,} or more documents on one day.")
    middle = days.first + (last - days.first) // 2
    return Slice(days.first, middle), Slice(middle + timedelta(days=1), last)


def read_page(value: dict[str, Any]) -> tuple[int, list[str]]:
    """How many documents the whole question has, and the numbers of those on this page."""
    if "errors" in value:
        raise Permanent(f"The Federal Register refuses the question: {value['errors']}.")
    count = value.get("count")
    if not isinstance(count, int):
        raise Permanent("The Federal Register's answer does not count its documents.")
    results = value.get("results", [])
    if not isinstance(results, list):
        raise Permanent("The Federal Register's results are no list.")
    return count, [str(item.get("document_number")) for item in results if isinstance(item, dict)]
