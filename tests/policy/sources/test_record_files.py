"""Record files: read as text with lines, and what is refused in them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.domain.partial_dates import PartialDate, Precision
from policy.sources.record_files import MAX_BYTES, Problem, read_record_file
from policy.sources.record_schema import (
    ClosingItem,
    CoverageItem,
    DeadlineItem,
    DocumentItem,
    FactItem,
    GroupsItem,
    MilestoneItem,
    RuleDocumentItem,
    references,
    sentence_of,
)

SAMPLE = """\
# What a file looks like
sources:
  - slug: press
    title: A report
    published: 2025-01
milestones:
  - slug: first
    title: Something
    from: 2025-01-13
    scheduled: no
    detail: >-
      Two lines
      become one.
  - {slug: second, title: On one line, from: 2025-01-14}
"""


def read(text: str) -> list[Problem]:
    return list(read_record_file("sample.yaml", text.encode()).problems)


def test_every_item_comes_with_its_section_and_line() -> None:
    items = read_record_file("sample.yaml", SAMPLE.encode()).items
    assert [(i.section, i.line) for i in items] == [
        ("sources", 3),
        ("milestones", 7),
        ("milestones", 14),
    ]


def test_every_scalar_is_text_as_written() -> None:
    source, milestone, _ = read_record_file("sample.yaml", SAMPLE.encode()).items
    assert source.data["published"] == "2025-01"
    assert milestone.data["from"] == "2025-01-13"
    assert milestone.data["scheduled"] == "no"
    assert milestone.data["detail"] == "Two lines become one."


def test_every_value_has_its_own_line() -> None:
    milestone = read_record_file("sample.yaml", SAMPLE.encode()).items[1]
    assert milestone.line_of(("title",)) == 8
    assert milestone.line_of(("scheduled",)) == 10


def test_the_line_of_a_missing_value_is_that_of_its_item() -> None:
    milestone = read_record_file("sample.yaml", SAMPLE.encode()).items[1]
    assert milestone.line_of(("source",)) == milestone.line == 7


def test_values_in_lists_have_lines_too() -> None:
    text = "deadlines:\n  - slug: a\n    dates:\n      - day: x\n      - day: y\n"
    [item] = read_record_file("sample.yaml", text.encode()).items
    assert item.line_of(("dates", 1, "day")) == 5
    assert item.line_of(("dates", 1, "basis")) == 5


def test_an_alias_stands_for_the_value_it_names() -> None:
    text = "claims:\n  - {slug: a, from: &day 2025-01}\n  - {slug: b, from: *day}\n"
    first, second = read_record_file("sample.yaml", text.encode()).items
    assert first.data["from"] == second.data["from"] == "2025-01"


def test_an_empty_file_and_an_empty_section_hold_nothing() -> None:
    assert read_record_file("empty.yaml", b"").items == ()
    assert read_record_file("empty.yaml", b"# only a comment\n").items == ()
    assert read_record_file("empty.yaml", b"milestones:\n").items == ()


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    [item] = read_record_file("bom.yaml", b"\xef\xbb\xbfpeople:\n  - slug: a\n").items
    assert item.section == "people"


def test_the_digest_changes_with_any_byte() -> None:
    one, two = (read_record_file("a.yaml", raw) for raw in (b"people: []", b"people: [] "))
    assert one.digest != two.digest
    assert one.digest == read_record_file("b.yaml", b"people: []").digest


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("- a\n- b\n", 1, "expected a file is a mapping of sections to lists"),
        ("just text", 1, "expected a file is a mapping of sections to lists"),
        ("people: text\n", 1, "section “people” is not a list"),
        ("people:\n  slug: a\n", 2, "section “people” is not a list"),
        ("people:\n  - slug: a\n  - text\n", 3, "an item of “people” is not a mapping"),
        ("people:\n  - slug: a\n    slug: b\n", 3, "“slug” is given twice"),
        ("people: []\npeople: []\n", 2, "“people” is given twice"),
        ("people:\n  - {[a]: b}\n", 2, "a key must be plain text"),
        ("people:\n  - slug: a\n   name: b\n", 3, "not valid YAML"),
        ("people:\n  - slug: 'a\n", 3, "not valid YAML"),
        ("people:\n  - slug: *nobody\n", 2, "not valid YAML: found undefined alias"),
        ("people: []\n---\nrules: []\n", 2, "not valid YAML"),
        ("people:\n\t- slug: a\n", 2, "not valid YAML"),
        ("people:\n  - &a {slug: b, more: *a}\n", 2, "a value contains itself"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_line(text: str, line: int, reason: str) -> None:
    [problem] = read(text)
    assert (problem.file, problem.line) == ("sample.yaml", line)
    assert problem.reason.startswith(reason)


def test_a_problem_reads_as_file_line_and_reason() -> None:
    assert str(Problem("rules.yaml", 12, "“slug” is missing")) == (
        "rules.yaml, line 12: “slug” is missing"
    )


def test_text_that_is_not_utf_8_is_refused_at_its_line() -> None:
    [problem] = read_record_file("latin.yaml", b"people:\n  - slug: caf\xe9\n").problems
    assert (problem.line, problem.reason) == (2, "the text is not UTF-8")


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    [problem] = read_record_file("large.yaml", b"#" * (MAX_BYTES + 1)).problems
    assert "larger than" in problem.reason


@pytest.mark.parametrize("nested", ["[" * 100_000, "- " * 100_000 + "x", "{a: " * 100_000])
def test_lists_and_mappings_too_deep_to_be_read_are_refused(nested: str) -> None:
    (problem,) = read_record_file("a.yaml", f"people:\n  {nested}".encode()).problems
    assert (problem.line, problem.reason) == (
        2,
        "more than 50 lists and mappings inside each other",
    )


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["people:", "  - a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefg", "bcdefgh", strict=True):
        lines.append(f"    {name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    [problem] = read("\n".join(lines))
    assert problem.reason == "one item holds too many values"


def test_a_tag_builds_no_object() -> None:
    [item] = read_record_file(
        "tag.yaml", b"people:\n  - slug: !!python/object/apply:os.getcwd []\n"
    ).items
    assert item.data == {"slug": []}


@given(st.text())
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = read_record_file("any.yaml", text.encode("utf-8", "surrogatepass"))
    assert not (found.items and found.problems)


@given(st.binary())
def test_no_bytes_make_the_reader_fail(raw: bytes) -> None:
    read_record_file("any.yaml", raw)


# The schema


FACT = {"source": "press", "from": "2025-01-13"}


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2025-01-13", PartialDate(date(2025, 1, 13))),
        ("2025-01", PartialDate(date(2025, 1, 1), Precision.MONTH)),
        ("2025", PartialDate(date(2025, 1, 1), Precision.YEAR)),
        ("unknown", None),
        ("2025-01 not before 2025-01-15", PartialDate(date(2025, 1, 15), Precision.MONTH)),
        ("2026 not before 2026-02-04", PartialDate(date(2026, 2, 4), Precision.YEAR)),
    ],
)
def test_a_start_may_be_a_day_a_month_a_year_or_unknown(
    written: str, start: PartialDate | None
) -> None:
    assert FactItem.model_validate(FACT | {"from": written}).valid_from == start


def test_a_start_known_to_the_month_still_shows_the_month() -> None:
    item = FactItem.model_validate(FACT | {"from": "2025-01 not before 2025-01-15"})
    assert item.valid_from is not None
    assert str(item.valid_from) == "January 2025 (day not known)"


@pytest.mark.parametrize(
    ("given_values", "sentence"),
    [
        ({"source": "press"}, "“from” is missing"),
        ({"from": "2025-01-13"}, "“source” is missing"),
        (FACT | {"form": "x"}, "unknown key “form”"),
        (FACT | {"from": "13.1.2025"}, "from: “13.1.2025” is not a date"),
        (FACT | {"from": "2025-02-30"}, "from: “2025-02-30” is not a day of the calendar"),
        (FACT | {"from": "2025-02 not before 2025-01-15"}, "from: 2025-01-15 does not lie in"),
        (FACT | {"until": "2025-02"}, "until: 2025-02 is not a day; a day is needed here"),
        (FACT | {"until": "2025-01-13"}, "until 2025-01-13 is not after from 2025-01-13"),
        (FACT | {"until": "2024-12-31"}, "until 2024-12-31 is not after from 2025-01-13"),
        (FACT | {"source": ""}, "source: string should have at least 1 character"),
        (FACT | {"note": ["a"]}, "note: input should be a valid string"),
    ],
)
def test_a_fact_that_does_not_fit_says_why(given_values: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FactItem.model_validate(given_values)
    assert next(sentence_of(e) for e in refused.value.errors()).startswith(sentence)


def test_several_things_wrong_with_one_item_are_all_said() -> None:
    with pytest.raises(ValidationError) as refused:
        MilestoneItem.model_validate({"slug": "a", "from": "soon", "extra": "x"})
    sentences = sorted(sentence_of(e) for e in refused.value.errors())
    assert len(sentences) == 4
    assert "“title” is missing" in sentences


def test_an_empty_value_is_the_same_as_one_left_out() -> None:
    text = {"number": "2025-1", "title": "T", "volume": "", "effective": "", "published": ""}
    item = DocumentItem.model_validate(text)
    assert (item.volume, item.effective, item.published, item.since) == (None, None, None, None)


def test_a_document_is_known_from_its_publication_unless_the_file_says_otherwise() -> None:
    text = {"number": "2025-1", "title": "T", "published": "2025-01-15"}
    assert DocumentItem.model_validate(text).since == PartialDate(date(2025, 1, 15))
    filed = DocumentItem.model_validate(text | {"from": "2025-01-13"})
    assert filed.since == PartialDate(date(2025, 1, 13))


def test_pages_that_run_backwards_are_refused() -> None:
    text = {"number": "2025-1", "title": "T", "start_page": "20", "end_page": "19"}
    with pytest.raises(ValidationError, match="end_page 19 is before start_page 20"):
        DocumentItem.model_validate(text)


def test_a_citation_needs_volume_and_page() -> None:
    text = {"number": "2025-1", "title": "T", "volume": "90"}
    assert DocumentItem.model_validate(text).citation == ""
    assert DocumentItem.model_validate(text | {"start_page": "4544"}).citation == "90 FR 4544"


def test_dates_of_a_deadline_are_facts_of_their_own() -> None:
    item = DeadlineItem.model_validate(
        {
            "slug": "d",
            "kind": "comment",
            "label": "Comments due",
            "rule": "r",
            "dates": [FACT | {"day": "2025-03-15", "at": "23:59", "basis": "printed"}],
        }
    )
    assert item.dates[0].day == PartialDate(date(2025, 3, 15))
    assert item.dates[0].at == time(23, 59)


def test_a_deadline_without_any_date_is_refused() -> None:
    text = {"slug": "d", "kind": "comment", "label": "L", "rule": "r", "dates": []}
    with pytest.raises(ValidationError, match="at least 1 item"):
        DeadlineItem.model_validate(text)


def test_the_last_day_covered_has_a_name_of_its_own() -> None:
    item = CoverageItem.model_validate(FACT | {"topic": "law", "covers_until": "2026-09-28"})
    assert (item.until, item.valid_until) == (date(2026, 9, 28), None)


def test_a_closing_needs_its_exact_day() -> None:
    with pytest.raises(ValidationError, match="a day is needed here"):
        ClosingItem.model_validate({"day": "2025-12", "order": "E.O.", "source": "x"})
    with pytest.raises(ValidationError, match="day"):
        ClosingItem.model_validate({"day": "", "order": "E.O.", "source": "x"})


def test_one_statement_about_many_places_is_one_fact_for_each() -> None:
    item = GroupsItem.model_validate(
        FACT | {"scheme": "d5", "group": "d5", "places": ["cn", "ru"], "note": "both"}
    )
    assert [one.subject for one in item.each()] == ["cn|d5", "ru|d5"]
    assert all(one.model_dump()["note"] == "both" for one in item.each())


def test_an_item_knows_what_it_refers_to() -> None:
    item = RuleDocumentItem.model_validate(
        FACT | {"rule": "r", "document": "2025-1", "role": "publishes"}
    )
    assert references(item) == [
        ("source", "sources", "press"),
        ("rule", "rules", "r"),
        ("document", "sources", "2025-1"),
    ]
    assert item.subject == "r|2025-1|publishes"
