"""The two questions that every reading asks: in force on which day, as known when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from policy.domain.deadlines import EASTERN
from policy.domain.partial_dates import BadDate, day_text


@dataclass(frozen=True)
class AsOf:
    """A point in both times.

    ``on`` is an Eastern calendar day (valid time). ``revision`` is the last revision that
    counts (transaction time); None means the newest, 0 a moment before the record began.
    ``known`` is the UTC instant that was asked for, None for now.
    """

    on: date
    revision: int | None = None
    known: datetime | None = None


def parse_day(text: str, name: str) -> date:
    """Read ``2025-05-14``. Raises BadDate with a sentence naming the parameter."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        msg = f"“{text}” in {name} is not a day; write it as 2025-05-14"
        raise BadDate(msg) from error


def parse_known(text: str) -> datetime:
    """Read a day (meaning its last Eastern moment) or an instant with an offset.

    An instant without an offset is refused: nobody could say which moment it means.
    """
    text = text.strip()
    # A "+" that was not escaped in an address arrives as a space.
    if len(text) > len("2026-11-30T00:00") and " " in text[-6:]:
        text = "+".join(text.rsplit(" ", 1))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"“{text}” in known is neither a day (2026-11-30) nor an instant with its offset"
        raise BadDate(msg) from error
    if len(text) == len("2026-11-30"):
        return end_of_day(instant.date())
    if instant.tzinfo is None:
        msg = f"“{text}” in known has no offset; write 2026-11-30T12:00:00-05:00 or a day alone"
        raise BadDate(msg)
    return instant


def end_of_day(day: date) -> datetime:
    """The last microsecond of an Eastern calendar day."""
    if day == date.max:
        return datetime.combine(day, time.max, tzinfo=EASTERN)
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=EASTERN)
    return midnight - timedelta(microseconds=1)


def describe_known(instant: datetime) -> str:
    """The known moment as pages print it: the Eastern day, with the hour if not its end."""
    eastern = instant.astimezone(EASTERN)
    if instant == end_of_day(eastern.date()):
        return day_text(eastern.date())
    return f"{day_text(eastern.date())}, {eastern:%H:%M} Eastern"
