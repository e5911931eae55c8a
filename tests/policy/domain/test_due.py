"""Which alerts are due: truth tables by the Eastern clock, and what holds for any history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.due import (
    EVERYTHING,
    Cause,
    DueAlert,
    DueDate,
    Follower,
    Gone,
    StatedDate,
    cause_of,
    due_alerts,
    due_lead,
    is_worth_telling,
    send_instant,
)
from policy.domain.leads import LEADS, Lead
from policy.domain.partial_dates import BadDate, PartialDate, Precision

EASTERN = ZoneInfo("America/New_York")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
RULE = ("rule", "ai-diffusion")


def on(day: date, at: time | None = None) -> StatedDate:
    return StatedDate(PartialDate(day), at)


def eastern(text: str) -> datetime:
    """A UTC instant by its Eastern clock: ``2025-05-08 08:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


def days_of(lead: Lead | None) -> int | None:
    return lead.days if lead else None


MAY_15 = on(date(2025, 5, 15))


@pytest.mark.parametrize(
    ("at", "lead"),
    [
        ("2025-04-15 07:59", None),
        ("2025-04-15 08:00", 30),
        ("2025-04-20 12:00", 30),
        ("2025-05-01 08:00", 14),
        ("2025-05-08 08:00", 7),
        ("2025-05-10 03:00", 7),
        ("2025-05-14 08:00", 1),
        ("2025-05-15 08:00", 0),
        ("2025-05-15 23:59", 0),
        ("2025-05-16 00:00", None),
        ("2026-05-15 08:00", None),
    ],
)
def test_of_the_alerts_whose_hour_has_come_only_the_newest_is_due(
    at: str, lead: int | None
) -> None:
    assert days_of(due_lead(MAY_15, LEADS, eastern(at))) == lead


@pytest.mark.parametrize("at", ["2025-05-08 00:00", "2025-05-08 07:59"])
def test_a_missed_alert_waits_where_another_goes_out_the_same_day(at: str) -> None:
    assert due_lead(MAY_15, LEADS, eastern(at)) is None
    assert days_of(due_lead(MAY_15, LEADS, eastern("2025-05-07 23:59"))) == 14


@pytest.mark.parametrize(
    ("at", "lead"),
    [
        ("2025-05-13 06:00", 7),  # the next comes at 8:00 on the day after
        ("2025-05-14 06:00", None),  # at 8:00 there are forty hours to go
        ("2025-05-15 06:00", 1),  # at 8:00 there are sixteen, and a machine may be down as long
    ],
)
def test_a_missed_alert_waits_for_another_only_while_there_is_time_to_spare(
    at: str, lead: int | None
) -> None:
    assert days_of(due_lead(MAY_15, LEADS, eastern(at))) == lead


@pytest.mark.parametrize(
    ("told", "at", "lead"),
    [
        ("2025-04-15 08:00", "2025-04-20 08:00", None),
        ("2025-04-15 08:00", "2025-05-01 08:00", 14),
        ("2025-05-10 09:00", "2025-05-10 09:01", None),
        ("2025-05-10 09:00", "2025-05-14 07:59", None),
        ("2025-05-10 09:00", "2025-05-14 08:00", 1),
    ],
)
def test_a_mail_about_the_date_stands_in_for_the_alerts_that_have_passed(
    told: str, at: str, lead: int | None
) -> None:
    assert days_of(due_lead(MAY_15, LEADS, eastern(at), [eastern(told)])) == lead


def test_what_a_clock_that_ran_ahead_told_stands_in_for_nothing() -> None:
    ahead = [eastern("2025-05-08 08:00")]
    assert days_of(due_lead(MAY_15, LEADS, eastern("2025-04-15 08:00"), ahead)) == 30


@pytest.mark.parametrize(
    "stated",
    [
        StatedDate(),
        StatedDate(gone=Gone.WITHDRAWN),
        StatedDate(gone=Gone.REMOVED),
        StatedDate(PartialDate(date(2025, 5, 1), Precision.MONTH)),
        StatedDate(PartialDate(date(2025, 1, 1), Precision.YEAR)),
    ],
)
def test_no_alert_is_counted_from_a_guessed_or_a_withdrawn_date(stated: StatedDate) -> None:
    assert due_lead(stated, LEADS, eastern("2025-05-01 08:00")) is None


def test_of_two_leads_that_fall_together_the_one_in_plain_days_is_named() -> None:
    leads = [Lead(1, business=True), Lead(1), Lead(2, business=True)]
    # 14 May 2025 is a Wednesday, the business day before Thursday.
    assert due_lead(MAY_15, leads, eastern("2025-05-14 08:00")) == Lead(1)


def test_a_reader_who_chose_no_lead_time_gets_no_alert() -> None:
    assert due_lead(MAY_15, (), eastern("2025-05-15 08:00")) is None


@pytest.mark.parametrize(
    ("due", "lead", "utc"),
    [
        # Daylight-saving time began on 9 March 2025 and ended on 2 November 2025.
        ("2025-03-10", 1, "2025-03-09T12:00Z"),
        ("2025-03-10", 7, "2025-03-03T13:00Z"),
        ("2025-03-15", 7, "2025-03-08T13:00Z"),
        ("2025-11-03", 1, "2025-11-02T13:00Z"),
        ("2025-11-03", 7, "2025-10-27T12:00Z"),
        # Leap days, and a year without one.
        ("2024-03-01", 1, "2024-02-29T13:00Z"),
        ("2025-03-01", 1, "2025-02-28T13:00Z"),
        ("2024-02-29", 30, "2024-01-30T13:00Z"),
        ("2024-02-29", 0, "2024-02-29T13:00Z"),
        # Over the year's end.
        ("2026-01-15", 30, "2025-12-16T13:00Z"),
        ("2026-01-01", 1, "2025-12-31T13:00Z"),
        ("2027-01-06", 7, "2026-12-30T13:00Z"),
    ],
)
def test_an_alert_goes_out_at_eight_eastern_so_many_calendar_days_before(
    due: str, lead: int, utc: str
) -> None:
    assert send_instant(on(date.fromisoformat(due)), Lead(lead)) == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("closes", "local"),
    [
        (time(17), "2025-05-15 08:00"),
        (time(8), "2025-05-15 08:00"),
        (time(7, 59), "2025-05-15 00:00"),
        (time(0, 1), "2025-05-15 00:00"),
    ],
)
def test_where_a_date_closes_before_eight_its_alert_goes_out_as_the_day_begins(
    closes: time, local: str
) -> None:
    assert send_instant(on(date(2025, 5, 15), closes), Lead(0)) == eastern(local)


def test_nothing_is_sent_after_a_printed_hour() -> None:
    five = on(date(2025, 5, 15), time(17))
    assert days_of(due_lead(five, LEADS, eastern("2025-05-15 17:00"))) == 0
    assert due_lead(five, LEADS, eastern("2025-05-15 17:00") + timedelta(seconds=1)) is None


def test_an_inexact_date_has_no_hour_to_send_at() -> None:
    with pytest.raises(ValueError, match="exact"):
        send_instant(StatedDate(), Lead(7))


@pytest.mark.parametrize(
    ("stated", "code", "words"),
    [
        (MAY_15, "2025-05-15", "15 May 2025"),
        (on(date(2025, 5, 15), time(17)), "2025-05-15T17:00:00", "15 May 2025, 17:00 Eastern"),
        (
            on(date(2025, 5, 15), time(23, 59, 30)),
            "2025-05-15T23:59:30",
            "15 May 2025, 23:59:30 Eastern",
        ),
        (
            StatedDate(PartialDate(date(2025, 5, 1), Precision.MONTH)),
            "2025-05",
            "May 2025 (day not known)",
        ),
        (StatedDate(), "unknown", "a day not known to the record"),
        (StatedDate(gone=Gone.WITHDRAWN), "withdrawn", "withdrawn"),
        (StatedDate(gone=Gone.REMOVED), "removed", "no longer in the record"),
    ],
)
def test_a_stated_date_has_words_and_a_code_that_leads_back_to_it(
    stated: StatedDate, code: str, words: str
) -> None:
    assert (stated.code, stated.words) == (code, words)
    assert StatedDate.from_code(code) == stated


def test_a_code_that_none_of_ours_looks_like_is_refused() -> None:
    with pytest.raises(BadDate):
        StatedDate.from_code("soon")


@pytest.mark.parametrize(
    ("meant", "since", "recorded", "at", "cause"),
    [
        ("05-08 08:00", "01-20 12:00", "01-15 09:00", "05-08 08:01", Cause.ON_TIME),
        ("05-08 08:00", "05-08 08:10", "01-15 09:00", "05-08 08:11", Cause.ON_TIME),
        ("05-08 08:00", "01-20 12:00", "01-15 09:00", "05-08 09:00", Cause.ON_TIME),
        ("05-08 08:00", "01-20 12:00", "01-15 09:00", "05-08 09:01", Cause.LATE),
        ("05-08 08:00", "05-10 12:00", "01-15 09:00", "05-10 12:01", Cause.NEW_SUBSCRIPTION),
        ("05-08 08:00", "01-20 12:00", "05-10 09:00", "05-10 09:01", Cause.NEW_DATE),
        ("05-08 08:00", "05-11 12:00", "05-10 09:00", "05-11 12:01", Cause.NEW_SUBSCRIPTION),
    ],
)
def test_an_alert_knows_why_it_goes_out_when_it_does(
    meant: str, since: str, recorded: str, at: str, cause: Cause
) -> None:
    instants = (eastern(f"2025-{text}") for text in (meant, since, recorded, at))
    assert cause_of(*instants) is cause


APRIL, MAY, JUNE = (on(date(2025, month, 15)) for month in (4, 5, 6))
WITHDRAWN = StatedDate(gone=Gone.WITHDRAWN)


@pytest.mark.parametrize("was_told", [True, False])
@pytest.mark.parametrize(
    ("before", "after", "to_the_told", "to_others"),
    [
        (MAY, MAY, False, False),
        (MAY, JUNE, True, True),
        (JUNE, MAY, True, True),
        (APRIL, JUNE, True, True),
        (JUNE, APRIL, True, True),
        (APRIL, on(date(2025, 4, 16)), True, False),
        (MAY, WITHDRAWN, True, True),
        (APRIL, WITHDRAWN, True, False),
        (WITHDRAWN, MAY, True, True),
        (StatedDate(), WITHDRAWN, True, False),
        (MAY, on(date(2025, 5, 15), time(17)), True, True),
    ],
)
def test_a_change_is_told_to_all_who_were_told_and_else_if_it_lies_ahead(
    before: StatedDate, after: StatedDate, to_the_told: bool, to_others: bool, was_told: bool
) -> None:
    told = is_worth_telling(before, after, was_told=was_told, today=date(2025, 5, 1))
    assert told is (to_the_told if was_told else to_others)


def follower(
    subscription: int = 1, subscriber: int = 1, *, leads: Sequence[Lead] = LEADS, **more: object
) -> Follower:
    made = Follower(subscription, subscriber, RULE, frozenset(leads), LONG_AGO)
    return replace(made, **more)  # type: ignore[arg-type]  # the fields of a Follower


COMMENTS = DueDate("ai-diffusion-comment", frozenset({EVERYTHING, RULE}), MAY_15, LONG_AGO)


def due(
    followers: Sequence[Follower],
    at: str = "2025-05-08 08:00",
    told: dict[tuple[int, str], list[datetime]] | None = None,
) -> list[DueAlert]:
    return list(due_alerts([COMMENTS], followers, eastern(at), told or {}))


def test_an_alert_is_keyed_by_subscriber_deadline_date_and_lead() -> None:
    [alert] = due([follower(subscriber=12)])
    assert alert.key == "lead:12:ai-diffusion-comment:2025-05-15:7d"


def test_only_followers_of_a_subject_of_the_date_are_told() -> None:
    other_rule = follower(1, 1, subject=("rule", "chip-security"))
    everything = follower(2, 2, subject=EVERYTHING)
    assert [alert.follower for alert in due([other_rule, everything])] == [everything]


def test_two_subscriptions_of_one_reader_bring_one_mail() -> None:
    particular, general = follower(2), follower(1, subject=EVERYTHING)
    [alert] = due([particular, general])
    assert alert.follower == particular


def test_two_subscriptions_add_up_their_lead_times() -> None:
    particular, general = (
        follower(2, leads=[Lead(30)]),
        follower(1, subject=EVERYTHING, leads=[Lead(7)]),
    )
    assert [alert.follower for alert in due([particular, general])] == [general]
    early = due([particular, general], at="2025-04-15 08:00")
    assert [alert.follower for alert in early] == [particular]


def test_what_one_reader_was_told_says_nothing_of_another() -> None:
    told = {(1, COMMENTS.topic): [eastern("2025-05-08 08:00")]}
    readers = [follower(1, 1), follower(2, 2)]
    assert [a.follower.subscriber for a in due(readers, told=told)] == [2]


# A reader's history: instants at which planning runs, in any order, as clocks go wrong.
FIRST_MOMENT = datetime(2025, 4, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 49 * 24 * 60).map(lambda n: FIRST_MOMENT + timedelta(minutes=n))
CHOSEN_LEADS = st.sets(st.sampled_from(LEADS), min_size=1)


def simulate(
    leads: set[Lead], instants: Sequence[datetime], since: datetime = LONG_AGO
) -> dict[str, tuple[datetime, DueAlert]]:
    """Run planning at each instant against an outbox that keeps its unique key."""
    outbox: dict[str, tuple[datetime, DueAlert]] = {}
    reader = follower(leads=list(leads), since=since)
    for at in instants:
        told = {(1, COMMENTS.topic): [planned for planned, _ in outbox.values()]}
        for alert in due_alerts([COMMENTS], [reader], at, told):
            outbox.setdefault(alert.key, (at, alert))
    return outbox


@given(leads=CHOSEN_LEADS, instants=st.lists(MOMENTS, max_size=40))
def test_whatever_the_clock_does_no_alert_is_early_or_after_the_cutoff(
    leads: set[Lead], instants: list[datetime]
) -> None:
    outbox = simulate(leads, instants)
    assert len(outbox) <= len(leads)
    for planned, alert in outbox.values():
        assert alert.meant_for <= planned <= eastern("2025-05-15 23:59:59")


@given(leads=CHOSEN_LEADS, instants=st.lists(MOMENTS, max_size=40).map(sorted))
def test_after_any_downtime_each_day_brings_at_most_one_mail_and_the_newest(
    leads: set[Lead], instants: list[datetime]
) -> None:
    planned = [(at, alert) for at, alert in simulate(leads, instants).values()]
    days = [at.astimezone(EASTERN).date() for at, _ in planned]
    assert len(days) == len(set(days))
    sent_leads = [alert.lead.days for _, alert in planned]
    assert sent_leads == sorted(sent_leads, reverse=True)
    for at, alert in planned:
        newer = [lead for lead in leads if lead.days < alert.lead.days]
        assert not any(send_instant(MAY_15, lead) <= at for lead in newer)


@given(leads=CHOSEN_LEADS, first=st.integers(0, 24 * 60 - 1))
def test_a_run_every_day_sends_every_alert_on_its_own_day(leads: set[Lead], first: int) -> None:
    start = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=first)
    every_minute_of_need = [
        moment
        for day in range(80)
        for moment in (start + timedelta(days=day), send_after(start + timedelta(days=day)))
    ]
    planned = simulate(leads, sorted(every_minute_of_need))
    days = {at.astimezone(EASTERN).date() for at, _ in planned.values()}
    assert days == {date(2025, 5, 15) - timedelta(days=lead.days) for lead in leads}


def send_after(moment: datetime) -> datetime:
    """A minute after 08:00 Eastern on the moment's Eastern day."""
    day = moment.astimezone(EASTERN).date()
    return datetime.combine(day, time(8, 1), EASTERN).astimezone(UTC)


@given(leads=CHOSEN_LEADS, since=MOMENTS)
def test_a_late_subscription_gets_one_mail_at_once_and_not_those_it_missed(
    leads: set[Lead], since: datetime
) -> None:
    minutes = [since + timedelta(minutes=n) for n in range(1, 30)]
    assert len(simulate(leads, minutes, since)) <= 1
