"""Which row took the place of which, and what it says else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.redline import Gap, Paragraph
from policy.domain.validity import Span
from policy.domain.versions import field_changes, pairs, parts_of

JAN, FEB, MAR = (date(2025, month, 1) for month in (1, 2, 3))
ALL, BEFORE, AFTER = Span(JAN, None), Span(JAN, FEB), Span(FEB, None)
WEEK = Span(MAR, date(2025, 3, 8))


@pytest.mark.parametrize(
    ("closed", "inserted", "paired"),
    [
        ([], [ALL], [(None, ALL)]),
        ([ALL], [], [(ALL, None)]),
        ([ALL], [BEFORE, AFTER], [(ALL, BEFORE), (ALL, AFTER)]),
        ([ALL], [AFTER, BEFORE], [(ALL, BEFORE), (ALL, AFTER)]),
        ([BEFORE, AFTER], [ALL], [(BEFORE, ALL)]),
        ([BEFORE], [AFTER], [(None, AFTER), (BEFORE, None)]),
        ([BEFORE, WEEK], [BEFORE], [(BEFORE, BEFORE), (WEEK, None)]),
        ([], [], []),
    ],
)
def test_a_row_is_shown_beside_the_one_whose_days_it_takes(
    closed: list[Span], inserted: list[Span], paired: list[tuple[Span | None, Span | None]]
) -> None:
    assert pairs(closed, inserted, lambda span: span) == paired


def test_only_fields_that_read_otherwise_are_told() -> None:
    before = {"Group": "D:5", "Note": "Read from the table.", "Quote": ""}
    after = {"Group": "Every other", "Note": "Read from the table.", "Quote": ""}
    (change,) = field_changes(before, after)
    assert (change.label, change.before, change.after) == ("Group", "D:5", "Every other")
    assert not change.is_printed


def test_a_field_that_only_one_of_both_has_is_told() -> None:
    changes = field_changes({"One": "x"}, {"Other": "y"})
    assert [(c.label, c.before, c.after) for c in changes] == [
        ("Other", "", "y"),
        ("One", "x", ""),
    ]


def test_words_of_the_source_are_marked_as_such() -> None:
    assert [c.is_printed for c in field_changes({}, {"Quote": "x", "Note": "y"})] == [True, False]


def kinds_of(parts: tuple[Paragraph | Gap, ...]) -> list[str]:
    return [r.kind for p in parts if isinstance(p, Paragraph) for r in p.runs]


def test_a_sentence_with_one_other_word_is_a_redline_of_that_word() -> None:
    parts = parts_of("Effective on the tenth of May.", "Effective on the fifth of May.")
    assert kinds_of(parts) == ["same", "delete", "insert", "same"]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("", "new", ["insert"]),
        ("old", "", ["delete"]),
        ("D:5", "d5", ["delete", "insert"]),
        ("", "", []),
    ],
)
def test_what_differs_in_setting_alone_is_told_as_a_whole(
    old: str, new: str, kinds: list[str]
) -> None:
    assert kinds_of(parts_of(old, new)) == kinds


said = st.dictionaries(st.sampled_from("ABC"), st.text("ab ", max_size=4), max_size=3)


@given(said, said)
def test_a_change_is_told_exactly_where_texts_differ(
    before: dict[str, str], after: dict[str, str]
) -> None:
    labels = {change.label for change in field_changes(before, after)}
    assert labels == {n for n in "ABC" if before.get(n, "") != after.get(n, "")}
