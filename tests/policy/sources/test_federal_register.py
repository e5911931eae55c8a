"""The API's answers, field by field: unknown, none, and broken are three things."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.sources.federal_register import FIELDS, ApiDocument, asked_fields, read_answer
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused
from policy.sources.unknown import UNKNOWN
from tests.policy.documents.answers import DATES, NUMBER, document, page
from tests.shared_data import shared


def read(value: Any) -> tuple[list[ApiDocument], list[tuple[str, str, str]]]:
    answer = read_answer(InputFile("answer.json", json.dumps(value).encode()))
    problems = [(p.document, p.field, p.reason) for p in answer.problems]
    return list(answer.documents), problems


def test_every_field_is_read() -> None:
    assert read(document()) == (
        [
            ApiDocument(
                number=NUMBER,
                title="Controls on Advanced Packaging",
                file="answer.json",
                published=date(2026, 9, 25),
                type="Rule",
                action="Interim final rule; request for comments.",
                abstract="BIS controls advanced packaging.",
                dates=DATES,
                effective=date(2026, 9, 25),
                comments_close=date(2026, 11, 24),
                volume=91,
                start_page=51000,
                end_page=51042,
                rins=("0694-AK01",),
                dockets=("Docket No. 260910-0123",),
                cfr_parts=("15 CFR part 744", "15 CFR part 774"),
                corrects=None,
                url=f"https://www.federalregister.gov/documents/2026/09/25/{NUMBER}/controls",
            )
        ],
        [],
    )


def test_what_was_not_asked_for_is_unknown_and_null_is_none() -> None:
    [found], problems = read({"document_number": NUMBER, "title": "A rule", "effective_on": None})
    assert problems == []
    assert found.effective is None
    assert found.comments_close is UNKNOWN
    assert found.rins is UNKNOWN
    assert not UNKNOWN
    assert repr(UNKNOWN) == "UNKNOWN"


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda items: {"count": len(items), "results": items},
        lambda items: {"documents": items},
        lambda items: items,
    ],
)
def test_documents_stand_in_a_page_an_envelope_or_a_list(wrapped: Any) -> None:
    items = [document(), document(document_number="2026-20002")]
    assert [d.number for d in read(wrapped(items))[0]] == [NUMBER, "2026-20002"]


def test_an_empty_answer_has_no_results_at_all() -> None:
    assert read_answer(page()).documents == ()
    assert read({"count": 0})[0] == []


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"errors": {"fields": '["x"] is not a valid field'}}, "answered with an error"),
        ({"titles": []}, "holds no documents of the Federal Register"),
        ("text", "holds no documents of the Federal Register"),
        ({"count": 3}, "holds no documents of the Federal Register"),
    ],
)
def test_another_kind_of_answer_is_refused(value: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(value)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"publication_date": "25/09/2026"}, "publication_date", "is not a day of the form"),
        ({"effective_on": "2026-02-30"}, "effective_on", "is not a day of the form"),
        ({"effective_on": 20260925}, "effective_on", "is not a day of the form"),
        ({"volume": "91"}, "volume", "is not a positive number"),
        ({"start_page": 0}, "start_page", "is not a positive number"),
        ({"end_page": True}, "end_page", "is not a positive number"),
        ({"docket_ids": "260910"}, "docket_ids", "is not a list"),
        ({"docket_ids": [None]}, "docket_ids", "is empty"),
        ({"cfr_references": [{"part": 744}]}, "cfr_references", "names no title of the CFR"),
        ({"cfr_references": "15"}, "cfr_references", "is not a list"),
        ({"correction_of": "somewhere"}, "correction_of", "is not the address of a document"),
        ({"dates": 5}, "dates", "is not text"),
        ({"action": ["Final rule."]}, "action", "is not text"),
    ],
)
def test_a_field_of_another_form_is_a_problem_and_unknown(
    change: dict[str, Any], field: str, reason: str
) -> None:
    [found], [(number, named, said)] = read(document(**change))
    assert (number, named) == (NUMBER, field)
    assert reason in said
    ours = next(name for name, (key, _) in FIELDS.items() if key == field)
    assert getattr(found, ours) is UNKNOWN


@pytest.mark.parametrize(
    ("item", "field", "reason"),
    [
        (document(document_number="no number"), "document_number", "is not a document number"),
        (document(title=None), "title", "is empty"),
        ({"title": "A rule"}, "document_number", "is missing"),
        ({"document_number": NUMBER}, "title", "is missing"),
        ("a rule", "", "is no object"),
    ],
)
def test_a_document_without_number_or_title_is_a_problem_and_the_others_are_read(
    item: Any, field: str, reason: str
) -> None:
    found, [(_, named, said)] = read([item, document(document_number="2026-20002")])
    assert [d.number for d in found] == ["2026-20002"]
    assert (named, said) == (field, reason)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://www.federalregister.gov/api/v1/documents/2024-28270", "2024-28270"),
        ("https://www.federalregister.gov/api/v1/documents/2024-28270?publication_date=2024-12-05",
         "2024-28270"),
        ("https://www.federalregister.gov/api/v1/documents/E9-1234.json", "E9-1234"),
    ],
)  # fmt: skip
def test_the_corrected_document_is_read_off_its_address(address: str, number: str) -> None:
    [found], _ = read(document(correction_of=address))
    assert found.corrects == number


@pytest.mark.parametrize(
    "number", ["2025-00636", "E9-1234", "C1-2025-00636", "R1-2024-28270", "94-12345"]
)
def test_old_and_reprinted_numbers_are_numbers(number: str) -> None:
    [found], _ = read(document(document_number=number))
    assert found.number == number


def test_lines_of_dates_stay_lines_and_white_space_is_folded_elsewhere() -> None:
    [found], _ = read(document(dates=" Effective  now.\n\n Comments\tlater. ", title=" A\n rule "))
    assert (found.dates, found.title) == ("Effective now.\nComments later.", "A rule")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.sampled_from(asked_fields()), VALUES), max_size=4))
def test_no_answer_breaks_the_reader(items: list[dict[str, Any]]) -> None:
    found, problems = read({"results": items})
    assert len(found) + len({document for document, _, _ in problems}) >= min(len(items), 1)


def test_every_documented_field_that_is_asked_for_exists() -> None:
    documented = json.loads(shared("federal_register/documented_fields.json").read_text())
    assert set(asked_fields()) <= set(documented["fields"])


def test_a_whole_real_answer_is_read_without_a_problem() -> None:
    path = shared("federal_register/document_2025-05887.json")
    answer = read_answer(InputFile(path.name, path.read_bytes()))
    [found] = answer.documents
    assert answer.problems == ()
    assert (found.number, found.volume, found.start_page, found.end_page) == (
        "2025-05887",
        90,
        14957,
        14959,
    )
    assert (found.dates, found.effective, found.dockets) == (
        "Applicable April 7, 2025.",
        None,
        ("C-570-161",),
    )
