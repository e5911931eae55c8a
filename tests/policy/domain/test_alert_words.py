"""The sentences of deadline mails."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from policy.domain.alert_words import (
    LONGEST_SUBJECT,
    alert_subject,
    cut,
    cutoff_words,
    days_between,
    days_left_words,
    digest_subject,
    how_soon,
    instant_words,
    late_words,
    move_subject,
    reader_words,
    why_changed,
    why_now,
)
from policy.domain.due import Cause, Gone, StatedDate
from policy.domain.leads import Lead
from policy.domain.partial_dates import PartialDate

MORNING = datetime(2025, 5, 8, 12, tzinfo=UTC)
MAY_15 = StatedDate(PartialDate(date(2025, 5, 15)))
JUNE_16 = StatedDate(PartialDate(date(2025, 6, 16)))
TITLE = "Framework for Artificial Intelligence Diffusion"


@pytest.mark.parametrize(
    ("days", "soon", "left"),
    [
        (30, "in 30 days", "30 days left."),
        (2, "in 2 days", "2 days left."),
        (1, "tomorrow", "1 day left: it is tomorrow."),
        (0, "today", "It is today."),
    ],
)
def test_days_are_named_as_people_name_them(days: int, soon: str, left: str) -> None:
    assert (how_soon(days), days_left_words(days)) == (soon, left)


def test_the_subject_stands_alone() -> None:
    subject = alert_subject(what="Comments due", about=TITLE, due=date(2025, 5, 15), days=7)
    assert subject == f"Comments due in 7 days (15 May 2025): {TITLE}"


def test_a_scheduled_date_says_so_first() -> None:
    due = date(2026, 11, 9)
    subject = alert_subject(
        what="Last day of the stay", about="Affiliates", due=due, days=1, scheduled=True
    )
    assert subject.startswith("Scheduled, not confirmed: Last day of the stay tomorrow (9 Nov")


@pytest.mark.parametrize(
    ("before", "after", "subject"),
    [
        (MAY_15, JUNE_16, "Comments due: moved from 15 May 2025 to 16 June 2025: Rule"),
        (
            MAY_15,
            StatedDate(gone=Gone.WITHDRAWN),
            "Comments due: withdrawn (was 15 May 2025): Rule",
        ),
        (
            StatedDate(),
            MAY_15,
            "Comments due: now 15 May 2025 (a day not known to the record before): Rule",
        ),
        (
            StatedDate(gone=Gone.WITHDRAWN),
            MAY_15,
            "Comments due: now 15 May 2025 (withdrawn before): Rule",
        ),
    ],
)
def test_a_moved_date_names_both_dates(before: StatedDate, after: StatedDate, subject: str) -> None:
    made = move_subject(what="Comments due", about="Rule", before=before, after=after)
    assert made == subject


def test_a_subject_is_one_line_and_not_too_long() -> None:
    assert cut("A rule\r\nBcc: everybody@example.org") == "A rule Bcc: everybody@example.org"
    long = cut("word " * 100)
    assert len(long) <= LONGEST_SUBJECT
    assert long.endswith("word…")


@pytest.mark.parametrize(
    ("stated", "eastern", "utc"),
    [
        (
            MAY_15,
            "Thursday, 15 May 2025, 23:59:59 Eastern (EDT)",
            "16 May 2025, 03:59:59 UTC",
        ),
        (
            StatedDate(PartialDate(date(2025, 1, 15)), time(17)),
            "Wednesday, 15 January 2025, 17:00:00 Eastern (EST)",
            "15 January 2025, 22:00:00 UTC",
        ),
        (StatedDate(gone=Gone.WITHDRAWN), "withdrawn", ""),
    ],
)
def test_the_last_moment_is_given_in_both_zones(stated: StatedDate, eastern: str, utc: str) -> None:
    assert cutoff_words(stated) == (eastern, utc)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (Cause.ON_TIME, "You asked to be told 7 days before."),
        (Cause.LATE, "This mail is late: it was to go out on 8 May 2025, 08:00 Eastern."),
        (Cause.NEW_SUBSCRIPTION, "You subscribed on 10 May 2025, 09:30 Eastern, after the mail"),
        (Cause.NEW_DATE, "The record learned of this date on 10 May 2025, 09:30 Eastern"),
    ],
)
def test_a_mail_says_why_it_comes_now(cause: Cause, words: str) -> None:
    happened = datetime(2025, 5, 10, 13, 30, tzinfo=UTC)
    assert words in why_now(cause, Lead(7), MORNING, happened)


@pytest.mark.parametrize(
    ("delay", "late"),
    [(timedelta(minutes=1), False), (timedelta(hours=1), False), (timedelta(days=2), True)],
)
def test_a_mail_that_waited_says_that_it_is_late(delay: timedelta, late: bool) -> None:
    assert ("late" in late_words(MORNING, MORNING + delay)) is late
    assert ("late" in why_changed("The date", MORNING, MORNING + delay)) is late


def test_an_instant_is_named_by_the_eastern_clock() -> None:
    assert instant_words(datetime(2025, 1, 16, 4, 59, tzinfo=UTC)) == (
        "15 January 2025, 23:59 Eastern"
    )


@pytest.mark.parametrize(
    ("utc", "days"),
    [("2025-05-15T03:59:59+00:00", 1), ("2025-05-15T04:00:00+00:00", 0)],
)
def test_days_left_turn_over_at_eastern_midnight(utc: str, days: int) -> None:
    assert days_between(datetime.fromisoformat(utc), date(2025, 5, 15)) == days


@pytest.mark.parametrize(
    ("cutoff", "zone", "words"),
    [
        (
            datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC),
            "Asia/Taipei",
            "Friday, 16 May 2025, 11:59:59 in Asia/Taipei (UTC+08:00)",
        ),
        (
            datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC),
            "Asia/Kathmandu",
            "Friday, 16 May 2025, 09:44:59 in Asia/Kathmandu (UTC+05:45)",
        ),
        (datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC), "America/Toronto", ""),
        # Bogota keeps the Eastern winter clock all year.
        (datetime(2025, 12, 16, 4, 59, 59, tzinfo=UTC), "America/Bogota", ""),
        (
            datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC),
            "America/Bogota",
            "Thursday, 15 May 2025, 22:59:59 in America/Bogota (UTC-05:00)",
        ),
        (
            datetime(2025, 3, 30, 3, 59, 59, tzinfo=UTC),
            "Europe/Berlin",
            "Sunday, 30 March 2025, 05:59:59 in Europe/Berlin (UTC+02:00)",
        ),
    ],
)
def test_the_readers_clock_is_named_only_where_it_differs_then(
    cutoff: datetime, zone: str, words: str
) -> None:
    assert reader_words(cutoff, zone) == words


@pytest.mark.parametrize(
    ("subjects", "subject"),
    [
        (["Comments due tomorrow"], "Comments due tomorrow"),
        (["One", "Two"], "2 in this digest: One; Two"),
        ([], "Nothing is left of this digest"),
    ],
)
def test_a_digest_is_called_by_what_it_holds(subjects: list[str], subject: str) -> None:
    assert digest_subject(subjects) == subject


def test_a_digest_of_many_is_cut_to_the_length_of_a_subject() -> None:
    assert len(digest_subject(["Comments due in 7 days"] * 40)) == LONGEST_SUBJECT
