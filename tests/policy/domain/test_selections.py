"""What a selection of deadlines means, and that it has one canonical form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.selections import LONGEST_QUERY, BadSelection, Described, Selection

COMMENT = Described(
    kind="comment",
    rule="ai-diffusion",
    words="Comments due Framework for Artificial Intelligence Diffusion BIS-2025-0001",
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


@pytest.mark.parametrize(
    ("selection", "matches"),
    [
        (Selection(), True),
        (Selection.of(kind="comment"), True),
        (Selection.of(kind="effective"), False),
        (Selection.of(rule="ai-diffusion"), True),
        (Selection.of(rule="affiliates"), False),
        (Selection.of(q="intelligence DIFFUSION"), True),
        (Selection.of(q="bis-2025-0001"), True),
        (Selection.of(q="intelligence chips"), False),
        (Selection.of(kind="comment", q="framework", rule="ai-diffusion"), True),
        (Selection.of(kind="effective", q="framework", rule="ai-diffusion"), False),
    ],
)
def test_a_selection_holds_what_has_all_its_parts(selection: Selection, matches: bool) -> None:
    assert selection.matches(COMMENT) == matches


@pytest.mark.parametrize(
    ("selection", "subject"),
    [
        (Selection(), ("everything", "")),
        (Selection.of(kind="comment"), ("kind", "comment")),
        (Selection.of(rule="ai-diffusion"), ("rule", "ai-diffusion")),
        (Selection.of(q="chips"), ("search", "q=chips")),
        (Selection.of("comment", "", "ai-diffusion"), ("search", "kind=comment&rule=ai-diffusion")),
        (Selection.of(kind="comment", q="AI chips"), ("search", "kind=comment&q=ai+chips")),
    ],
)
def test_what_is_followed_for_a_selection(selection: Selection, subject: tuple[str, str]) -> None:
    assert selection.subject == subject


def test_equal_selections_have_one_query_string() -> None:
    typed = ["q=AI+Chips&kind=comment", "kind=comment&q=ai%20chips", "kind=comment&q=ai++chips+ai"]
    assert {Selection.from_query(query).query for query in typed} == {"kind=comment&q=ai+chips"}


@given(kind=TEXT, q=TEXT, rule=TEXT)
def test_a_saved_selection_reads_back(kind: str, q: str, rule: str) -> None:
    selection = Selection.of(kind, q, rule)
    if 0 < len(selection.query) <= LONGEST_QUERY:
        assert Selection.from_query(selection.query) == selection


@pytest.mark.parametrize(
    "query", ["", "chips", "page=2", "q=a&q=b", "kind=comment&on=2025-05-14", "q="]
)
def test_what_is_no_selection_is_refused_in_a_sentence(query: str) -> None:
    with pytest.raises(BadSelection, match="is no selection of deadlines"):
        Selection.from_query(query)


def test_a_selection_that_is_too_long_to_save_is_refused() -> None:
    with pytest.raises(BadSelection, match="more words than can be saved"):
        Selection.from_query("q=" + "+".join(f"word{n}" for n in range(60)))
