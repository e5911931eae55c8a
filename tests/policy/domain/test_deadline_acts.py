"""The sentence for each act in a chain of dates, and what is said where the act is unknown."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.deadline_acts import Act, Step, act_words, derived_act
from policy.domain.partial_dates import PartialDate, Precision

NOV_28, DEC_13 = date(2025, 11, 28), date(2025, 12, 13)


def step(  # noqa: PLR0917  # the order of a row
    act: str,
    day: date | None,
    since: date | None = None,
    basis: str = "printed",
    at: time | None = None,
    is_withdrawn: bool = False,
) -> Step:
    on = PartialDate(day) if day else None
    return Step(act, basis, since, on, at, is_withdrawn)


FIRST = step("set", NOV_28, date(2025, 10, 28))


@pytest.mark.parametrize(
    ("made", "before", "sentence"),
    [
        (FIRST, None, "Set by X to 28 November 2025."),
        (step("set", None), None, "Set by X to a day not known to the record."),
        (step("set", NOV_28, basis="reported"), None, "Given by X as 28 November 2025."),
        (step("set", NOV_28, basis="computed"), None, "Counted from X to 28 November 2025."),
        (step("set", DEC_13), FIRST, "Set anew by X from 28 November 2025 to 13 December 2025."),
        (
            step("extended", DEC_13, date(2025, 11, 20)),
            FIRST,
            "Extended by X from 28 November 2025 to 13 December 2025.",
        ),
        (
            step("extended", DEC_13, NOV_28),
            FIRST,
            "Extended by X from 28 November 2025 to 13 December 2025.",
        ),
        (
            step("extended", DEC_13, date(2025, 12, 1)),
            FIRST,
            "Extended by X from 28 November 2025 to 13 December 2025, 3 days after the earlier "
            "date had passed, so that it was open again.",
        ),
        (
            step("reopened", DEC_13, date(2025, 11, 29)),
            FIRST,
            "Reopened by X from 28 November 2025 to 13 December 2025, 1 day after the earlier "
            "date had passed.",
        ),
        (
            step("extended", DEC_13, date(2025, 12, 1)),
            step("set", None),
            "Extended by X from a day not known to the record to 13 December 2025.",
        ),
        (
            step("corrected", DEC_13, date(2025, 12, 1)),
            FIRST,
            "Corrected by X from 28 November 2025 to 13 December 2025.",
        ),
        (
            step("corrected", DEC_13),
            None,
            "Corrected by X to 13 December 2025; the date before it is not known to the record.",
        ),
        (step("corrected", NOV_28), FIRST, "Corrected by X and left at 28 November 2025."),
        (
            step("delayed", DEC_13),
            FIRST,
            "Delayed by X from 28 November 2025 to 13 December 2025.",
        ),
        (
            step("recomputed", date(2025, 12, 1)),
            FIRST,
            "Counted anew because of X from 28 November 2025 to 1 December 2025.",
        ),
        (
            step("withdrawn", NOV_28, is_withdrawn=True),
            FIRST,
            "Withdrawn by X (it was 28 November 2025).",
        ),
        (step("", None, is_withdrawn=True), None, "Withdrawn by X at once."),
        (step("", NOV_28), None, "Given by X as 28 November 2025."),
        (step("", NOV_28), FIRST, "Given by X as 28 November 2025."),
        (step("", DEC_13), FIRST, "Moved by X from 28 November 2025 to 13 December 2025."),
        (
            step("extended", NOV_28, date(2025, 11, 1), at=time(17)),
            FIRST,
            "Extended by X from 28 November 2025 to 28 November 2025, 17:00 Eastern.",
        ),
    ],
)
def test_each_act_has_a_sentence_of_its_own(made: Step, before: Step | None, sentence: str) -> None:
    assert act_words(made, before).sentence("X") == sentence


def test_a_date_known_to_the_month_is_never_said_to_have_passed() -> None:
    vague = Step("set", "printed", None, PartialDate(date(2025, 11, 1), Precision.MONTH))
    later = step("extended", DEC_13, date(2025, 12, 1))
    assert "had passed" not in act_words(later, vague).sentence("X")


@pytest.mark.parametrize(
    ("is_first", "is_withdrawn", "is_own", "act"),
    [
        (True, False, True, "set"),
        (True, False, False, ""),
        (False, False, True, ""),
        (False, False, False, ""),
        (True, True, True, "withdrawn"),
        (False, True, False, "withdrawn"),
    ],
)
def test_an_act_is_derived_only_where_the_record_tells_it(
    is_first: bool, is_withdrawn: bool, is_own: bool, act: str
) -> None:
    assert derived_act(is_first=is_first, is_withdrawn=is_withdrawn, is_own=is_own) == act


any_day = st.none() | st.dates(date(2000, 1, 1), date(2060, 1, 1))
steps = st.builds(
    step,
    st.sampled_from([*Act, ""]),
    any_day,
    any_day,
    st.sampled_from(["printed", "computed", "reported"]),
    st.none() | st.times().map(lambda at: at.replace(microsecond=0)),
    st.booleans(),
)


@given(steps, st.none() | steps)
def test_every_step_can_be_told_and_names_its_date_and_document(
    made: Step, before: Step | None
) -> None:
    told = act_words(made, before).sentence("2025-21722")
    assert " by 2025-21722 " in told or " of 2025-21722 " in told or " from 2025-21722 " in told
    assert made.is_withdrawn or made.act == Act.WITHDRAWN or made.words in told
    assert told.endswith(".")
    assert "  " not in told
