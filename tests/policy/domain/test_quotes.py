"""Quotes: found as printed however the text was set, and never where they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.quotes import (
    Span,
    closest_passage,
    find_quote,
    fragments_of,
    holds_quote,
    pieces_of,
)

TEXT = (
    "DATES: This rule is effective January 13, 2025. Comments must be\n   received by BIS no later "
    "than May 15, 2025.\nThe “compliance date” is May 15, 2025."
)
words = st.lists(st.text("abcXYZ019§().", min_size=1, max_size=6), min_size=1, max_size=8)
spaces = st.sampled_from([" ", "\n", "  ", "\t", "\u00a0", " \n  "])
texts = st.text(max_size=80)


@pytest.mark.parametrize(
    ("quote", "times"),
    [
        ("This rule is effective January 13, 2025.", 1),
        ("Comments must be received by BIS", 1),
        ("Comments  must\nbe received", 1),
        ("May 15, 2025", 2),
        ("The “compliance date” is", 1),
        ('The "compliance date" is', 1),
        ("“effective January 13, 2025” “no later than May 15, 2025”", 1),
        ("“This rule is effective”", 1),
        ("This rule … May 15, 2025", 1),
        ("This rule [...] is effective", 1),
        ("this rule is effective", 0),
        ("effective January 14, 2025", 0),
        ("“effective January 13, 2025” “never printed”", 0),
        ("", 0),
        ("  ", 0),
        ("…", 0),
    ],
)
def test_a_quote_is_found_as_often_as_its_rarest_fragment(quote: str, times: int) -> None:
    found = find_quote(quote, TEXT)
    assert found.times == times
    assert found.is_held is (times > 0)
    assert holds_quote(quote, TEXT) is (times > 0)


def test_what_is_missing_of_a_quote_is_named() -> None:
    found = find_quote("“effective January 13, 2025” “never printed”", TEXT)
    assert found.missing == ("never printed",)
    assert [TEXT[s.start : s.end] for s in found.spans] == ["effective January 13, 2025"]


def test_a_span_covers_the_printed_words_with_their_line_break() -> None:
    [span] = find_quote("must be received", TEXT).spans
    assert TEXT[span.start : span.end] == "must be\n   received"


@pytest.mark.parametrize(
    ("quote", "fragments"),
    [
        ("one two", ("one two",)),
        ("“one” “two”", ("one", "two")),
        ("“one” and “two”", ("“one” and “two”",)),
        ("one … two … three", ("one", "two", "three")),
        ("“one … two”", ("one", "two")),
        (" … ", ()),
    ],
)
def test_a_quote_has_fragments_where_it_marks_or_leaves_out(
    quote: str, fragments: tuple[str, ...]
) -> None:
    assert fragments_of(quote) == fragments


def test_invisible_signs_and_kinds_of_dashes_are_no_difference() -> None:
    assert holds_quote("co-operate – 9(a)", "to co\u2011op\u00aderate\u00a0— 9(a).")


@given(words, st.lists(spaces, min_size=8, max_size=8), st.lists(spaces, min_size=8, max_size=8))
def test_white_space_never_decides(parts: list[str], one: list[str], other: list[str]) -> None:
    quote = "".join(part + space for part, space in zip(parts, one, strict=False))
    text = "".join(part + space for part, space in zip(parts, other, strict=False))
    wanted = [part for part in fragments_of(quote) if part]
    assert find_quote(quote, text).is_held is bool(wanted)


@given(texts, st.integers(0, 80), st.integers(1, 80))
def test_any_stretch_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    if fragments_of(quote):
        assert find_quote(quote, text).is_held


@given(texts, texts)
def test_what_is_found_is_the_quote_but_for_white_space(quote: str, text: str) -> None:
    for fragment in find_quote(quote, text).fragments:
        for span in fragment.spans:
            [again] = find_quote(fragment.words, text[span.start : span.end]).fragments or [None]
            assert again is not None
            assert again.spans == (Span(0, span.end - span.start),)


@given(texts, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=6))
def test_the_pieces_of_a_text_are_the_text(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(start, min(end, len(text))) for start, end in places]
    pieces = pieces_of(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    marked = {i for s in spans for i in range(s.start, s.end)}
    at = 0
    for piece in pieces:
        inside = range(at, at + len(piece.text))
        assert all((place in marked) is piece.is_quoted for place in inside)
        at += len(piece.text)


def test_what_became_of_a_quote_is_the_sentence_most_like_it() -> None:
    newer = TEXT.replace("January 13", "January 20")
    was = "This rule is effective January 13, 2025."
    assert closest_passage(was, newer) == "This rule is effective January 20, 2025."
    assert closest_passage(was, "Nothing of the kind stands here.") == ""


def test_what_became_of_two_sentences_may_be_two() -> None:
    quote = "The period is extended. Comments are due on May 15, 2025."
    text = "Other words. The period is extended. Comments are due on June 16, 2025. And more."
    expected = "The period is extended. Comments are due on June 16, 2025."
    assert closest_passage(quote, text) == expected
