"""Every real comment period and every date case comes out as it was."""

import csv
from collections import Counter
from datetime import date, datetime

import pytest
import yaml

from policy.domain.calendar import Closing, FederalCalendar
from policy.domain.deadlines import count_deadline, eastern_day, infer_interval, printed_deadline
from tests.shared_data import shared

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    with shared(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def calendar() -> FederalCalendar:
    closings = yaml.safe_load(shared("dates/fr_holidays_ad_hoc.yml").read_text())
    known = [Closing(day, None, name) for day, name in closings.items()]
    order = "order of 18 December 2025"
    known += [Closing(date(2025, 12, n), date(2025, 12, 18), order) for n in (24, 26)]
    return FederalCalendar(known)


def test_each_real_comment_period_is_explained_or_left_alone(calendar: FederalCalendar) -> None:
    classes: Counter[str] = Counter()
    for row in rows_of("dates/comment_periods.csv"):
        start, end = (date.fromisoformat(row[f"{end}_date_et"]) for end in ("start", "end"))
        inferred = infer_interval(start, end, calendar)
        wanted = int(row["interval"]) if row["interval"] else None
        assert (inferred.cls, inferred.interval) == (row["cls"], wanted), row["regs_id"]
        if wanted:
            counted = count_deadline(published=start, days=wanted, calendar=calendar)
            assert counted.due == end
            assert "; ".join(roll.reason for roll in counted.rolls) == row["roll_reasons"]
        classes[inferred.cls] += 1
    assert classes.total() == 79


def test_a_printed_end_on_a_closed_day_stays_there(calendar: FederalCalendar) -> None:
    closed = [r for r in rows_of("dates/comment_periods.csv") if r["cls"] == "ends_on_closed_day"]
    assert closed
    for row in closed:
        end = date.fromisoformat(row["end_date_et"])
        assert printed_deadline(due=end, kind="comment", source=row["fr_doc"]).due == end
        assert not calendar.is_business_day(end)


def test_both_ends_of_each_real_period_are_eastern_days() -> None:
    for row in rows_of("dates/comment_periods.csv"):
        for end in ("start", "end"):
            instant = datetime.fromisoformat(row[f"comment_{end}_utc"])
            assert eastern_day(instant).isoformat() == row[f"{end}_date_et"]


CASES = {
    "D01": (date(2025, 1, 15), 120),
    "D02": (date(2025, 1, 15), 365),
    "D05": (date(2025, 10, 28), 30),
    "D20": (date(2025, 11, 25), 30),
    "D22": (date(2020, 10, 22), 30),
}


@pytest.mark.parametrize("case", CASES)
def test_each_case_of_export_control_that_is_counted_comes_out(
    case: str, calendar: FederalCalendar
) -> None:
    [row] = [r for r in rows_of("dates/export_control_dates.csv") if r["case_id"] == case]
    published, days = CASES[case]
    counted = count_deadline(published=published, days=days, calendar=calendar)
    assert counted.due.isoformat() == row["computed_from_publication"] == row["expected_date"][:10]


@pytest.mark.parametrize(("case", "due"), [("D06", date(2025, 12, 13)), ("D11", date(2025, 3, 14))])
def test_each_case_that_is_printed_stays_as_printed(case: str, due: date) -> None:
    [row] = [r for r in rows_of("dates/export_control_dates.csv") if r["case_id"] == case]
    assert (
        printed_deadline(due=due, kind="comment", source=case).due.isoformat()
        == row["expected_date"]
    )
