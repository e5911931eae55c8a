"""Listings begin on the effective day of their document once the record knows it."""

from datetime import date

import pytest
from django.test import Client

from entities.models import Address, ListedUnder, Listing, ListingCitation, PartyName
from policy.actions.documents import adopt_stubs
from policy.models import Revision
from tests.entities.actions.lists import (
    DOCK,
    GLASS,
    GROUP,
    SUMMER,
    addresses,
    counts,
    import_rows,
    listed,
    make_places,
)
from tests.entities.sources.samples import POLICY
from tests.policy.actions.parts_world import know_document, revise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

PUBLISHED, EFFECTIVE = date(2020, 1, 2), date(2019, 12, 30)


@pytest.fixture
def places() -> None:
    make_places()


def learn(effective: date | None = EFFECTIVE, volume: int = 85, page: int = 1) -> None:
    """An import of the Federal Register brings the document of a page."""
    know_document(f"{volume}-{page}", volume=volume, start_page=page, effective=effective)
    with revise() as revision:
        adopt_stubs(revision=revision)


def test_a_listing_begins_when_its_document_took_effect() -> None:
    import_rows(GLASS, DOCK)
    assert "Dry Dock Ltd." not in listed(EFFECTIVE)
    learn()
    assert "Dry Dock Ltd." in listed(EFFECTIVE)
    assert not Listing.objects.known(None).get(name="Dry Dock Ltd.").reconstructed
    assert addresses("dry-dock-ltd", EFFECTIVE) == {"2 Harbor Street, Belize City"}
    for model in (PartyName, ListingCitation):
        rows = model.objects.known(None).filter(entity__slug="dry-dock-ltd")
        assert rows.get().valid_from == EFFECTIVE


def test_a_later_effective_day_counts_too() -> None:
    import_rows(DOCK)
    learn(date(2020, 2, 1))
    assert listed(date(2020, 1, 31)) == []
    assert listed(date(2020, 2, 1)) == ["Dry Dock Ltd."]


def test_what_was_known_before_stays_as_it_was_known() -> None:
    import_rows(DOCK)
    learn()
    assert listed(EFFECTIVE, known=1) == []
    assert Listing.objects.known(1).get().reconstructed


def test_other_listings_are_left_alone() -> None:
    import_rows(GLASS, DOCK)
    learn()
    glass = Listing.objects.get(name="Sea Glass LLC")
    assert (glass.recorded_id, glass.superseded_id) == (1, None)


def test_a_document_without_an_effective_day_changes_nothing() -> None:
    import_rows(DOCK)
    learn(None)
    assert Listing.objects.count() == 1
    assert Listing.objects.get().valid_from == PUBLISHED


def test_once_is_enough() -> None:
    import_rows(DOCK)
    learn()
    before = Listing.objects.count()
    with revise() as revision:
        adopt_stubs(revision=revision)
    assert Listing.objects.count() == before
    assert counts(import_rows(DOCK, day=SUMMER)) == (0, 0, 0, 1)


def test_parties_inside_the_listing_begin_with_it() -> None:
    import_rows(GROUP)
    learn(date(2018, 7, 27), volume=83, page=37427)
    under = ListedUnder.objects.known(None).get()
    assert under.valid_from == date(2018, 7, 27)
    held = PartyName.objects.known(None).filter(entity=under.entity)
    assert held.get().valid_from == date(2018, 7, 27)
    assert not Address.objects.known(None).filter(entity=under.entity).exists()


def test_a_listing_that_was_worded_anew_keeps_the_day_of_that(client: Client) -> None:
    revised = DOCK.replace("2 Harbor", "4 Harbor").replace("1/2/20.", "1/2/20. 91 FR 5, 6/1/26.")
    import_rows(DOCK)
    import_rows(revised, day=SUMMER)
    learn()
    rows = Listing.objects.known(None).order_by("valid_from")
    assert [(row.valid_from, row.valid_until, row.reconstructed) for row in rows] == [
        (EFFECTIVE, date(2026, 6, 1), False),
        (date(2026, 6, 1), None, False),
    ]
    page = " ".join(client.get("/entities/dry-dock-ltd/").content.decode().split())
    assert 'since <time datetime="2019-12-30">30 December 2019</time>' in page


LATER = date(2020, 2, 1)
STRICTER = DOCK.replace(POLICY, "Case-by-case review")
REVISED = DOCK.replace("1/2/20.", "1/2/20. 91 FR 5, 3/2/26.")
REVISED_STRICTER = REVISED.replace(POLICY, "Case-by-case review")


def wordings() -> list[tuple[date | None, date | None, str]]:
    rows = Listing.objects.known(None).order_by("valid_from")
    return list(rows.values_list("valid_from", "valid_until", "review_policy"))


@pytest.mark.parametrize("effective", [EFFECTIVE, PUBLISHED, LATER])
def test_a_wording_that_no_new_citation_brought_starts_on_the_day_of_its_list(
    effective: date,
) -> None:
    import_rows(DOCK)
    learn(effective)
    import_rows(STRICTER, day=SUMMER)
    assert wordings() == [
        (effective, SUMMER, POLICY),
        (SUMMER, None, "Case-by-case review"),
    ]


@pytest.mark.parametrize("effective", [date(2026, 2, 20), date(2026, 3, 10)])
def test_an_effective_day_of_a_revision_that_is_learned_backdates_no_wording(
    effective: date,
) -> None:
    import_rows(REVISED)
    learn(effective, volume=91, page=5)
    import_rows(REVISED_STRICTER, day=SUMMER)
    assert wordings() == [
        (PUBLISHED, SUMMER, POLICY),
        (SUMMER, None, "Case-by-case review"),
    ]


def test_a_citation_whose_page_is_put_right_is_no_new_revision() -> None:
    import_rows(DOCK)
    import_rows(STRICTER.replace("85 FR 1,", "85 FR 3,"), day=SUMMER)
    assert [start for start, _, _ in wordings()] == [PUBLISHED, SUMMER]


@pytest.mark.parametrize("effective", [EFFECTIVE, LATER])
def test_the_first_wording_of_a_listing_is_as_old_as_the_listing(
    client: Client, effective: date
) -> None:
    import_rows(DOCK)
    learn(effective)
    assert Listing.objects.known(None).get().worded_since == effective
    assert "earlier wordings are not held" not in client.get("/entities/dry-dock-ltd/").text


def test_the_page_says_so_where_earlier_wordings_are_not_held(client: Client) -> None:
    import_rows(REVISED)
    learn()
    page = " ".join(client.get("/entities/dry-dock-ltd/").text.split())
    said = 'that of the revision of <time datetime="2026-03-02">2 March 2026</time>; earlier'
    assert f"{said} wordings are not held" in page


def test_a_wording_that_the_record_saw_change_lacks_no_earlier_one(client: Client) -> None:
    import_rows(DOCK)
    import_rows(STRICTER, day=SUMMER)
    assert "earlier wordings are not held" not in client.get("/entities/dry-dock-ltd/").text


def test_a_day_after_the_end_of_a_listing_is_left_to_a_person() -> None:
    import_rows(DOCK, GLASS)
    import_rows(GLASS, day=SUMMER)
    learn(date(2026, 8, 1))
    assert Listing.objects.known(None).get(name="Dry Dock Ltd.").valid_from == PUBLISHED
    held = PartyName.objects.known(None).filter(entity__slug="dry-dock-ltd")
    assert held.get().valid_from == PUBLISHED
    assert Revision.objects.count() == 4
