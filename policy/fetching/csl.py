"""The Consolidated Screening List as JSON, in one file that says whether it is new."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from policy.fetching.body import Progress
from policy.fetching.client import JSON, Question, nothing
from policy.fetching.fetched import Asker, Fetched, fetched

SITE = "https://data.trade.gov"
PATH = "/downloadable_consolidated_screening_list/v1/consolidated.json"


def screening_list(
    asker: Asker, *, site: str = SITE, progress: Progress = nothing
) -> Fetched | None:
    """The list; None if the source says that it is as it was."""
    # A file store names whatever it keeps by this type.
    accept = (*JSON, "application/octet-stream", "binary/octet-stream")
    answer = asker.ask(Question(f"{site}{PATH}", accept=accept, conditional=True), progress)
    return None if answer.is_same else fetched("consolidated.json", answer)


def changed_at(found: Fetched) -> datetime | None:
    """The UTC instant at which the source changed the list, where it says so."""
    try:
        then = parsedate_to_datetime(found.headers.get("Last-Modified", ""))
    except (TypeError, ValueError):
        return None
    return then.replace(tzinfo=UTC) if then.tzinfo is None else then.astimezone(UTC)
