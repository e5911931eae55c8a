"""What a newer version of the list changed, and by which document."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from entities.actions.list_changes import readable, removes
from entities.models import Entity, Listing, ListingChange
from policy.models import Document, DocumentFact, Event, Proposal
from tests.entities.actions.lists import (
    DOCK,
    GLASS,
    LIST,
    SPRING,
    SUMMER,
    TWIN,
    counts,
    import_rows,
    listed,
    make_places,
)
from tests.entities.sources.samples import row
from tests.policy.actions.parts_world import know_document
from tests.site_map import Shown, shown
from tests.unguarded import lift_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

JUNE = date(2026, 6, 1)
REVISED = DOCK.replace("2 Harbor Street", "4 Harbor Street").replace(
    "85 FR 1, 1/2/20.", "85 FR 1, 1/2/20. 91 FR 500, 6/1/26."
)
NEW = row("BELIZE", "Third Pier Ltd., 1 Quay.", citation="91 FR 502, 6/1/26.")
REMOVES = "Removal of an Entity From the Entity List"


@pytest.fixture
def places() -> None:
    make_places()


def rule_of_june(**values: object) -> DocumentFact:
    defaults: dict[str, object] = {
        "title": "Additions and Revisions to the Entity List",
        "volume": 91,
        "start_page": 498,
        "end_page": 510,
        "published": JUNE,
        "effective": JUNE,
    }
    return know_document("2026-11111", **defaults | values)


def changes() -> list[ListingChange]:
    return list(ListingChange.objects.order_by("entity__slug"))


def test_a_first_list_changed_nothing() -> None:
    import_rows(*LIST)
    assert changes() == []
    assert not Proposal.objects.exists()


def test_a_list_that_is_only_set_anew_changed_nothing() -> None:
    import_rows(*LIST)
    import_rows(GLASS.replace("Sea Glass LLC", "SEA GLASS LLC"), DOCK, TWIN, day=SUMMER)
    assert changes() == []


def test_an_entry_that_is_new_was_added_by_the_document_that_it_cites() -> None:
    fact = rule_of_june()
    import_rows(GLASS)
    import_rows(GLASS, NEW, day=SUMMER)
    (change,) = changes()
    assert (change.act, change.day, change.document) == ("added", JUNE, fact.document)
    assert change.entity.slug == "third-pier-ltd"
    assert change.printed == "91 FR 502, 6/1/26"


def test_a_revised_entry_shows_which_column_read_what_before_and_after() -> None:
    fact = rule_of_june()
    import_rows(GLASS, DOCK)
    import_rows(GLASS, REVISED, day=SUMMER)
    (change,) = changes()
    assert (change.act, change.day, change.document) == ("revised", JUNE, fact.document)
    assert change.fields == [
        [
            "entity",
            "Dry Dock Ltd., 2 Harbor Street, Belize City.",
            "Dry Dock Ltd., 4 Harbor Street, Belize City.",
        ],
        ["citation", "85 FR 1, 1/2/20.", "85 FR 1, 1/2/20. 91 FR 500, 6/1/26."],
    ]


def test_a_document_that_is_not_known_is_named_by_its_citation() -> None:
    import_rows(GLASS, DOCK)
    import_rows(GLASS, REVISED, day=SUMMER)
    (change,) = changes()
    assert change.document is not None and change.document.is_stub
    assert change.document.cited == "91-FR-500-2026-06-01"


def test_a_revision_that_cites_nothing_new_has_no_document() -> None:
    import_rows(GLASS, DOCK)
    import_rows(GLASS, DOCK.replace("Presumption of denial", "Case-by-case review"), day=SUMMER)
    (change,) = changes()
    assert (change.document, change.printed, change.day) == (None, "", SUMMER)
    assert [field for field, _, _ in change.fields] == ["review_policy"]


def test_a_removal_ends_the_listing_with_the_one_document_that_removes_entries() -> None:
    fact = rule_of_june(title=REMOVES)
    import_rows(*LIST)
    assert counts(import_rows(DOCK, TWIN, day=SUMMER)) == (0, 0, 1, 2)
    (change,) = changes()
    assert (change.act, change.day, change.document) == ("removed", JUNE, fact.document)
    assert "Sea Glass LLC" in listed(date(2026, 5, 31))
    assert "Sea Glass LLC" not in listed(JUNE)
    assert Event.objects.get(kind="ended").day == JUNE
    assert not Proposal.objects.exists()


def two_removals() -> None:
    rule_of_june(title=REMOVES)
    know_document(
        "2026-22222", title=REMOVES, volume=91, start_page=700, effective=date(2026, 7, 1)
    )


@pytest.mark.parametrize(
    ("know", "candidates"),
    [
        (lambda: None, []),
        (rule_of_june, []),
        (lambda: rule_of_june(title=REMOVES, effective=SPRING), []),
        (lambda: rule_of_june(title=REMOVES, effective=date(2026, 7, 19)), []),
        (two_removals, ["2026-11111", "2026-22222"]),
    ],
    ids=["none", "no removal", "before", "after", "two"],
)
def test_where_no_one_document_removes_entries_a_person_has_to_say(
    know: Callable[[], object], candidates: list[str]
) -> None:
    know()
    import_rows(*LIST)
    import_rows(DOCK, TWIN, day=SUMMER)
    (change,) = changes()
    assert (change.day, change.document) == (SUMMER, None)
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.subject_kind, proposal.subject_id) == (
        "removal",
        "entity",
        "sea-glass-llc",
    )
    assert proposal.title == "Suspected removal of Sea Glass LLC (AZERBAIJAN)"
    assert proposal.evidence["candidates"] == candidates


def test_a_listing_that_began_after_the_removing_document_ends_with_the_list() -> None:
    rule_of_june(title=REMOVES, effective=date(2026, 4, 1))
    import_rows(GLASS, DOCK)
    lift_guards()
    Listing.objects.filter(name="Sea Glass LLC").update(valid_from=date(2026, 5, 1))
    import_rows(DOCK, day=SUMMER)
    assert "Sea Glass LLC" in listed(date(2026, 7, 17))
    assert "Sea Glass LLC" not in listed(SUMMER)


def test_a_backfill_tells_of_no_changes() -> None:
    import_rows(DOCK, TWIN, day=SUMMER)
    import_rows(*LIST, day=SPRING, backfill=True)
    assert changes() == []


def test_importing_a_day_again_with_other_bytes_leaves_one_change_an_entry() -> None:
    import_rows(GLASS, DOCK)
    import_rows(GLASS, REVISED, day=SUMMER)
    import_rows(GLASS, REVISED.replace("4 Harbor", "6 Harbor"), day=SUMMER, backfill=True)
    held = ListingChange.objects.known(None)
    assert held.filter(day=JUNE).count() == 1


@pytest.mark.parametrize(
    ("title", "abstract", "found"),
    [
        (REMOVES, "", True),
        ("Additions to the Entity List; Removals", "", True),
        ("Revisions to the Entity List", "BIS removes one entity.", True),
        ("Additions to the Entity List", "", False),
        ("Removal From the Unverified List", "", False),
    ],
)
def test_which_documents_remove_entries(title: str, abstract: str, *, found: bool) -> None:
    fact = DocumentFact(document=Document(number="x"), title=title, abstract=abstract)
    assert removes(fact) is found


def test_a_cell_reads_as_printed_lines() -> None:
    assert readable("Sea &amp; Glass<br/> <br/>—SGL, <E T='03'>and</E>\n 5 Bay<sup>1</sup>") == (
        "Sea & Glass\n—SGL, and 5 Bay 1"
    )


def entity_page(client: Client, slug: str, query: str = "") -> Shown:
    response = client.get(f"/entities/{slug}/{query}")
    assert response.status_code == 200
    return shown(f"/entities/{slug}/{query}", response)


def test_the_page_of_a_party_shows_its_changes_with_the_document(client: Client) -> None:
    rule_of_june()
    import_rows(GLASS, DOCK)
    import_rows(GLASS, REVISED, day=SUMMER)
    history = entity_page(client, "dry-dock-ltd").by_id("history")
    assert [e.text_content() for e in history.iter("del")] == ["[deleted:] 2 "]
    assert "[inserted:] 4 " in [e.text_content() for e in history.iter("ins")]
    assert "/documents/2026-11111/" in {a.get("href") for a in history.iter("a")}
    assert "Revised by" in history.text_content()


def test_the_page_of_a_party_that_was_removed_says_by_what(client: Client) -> None:
    import_rows(*LIST)
    import_rows(DOCK, TWIN, day=SUMMER)
    page = entity_page(client, "sea-glass-llc")
    assert "Removed by a document that the record does not know" in " ".join(
        page.by_id("history").text_content().split()
    )
    assert Entity.objects.filter(slug="sea-glass-llc").exists()


def test_the_history_is_that_of_the_day_and_of_what_was_known(client: Client) -> None:
    import_rows(GLASS, DOCK)
    import_rows(GLASS, REVISED, day=SUMMER)
    assert not entity_page(client, "dry-dock-ltd", "?on=2026-05-31").all("//*[@id='history']")
    assert entity_page(client, "dry-dock-ltd", "?on=2026-06-01").by_id("history") is not None
