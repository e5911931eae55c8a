"""What readers see of imported documents, and of what nobody has judged yet."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.models import Revision
from tests.policy.desk.settling import settle
from tests.policy.documents.answers import AT, NUMBER, document, take_in
from tests.site_map import Shown, content_of, shown

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.federalregister.gov/api/v1/documents/"


def open_page(url: str, status: int = 200) -> Shown:
    response = Client().get(url)
    assert response.status_code == status
    return shown(url, response)


def rows_of(url: str) -> list[dict[str, str]]:
    text = content_of(Client().get(url)).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_finds_documents_by_word_number_and_type() -> None:
    take_in(document(), document(document_number="2026-20002", title="Chips", type="Notice"))
    assert len(open_page("/documents/").rows) == 2
    assert len(open_page("/documents/?q=advanced+2026-20001").rows) == 1
    assert len(open_page("/documents/?q=2026-20002").rows) == 1
    [row] = open_page("/documents/?type=Notice").rows
    assert row.startswith("Chips 2026-20002")


def test_the_one_box_finds_a_document_by_words_of_its_title() -> None:
    take_in(document())
    page = open_page("/search/?q=advanced+packaging")
    assert f"http://testserver/documents/{NUMBER}/" in page.addresses
    assert Client().get(f"/search/?q={NUMBER}")["Location"].startswith(f"/documents/{NUMBER}/")


def test_a_list_without_a_match_shows_the_way_out() -> None:
    page = open_page("/documents/?q=nothing")
    assert "No document matches" in page.main
    assert "http://testserver/documents/" in page.addresses


def test_a_document_is_not_there_before_it_was_published_or_known() -> None:
    take_in(document())
    open_page(f"/documents/{NUMBER}/?on=2026-09-25")
    open_page(f"/documents/{NUMBER}/?on=2026-09-24", 404)
    assert open_page("/documents/?on=2026-09-24").rows == []


def test_a_document_shows_its_dates_as_printed_and_what_it_amends() -> None:
    take_in(document())
    page = open_page(f"/documents/{NUMBER}/")
    assert "Dates, as printedThis rule is effective September 25, 2026, except" in page.main
    assert "Comments close24 November 2026" in page.main
    assert "Amends15 CFR part 744, 15 CFR part 774" in page.main


def test_a_correction_and_what_it_corrects_lead_to_each_other() -> None:
    other = document(document_number="2026-20009", correction_of=f"{ADDRESS}{NUMBER}", dates=None)
    take_in(document(), other)
    assert f"http://testserver/documents/{NUMBER}/" in open_page("/documents/2026-20009/").addresses
    assert "Corrected by2026-20009" in open_page(f"/documents/{NUMBER}/").main


def test_a_corrected_document_that_is_not_held_is_named_without_a_link() -> None:
    take_in(document(correction_of=f"{ADDRESS}2020-00001"))
    page = open_page(f"/documents/{NUMBER}/")
    assert "2020-00001, which the record does not hold" in page.main
    assert not [a for a in page.addresses if "2020-00001" in a]


def test_open_questions_stand_on_the_document_the_list_and_the_sources() -> None:
    take_in(document())
    said = "Effective (amendatory instruction 5): 4 January 2027"
    assert said in open_page(f"/documents/{NUMBER}/").main
    assert said in open_page("/questions/").main
    assert "1 open question" in open_page("/sources/").main
    assert f"http://testserver/documents/{NUMBER}/" in open_page("/questions/").addresses


def test_questions_are_filtered_by_kind_and_exported() -> None:
    take_in(document(), document(document_number="2026-20002", dates="Effective upon publication"
                                 " in the Register."))  # fmt: skip
    assert "DATES not read" not in open_page("/questions/?kind=date").main
    assert "DATES not read" in open_page("/questions/?kind=unread").main
    assert [row["about"] for row in rows_of("/questions/?format=csv&kind=date")] == [NUMBER]


def test_what_was_not_yet_asked_is_not_shown_as_known_earlier() -> None:
    take_in(document())
    assert "Nothing was recorded yet" in open_page("/questions/?known=2026-09-30").main
    assert Revision.objects.count() == 1


def test_a_conflict_shows_both_values_and_which_governs_until_it_is_closed() -> None:
    take_in(document(comments_close_on="2026-11-25"))
    page = open_page(f"/documents/{NUMBER}/")
    assert "The end of the comment period open" in page.main
    assert "25 November 2026, in the data" in page.main
    slug = f"{NUMBER}-comments-close-print"
    settle(slug, "The print governs, says the Office.", AT)
    page = open_page(f"/documents/{NUMBER}/")
    assert "The end of the comment period open" not in page.main
    assert "The print governs, says the Office." in page.main


def test_the_export_of_documents_holds_what_the_list_shows() -> None:
    take_in(document())
    [row] = rows_of("/documents/?format=csv")
    assert (row["number"], row["effective"], row["comments_close"]) == (
        NUMBER,
        "2026-09-25",
        "2026-11-24",
    )
    assert row["cfr_parts"] == "15 CFR part 744, 15 CFR part 774"


def test_a_hundred_documents_cost_no_more_queries_than_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    take_in(*(document(document_number=f"2026-2{n:04}") for n in range(100)))
    with django_assert_max_num_queries(6):
        page = open_page("/documents/?page=2")
    assert len(page.rows) == 50
