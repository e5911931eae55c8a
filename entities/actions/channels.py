"""What a run does with the eCFR and with the Consolidated Screening List."""

import hashlib
from datetime import date
from typing import Any

from django.conf import settings

from entities.actions.import_csl import TOPIC as SCREENING_TOPIC
from entities.actions.import_csl import import_csl
from entities.actions.import_ecfr import LIST_PART, import_ecfr
from entities.actions.import_ecfr import TOPIC as LIST_TOPIC
from policy.actions.sections import topic_of
from policy.actions.snapshots import held_snapshot
from policy.domain.deadlines import eastern_day
from policy.domain.partial_dates import day_text
from policy.fetching import csl, ecfr
from policy.fetching.errors import NotReady
from policy.fetching.fetched import Fetched
from policy.fetching.run import Fetching, Taken
from policy.models import Snapshot
from policy.sources.safe_xml import Refused


def fetch_ecfr(fetching: Fetching) -> Taken:
    """The parts that were amended since they were last imported, each in an import of its own.

    A part that is refused holds up no other; it is said at the end.
    """
    state = ecfr.title_state(fetching.asker, site=fetching.site)
    held = {part: newest(part) for part in parts()}
    if state is None and all(held.values()):
        return Taken(False, "The eCFR says that nothing is new.")
    if state is None:
        raise NotReady("The eCFR says that nothing is new, but the record lacks a part.")
    known = fetching.memory.get("latest_issue")
    if known == state.latest_issue.isoformat() and all(held.values()):
        return Taken(False, f"Title 15 is as it was, up to {day_text(state.up_to_date_as_of)}.")
    counts, refusals = take_parts(fetching, state, held)
    if refusals:
        raise Refused(" ".join(refusals))
    fetching.memory["latest_issue"] = state.latest_issue.isoformat()
    new = ", ".join(counts) or "no part"
    message = f"As of {day_text(state.up_to_date_as_of)}: {new} taken in."
    return Taken(bool(counts), message, counts)


def parts() -> list[str]:
    """The followed parts; the one with the Entity List first, since people wait for it."""
    return sorted({LIST_PART, *settings.FOLLOWED_PARTS}, key=lambda part: (part != LIST_PART, part))


def newest(part: str) -> date | None:
    """The day of the newest text of a part that the record holds."""
    topic = LIST_TOPIC if part == LIST_PART else topic_of(part)
    days = Snapshot.objects.filter(topic=topic).order_by("-as_of").values_list("as_of", flat=True)
    return days.first()


def take_parts(
    fetching: Fetching, state: ecfr.TitleState, held: dict[str, date | None]
) -> tuple[dict[str, Any], list[str]]:
    """What was taken in, by part, and the sentences of what was refused."""
    taken: dict[str, Any] = {}
    refusals: list[str] = []
    for place, (part, day) in enumerate(held.items(), start=1):
        fetching.report(f"Part {part}", place, len(held))
        if day is not None and not is_amended(fetching, part, day, state):
            continue
        try:
            taken[f"part {part}"] = take_part(fetching, part, state.up_to_date_as_of)
        except Refused as refused:
            refusals.append(f"Part {part}: {refused}")
    return taken, refusals


def is_amended(fetching: Fetching, part: str, day: date, state: ecfr.TitleState) -> bool:
    if day >= state.up_to_date_as_of:
        return False
    return ecfr.last_version(fetching.asker, part, after=day, site=fetching.site) is not None


def take_part(fetching: Fetching, part: str, as_of: date) -> dict[str, Any]:
    what = "the Entity List (part 744)" if part == LIST_PART else f"part {part}"
    found = ecfr.part_text(
        fetching.asker,
        part,
        as_of,
        site=fetching.site,
        progress=fetching.received(f"Downloading {what}"),
    )
    fetching.report(f"Taking in {what}", 0, None)
    report = import_ecfr(
        data=found.file.data,
        file_name=found.file.name,
        as_of=as_of,
        at=fetching.clock(),
        by=fetching.by,
        accept_losses=fetching.accept_losses,
    )
    return {"listings": report.listings, "created": report.created, "ended": report.ended}


def fetch_csl(fetching: Fetching) -> Taken:
    """The list, if it is new; as of the Eastern day on which the source wrote it."""
    progress = fetching.received("Downloading the screening list")
    found = csl.screening_list(fetching.asker, site=fetching.site, progress=progress)
    same = Taken(False, "trade.gov says that the list is as it was.")
    if found is None or held_snapshot(SCREENING_TOPIC, sha_of(found)):
        return same
    as_of = day_of(found, fetching)
    fetching.report("Taking in the screening list", 0, None)
    report = import_csl(
        files=[found.file],
        as_of=as_of,
        at=fetching.clock(),
        by=fetching.by,
        accept_losses=fetching.accept_losses,
    )
    counts = {name: getattr(report, name) for name in ("rows", "created", "changed", "ended")}
    message = f"{report.rows:,} rows as of {day_text(as_of)}: {report.created:,} new."
    return Taken(report.revision is not None, message, counts)


def sha_of(found: Fetched) -> str:
    return hashlib.sha256(found.file.data).hexdigest()


def day_of(found: Fetched, fetching: Fetching) -> date:
    """The day that the list speaks for: one list a day is kept, the next change the day after."""
    at = fetching.clock()
    changed = csl.changed_at(found)
    day = eastern_day(min(changed, at)) if changed else eastern_day(at)
    newest_day = (
        Snapshot.objects.filter(topic=SCREENING_TOPIC)
        .order_by("-as_of")
        .values_list("as_of", flat=True)
        .first()
    )
    if newest_day and day <= newest_day:
        day = eastern_day(at)
    if newest_day and day <= newest_day:
        raise NotReady("The list changed again on the day that is held; it is asked tomorrow.")
    return day
