"""Federal Register citations, and what a reader may type to reach a document."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.citations import (
    FrCitation,
    format_fr_citation,
    parse_fr_citations,
    parse_query_reference,
)

Read = list[tuple[int, int, str | None]]


def read(text: str) -> Read:
    return [
        (cited.volume, cited.page, cited.published.isoformat() if cited.published else None)
        for cited in parse_fr_citations(text).citations
    ]


def faults(text: str) -> list[str]:
    return [problem.fault for problem in parse_fr_citations(text).problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90 FR 4619, 1/16/25.", [(90, 4619, "2025-01-16")]),
        ("90 FR 4619, 1/16/25", [(90, 4619, "2025-01-16")]),
        ("90 FR 4619, 01/16/2025.", [(90, 4619, "2025-01-16")]),
        ("88 FR 71992 10/19/2023.", [(88, 71992, "2023-10-19")]),
        ("77 FR 23116\n4/18/12.", [(77, 23116, "2012-04-18")]),
        ("73 FR 54508. 9/22/08.", [(73, 54508, "2008-09-22")]),
        ("64 FR 28909,\n5/28/99.", [(64, 28909, "1999-05-28")]),
        ("63 FR 64325, Nov. 19, 1998", [(63, 64325, "1998-11-19")]),
        ("90 FR 50857, November 12, 2025", [(90, 50857, "2025-11-12")]),
        ("90 Fed. Reg. 4,619, 1/16/25", [(90, 4619, "2025-01-16")]),
        ("90 F.R. 4619, 1/16/25", [(90, 4619, "2025-01-16")]),
        (
            "77 FR 61249, 10/9/12, 78 FR 75463, 12/12/13.",
            [(77, 61249, "2012-10-09"), (78, 75463, "2013-12-12")],
        ),
        (
            "73 FR 54508 9/22/08\n73 FR 74001, 12/5/08.\n.\n",
            [(73, 54508, "2008-09-22"), (73, 74001, "2008-12-05")],
        ),
        ("", []),
    ],
)
def test_citations_are_read_as_they_are_printed(text: str, expected: Read) -> None:
    assert read(text) == expected
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "expected", "fault"),
    [
        ("88 FR FR 12158, 2/27/23.", [(88, 12158, "2023-02-27")], "doubled_fr"),
        (
            "81 FR 61601 preview citation details, 9/7/16.",
            [(81, 61601, "2016-09-07")],
            "stray_words",
        ),
        ("See 81 FR 61601, 9/7/16.", [(81, 61601, "2016-09-07")], "stray_words"),
        ("83 FR 61541, 11/13/19.", [(83, 61541, "2019-11-13")], "wrong_year"),
        ("77 FR 58006, 9/9/12.", [(77, 58006, "2012-09-09")], "weekend"),
        ("90 FR 4619.", [(90, 4619, None)], "no_date"),
        ("90 FR 4619, 2/30/25.", [(90, 4619, None)], "bad_date"),
        ("90 FR 4619, 1/16/25, 1/17/25.", [(90, 4619, "2025-01-16")], "two_dates"),
        (
            "83 FR 44824, 9/4/18. 83 FR 44824, 9/4/18.",
            [(83, 44824, "2018-09-04")] * 2,
            "repeated",
        ),
        ("to be announced", [], "unreadable"),
    ],
)
def test_what_is_odd_is_kept_as_printed_and_said(text: str, expected: Read, fault: str) -> None:
    assert read(text) == expected
    assert faults(text) == [fault]


def test_the_reason_names_the_year_of_the_volume() -> None:
    (citation,) = parse_fr_citations("83 FR 61541, 11/13/19.").citations
    assert citation.volume_year == 2018
    assert citation.printed == "83 FR 61541, 11/13/19"
    assert citation.notes == (
        "volume 83 of the Federal Register is that of 2018, but the date printed is of 2019",
    )


@pytest.mark.parametrize(
    ("volume", "digits", "year"),
    [(1, "36", 1936), (64, "99", 1999), (65, "00", 2000), (90, "25", 2025), (91, "25", 2025),
     (64, "00", 2000), (115, "50", 2050)],
)  # fmt: skip
def test_the_volume_decides_the_century_of_a_short_year(
    volume: int, digits: str, year: int
) -> None:
    (citation,) = parse_fr_citations(f"{volume} FR 1, 6/15/{digits}").citations
    assert citation.published is not None
    assert citation.published.year == year


def working_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


@given(
    st.integers(1, 120_000),
    st.dates(date(1936, 3, 16), date(2090, 12, 31)).map(working_day),
)
def test_writing_a_citation_and_reading_it_again_gives_the_same(page: int, day: date) -> None:
    written = format_fr_citation(FrCitation(day.year - 1935, page, day))
    parsed = parse_fr_citations(written)
    (citation,) = parsed.citations
    assert (citation.volume, citation.page, citation.published) == (day.year - 1935, page, day)
    assert parsed.problems == ()
    assert format_fr_citation(citation) == written


@given(
    st.lists(
        st.tuples(st.integers(1, 150), st.integers(1, 99_999)), min_size=1, max_size=6, unique=True
    ),
    st.sampled_from([" ", "\n", "; ", "\n\n", ".\n"]),
)
def test_any_separator_keeps_several_citations_apart(
    pages: list[tuple[int, int]], separator: str
) -> None:
    text = separator.join(f"{volume} FR {page}" for volume, page in pages)
    assert [(volume, page) for volume, page, _ in read(text)] == pages


@given(st.text(alphabet="0123456789 FR/.,\n²٣", max_size=60))
def test_no_text_stops_the_reader(text: str) -> None:
    parsed = parse_fr_citations(text)
    assert all(citation.notes or citation.published for citation in parsed.citations)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("90 FR 4619", "fr_citation", "90 FR 4619"),
        ("90 fr 4,619", "fr_citation", "90 FR 4619"),
        ("90 Fed. Reg. 4619 (2025)", "fr_citation", "90 FR 4619"),
        ("90 FR 4619, 1/16/25.", "fr_citation", "90 FR 4619"),
        ("90FR4619", "fr_citation", "90 FR 4619"),
        ("2025-00636", "document_number", "2025-00636"),
        ("2023-23049", "document_number", "2023-23049"),
        ("FR Doc. 2025-00636", "document_number", "2025-00636"),
        ("Document No. 2025-00636", "document_number", "2025-00636"),
        ("E8-12345", "document_number", "E8-12345"),
        ("e8-12345", "document_number", "E8-12345"),
        ("C1-2025-00636", "document_number", "C1-2025-00636"),
        ("05-1234", "document_number", "05-1234"),
        ("0694-AJ90", "rin", "0694-AJ90"),
        ("RIN 0694-aj90", "rin", "0694-AJ90"),
        ("BIS-2025-0001", "docket", "BIS-2025-0001"),
        ("Docket No. BIS-2025-0001", "docket", "BIS-2025-0001"),
        ("NIST-2025-0001-0042", "docket", "NIST-2025-0001-0042"),
        ("250107-0007", "docket", "250107-0007"),
        ("docket 250107-0007", "docket", "250107-0007"),
        ("§ 742.6", "section", "742.6"),
        ("742.6", "section", "742.6"),
        ("742.6(a)(6)", "section", "742.6(a)(6)"),
        ("§ 742.6 (a) (6) (iii) (A)", "section", "742.6(a)(6)(iii)(A)"),
        ("section 744.23(a)(3)", "section", "744.23(a)(3)"),
        ("15 CFR 744.11", "section", "744.11"),
        ("15 C.F.R. § 744.11", "section", "744.11"),
        ("§ 744.11 of the EAR", "section", "744.11"),
        ("1 CFR 18.17", "section", "18.17"),
        ("Supplement No. 4 to part 744", "section", "Supplement No. 4 to part 744"),
        ("supp. 4 to part 744", "section", "Supplement No. 4 to part 744"),
        ("supplement no. 05 to part 740", "section", "Supplement No. 5 to part 740"),
        ("  90 FR 4619  ", "fr_citation", "90 FR 4619"),
    ],
)
def test_what_a_reader_types_is_recognised(typed: str, kind: str, value: str) -> None:
    reference = parse_query_reference(typed)
    assert reference is not None
    assert (reference.kind, reference.value) == (kind, value)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "Malaysia", "智谱", "2025", "744", "3.5", "90 FR", "FR 4619", "90 FR 4619 and 4621",
     "Zhipu 2025-00636", "2025-01-16", "16 January 2025", "U.S. 90", "part 744", "GPT-4.5",
     "²5 FR ²", "0694-AJ9"],
)  # fmt: skip
def test_anything_else_is_left_to_the_search(typed: str) -> None:
    assert parse_query_reference(typed) is None


def test_a_citation_carries_volume_and_page_a_section_its_part() -> None:
    citation, section = parse_query_reference("90 FR 4619"), parse_query_reference("15 CFR 744.11")
    assert citation is not None
    assert section is not None
    assert (citation.volume, citation.page) == (90, 4619)
    assert (section.title, section.part) == (15, 744)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("742.6(a)(6)", "§ 742.6(a)(6)"),
        ("supp 4 to part 744", "Supplement No. 4 to part 744"),
        ("90 fr 4619", "90 FR 4619"),
        ("0694-aj90", "0694-AJ90"),
    ],
)
def test_a_reference_is_written_the_way_the_record_cites(typed: str, shown: str) -> None:
    assert str(parse_query_reference(typed)) == shown


@given(st.integers(1, 150), st.integers(1, 999_999))
def test_a_written_citation_is_recognised_when_typed(volume: int, page: int) -> None:
    reference = parse_query_reference(str(FrCitation(volume, page)))
    assert reference is not None
    assert (reference.kind, reference.volume, reference.page) == ("fr_citation", volume, page)


@given(st.text(max_size=40))
def test_no_query_stops_the_reader(text: str) -> None:
    reference = parse_query_reference(text)
    assert reference is None or parse_query_reference(str(reference)) == reference
