"""DATES paragraphs: what each printed day means, and what nobody may guess."""

import json
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.dates_paragraph import (
    Kind,
    TypedDate,
    Unread,
    parse_dates_paragraph,
    sentences,
)
from policy.domain.delays import Delay, find_delays
from policy.domain.prose_dates import find_dates
from tests.shared_data import shared

NO_DAY = "prints none that can be read"


def read(text: str) -> list[tuple[str, str]]:
    return [(d.kind.value, d.day.isoformat()) for d in parse_dates_paragraph(text).dates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This rule is effective January 13. 2025.", [("effective", "2025-01-13")]),
        ("DATES: Effective January 15, 2025.", [("effective", "2025-01-15")]),
        ("This rule takes effect on March 1, 2025.", [("effective", "2025-03-01")]),
        ("The effective date of this rule is May 5, 2025.", [("effective", "2025-05-05")]),
        ("Applicable April 7, 2025.", [("applicable", "2025-04-07")]),
        (
            "This rule is effective April 1, 2025 and is applicable beginning March 1, 2025.",
            [("effective", "2025-04-01"), ("applicable", "2025-03-01")],
        ),
        (
            "The changes are effective on December 2, 2024 and on December 31, 2024.",
            [("effective", "2024-12-02"), ("effective", "2024-12-31")],
        ),
        ("Submit comments on or before July 7, 2025.", [("comments", "2025-07-07")]),
        (
            "Comments on the effective date must be received by February 12, 2005.",
            [("comments", "2005-02-12")],
        ),
        (
            "Comments on the rule, which is effective October 7, 2022, must be received by "
            "December 12, 2022.",
            [("effective", "2022-10-07"), ("comments", "2022-12-12")],
        ),
        (
            "Compliance with the changes is not required until May 15, 2025.",
            [("compliance", "2025-05-15")],
        ),
        ("January 5, 2026, is the compliance date.", [("compliance", "2026-01-05")]),
        (
            "The comment period for the rule published December 5, 2024, at 89 FR 96790, is "
            "extended. Comments must be received by March 14, 2025.",
            [("reference", "2024-12-05"), ("comments", "2025-03-14")],
        ),
        (
            "The comment period for the proposed rule published on September 11, 2024 (89 FR "
            "73612), is reopened until November 12, 2024.",
            [("reference", "2024-09-11"), ("comments", "2024-11-12")],
        ),
        (
            "Effective November 10, 2025, through November 9, 2026, § 734.9 is stayed.",
            [("stay-begins", "2025-11-10"), ("stay-ends", "2026-11-09")],
        ),
        (
            "The suspension begins on November 10, 2025, and ends on November 9, 2026.",
            [("stay-begins", "2025-11-10"), ("stay-ends", "2026-11-09")],
        ),
        ("The stay of § 744.11 expires on November 9, 2026.", [("stay-ends", "2026-11-09")]),
        (
            "The licence is effective from September 29, 2025, through November 28, 2025.",
            [("effective", "2025-09-29"), ("expiry", "2025-11-28")],
        ),
        ("This rule expires on September 30, 2026.", [("expiry", "2026-09-30")]),
        (
            "The effective date is delayed from January 1, 2025 to March 1, 2025.",
            [("reference", "2025-01-01"), ("delayed-until", "2025-03-01")],
        ),
        ("The public hearing will be held on April 4, 2025.", [("hearing", "2025-04-04")]),
        (
            "Comments on this information collection must be received by May 5, 2025.",
            [("information-collection", "2025-05-05")],
        ),
        (
            "Comments on the rule must be received by April 7, 2025. Comments under the Paperwork "
            "Reduction Act must be received by May 5, 2025.",
            [("comments", "2025-04-07"), ("information-collection", "2025-05-05")],
        ),
        (
            "Submit comments on the rule by April 7, 2025, and comments on the collection of "
            "information by May 5, 2025.",
            [("comments", "2025-04-07"), ("information-collection", "2025-05-05")],
        ),
        (
            "The information collection is effective April 7, 2025.",
            [("effective", "2025-04-07")],
        ),
        ("More information will be available on April 30, 1991.", [("other", "1991-04-30")]),
    ],
)
def test_each_printed_day_has_the_meaning_of_its_words(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert read(text) == expected
    assert parse_dates_paragraph(text).unread == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The rule effective on April 30, 1991 did not make sense.", "do not say what happens"),
        ("This rule is effective upon publication in the Federal Register.", NO_DAY),
        ("Comments must be submitted within 60 days of publication.", NO_DAY),
        ("See below for the compliance dates.", NO_DAY),
        ("Comments are due February 30, 2025.", "is no day of the calendar"),
        ("Comments are due at 5:00 p.m. on March 3, 2025.", "without Eastern time"),
        ("Comments are due by midnight, March 3, 2025.", "no time that can be read"),
    ],
)
def test_what_the_words_do_not_say_is_left_to_a_person(text: str, reason: str) -> None:
    [unread] = parse_dates_paragraph(text).unread
    assert reason in unread.reason
    assert unread.words == text


def test_no_period_is_ever_counted() -> None:
    found = parse_dates_paragraph("Comments are due 120 days after January 15, 2025.")
    assert date(2025, 5, 15) not in [d.day for d in found.dates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Effective November 17, 2023, except for amendatory instruction 5, which is "
            "effective January 1, 2026.",
            [("2023-11-17", ()), ("2026-01-01", ("5",))],
        ),
        (
            "Effective January 16, 2025, except for instructions 7 through 9 and 12, which are "
            "effective January 31, 2025.",
            [("2025-01-16", ()), ("2025-01-31", ("7 through 9", "12"))],
        ),
        (
            "Amendatory instructions 1, 3, and 5 are effective January 1, 2026; the remaining "
            "instructions are effective November 17, 2023.",
            [("2026-01-01", ("1", "3", "5")), ("2023-11-17", ())],
        ),
        (
            "This rule is effective on January 15, 2025 for amendatory instructions 2 and 3, "
            "and on February 15, 2025 for instruction 4.",
            [("2025-01-15", ("2", "3")), ("2025-02-15", ("4",))],
        ),
        (
            "The effective date for amendatory instruction No. 4 is March 1, 2025.",
            [("2025-03-01", ("4",))],
        ),
    ],
)
def test_dates_are_split_by_amendatory_instruction(text: str, expected: list[Any]) -> None:
    found = parse_dates_paragraph(text).dates
    assert [(d.day.isoformat(), d.instructions) for d in found] == expected
    assert {d.kind for d in found} == {Kind.EFFECTIVE}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Submit comments by 11:59 p.m. (ET) on March 15, 2025.", time(23, 59)),
        ("Comments due by 5:00 p.m. Eastern Time on Monday, April 20, 2026.", time(17)),
        ("Comments close on October 3, 2025, at 5 p.m. EDT.", time(17)),
        ("This rule is effective 12:01 a.m. eastern time on January 17, 2026.", time(0, 1)),
        ("Comments are due on March 15, 2025.", None),
    ],
)
def test_a_printed_time_belongs_to_its_day(text: str, at: time | None) -> None:
    [found] = parse_dates_paragraph(text).dates
    assert found.at == at


def test_a_paragraph_keeps_the_words_that_each_date_rests_on() -> None:
    text = (
        "Effective date: This rule is effective January 13, 2025.\n"
        "Comment date: Comments must be received by BIS no later than May 15, 2025."
    )
    effective, comments = parse_dates_paragraph(text).dates
    assert effective.words == "Effective date: This rule is effective January 13, 2025."
    assert text[comments.start : comments.end] == comments.words
    assert parse_dates_paragraph(text).of(Kind.COMMENTS) == [date(2025, 5, 15)]


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Due by 5 p.m. E.T. on Jan. 3, 2025. See 15 CFR sec. 744.11. Effective March 4. 2025."
    assert [text[a:b] for a, b in sentences(text)] == [
        "Due by 5 p.m. E.T. on Jan. 3, 2025.",
        "See 15 CFR sec. 744.11.",
        "Effective March 4. 2025.",
    ]


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_dates_paragraph(text)
    items: list[TypedDate | Unread] = [*found.dates, *found.unread]
    for item in items:
        assert text[item.start : item.end] == item.words


PIECES = st.sampled_from(
    ["This rule is effective", "Comments must be received by", "until", "Jan. 5, 2025", ";", ".",
     "March 14, 2025", "through", "February 30, 2025", "5 p.m.", "(ET)", "is stayed", "and",
     "except for amendatory instruction 5", "published", "89 FR 96790"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_no_printed_day_is_lost(text: str) -> None:
    found = parse_dates_paragraph(text)
    printed = [d.day for d in find_dates(text) if d.day]
    unread = " ".join(item.words for item in found.unread)
    left_out = len(printed) - len(found.dates)
    assert left_out >= 0
    assert left_out == 0 or unread


def test_of_two_days_in_one_sentence_the_last_is_the_delay() -> None:
    text = "The effective date of 9 FR 765 has been delayed until January 7, 2008; or March 4 2008"
    assert find_delays(text) == [Delay(9, 765, date(2008, 3, 4))]


def test_a_delay_without_a_day_is_known_as_one() -> None:
    text = "The effective dates of 12 FR 501, 13 FR 999, and (13 FR 764) are delayed."
    assert [(d.volume, d.page, d.until) for d in find_delays(text)] == [
        (12, 501, None),
        (13, 999, None),
        (13, 764, None),
    ]


def test_a_delay_that_is_only_told_of_delays_nothing() -> None:
    assert find_delays("In 11 FR 123 we delayed the effective date until May 1, 2008.") == []


def real_sentences(group: str) -> list[Any]:
    rows: list[Any] = json.loads(shared("dates/date_sentences.json").read_text())[group]
    return rows


def test_real_sentences_are_read() -> None:
    for text, meant in real_sentences("eregs_sentence"):
        assert read(text) == ([tuple(meant)] if meant else []), text


def test_a_real_paragraph_is_read() -> None:
    for text, meant in real_sentences("eregs_paragraph"):
        pairs = {(kind, day) for kind, days in meant.items() for day in days}
        assert set(read(text)) == pairs, text


def test_real_delays_are_read() -> None:
    for text, meant in real_sentences("eregs_delay"):
        found = [[d.volume, d.page, d.until and d.until.isoformat()] for d in find_delays(text)]
        assert found == meant, text


def test_the_office_s_own_examples_of_days_are_found_and_no_others() -> None:
    for text, printed in real_sentences("ofr_extract_hits"):
        assert [d.printed for d in find_dates(text)] == printed
    for text in real_sentences("ofr_extract_none"):
        assert find_dates(text) == [], text


def test_real_sentences_of_export_rules_are_read() -> None:
    for text, (kind, meant) in real_sentences("domain_text"):
        found = parse_dates_paragraph(text)
        assert {d.kind for d in found.dates} == {kind}, text
        if isinstance(meant, dict):
            by = {f"amendatory instruction {d.instructions[0]}" if d.instructions else "default":
                  d.day.isoformat() for d in found.dates}  # fmt: skip
            assert by == meant
        else:
            [one] = found.dates
            assert meant.startswith(one.day.isoformat())
            assert ("T" in meant) == (one.at is not None)
