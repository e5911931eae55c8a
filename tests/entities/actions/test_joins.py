"""How far the rows of a list are joined to the documents that they cite."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from entities.actions.joins import join_the_unjoined
from entities.models import Listing, ListingCitation
from policy.actions.documents import adopt_stubs
from policy.models import Document
from tests.entities.actions.lists import (
    DOCK,
    GLASS,
    LIST,
    NOW,
    SUMMER,
    TWIN,
    counts,
    import_rows,
    make_places,
)
from tests.entities.sources.samples import part744, row
from tests.policy.actions.parts_world import know_document, revise
from tests.policy.documents.answers import NUMBER, take_in
from tests.policy.documents.answers import document as answer
from tests.unguarded import lift_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

UNREAD = row("BELIZE", "Lost Pier Ltd., 1 Quay.", citation="no citation here")


@pytest.fixture
def places() -> None:
    make_places()


def know_zhipu() -> Document:
    pages = {"volume": 90, "start_page": 4617, "end_page": 4620, "published": date(2025, 1, 16)}
    return know_document("2025-00704", **pages).document


def test_every_row_is_joined_to_a_document_a_stub_or_named_as_unread() -> None:
    know_zhipu()
    report = import_rows(*LIST, UNREAD)
    assert (report.joined_known, report.joined_stub) == (1, 2)
    assert report.unread == ["row 4: Lost Pier Ltd."]
    assert report.joined_known + report.joined_stub + len(report.unread) == report.listings


def test_every_citation_has_its_document_known_or_stub() -> None:
    document = know_zhipu()
    import_rows(*LIST)
    found = {str(c): c.document for c in ListingCitation.objects.select_related("document")}
    assert found["90 FR 4619"] == document
    assert {str(d.cited) for d in found.values() if d and d.is_stub} == {
        "85-FR-1-2020-01-02",
        "87-FR-77-2022-03-04",
    }


def test_rows_that_cite_two_pages_of_one_rule_end_as_one_document() -> None:
    one = row("BELIZE", "First Pier Ltd., 1 Quay.", citation="90 FR 48193, 10/9/25.")
    two = row(" ", "Second Pier Ltd., 2 Quay.", citation="90 FR 48195, 10/9/25.")
    report = import_rows(one, two)
    assert (report.joined_known, report.joined_stub) == (0, 2)
    pages = {"volume": 90, "start_page": 48193, "end_page": 48204, "published": date(2025, 10, 9)}
    document = know_document("2025-19508", **pages).document
    with revise() as revision:
        adopt_stubs(revision=revision)
    rows = ListingCitation.objects.known(None).select_related("document__merged_into")
    assert {c.document.resolved() for c in rows if c.document} == {document}
    again = import_rows(one, two, day=SUMMER)
    assert (again.joined_known, again.joined_stub) == (2, 0)
    assert counts(again) == (0, 0, 0, 2)


def test_an_import_of_the_federal_register_adopts_the_stubs_and_dates_the_listing() -> None:
    pier = row("BELIZE", "First Pier Ltd., 1 Quay.", citation="91 FR 51010, 9/25/26.")
    import_rows(pier, day=date(2026, 10, 1))
    assert Listing.objects.get().reconstructed
    take_in(answer(effective_on="2026-09-23"), at=NOW)
    cited = ListingCitation.objects.known(None).select_related("document__merged_into").get()
    assert cited.document is not None
    assert cited.document.resolved().number == NUMBER
    listing = Listing.objects.known(None).get()
    assert (listing.valid_from, listing.reconstructed) == (date(2026, 9, 23), False)


def test_citations_from_before_there_were_stubs_are_joined_by_the_next_import() -> None:
    import_rows(*LIST)
    lift_guards()
    ListingCitation.objects.update(document=None)
    import_rows(*LIST, day=SUMMER)
    held = ListingCitation.objects.known(None)
    assert not held.filter(document=None).exists()
    assert held.count() == 3
    assert ListingCitation.objects.known(1).filter(document=None).count() == 3
    with revise() as revision:
        assert join_the_unjoined(revision) == 0


def command(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_ecfr", str(path), "--date", "2026-03-25", *options, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_three_shares(tmp_path: Path) -> None:
    know_zhipu()
    file = tmp_path / "part744.xml"
    file.write_bytes(part744(GLASS, DOCK, TWIN, UNREAD))
    lines = [" ".join(line.split()) for line in command(file).splitlines()]
    assert "joined to a known document 1 rows 25.00%" in lines
    assert "joined to a stub 2 rows 50.00%" in lines
    assert "unread 1 rows 25.00%" in lines
    assert "row 4: Lost Pier Ltd." in lines


def test_the_shares_are_in_the_report_for_machines(tmp_path: Path) -> None:
    file = tmp_path / "part744.xml"
    file.write_bytes(part744(GLASS))
    report = json.loads(command(file, "--json"))
    assert (report["joined_known"], report["joined_stub"], report["unread"]) == (0, 1, [])
    again = json.loads(command(file, "--json"))
    assert (again["joined_stub"], again["revision"]) == (1, None)
