"""The sentences of deadline mails, apart from the facts that they speak of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from policy.domain.deadlines import EASTERN, eastern_day
from policy.domain.due import LATE_AFTER, Cause, StatedDate, clock
from policy.domain.leads import Lead
from policy.domain.partial_dates import day_text

# Longer subjects are cut by the readers' programs in places of their own choosing.
LONGEST_SUBJECT = 150


def how_soon(days: int) -> str:
    """``in 7 days``; ``days`` counts Eastern calendar days up to the due date."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def days_left_words(days: int) -> str:
    if days == 0:
        return "It is today."
    return "1 day left: it is tomorrow." if days == 1 else f"{days} days left."


def instant_words(instant: datetime) -> str:
    """An instant in Eastern time: ``8 May 2025, 08:00 Eastern``."""
    eastern = instant.astimezone(EASTERN)
    return f"{day_text(eastern.date())}, {clock(eastern.time())} Eastern"


def cutoff_words(stated: StatedDate) -> tuple[str, str]:
    """The last moment, in Eastern time with its name on that day, and in UTC."""
    cutoff = stated.cutoff
    if cutoff is None:
        return stated.words, ""
    eastern, utc = cutoff.astimezone(EASTERN), cutoff.astimezone(UTC)
    return (
        f"{eastern:%A}, {day_text(eastern.date())}, {eastern:%H:%M:%S} Eastern ({eastern:%Z})",
        f"{day_text(utc.date())}, {utc:%H:%M:%S} UTC",
    )


def reader_words(cutoff: datetime, zone: str) -> str:
    """The last moment by the reader's clock; empty where that is the Eastern one.

    ``zone`` is an IANA name. What counts is the clock at that instant: a reader in Toronto
    needs no second line.
    """
    local, eastern = cutoff.astimezone(ZoneInfo(zone)), cutoff.astimezone(EASTERN)
    if local.utcoffset() == eastern.utcoffset():
        return ""
    offset = f"{local:%z}"
    when = f"{local:%A}, {day_text(local.date())}, {local:%H:%M:%S}"
    return f"{when} in {zone.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:5]})"


def why_now(cause: Cause, lead: Lead, meant_for: datetime, happened: datetime) -> str:
    """Why an alert goes out now. ``happened`` is when the subscription or date came."""
    asked = f"You asked to be told {lead.words}"
    if cause is Cause.NEW_SUBSCRIPTION:
        return (
            f"You subscribed on {instant_words(happened)}, after the mail "
            f"{lead.words} would have gone out. It stands for any earlier ones too."
        )
    if cause is Cause.NEW_DATE:
        return (
            f"The record learned of this date on {instant_words(happened)}, after the mail "
            f"{lead.words} would have gone out. It stands for any earlier ones too."
        )
    if cause is Cause.LATE:
        return f"{asked}. This mail is late: it was to go out on {instant_words(meant_for)}."
    return f"{asked}."


def why_changed(what: str, happened: datetime, at: datetime) -> str:
    """Why a change is told at ``at`` that came about at ``happened``."""
    if at - happened <= LATE_AFTER:
        return f"{what} has changed."
    return f"{what} has changed. This mail is late: it changed on {instant_words(happened)}."


def late_words(ready_at: datetime, at: datetime) -> str:
    """What a mail owes its reader that was ready at one instant and leaves at another."""
    if at - ready_at <= LATE_AFTER:
        return ""
    return f"This mail is late: it was ready on {instant_words(ready_at)} and could not be sent."


def alert_subject(*, what: str, about: str, due: date, days: int, scheduled: bool = False) -> str:
    """``Comments due in 7 days (15 May 2025): Framework for …``; it stands alone."""
    start = f"{what} {how_soon(days)} ({day_text(due)}): "
    return cut(("Scheduled, not confirmed: " if scheduled else "") + start + about)


def move_subject(*, what: str, about: str, before: StatedDate, after: StatedDate) -> str:
    if after.on is None:
        return cut(f"{what}: {after.words} (was {before.words}): {about}")
    if before.on is None:
        return cut(f"{what}: now {after.words} ({before.words} before): {about}")
    return cut(f"{what}: moved from {before.words} to {after.words}: {about}")


def digest_subject(subjects: Sequence[str]) -> str:
    """The mail itself where there is one; else how many there are, and the first of them."""
    if len(subjects) <= 1:
        return cut(subjects[0] if subjects else "Nothing is left of this digest")
    return cut(f"{len(subjects)} in this digest: {'; '.join(subjects)}")


def cut(text: str) -> str:
    """One line of a subject's length: line breaks in a title would end the header."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def days_between(today: datetime, due: date) -> int:
    """Eastern calendar days from an instant to a due date; negative once it has passed."""
    return (due - eastern_day(today)).days
