"""Importing one list after another: what is written, and what is not."""

import gzip
from datetime import date

import pytest

from entities.models import (
    Address,
    Entity,
    ListedUnder,
    Listing,
    ListingCitation,
    ListTerm,
    PartyName,
)
from policy.models import Coverage, Event, Revision, Snapshot, SnapshotContent
from tests.entities.actions.lists import (
    DOCK,
    GLASS,
    GROUP,
    LIST,
    SPRING,
    SUMMER,
    TWIN,
    addresses,
    counts,
    everything,
    import_bytes,
    import_rows,
    listed,
    make_places,
)
from tests.entities.sources.samples import part744, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


@pytest.fixture
def places() -> None:
    make_places()


def test_a_first_import_writes_every_row_and_says_how_many() -> None:
    report = import_rows(*LIST)
    assert counts(report) == (3, 0, 0, 0)
    assert (report.rows, report.listings, report.destinations) == (3, 3, 2)
    assert (report.entities, report.names, report.addresses, report.citations) == (3, 4, 3, 3)
    assert listed(SPRING) == ["Dry Dock Ltd.", "Dry Dock Ltd.", "Sea Glass LLC"]
    assert Revision.objects.get().number == report.revision == 1


def test_a_listing_begins_on_the_day_that_its_first_citation_prints() -> None:
    import_rows(DOCK)
    listing = Listing.objects.get()
    assert listing.valid_from == date(2020, 1, 2)
    assert listing.valid_until is None
    assert listing.reconstructed
    assert listed(date(2020, 1, 1)) == []
    assert listed(date(2020, 1, 2)) == ["Dry Dock Ltd."]


def test_two_entries_of_one_name_are_two_parties() -> None:
    import_rows(*LIST)
    slugs = Listing.objects.filter(name="Dry Dock Ltd.").values_list("entity__slug", flat=True)
    assert sorted(slugs) == ["dry-dock-ltd", "dry-dock-ltd-2"]


def test_the_raw_cells_and_the_raw_file_are_kept() -> None:
    data = part744(*LIST)
    import_bytes(data)
    glass = Listing.objects.get(name="Sea Glass LLC")
    assert "a.k.a., the following one alias:<br/>" in glass.raw["entity"]
    assert gzip.decompress(SnapshotContent.objects.get().gzipped) == data
    assert Snapshot.objects.get().size == len(data)


def test_a_party_named_inside_a_listing_is_an_entity_under_it() -> None:
    report = import_rows(GROUP)
    assert (report.listings, report.entities) == (1, 2)
    under = ListedUnder.objects.get()
    assert under.name == "23rd Research Institute"
    assert under.parent == Listing.objects.get().entity
    assert under.valid_from == date(2018, 8, 1)


def test_the_same_list_on_a_later_day_only_confirms_it() -> None:
    import_rows(*LIST)
    before = everything()
    report = import_rows(*LIST, day=SUMMER)
    assert counts(report) == (0, 0, 0, 3)
    after = everything()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {
        "Revision": 1,
        "Source": 1,
        "Snapshot": 1,
        "SnapshotContent": 1,
        "Coverage": 1,
    }
    assert Coverage.objects.known(None).get().until == SUMMER
    assert Coverage.objects.known(1).get().until == SPRING


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Sea Glass LLC", "SEA GLASS LLC"),
        ("5 Bay Rd.", "5  Bay\n Rd."),
        ("a.k.a., the", "a.k.a. the"),
        ("—SGL.", "–SGL."),
        ("Presumption of denial", "Presumption of denial."),
        ("(See § 744.11 of the EAR)", "(See §\u00a0744.11 of the EAR)."),
    ],
)
def test_a_list_that_is_only_set_anew_changes_nothing(was: str, becomes: str) -> None:
    import_rows(*LIST)
    assert was in GLASS
    report = import_rows(GLASS.replace(was, becomes), DOCK, TWIN, day=SUMMER)
    assert counts(report) == (0, 0, 0, 3)


def test_the_very_same_file_for_the_same_day_writes_nothing_at_all() -> None:
    import_rows(*LIST)
    before = everything()
    report = import_rows(*LIST)
    assert report.revision is None
    assert counts(report) == (0, 0, 0, 3)
    assert everything() == before


def test_a_new_row_is_a_new_party_and_news() -> None:
    import_rows(GLASS)
    report = import_rows(GLASS, DOCK, day=SUMMER)
    assert counts(report) == (1, 0, 0, 1)
    event = Event.objects.get(revision=2)
    assert event.title == "Dry Dock Ltd. stands on the Entity List"
    assert (event.kind, event.subject_id, event.day) == (
        "added",
        "dry-dock-ltd",
        date(2020, 1, 2),
    )
    assert not event.baseline
    assert Event.objects.get(revision=1).baseline


def test_a_row_that_is_gone_ends_its_listing_and_keeps_the_past() -> None:
    import_rows(*LIST)
    report = import_rows(DOCK, TWIN, day=SUMMER)
    assert counts(report) == (0, 0, 1, 2)
    assert "Sea Glass LLC" in listed(date(2026, 7, 17))
    assert "Sea Glass LLC" not in listed(SUMMER)
    assert "Sea Glass LLC" in listed(SUMMER, known=1)
    assert addresses("sea-glass-llc", SUMMER) == set()
    assert Entity.objects.filter(slug="sea-glass-llc").exists()
    event = Event.objects.get(revision=2)
    assert (event.kind, event.day) == ("ended", SUMMER)


def test_a_party_inside_a_listing_ends_with_it() -> None:
    import_rows(GLASS, GROUP)
    import_rows(GLASS, day=SUMMER)
    held = ListedUnder.objects.known(None)
    assert held.in_force(date(2026, 7, 17)).count() == 1
    assert held.in_force(SUMMER).count() == 0


REVISED = DOCK.replace("2 Harbor Street", "4 Harbor Street").replace(
    "85 FR 1, 1/2/20.", "85 FR 1, 1/2/20. 91 FR 500, 6/1/26."
)


def test_a_row_with_another_text_is_the_same_party_from_the_day_cited_anew() -> None:
    import_rows(GLASS, DOCK)
    report = import_rows(GLASS, REVISED, day=SUMMER)
    assert counts(report) == (0, 1, 0, 1)
    assert Entity.objects.filter(slug__startswith="dry-dock").count() == 1
    june, may = date(2026, 6, 1), date(2026, 5, 31)
    assert addresses("dry-dock-ltd", may) == {"2 Harbor Street, Belize City"}
    assert addresses("dry-dock-ltd", june) == {"4 Harbor Street, Belize City"}
    event = Event.objects.get(revision=2)
    assert (event.kind, event.day) == ("changed", june)
    assert "has a new text" in event.title


def test_without_a_newer_citation_a_text_changes_on_the_day_of_the_list() -> None:
    import_rows(GLASS, DOCK)
    import_rows(GLASS, DOCK.replace("2 Harbor", "4 Harbor"), day=SUMMER)
    assert addresses("dry-dock-ltd", date(2026, 7, 17)) == {"2 Harbor Street, Belize City"}
    assert addresses("dry-dock-ltd", SUMMER) == {"4 Harbor Street, Belize City"}
    assert Event.objects.get(revision=2).day == SUMMER


def test_a_revision_leaves_alone_what_it_does_not_touch() -> None:
    import_rows(GLASS)
    import_rows(GLASS.replace("Presumption of denial", "Case-by-case review"), day=SUMMER)
    assert Listing.objects.known(None).count() == 2
    for model in (PartyName, Address, ListingCitation):
        assert not model.objects.filter(recorded=2).exists(), model


def test_of_two_entries_of_one_name_the_right_one_changes() -> None:
    import_rows(DOCK, TWIN)
    other = TWIN.replace("9 Hill Street", "11 Hill Street")
    assert counts(import_rows(DOCK, other, day=SUMMER)) == (0, 1, 0, 1)
    assert addresses("dry-dock-ltd", SUMMER) == {"2 Harbor Street, Belize City"}
    assert addresses("dry-dock-ltd-2", SUMMER) == {"11 Hill Street, Belmopan"}


def test_a_party_added_to_a_listing_and_one_taken_out() -> None:
    import_rows(GROUP)
    import_rows(GROUP.replace("23rd Research", "24th Research"), day=SUMMER)
    held = ListedUnder.objects.known(None)
    assert [u.name for u in held.in_force(date(2026, 7, 17))] == ["23rd Research Institute"]
    assert [u.name for u in held.in_force(SUMMER)] == ["24th Research Institute"]


FOOTNOTE = '<TFOOT><TR><TD colspan="5"><sup>1</sup> {}</TD></TR></TFOOT>'


def test_a_footnote_is_kept_and_changes_only_in_substance() -> None:
    marked = row("AZERBAIJAN", requirement="For all items subject to the EAR <sup>1</sup>")
    first = import_rows(marked, footnotes=FOOTNOTE.format("For this entity, see § 736.2(b)(9)."))
    assert first.problems == []
    assert ListTerm.objects.count() == 1
    again = FOOTNOTE.format("For this entity,  see §736.2(b)(9)")
    import_rows(marked, footnotes=again, day=SUMMER)
    assert ListTerm.objects.count() == 1
    import_rows(marked, footnotes=FOOTNOTE.format("See § 734.9."), day=date(2026, 8, 1))
    assert ListTerm.objects.known(None).get().text == "See § 734.9."
    assert ListTerm.objects.known(2).get().text.startswith("For this entity")


def test_a_row_that_cannot_be_read_fully_is_reported_and_still_imported() -> None:
    odd = row("BELIZE", citation="no citation here")
    report = import_rows(odd)
    assert report.listings == 1
    assert "no citation here" in {p["text"] for p in report.problems if p["cell"] == "citation"}
    assert Snapshot.objects.get().problems == report.problems
    assert Listing.objects.get().valid_from is None
