"""regulations.gov's answers: unknown, none and broken are three things, and HTML is text."""

import csv
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.regulations import period_of
from policy.sources.inputs import InputFile
from policy.sources.regulations import ApiComment, ApiDocket, ApiPosted, read_answer
from policy.sources.safe_xml import Refused
from policy.sources.unknown import UNKNOWN
from tests.policy.dockets.answers import (
    COMMENT,
    DOCKET,
    DOCUMENT,
    FR_NUMBER,
    brief,
    comment,
    docket,
    document,
    encoded,
    listing,
    one,
    without,
)
from tests.shared_data import shared


def problems(file: InputFile) -> list[tuple[str, str, str]]:
    return [(p.item, p.field, p.reason) for p in read_answer(file).problems]


def test_every_field_of_a_docket_is_read() -> None:
    assert read_answer(one(docket())).dockets == [
        ApiDocket(
            number=DOCKET,
            file="one.json",
            title="Framework for Artificial Intelligence Diffusion",
            type="Rulemaking",
            rin="0694-AJ90",
            modified=datetime(2025, 1, 15, 13, tzinfo=UTC),
        )
    ]


def test_every_field_of_a_document_is_read() -> None:
    assert read_answer(listing(document())).documents == [
        ApiPosted(
            number=DOCUMENT,
            file="list.json",
            docket=DOCKET,
            title="Framework for Artificial Intelligence Diffusion",
            type="Rule",
            fr_number=FR_NUMBER,
            posted=datetime(2025, 1, 15, 5, tzinfo=UTC),
            comment_start=datetime(2025, 1, 15, 5, tzinfo=UTC),
            comment_end=datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC),
            open_for_comment=False,
            withdrawn=False,
            modified=datetime(2025, 1, 15, 13, 11, 12, tzinfo=UTC),
        )
    ]


def test_every_field_of_a_comment_is_read_and_its_markup_is_text() -> None:
    assert read_answer(one(comment(), attachments=2)).comments == [
        ApiComment(
            number=COMMENT,
            file="one.json",
            docket=DOCKET,
            on_document=DOCUMENT,
            title="Comment from NVIDIA Corporation",
            organization="NVIDIA",
            first_name="Alex",
            last_name="Example",
            posted=datetime(2025, 5, 16, 4, tzinfo=UTC),
            received=datetime(2025, 5, 15, 4, tzinfo=UTC),
            modified=datetime(2025, 5, 16, 15, 20, tzinfo=UTC),
            text="The rule would harm exports.\nSee “Annex A”.",
            duplicates=0,
            withdrawn=False,
            why_withdrawn=None,
            attachments=2,
        )
    ]


def test_what_a_list_does_not_say_is_unknown_and_null_is_none() -> None:
    [found] = read_answer(listing(brief())).comments
    assert found.docket is UNKNOWN
    assert found.organization is UNKNOWN
    [full] = read_answer(one(comment(organization=None))).comments
    assert full.organization is None
    [open_end] = read_answer(listing(document(commentEndDate=None))).documents
    assert open_end.comment_end is None
    [unsaid] = read_answer(listing(without(document(), "commentEndDate"))).documents
    assert unsaid.comment_end is UNKNOWN


def test_one_document_may_stand_in_several_dockets() -> None:
    file = listing(document(), document(docketId="BIS-2024-0055"))
    found = [(d.number, d.docket) for d in read_answer(file).documents]
    assert found == [(DOCUMENT, DOCKET), (DOCUMENT, "BIS-2024-0055")]


def test_the_total_is_that_of_the_whole_question() -> None:
    assert read_answer(listing(brief(), total=1204)).total == 1204
    assert read_answer(one(comment())).total is None
    assert problems(listing(brief(), total=-1)) == [
        ("meta", "totalElements", "is not a number of things")
    ]


def test_one_thing_may_stand_without_data_around_it_as_the_specification_shows() -> None:
    assert [d.number for d in read_answer(encoded(docket())).dockets] == [DOCKET]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"commentEndDate": "2025-05-16"}, "commentEndDate", "has no time zone"),
        ({"commentEndDate": "2025-05-16T03:59:59"}, "commentEndDate", "has no time zone"),
        (
            {"commentEndDate": "16 May"},
            "commentEndDate",
            "is not an instant of the form 2025-05-16T03:59:59Z",
        ),
        (
            {"commentEndDate": 7},
            "commentEndDate",
            "is not an instant of the form 2025-05-16T03:59:59Z",
        ),
        (
            {"commentEndDate": "0001-01-01T00:00:00+14:00"},
            "commentEndDate",
            "lies beyond the calendar",
        ),
        ({"withdrawn": "no"}, "withdrawn", "is neither true nor false"),
        ({"title": ["A"]}, "title", "is not text"),
        ({"docketId": "../x"}, "docketId", "is no number of regulations.gov"),
        ({"docketId": ["A"]}, "docketId", "is no number of regulations.gov"),
    ],
)
def test_a_broken_field_is_a_problem_and_the_rest_of_the_item_is_read(
    changes: dict[str, Any], field: str, reason: str
) -> None:
    file = listing(document(**changes))
    assert problems(file) == [(DOCUMENT, field, reason)]
    [found] = read_answer(file).documents
    assert found.fr_number == FR_NUMBER


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("words", ("answer.json, item 1", "", "is no object with attributes")),
        ({"id": "A-1", "type": "dockets"}, ("answer.json, item 1", "", None)),
        ({**docket(), "id": None}, ("answer.json, item 1", "id", None)),
        ({**docket(), "type": "agencies"}, (DOCKET, "type", "is no docket, document or comment")),
    ],
)
def test_a_broken_item_is_a_problem_and_the_next_one_is_read(
    item: Any, problem: tuple[str, str, str | None]
) -> None:
    file = encoded({"data": [item, document()]})
    [(name, field, reason)] = problems(file)
    assert (name, field) == problem[:2]
    assert problem[2] in {None, reason}
    assert [d.number for d in read_answer(file).documents] == [DOCUMENT]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"<html>", "looks like XML or an HTML page"),
        (b'{"data": [', "The file is cut off"),
        ('{"data": "Zürich"}'.encode("latin-1"), "The file is not in UTF-8"),
        (b"[]", "no answer of regulations.gov"),
        (b"{}", "no answer of regulations.gov"),
        (b'{"data": null}', "no answer of regulations.gov"),
        (
            b'{"errors": [{"status": 400, "title": "Bad Request", "detail": "Page is too far."}]}',
            "regulations.gov answered with an error: 400, Bad Request, Page is too far.",
        ),
        (
            b'{"error": {"code": "OVER_RATE_LIMIT", "message": "Wait."}}',
            "regulations.gov answered with an error: OVER_RATE_LIMIT, Wait.",
        ),
        (b'{"errors": ["down"]}', "regulations.gov answered with an error: down."),
        (b'{"errors": [{}]}', "regulations.gov answered with an error: without words."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_answer(InputFile("answer.json", data))
    assert sentence in str(refused.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from([*document()["attributes"], *comment()["attributes"]])


@given(
    kind=st.sampled_from(["dockets", "documents", "comments"]), found=st.dictionaries(KEYS, JSON)
)
def test_no_value_of_any_field_breaks_the_reading(kind: str, found: dict[str, Any]) -> None:
    answer = read_answer(encoded({"data": [{"id": DOCUMENT, "type": kind, "attributes": found}]}))
    assert len(answer.dockets) + len(answer.documents) + len(answer.comments) == 1


def test_every_real_comment_period_gives_its_eastern_days() -> None:
    with shared("dates/comment_periods.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = [
        document(
            row["regs_id"],
            commentStartDate=row["comment_start_utc"],
            commentEndDate=row["comment_end_utc"],
        )
        for row in rows
    ]
    answer = read_answer(listing(*items))
    assert answer.problems == []
    assert len(answer.documents) == len(rows) == 79
    for found, row in zip(answer.documents, rows, strict=True):
        assert isinstance(found.comment_start, datetime)
        assert isinstance(found.comment_end, datetime)
        period = period_of(found.comment_start, found.comment_end)
        assert str(period.start) == row["start_date_et"]
        assert str(period.end) == row["end_date_et"]
