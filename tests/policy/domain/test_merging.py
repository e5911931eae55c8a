"""Merging: nobody's words win unasked, and nobody's are lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.merging import Difference, NotChosen, Side, differences, merged

flats = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2", "3"]))


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "clash", "only_by"),
    [
        ("1", "2", "1", False, Side.THEIRS),
        ("1", "1", "2", False, Side.MINE),
        ("1", "2", "3", True, None),
        (None, "2", "3", True, None),
        (None, None, "3", False, Side.MINE),
        (None, "2", None, False, Side.THEIRS),
        ("1", None, "1", False, Side.THEIRS),
        ("1", None, "2", True, None),
        ("1", "2", None, True, None),
    ],
)
def test_a_clash_is_where_both_have_changed(
    base: str | None, theirs: str | None, mine: str | None, clash: bool, only_by: Side | None
) -> None:
    found = Difference("day", base, theirs, mine)
    assert found.is_clash is clash
    assert found.only_by is only_by


def test_only_what_differs_is_shown_in_order() -> None:
    found = differences({"a": "1"}, {"a": "1", "b": "2"}, {"a": "2", "b": "2", "c": "3"})
    assert [one.path for one in found] == ["a", "c"]


def test_a_clash_without_a_choice_is_refused_by_name() -> None:
    with pytest.raises(NotChosen, match="Choose one of the two") as refused:
        merged({"a": "1"}, {"a": "2"}, {"a": "3"}, {})
    assert refused.value.paths == ("a",)


def test_each_field_is_what_was_chosen_for_it() -> None:
    base, theirs, mine = {"a": "1", "b": "1"}, {"a": "2", "b": "2"}, {"a": "3", "b": "3"}
    chosen = {"a": Side.MINE, "b": Side.THEIRS}
    assert merged(base, theirs, mine, chosen) == {"a": "3", "b": "2"}


def test_what_one_took_away_is_gone_unless_the_other_changed_it() -> None:
    assert merged({"a": "1", "b": "1"}, {"a": "1"}, {"a": "1", "b": "1"}, {}) == {"a": "1"}
    assert merged({"a": "1"}, {}, {"a": "2"}, {"a": Side.MINE}) == {"a": "2"}
    assert merged({"a": "1"}, {}, {"a": "2"}, {"a": Side.THEIRS}) == {}


@given(flats, flats, flats)
def test_whoever_is_chosen_everywhere_has_written_it_all(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    everywhere = "abcd"
    assert merged(base, theirs, mine, dict.fromkeys(everywhere, Side.MINE)) == mine
    assert merged(base, theirs, mine, dict.fromkeys(everywhere, Side.THEIRS)) == theirs


@given(flats, flats)
def test_one_writer_alone_needs_no_choice(base: dict[str, str], mine: dict[str, str]) -> None:
    assert merged(base, base, mine, {}) == mine
    assert merged(base, mine, base, {}) == mine


@given(flats, flats, flats)
def test_no_field_changes_that_neither_changed(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    result = merged(base, theirs, mine, dict.fromkeys("abcd", Side.MINE))
    for path in "abcd":
        if base.get(path) == theirs.get(path) == mine.get(path):
            assert result.get(path) == base.get(path)
