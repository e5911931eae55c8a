"""What a run does with the Federal Register and with regulations.gov."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.conf import settings

from policy.actions.import_federal_register import TOPIC, import_federal_register
from policy.actions.import_regulations import import_regulations
from policy.domain.deadlines import eastern_day
from policy.domain.regulations import comments_are_due
from policy.fetching import federal_register as register
from policy.fetching import regulations
from policy.fetching.fetched import Fetched
from policy.fetching.run import Fetching, Taken
from policy.models import Docket, DocketDocument, Snapshot
from policy.sources.inputs import InputFile
from policy.sources.safe_json import read_json

# A comment's text takes a question of its own, of a thousand an hour.
MOST_COMMENTS = 200


def fetch_federal_register(fetching: Fetching) -> Taken:
    """BIS documents: all years at first, then what may be new, in one import."""
    today = eastern_day(fetching.clock())
    through: str | None = fetching.memory.get("through")
    if through is None or not Snapshot.objects.filter(topic=TOPIC).exists():
        wanted = list(register.slices(date(settings.FETCH_SINCE, 1, 1), today))
    else:
        wanted = [register.newest_slice(date.fromisoformat(through))]
    files: list[InputFile] = []
    for number, days in enumerate(wanted, start=1):
        fetching.report(f"Documents published {days.name}", number, len(wanted))
        pages = register.documents(fetching.asker, days, today=today, site=fetching.site)
        files += [page.file for page in pages]
    fetching.memory["through"] = today.isoformat()
    if not files:
        return Taken(False, "The Federal Register says that nothing is new.")
    fetching.report("Taking in the documents", 0, None)
    report = import_federal_register(files=files, at=fetching.clock(), by=fetching.by)
    counts = {
        name: getattr(report, name) for name in ("documents", "created", "changed", "unchanged")
    }
    message = f"{report.documents} documents: {report.created} new, {report.changed} changed."
    return Taken(report.revision is not None, message, counts)


def fetch_regulations(fetching: Fetching) -> Taken:
    """Documents and comments of the dockets that the record holds."""
    service = regulations.Service(settings.REGULATIONS_API_KEY, fetching.site)
    since: str | None = fetching.memory.get("since")
    numbers = list(Docket.objects.order_by("number").values_list("number", flat=True))
    if since and is_unchanged(fetching, service, numbers, since):
        return Taken(False, "regulations.gov says that nothing is new.")
    found: list[Fetched] = []
    asked_of: list[str] = []
    for place, number in enumerate(numbers, start=1):
        fetching.report(f"Docket {number}", place, len(numbers))
        documents = list(regulations.documents(fetching.asker, service, number, since=since))
        commented = list(commented_documents(documents))
        asked_of += commented
        found += documents
        for document in commented:
            comments = regulations.comments(fetching.asker, service, document, since=since)
            found += comments_with_texts(fetching, service, list(comments))
    asked_at = fetching.clock()
    # A total counts a docket only where one question asked for all of its comments.
    is_part = since is not None or len(asked_of) > len(numbers)
    report = import_regulations(
        files=[one.file for one in found],
        at=fetching.clock(),
        by=fetching.by,
        asked_at=asked_at,
        is_part=is_part,
        accept_losses=fetching.accept_losses,
    )
    onward = report.next_filter or since
    fetching.memory["since"] = onward
    if onward:
        fetching.memory["state"] = state_of(fetching, service, numbers, onward)
        fetching.memory["comments_asked"] = eastern_day(asked_at).isoformat()
    message = f"{report.documents} documents and {report.comments} comments read."
    counts = {"documents": report.documents, "comments": report.comments}
    return Taken(report.revision is not None, message, counts)


def is_unchanged(
    fetching: Fetching, service: regulations.Service, numbers: list[str], since: str
) -> bool:
    """Whether what there is of the time after ``since`` is what there was after the last run."""
    today = eastern_day(fetching.clock())
    last = fetching.memory.get("comments_asked")
    last_asked = date.fromisoformat(last) if last else None
    kinds = regulations.KINDS if comments_are_due(ends(), last_asked, today) else ("documents",)
    known = {k: v for k, v in fetching.memory.get("state", {}).items() if k in {"dockets", *kinds}}
    if state_of(fetching, service, numbers, since, kinds) != known:
        return False
    if kinds == regulations.KINDS:
        fetching.memory["comments_asked"] = today.isoformat()
    return True


def ends() -> list[date | None]:
    """The last day of each comment period that regulations.gov gives."""
    rows = DocketDocument.objects.known(None).filter(comment_start__isnull=False)
    return [row.last_comment_day for row in rows.only("comment_end")]


def state_of(
    fetching: Fetching,
    service: regulations.Service,
    numbers: list[str],
    since: str,
    kinds: tuple[str, ...] = regulations.KINDS,
) -> dict[str, list[str]]:
    """What there is of the time after ``since``: the same as after the last run is nothing new.

    The last thing read is of that very second, so an answer is compared and not just counted.
    """
    agencies = sorted({number.partition("-")[0] for number in numbers})
    named = [agency for agency in agencies if agency.isalpha()]
    state = {"dockets": numbers}
    for kind in kinds:
        asked = (
            regulations.modified_since(fetching.asker, service, kind, agency, since)
            for agency in named
        )
        state[kind] = [line for lines in asked for line in lines]
    return state


def commented_documents(pages: list[Fetched]) -> Iterator[str]:
    """The inner numbers of documents that take comments."""
    for page in pages:
        for item in read_json(page.file.data).get("data", []):
            said = item.get("attributes") or {}
            if said.get("objectId") and said.get("commentStartDate"):
                yield said["objectId"]


def comments_with_texts(
    fetching: Fetching, service: regulations.Service, pages: list[Fetched]
) -> list[Fetched]:
    """The lists, and the newest comments in full: lists do not say who wrote them."""
    listed = [
        str(item["id"])
        for page in pages
        for item in read_json(page.file.data).get("data", [])
        if item.get("id")
    ]
    newest = islice(reversed(listed), MOST_COMMENTS)
    return pages + [regulations.comment(fetching.asker, service, number) for number in newest]
