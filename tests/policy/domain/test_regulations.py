"""Eastern days of UTC instants, the next filter, and names that identify nobody."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.deadlines import BadDeadline
from policy.domain.regulations import (
    FILTER_FORM,
    Period,
    comments_are_due,
    docket_of,
    names_of,
    next_filter,
    period_of,
    who_is,
)

SECONDS = st.integers(min_value=1_041_000_000, max_value=2_208_000_000)
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2023-03-15T03:59:59", date(2023, 3, 14)),
        ("2025-05-16T03:59:59", date(2025, 5, 15)),
        ("2025-01-16T04:59:59", date(2025, 1, 15)),
        # An end at noon, or at the start of an Eastern day, is of that very day.
        ("2025-05-15T16:00:00", date(2025, 5, 15)),
        ("2025-05-15T04:00:00", date(2025, 5, 15)),
    ],
)
def test_an_instant_is_converted_with_the_zone_and_no_day_is_subtracted(
    end: str, day: date
) -> None:
    assert period_of(None, utc(end)) == Period(None, day)


def test_a_period_across_the_change_of_the_clock_keeps_both_days() -> None:
    period = period_of(utc("2025-02-06T05:00:00"), utc("2025-03-16T03:59:59"))
    assert period == Period(date(2025, 2, 6), date(2025, 3, 15))


def test_an_instant_without_a_zone_is_nobodys_day() -> None:
    with pytest.raises(BadDeadline, match="has no offset"):
        period_of(None, datetime.fromisoformat("2025-05-16T03:59:59"))


@pytest.mark.parametrize(
    ("modified", "value"),
    [
        ([], None),
        (["2025-05-16T15:20:00"], "2025-05-16 11:20:00"),
        (["2025-01-15T04:59:59"], "2025-01-14 23:59:59"),
        (["2025-05-16T15:20:00", "2025-05-17T01:00:00", "2025-01-01T00:00:00"],) * 1
        + ("2025-05-16 21:00:00",),
        # 1:30 a.m. is passed twice on 2 November 2025.
        (["2025-11-02T05:30:00"], "2025-11-02 00:59:59"),
        (["2025-11-02T06:30:00"], "2025-11-02 00:59:59"),
        (["2025-11-02T07:00:00"], "2025-11-02 02:00:00"),
    ],
)
def test_the_next_filter_is_eastern_wall_time(modified: list[str], value: str | None) -> None:
    assert next_filter([utc(text) for text in modified]) == value


@given(st.lists(INSTANTS, min_size=1))
def test_the_next_filter_leaves_nothing_out_however_its_hour_is_read(
    modified: list[datetime],
) -> None:
    value = next_filter(modified)
    assert value is not None
    newest = max(modified)
    for fold in (0, 1):
        eastern = ZoneInfo("America/New_York")
        read = datetime.strptime(value, FILTER_FORM).replace(tzinfo=eastern, fold=fold)
        assert read.astimezone(UTC) <= newest
        assert newest - read.astimezone(UTC) < timedelta(hours=2, seconds=2)


@pytest.mark.parametrize(
    ("number", "docket"),
    [
        ("BIS-2025-0001-0042", "BIS-2025-0001"),
        ("BIS-2025-0001-123456", "BIS-2025-0001"),
        ("BIS-2025-0001", None),
        ("BIS-2024-0055-0042", None),
        ("BIS-2025-0001-DRAFT-0042", None),
        ("BIS-2025-00012", None),
    ],
)
def test_a_number_belongs_to_a_followed_docket_by_its_form_alone(
    number: str, docket: str | None
) -> None:
    assert docket_of(number, {"BIS-2025-0001", "X-1"}) == docket


NAMES = names_of(
    {
        "nvidia": ["Nvidia", "NVIDIA Corp."],
        "sia": ["Semiconductor Industry Association", "SIA"],
        "siia": ["Software & Information Industry Association", "S.I.A."],
        "none": ["…"],
    }
)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("nvidia", "nvidia"),
        ("NVIDIA CORP", "nvidia"),
        ("Semiconductor  Industry\nAssociation", "sia"),
        ("Nvidia Employees", None),
        ("NVIDIA Corporation", None),
        ("Semiconductor Industries Association", None),
        ("Software and Information Industry Association", None),
        # Two organisations bear it, so nobody can say.
        ("SIA", None),
        ("", None),
        ("!", None),
    ],
)
def test_only_a_name_of_the_record_in_its_normal_form_identifies(
    printed: str, found: str | None
) -> None:
    assert who_is(printed, NAMES) == found


@given(st.text())
def test_a_name_is_always_itself_and_never_its_beginning(name: str) -> None:
    names = names_of({"one": [f"a{name}"]})
    assert who_is(f"A{name}", names) == "one"
    assert who_is(f"a{name}b", names) is None


@pytest.mark.parametrize(
    ("ends", "last_asked", "due"),
    [
        ([], None, True),
        ([], date(2026, 11, 22), False),
        ([], date(2026, 11, 16), True),
        ([date(2026, 12, 1)], date(2026, 11, 22), True),
        ([date(2026, 8, 25)], date(2026, 11, 22), True),
        ([date(2026, 8, 24)], date(2026, 11, 22), False),
        ([date(2020, 1, 1), None], date(2026, 11, 22), True),
    ],
    ids=["never asked", "no period", "a week ago", "open", "90 days", "91 days", "end unknown"],
)
def test_comments_are_asked_for_while_they_come_in_and_weekly_afterwards(
    ends: list[date | None], last_asked: date | None, due: bool
) -> None:
    assert comments_are_due(ends, last_asked, date(2026, 11, 23)) is due
