"""Redlines: what is inserted, deleted and kept, and that nothing of either text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.normal_form import normal_form
from policy.domain.redline import Gap, Paragraph, Redline, redline, shortened, word_runs

ALPHABET = "ab AB.,-—§“”1 2\n(é)"
texts = st.text(alphabet=ALPHABET, max_size=120)
words = st.lists(
    st.sampled_from(
        ["a", "license", "is", "required", "for", "all", "items", "subject", "to", "the", "EAR"]
    )
)
paragraphs = st.lists(words.map(" ".join), max_size=8)


def marked(found: Redline) -> str:
    """A redline in plain text: [-deleted-] and {+inserted+}."""
    signs = {"same": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "\n".join(
        "".join(signs[run.kind].format(run.text) for run in p.runs) for p in found.paragraphs
    )


def kinds(found: Redline) -> list[str]:
    return [run.kind for p in found.paragraphs for run in p.runs]


@given(texts, texts)
def test_a_redline_gives_back_the_text_before_and_after(before: str, after: str) -> None:
    found = redline(before, after)
    assert found.before == before
    assert found.after == after


@given(texts, texts)
def test_the_runs_of_a_paragraph_are_the_whole_paragraph(before: str, after: str) -> None:
    for paragraph in redline(before, after).paragraphs:
        assert "".join(run.before for run in paragraph.runs) == (paragraph.before or "")
        assert "".join(run.after for run in paragraph.runs) == (paragraph.after or "")


@given(paragraphs, paragraphs)
def test_a_redline_is_empty_exactly_when_both_texts_say_the_same(
    old: list[str], new: list[str]
) -> None:
    before, after = "\n".join(old), "\n".join(new)
    assert bool(redline(before, after)) == (normal_form(before) != normal_form(after))


@given(texts)
def test_a_text_has_no_redline_against_itself(text: str) -> None:
    assert not redline(text, text)


@given(paragraphs, paragraphs)
def test_what_is_kept_says_the_same_in_both_texts(old: list[str], new: list[str]) -> None:
    for paragraph in redline("\n".join(old), "\n".join(new)).paragraphs:
        for run in paragraph.runs:
            if run.kind == "same":
                assert normal_form(run.before) == normal_form(run.after)
            else:
                assert not (run.before and run.after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("For all items. (See § 744.11)", "For all items (See §\u00a0744.11)."),
        ("(b) Exception for carriers. (1) General.", "(b) Exception for carriers—(1) General."),
        ("(b) Exception.\n(1) General.", "(b) Exception. (1) General."),
        ("the U.A.E. and others", "The UAE and others"),
        ("“knowledge”", '"Knowledge"'),
    ],
)
def test_setting_a_text_anew_amends_nothing(before: str, after: str) -> None:
    assert not redline(before, after)
    assert kinds(redline(before, after)) == ["same"]


def test_a_new_setting_beside_a_real_change_is_not_part_of_it() -> None:
    before = "The end-use of items in the U.S. is reviewed within 30 days."
    after = "The end use of items in the US is reviewed within 45 days."
    assert marked(redline(before, after)) == (
        "The end use of items in the US is reviewed within [-30 -]{+45 +}days."
    )


def test_words_are_marked_where_they_changed() -> None:
    runs = word_runs("Presumption of denial", "Policy of denial")
    assert [(run.kind, run.text) for run in runs] == [
        ("delete", "Presumption "),
        ("insert", "Policy "),
        ("same", "of denial"),
    ]


def test_a_paragraph_put_between_two_others_is_inserted_whole() -> None:
    found = redline("(a) One thing.\n(b) Another.", "(a) One thing.\n(a-1) New duty.\n(b) Another.")
    assert marked(found) == "(a) One thing.\n{+(a-1) New duty.+}\n(b) Another."


def test_a_revised_paragraph_is_paired_with_its_predecessor_across_a_new_one() -> None:
    before = "(a) You may not export chips to Macau without a license."
    after = "(a) Wholly other words stand here.\n(b) You may not export chips to Macau at all."
    found = redline(before, after)
    assert [(p.before is None, p.after is None) for p in found.paragraphs] == [
        (True, False),
        (False, False),
    ]
    assert "[-without a license.-]{+at all.+}" in marked(found)


def test_paragraphs_that_share_little_are_not_one_paragraph_revised() -> None:
    found = redline("Alpha beta gamma delta.", "One two three four.")
    assert marked(found) == "[-Alpha beta gamma delta.-]\n{+One two three four.+}"


def test_words_inserted_and_deleted_are_counted() -> None:
    found = redline("one two three\nfour", "one 2 2 three\nfour")
    assert (found.words("insert"), found.words("delete"), found.words("same")) == (2, 1, 3)


def test_long_unchanged_stretches_are_counted_not_shown() -> None:
    lines = [f"({letter}) Unchanged words of a paragraph {letter}." for letter in "abcdefgh"]
    changed = [*lines[:4], "(e) Quite unchanged words of a paragraph e.", *lines[5:]]
    shown = shortened(redline("\n".join(lines), "\n".join(changed)))
    assert [part.paragraphs for part in shown if isinstance(part, Gap)] == [4, 3]
    assert sum(isinstance(part, Paragraph) for part in shown) == 1


def test_inside_a_paragraph_the_words_beside_a_change_stay() -> None:
    long = " ".join(f"word{number}" for number in range(100))
    [part] = shortened(redline(f"(a) {long} old end", f"(a) {long} new end"), beside=4)
    assert isinstance(part, Paragraph)
    assert [run.text for run in part.runs] == [
        "(a) word0 word1 … word96 word97 word98 word99 ",
        "old ",
        "new ",
        "end",
    ]
    assert part.before == f"(a) {long} old end", "the whole text stays at hand"


def test_stretches_beyond_reason_are_paired_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("policy.domain.redline.MOST_PAIRS", 1)
    found = redline("one two three\nfour five six", "one two 3\nfour five 6")
    assert [p.changed for p in found.paragraphs] == [True, True]
    assert found.before == "one two three\nfour five six"
