"""Documents and comments of followed dockets from regulations.gov, version 4.

https://open.gsa.gov/api/regulationsgov/. A question gives 5,000 things at most, twenty pages
of 250; what comes after is asked for by ``lastModifiedDate``, in Eastern wall time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policy.domain.regulations import next_filter
from policy.fetching.client import Question
from policy.fetching.errors import Permanent
from policy.fetching.fetched import Asker, Fetched, fetched, read_object

SITE = "https://api.regulations.gov"
PAGE_SIZE, MOST_PAGES = 250, 20
KINDS = ("documents", "comments")


@dataclass(frozen=True)
class Service:
    """Where the API is and the key that it wants, which never leaves for another host."""

    key: str
    site: str = SITE
    page_size: int = PAGE_SIZE

    def question(self, path: str, *parameters: tuple[str, str]) -> Question:
        return Question(
            f"{self.site}/v4/{path}", parameters=parameters, secret={"X-Api-Key": self.key}
        )


def docket(asker: Asker, service: Service, number: str) -> Fetched:
    return fetched(f"docket_{number}.json", asker.ask(service.question(f"dockets/{number}")))


def documents(
    asker: Asker, service: Service, number: str, *, since: str | None = None
) -> Iterator[Fetched]:
    """The documents of a docket. ``since`` is Eastern wall time, 2025-01-15 08:00:00."""
    condition = ("filter[docketId]", number)
    yield from pages(asker, service, "documents", condition, since=since, name=number)


def comments(
    asker: Asker, service: Service, document: str, *, since: str | None = None
) -> Iterator[Fetched]:
    """The comments on a document, which is named by its ``objectId``."""
    condition = ("filter[commentOnId]", document)
    yield from pages(asker, service, "comments", condition, since=since, name=document)


def comment(asker: Asker, service: Service, number: str) -> Fetched:
    """One comment with its text and who wrote it; lists do not say."""
    return fetched(f"comment_{number}.json", asker.ask(service.question(f"comments/{number}")))


def pages(  # noqa: PLR0913  # what is asked of whom
    asker: Asker,
    service: Service,
    kind: str,
    condition: tuple[str, str],
    *,
    since: str | None,
    name: str,
) -> Iterator[Fetched]:
    """Every page, in as many questions as the cap makes of it."""
    for window in range(1, 1000):
        modified: list[datetime] = []
        is_last = True
        for page in range(1, MOST_PAGES + 1):
            question = page_question(service, kind, condition, since, page)
            answer = asker.ask(question)
            value = read_object(answer)
            modified += instants(value)
            yield fetched(f"{kind}_{name}_{window}-{page}.json", answer)
            is_last = not (value.get("meta") or {}).get("hasNextPage")
            if is_last:
                return
        onward = next_filter(modified)
        if onward is None or onward == since:
            raise Permanent(f"regulations.gov gives more than 5,000 {kind} of one second.")
        since = onward


def page_question(
    service: Service, kind: str, condition: tuple[str, str], since: str | None, page: int
) -> Question:
    parameters = [condition]
    if since:
        parameters.append(("filter[lastModifiedDate][ge]", since))
    parameters += [
        ("sort", "lastModifiedDate,documentId"),
        ("page[size]", str(service.page_size)),
        ("page[number]", str(page)),
    ]
    return service.question(kind, *parameters)


def modified_since(asker: Asker, service: Service, kind: str, agency: str, since: str) -> list[str]:
    """What an agency's documents or comments of the time after ``since`` are, and of when.

    One question in place of one for each docket: on a quiet day the list is as it was.
    """
    condition = ("filter[agencyId]", agency)
    value = read_object(asker.ask(page_question(service, kind, condition, since, 1)))
    return sorted(f"{item.get('id')} {instant}" for item, instant in dated_items(value))


def items(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = value.get("data", [])
    if not isinstance(found, list):
        raise Permanent("regulations.gov's data are no list.")
    return [item for item in found if isinstance(item, dict)]


def instants(value: Mapping[str, Any]) -> list[datetime]:
    """When each thing of a page was last modified, in UTC."""
    try:
        return [datetime.fromisoformat(text) for _item, text in dated_items(value) if text]
    except (TypeError, ValueError) as error:
        raise Permanent("regulations.gov's lastModifiedDate is no instant.") from error


def dated_items(value: Mapping[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    """Each thing of a page with the text that says when it was last modified."""
    return [(item, (item.get("attributes") or {}).get("lastModifiedDate")) for item in items(value)]
