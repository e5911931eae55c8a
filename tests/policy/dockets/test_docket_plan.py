"""What several answers say together: each thing once, newest words first, totals of one docket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.actions.docket_plan import (
    RegulationsReport,
    in_docket,
    known,
    read_answers,
    said,
    stated,
    together,
    total_of,
)
from policy.sources.inputs import InputFile
from policy.sources.regulations import ApiComment, ApiPosted, read_answer
from policy.sources.unknown import UNKNOWN
from tests.policy.dockets.answers import (
    COMMENT,
    DOCKET,
    DOCUMENT,
    brief,
    comment,
    docket,
    document,
    listing,
    one,
    without,
)

OTHER = "BIS-2024-0055"
FOLLOWED = frozenset({DOCKET, OTHER})
NOON = datetime(2025, 5, 16, 12, tzinfo=UTC)


def comments_of(file: InputFile) -> list[ApiComment]:
    return [in_docket(found, FOLLOWED) for found in read_answer(file).comments]


def by_number(item: ApiComment) -> str:
    return item.number


def test_unknown_and_none_are_both_no_value_and_only_one_of_them_was_said() -> None:
    [found] = comments_of(one(comment(organization=None)))
    [listed] = comments_of(listing(brief()))
    assert known(found.organization) is None
    assert known(listed.organization) is None
    assert said(found)["organization"] is None
    assert "organization" not in said(listed)


def test_the_columns_of_a_document_are_those_of_which_the_answer_says_something() -> None:
    [full] = read_answer(listing(document(commentEndDate=None, frDocNum=None))).documents
    values = stated(full)
    assert values["comment_end"] is None
    assert values["fr_number"] == ""
    [less] = read_answer(listing(without(document(), "commentEndDate", "frDocNum"))).documents
    assert {"comment_end", "fr_number"} & stated(less).keys() == set()


def test_a_comment_of_a_list_gets_the_docket_that_its_number_tells() -> None:
    assert [c.docket for c in comments_of(listing(brief()))] == [DOCKET]
    assert [c.docket for c in comments_of(listing(brief("EPA-2025-0009-0001")))] == [UNKNOWN]


def test_what_the_answer_names_is_never_replaced_by_the_form_of_the_number() -> None:
    assert [c.docket for c in comments_of(one(comment(docketId=OTHER)))] == [OTHER]


def test_a_list_tells_less_than_the_comment_itself_whichever_comes_first() -> None:
    [full], [listed] = comments_of(one(comment())), comments_of(listing(brief()))
    for order in ([full, listed], [listed, full]):
        report = RegulationsReport(files=2)
        [found] = together(order, by_number, report)
        assert (found.organization, found.docket) == ("NVIDIA", DOCKET)
        assert len(report.skipped) == 1


def test_of_two_answers_the_one_modified_later_is_believed() -> None:
    [older] = comments_of(one(comment(title="Older"), name="older.json"))
    newer = replace(older, title="Newer", modified=NOON + timedelta(days=9), file="newer.json")
    for order in ([older, newer], [newer, older]):
        report = RegulationsReport(files=2)
        [found] = together(order, by_number, report)
        assert (found.title, found.file) == ("Newer", "newer.json")
        [skipped] = report.skipped
        assert skipped == {
            "item": COMMENT,
            "file": "older.json",
            "reason": "stands again in another answer",
        }


ITEMS = st.builds(
    ApiComment,
    number=st.sampled_from(["A-1", "A-2", "A-3"]),
    file=st.just("a.json"),
    title=st.sampled_from(["one", "two", None, UNKNOWN]),
    withdrawn=st.sampled_from([True, False, UNKNOWN]),
    modified=st.integers(0, 5).map(lambda hours: NOON + timedelta(hours=hours)),
)


@given(st.lists(ITEMS))
def test_each_item_is_found_once_or_skipped_and_none_is_lost(items: list[ApiComment]) -> None:
    report = RegulationsReport(files=1)
    found = together(items, by_number, report)
    numbers = [item.number for item in found]
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) == {item.number for item in items}
    assert len(found) + len(report.skipped) == len(items)


@given(st.lists(ITEMS, unique_by=lambda item: (item.number, item.modified)), st.randoms())
def test_the_order_of_the_files_changes_nothing(items: list[ApiComment], random: object) -> None:
    shuffled = sorted(items, key=lambda _: random.random())  # type: ignore[attr-defined]
    one_way = together(items, by_number, RegulationsReport(files=1))
    other_way = together(shuffled, by_number, RegulationsReport(files=1))
    assert set(one_way) == set(other_way)


@pytest.mark.parametrize(
    ("file", "counted"),
    [
        (listing(brief(), total=812), (DOCKET, 812)),
        (listing(brief(), brief(f"{DOCKET}-0043"), total=812), (DOCKET, 812)),
        # One of another docket, or of none that is followed: the question was another.
        (listing(brief(), brief(f"{OTHER}-0043"), total=812), None),
        (listing(brief(), brief("EPA-2025-0009-0001"), total=812), None),
        (listing(brief("EPA-2025-0009-0001"), total=812), None),
        (listing(document(), total=812), None),
        (listing(total=0), None),
        (one(comment()), None),
    ],
)
def test_a_total_counts_a_docket_only_where_all_that_is_listed_belongs_to_it(
    file: InputFile, counted: tuple[str, int] | None
) -> None:
    found = total_of(read_answer(file), file.name, FOLLOWED)
    assert (found and (found.docket, found.count)) == counted


def test_what_all_files_hold_is_counted_as_it_was_read() -> None:
    report = RegulationsReport(files=3)
    read = read_answers(
        [
            listing(document(), docket(), name="a.json"),
            listing(document(), brief(), name="b.json"),
            one(comment(), name="c.json"),
        ],
        FOLLOWED,
        report,
    )
    assert (report.dockets, report.documents, report.comments) == (1, 2, 2)
    assert (len(read.dockets), len(read.documents), len(read.comments)) == (1, 1, 1)
    assert len(report.skipped) == 2
    assert max(read.modified) == datetime(2025, 5, 16, 15, 20, tzinfo=UTC)


def test_a_document_of_two_dockets_is_two_things() -> None:
    files = [listing(document(), document(docketId=OTHER))]
    read = read_answers(files, FOLLOWED, RegulationsReport(files=1))
    found: list[ApiPosted] = read.documents
    assert [(d.number, d.docket) for d in found] == [(DOCUMENT, DOCKET), (DOCUMENT, OTHER)]
