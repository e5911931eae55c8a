"""Parts of title 15 from the eCFR: is it up to date, what was amended, the text of a day.

https://www.ecfr.gov/developers/documentation/api/v1. "current" is no date: ``titles.json``
says for which day the text stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from policy.fetching.body import Progress
from policy.fetching.client import XML, Question, nothing
from policy.fetching.errors import NotReady, Permanent
from policy.fetching.fetched import Asker, Fetched, fetched, read_object

SITE = "https://www.ecfr.gov"
TITLE = 15


@dataclass(frozen=True)
class TitleState:
    """For which Eastern day the eCFR has the title, and when it last issued an amendment."""

    up_to_date_as_of: date
    latest_issue: date


def title_state(asker: Asker, *, site: str = SITE) -> TitleState | None:
    """The title's state; None if the source says that nothing is new.

    Raises NotReady while the eCFR takes in a day: its texts are then of two days.
    """
    answer = asker.ask(Question(f"{site}/api/versioner/v1/titles.json", conditional=True))
    if answer.is_same:
        return None
    value = read_object(answer)
    titles = value.get("titles", [])
    found = [t for t in titles if isinstance(t, dict) and t.get("number") == TITLE]
    if len(found) != 1:
        raise Permanent(f"The eCFR names title {TITLE} {len(found)} times.")
    [title] = found
    meta = value.get("meta") or {}
    if meta.get("import_in_progress") or title.get("processing_in_progress"):
        raise NotReady("The eCFR is taking in new text; it is asked again later.")
    return TitleState(day(title, "up_to_date_as_of"), day(title, "latest_issue_date"))


def day(value: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(value[name])
    except (KeyError, TypeError, ValueError) as error:
        raise Permanent(f"The eCFR's {name} is no day: {value.get(name)}.") from error


def last_version(
    asker: Asker, part: str, *, after: date, site: str = SITE, substantive: bool = False
) -> date | None:
    """The newest issue day of a part after the day ``after``, if it has any.

    ``substantive`` counts only amendments of substance, by the eCFR's own flag.
    """
    days = [
        day(version, "issue_date")
        for version in versions(asker, part, since=after + timedelta(days=1), site=site)
        if version.get("substantive") or not substantive
    ]
    return max(days, default=None)


def versions(asker: Asker, part: str, *, since: date, site: str) -> Iterator[dict[str, Any]]:
    """Each version of a section of a part, issued on ``since`` or later, page by page."""
    page, pages = 1, 1
    while page <= pages:
        parameters = (
            ("issue_date[gte]", since.isoformat()),
            ("part", part),
            ("page", str(page)),
        )
        address = f"{site}/api/versioner/v1/versions/title-{TITLE}.json"
        value = read_object(asker.ask(Question(address, parameters=parameters)))
        found = value.get("content_versions", [])
        if not isinstance(found, list):
            raise Permanent("The eCFR's versions are no list.")
        yield from (version for version in found if isinstance(version, dict))
        # Numbers come as text.
        total = str((value.get("meta") or {}).get("total_pages") or "1")
        pages = int(total) if total.isdecimal() else 1
        page += 1


def part_text(
    asker: Asker, part: str, as_of: date, *, site: str = SITE, progress: Progress = nothing
) -> Fetched:
    """The whole part as the eCFR has it for a day."""
    address = f"{site}/api/versioner/v1/full/{as_of}/title-{TITLE}.xml"
    answer = asker.ask(Question(address, accept=XML, parameters=(("part", part),)), progress)
    return fetched(f"title-{TITLE}_part-{part}_{as_of}.xml", answer)
