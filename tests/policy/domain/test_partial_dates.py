"""Dates that a source gives only to the month or the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.partial_dates import BadDate, PartialDate, Precision, parse_partial_date


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "printed"),
    [
        ("2025-05-14", date(2025, 5, 14), date(2025, 5, 14), "14 May 2025"),
        ("2026-07", date(2026, 7, 1), date(2026, 7, 31), "July 2026 (day not known)"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024 (day not known)"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2025 (day not known)"),
    ],
)
def test_a_date_keeps_its_precision_and_both_ends(
    text: str, earliest: date, latest: date, printed: str
) -> None:
    read = parse_partial_date(text)
    assert (read.earliest, read.latest, str(read), read.iso) == (earliest, latest, printed, text)
    assert read.is_exact == (earliest == latest)


@pytest.mark.parametrize("text", ["", "May 2025", "2025-5-14", "2025-13", "2025-02-30", "14/5/25"])
def test_what_is_not_a_date_is_refused_with_the_words_given(text: str) -> None:
    with pytest.raises(BadDate, match=f"“{text}”"):
        parse_partial_date(text)


@given(st.dates(), st.sampled_from(Precision))
def test_the_machine_form_reads_back_as_the_same_span_of_days(day: date, by: Precision) -> None:
    first = {
        Precision.DAY: day,
        Precision.MONTH: day.replace(day=1),
        Precision.YEAR: day.replace(month=1, day=1),
    }[by]
    partial = PartialDate(first, by)
    assert parse_partial_date(partial.iso) == partial
    assert partial.earliest <= day <= partial.latest
