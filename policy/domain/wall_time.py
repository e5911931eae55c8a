"""Eastern wall time, as people write it, and the UTC instant that it means."""

from datetime import UTC, datetime

from policy.domain.deadlines import EASTERN
from policy.domain.partial_dates import day_text

FORMAT = "%Y-%m-%dT%H:%M"


class BadWallTime(ValueError):
    """Raised with a sentence for a text that is no Eastern time of day on a day."""


def parse_wall_time(text: str) -> datetime:
    """The UTC instant of ``2026-11-30T09:00`` Eastern, with or without the T.

    Of a time that the clock shows twice in autumn the first is meant. Raises BadWallTime for
    another form, and for a time that the clock skips in spring.
    """
    written = "T".join(text.split())
    try:
        naive = datetime.strptime(written, FORMAT)  # noqa: DTZ007  # the zone comes next
    except ValueError as error:
        msg = f"“{text}” is no day and time; write them as 2026-11-30 09:00, Eastern."
        raise BadWallTime(msg) from error
    try:
        instant = naive.replace(tzinfo=EASTERN, fold=0).astimezone(UTC)
    except OverflowError as error:
        msg = f"“{text}” is later than any clock shows; give an earlier time."
        raise BadWallTime(msg) from error
    if instant.astimezone(EASTERN).replace(tzinfo=None) != naive:
        msg = (
            f"On {day_text(naive.date())} the Eastern clock skips {naive:%H:%M}; give a later time."
        )
        raise BadWallTime(msg)
    return instant


def wall_time(instant: datetime) -> str:
    """An instant as the field holds it: Eastern, to the minute."""
    return instant.astimezone(EASTERN).strftime(FORMAT)
