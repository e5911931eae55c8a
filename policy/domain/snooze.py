"""Until when a reader may put a date off: never past the last useful morning before its cutoff."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from policy.domain.deadlines import EASTERN
from policy.domain.due import ReaderClock, StatedDate, clock, send_instant
from policy.domain.leads import Lead
from policy.domain.partial_dates import day_text

# How many calendar days of the reader's a snooze may last.
SNOOZE_DAYS = (1, 3, 7)
ON_THE_DAY = Lead(0)


def local_words(instant: datetime, reader: ReaderClock) -> str:
    """An instant by the reader's own clock: ``9 May 2025, 08:00 Eastern``."""
    local = instant.astimezone(ZoneInfo(reader.zone))
    place = "Eastern" if reader.zone == EASTERN.key else f"({reader.zone})"
    return f"{day_text(local.date())}, {clock(local.time())} {place}"


@dataclass(frozen=True)
class Snooze:
    """A snooze that ends at a UTC instant; ``clipped`` where that is sooner than was asked."""

    until: datetime
    clipped: bool = False


def snooze_of(stated: StatedDate, days: int, at: datetime, reader: ReaderClock) -> Snooze | None:
    """The snooze of so many days from the UTC instant ``at``; None where no later mail is left.

    It ends at the reader's hour, at the latest when the mail on the day itself would go out:
    a reminder as the date closes would be of no use.
    """
    if stated.day is None:
        return None
    latest = send_instant(stated, ON_THE_DAY, reader)
    if at >= latest:
        return None
    wanted = reader.instant(reader.day_of(at) + timedelta(days=days), reader.hour)
    return Snooze(min(wanted, latest), clipped=wanted > latest)
