"""What readers see of the screening lists."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from entities.actions.import_csl import import_csl
from entities.models import ScreeningEntry
from tests.entities.repacked_list import unpacked
from tests.entities.screening.lists import (
    DPL,
    EL,
    MONDAY,
    NOW,
    TUESDAY,
    ZHIPU,
    party,
    small_list,
    take_in,
)
from tests.shared_data import shared
from tests.site_map import Shown, content_of, shown

pytestmark = pytest.mark.django_db
NO_CLEARANCE = "A name that is not found here is not cleared"


def open_page(url: str, status: int = 200) -> Shown:
    response = Client().get(url)
    assert response.status_code == status
    return shown(url, response)


def rows_of(url: str) -> list[dict[str, str]]:
    text = content_of(Client().get(url)).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_before_a_list_is_imported_the_page_says_how() -> None:
    page = open_page("/lists/")
    assert "import_csl FILE --date DAY" in page.main
    assert NO_CLEARANCE in page.main


def test_entries_are_found_by_name_alias_list_and_country() -> None:
    take_in(small_list())
    assert len(open_page("/lists/").rows) == 3
    assert len(open_page("/lists/?q=zhipu+AI").rows) == 1
    assert len(open_page("/lists/?list=DPL").rows) == 1
    assert len(open_page("/lists/?country=cn").rows) == 1
    nobody = open_page("/lists/?q=nobody")
    assert "That is no clearance." in nobody.main
    assert "As the Consolidated Screening List of 21 September 2026" in open_page("/lists/").main


def test_the_lists_are_those_of_the_day_and_the_moment_asked_for() -> None:
    take_in([*small_list(), party("OLD BANK", entity_number="3")])
    take_in(small_list(), TUESDAY)
    assert len(open_page(f"/lists/?q=old+bank&on={MONDAY}").rows) == 1
    assert open_page(f"/lists/?q=old+bank&on={TUESDAY}").rows == []
    assert open_page("/lists/?known=2026-09-30").rows == []


def test_an_entry_shows_every_field_as_published_and_runs_nothing() -> None:
    take_in([party("<b>X</b>", DPL, remarks="<script>", source_list_url="javascript:alert(1)",
                   addresses=["1 Way, SG", "2 Way, SG"])])  # fmt: skip
    entry = ScreeningEntry.objects.get()
    page = open_page(f"/lists/DPL/{entry.ref}/")
    assert "<b>X</b>" in page.main
    assert "Remarks<script>" in page.main
    assert NO_CLEARANCE in page.main
    assert not [a for a in page.addresses if a.startswith("javascript")]
    open_page(f"/lists/SDN/{entry.ref}/", 404)


def test_the_export_of_entries_cannot_run_a_formula() -> None:
    take_in([party("=HYPERLINK(1)", entity_number="9")])
    [row] = rows_of("/lists/?format=csv")
    assert row["name"] == "'=HYPERLINK(1)"
    assert row["list"] == "SDN"


def test_a_page_of_many_entries_costs_no_more_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    take_in([party(f"BANK {n}", entity_number=str(n)) for n in range(120)])
    with django_assert_max_num_queries(6):
        page = open_page("/lists/?page=2")
    assert len(page.rows) == 50


@pytest.mark.usefixtures("record")
def test_the_two_prints_of_the_entity_list_are_compared() -> None:
    take_in([*small_list(), party("Nobody Inc.", EL, addresses=["CN"])])
    page = open_page("/lists/cross-check/")
    assert "2 rows of the screening list" in page.main
    assert page.rows[-1]  # what stands in Supplement No. 4 alone comes last
    assert any(row.startswith("Nobody Inc.") for row in page.rows)
    same = open_page("/lists/cross-check/?reason=NAME")
    assert any(row.startswith(ZHIPU) for row in same.rows)
    slug = "beijing-zhipu-huazhang-technology-co-ltd"
    assert f"http://testserver/entities/{slug}/" in same.addresses
    exported = rows_of("/lists/cross-check/?format=csv&reason=NAME")
    assert exported[0]["reason"] == "same name and destination"


@pytest.mark.usefixtures("record")
def test_of_many_that_stand_in_the_law_alone_the_page_shows_some_and_says_where_the_rest_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in(small_list())
    monkeypatch.setattr("entities.views.screening.PER_PAGE", 2)
    page = open_page("/lists/cross-check/")
    alone = [
        row for row in rows_of("/lists/cross-check/?format=csv") if "Supplement" in row["reason"]
    ]
    assert f"And {len(alone) - 2} more: the CSV export holds all of them." in page.main


def test_a_reason_that_is_none_shows_nothing_and_breaks_nothing() -> None:
    take_in(small_list())
    assert "No row is of this kind." in open_page("/lists/cross-check/?reason=zzz").main


def test_the_api_gives_the_same_entries() -> None:
    take_in(small_list())
    found = Client().get("/api/v1/screening?q=zhipu").json()
    assert [row["name"] for row in found["items"]] == [ZHIPU]
    assert found["items"][0]["code"] == "EL"
    assert found["items"][0]["countries"] == ["CN"]
    assert Client().get("/api/v1/screening?list=SDN&on=2026-09-21").json()["count"] == 1


def test_a_whole_real_list_is_browsed_within_the_budget(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    files = [unpacked(shared("csl/consolidated_2026-07-31.json"))]
    import_csl(files=files, as_of=MONDAY, at=NOW, by="tests")
    with django_assert_max_num_queries(6):
        page = open_page("/lists/?q=huawei")
    assert len(page.rows) == 50


def test_the_sources_page_says_what_was_imported_and_how_far_it_reaches() -> None:
    take_in(small_list())
    take_in([*small_list(), party("NEW BANK", entity_number="2")], TUESDAY)
    page = open_page("/sources/")
    assert "Screening listlast confirmed for 22 September 2026" in page.main
    newest, first = (row for row in page.rows if "consolidated.json" in row)
    assert newest.startswith("Screening list 22 September 2026")
    assert "consolidated.json 4 1 new 0" in newest
    assert "consolidated.json 3 3 new 0" in first
