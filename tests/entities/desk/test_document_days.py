"""What is said of a document's effective day moves its listings, and undoing it moves them back."""

from datetime import date, timedelta
from typing import Any

import pytest

from entities.models import Address, ListedUnder, Listing, ListingChange, ListingCitation, PartyName
from policy import registry
from policy.actions.desk.drafts import Item, Words, start_change
from policy.actions.desk.impact import Impact, impact_of
from policy.actions.desk.kinds import BadValues, desk_kinds
from policy.actions.desk.review import approve_change, submit_change
from policy.actions.desk.undo import CannotUndo, undo_change, undo_of
from policy.actions.facts import insert_rows, new_row
from policy.actions.revisions import new_revision
from policy.domain.validity import Dated, Span
from policy.models import Change, DocumentFact, Revision, Source, User
from policy.queries.verify import verify_history
from tests.entities.actions.lists import DOCK, GROUP, SUMMER, import_rows, make_places
from tests.entities.actions.test_redate import learn
from tests.entities.sources.samples import row as sample_row
from tests.instants import TODAY
from tests.policy.desk import world
from tests.policy.desk.test_impact import rows_of, told

pytestmark = pytest.mark.django_db
Team = dict[str, User]
AT = TODAY + timedelta(days=1)
# Of DOCK and of GROUP, which the list cites by their pages.
PUBLISHED, EFFECTIVE = date(2020, 1, 2), date(2019, 12, 30)
GROUP_PUBLISHED, GROUP_EFFECTIVE = date(2018, 8, 1), date(2018, 7, 27)
NUMBER = "85-1"
MOVED = (Listing, PartyName, Address, ListingCitation, ListedUnder)


@pytest.fixture
def team() -> Team:
    """A small list whose documents are known, but not when they took effect."""
    make_places()
    import_rows(DOCK, GROUP)
    learn(None)
    learn(None, volume=83, page=37427)
    Source.objects.create(slug="the-document", kind=Source.Kind.OFFICIAL, title="Its DATES")
    return world.people()


def effective(day: str, number: str = NUMBER, **others: Any) -> Item:
    kind = desk_kinds()["document"]
    row = DocumentFact.objects.known(None).get(document__number=number)
    return Item("document", values={**kind.values_of(row), "effective": day, **others})


def submitted(team: Team, *items: Item) -> Change:
    words = Words("Its effective day", "Its DATES say so.", "the-document", items=items)
    change = start_change(words, by=team["author"], at=AT)
    return submit_change(change, version=1, by=team["author"], at=AT)


def approved(team: Team, change: Change) -> Change:
    return approve_change(change, version=change.version, by=team["second"], at=AT)


def publish(team: Team, *items: Item) -> Change:
    return approved(team, submitted(team, *items))


def undoing(team: Team, change: Change) -> Change:
    draft = undo_change(change, because="A slip.", by=team["author"], at=AT)
    return submit_change(draft, version=draft.version, by=team["author"], at=AT)


def starts() -> list[tuple[str, str, date | None, bool]]:
    """The first day of all that came with a listing, and whether it is reconstructed."""
    return sorted(
        (model.__name__, str(row), row.valid_from, getattr(row, "reconstructed", False))
        for model in MOVED
        for row in model.objects.known(None)
    )


def days(slug: str = "dry-dock-ltd") -> set[date | None]:
    found: set[date | None] = set()
    for model in (Listing, PartyName, Address, ListingCitation):
        rows = model.objects.known(None).filter(entity__slug=slug)
        found |= set(rows.values_list("valid_from", flat=True))
    return found


def begins(impact: Impact) -> list[tuple[str, str, str]]:
    return [(one.name, one.before, one.after) for one in impact.begins]


def test_undoing_an_effective_day_puts_everything_back_that_had_followed_it(team: Team) -> None:
    before = starts()
    change = publish(team, effective("2019-12-30"))
    assert days() == {EFFECTIVE}
    assert not Listing.objects.known(None).get(entity__slug="dry-dock-ltd").reconstructed
    assert [item.kind for item in undo_of(change).items] == ["document"]
    approved(team, undoing(team, change))
    assert starts() == before
    assert days() == {PUBLISHED}
    # The document's own fact is put into the table by hand.
    bent = [one for one in verify_history().findings if "document fact" not in one.record]
    assert bent == []


def test_parties_named_inside_a_listing_go_there_and_back_with_it(team: Team) -> None:
    before = starts()
    change = publish(team, effective("2018-07-27", "83-37427"))
    assert {row.valid_from for row in ListedUnder.objects.known(None)} == {GROUP_EFFECTIVE}
    approved(team, undoing(team, change))
    assert starts() == before


@pytest.mark.parametrize("day", ["2019-12-31", "2020-01-06", "2020-01-02"])
def test_another_effective_day_moves_them_on_and_undoing_it_back_there(
    team: Team, day: str
) -> None:
    publish(team, effective("2019-12-30"))
    before = starts()
    change = publish(team, effective(day))
    assert days() == {date.fromisoformat(day)}
    assert not Listing.objects.known(None).get(entity__slug="dry-dock-ltd").reconstructed
    approved(team, undoing(team, change))
    assert starts() == before


def test_a_document_that_took_effect_when_it_was_published_makes_and_unmakes_a_mark(
    team: Team,
) -> None:
    before = starts()
    change = publish(team, effective("2020-01-02"))
    assert starts() != before
    approved(team, undoing(team, change))
    assert starts() == before


def added() -> list[tuple[str, date, date | None]]:
    """What history says of entries that a newer list brought: which, and since when."""
    rows = ListingChange.objects.known(None).filter(act="added")
    return sorted((row.entity.slug, row.day, row.valid_from) for row in rows)


def test_that_a_newer_list_added_an_entry_follows_its_first_day_and_back(team: Team) -> None:
    number, published, day = "91-502", date(2026, 6, 1), date(2026, 5, 28)
    pier = sample_row("BELIZE", "Third Pier Ltd., 1 Quay.", citation="91 FR 502, 6/1/26.")
    import_rows(DOCK, GROUP, pier, day=SUMMER)
    learn(None, volume=91, page=502)
    assert added() == [("third-pier-ltd", published, published)]
    change = submitted(team, effective("2026-05-28", number))
    preview = impact_of(change, at=AT)
    check_effect(preview, approved(team, change))
    assert added() == [("third-pier-ltd", day, day)]
    assert days("third-pier-ltd") == {day}
    undo = undoing(team, change)
    preview = impact_of(undo, at=AT)
    check_effect(preview, approved(team, undo))
    assert added() == [("third-pier-ltd", published, published)]


def test_the_preview_shows_each_listing_that_will_begin_on_another_day(team: Team) -> None:
    change = submitted(team, effective("2019-12-30"))
    preview = impact_of(change, at=AT)
    assert begins(preview) == [("Dry Dock Ltd.", "2 January 2020", "30 December 2019")]
    check_effect(preview, approved(team, change))
    undo = undoing(team, change)
    preview = impact_of(undo, at=AT)
    assert begins(preview) == [("Dry Dock Ltd.", "30 December 2019", "2 January 2020")]
    check_effect(preview, approved(team, undo))


def check_effect(preview: Impact, change: Change) -> None:
    revision = Revision.objects.get(change=change)
    assert told(preview.closed) == rows_of(revision, "superseded")
    assert told(preview.inserted) == rows_of(revision, "recorded")


def test_what_the_list_says_since_stays_and_begins_where_it_should(team: Team) -> None:
    change = publish(team, effective("2019-12-30"))
    revised = DOCK.replace("2 Harbor", "4 Harbor").replace("1/2/20.", "1/2/20. 91 FR 5, 6/1/26.")
    import_rows(revised, GROUP, day=SUMMER)
    assert undo_of(change).refusals == ()
    approved(team, undoing(team, change))
    rows = Listing.objects.known(None).filter(entity__slug="dry-dock-ltd").order_by("valid_from")
    assert [(row.valid_from, row.valid_until) for row in rows] == [
        (PUBLISHED, date(2026, 6, 1)),
        (date(2026, 6, 1), None),
    ]


@pytest.mark.parametrize("then", ["undone", "corrected"])
def test_a_wording_after_a_day_was_taken_back_starts_on_the_day_of_its_list(
    team: Team, then: str
) -> None:
    change = publish(team, effective("2019-12-30"))
    if then == "undone":
        approved(team, undoing(team, change))
        start = PUBLISHED
    else:
        publish(team, effective("2020-01-06"))
        start = date(2020, 1, 6)
    held = Listing.objects.known(None).get(entity__slug="dry-dock-ltd")
    assert (held.valid_from, held.worded_since) == (start, start)
    import_rows(DOCK.replace("Presumption of denial", "Case-by-case review"), GROUP, day=SUMMER)
    rows = Listing.objects.known(None).filter(entity__slug="dry-dock-ltd").order_by("valid_from")
    assert [(row.valid_from, row.valid_until) for row in rows] == [
        (start, SUMMER),
        (SUMMER, None),
    ]


def test_a_listing_that_a_person_worded_and_names_that_people_added_stay(team: Team) -> None:
    publish(team, effective("2019-12-30"))
    listing = Listing.objects.known(None).get(entity__slug="dry-dock-ltd")
    values = {**desk_kinds()["listing"].values_of(listing), "requirement": "As corrected."}
    name = {"entity": "dry-dock-ltd", "text": "Docks", "kind": "alias", "valid_from": "2019-12-30"}
    publish(team, Item("name", values=name))
    publish(team, effective("2019-12-31"))
    assert PartyName.objects.known(None).get(text="Docks").valid_from == EFFECTIVE
    publish(team, Item("listing", values={**values, "valid_from": "2019-12-31"}))
    publish(team, effective("2020-01-06"))
    assert Listing.objects.known(None).get(requirement="As corrected.").valid_from == date(
        2019, 12, 31
    )


def test_what_the_desk_has_no_form_for_and_nothing_moves_back_is_a_refusal(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = publish(team, effective("2019-12-30"))
    monkeypatch.setattr(registry, "_learned", {})
    with pytest.raises(CannotUndo, match="It wrote 1 listing citation too, which the desk has no"):
        undo_change(change, because="A slip.", by=team["author"], at=AT)


def test_a_day_whose_followers_cannot_stand_beside_the_record_is_refused_in_words(
    team: Team,
) -> None:
    row = PartyName.objects.known(None).get(entity__slug="dry-dock-ltd", position=0)
    with new_revision(at=TODAY, by="tests", kind=Revision.Kind.RECORD, reason="before") as revision:
        insert_rows([new_row(Dated(Span(date(2015, 1, 1), PUBLISHED), row), revision)])
    before = starts()
    with pytest.raises(BadValues, match="What follows from this day cannot stand beside"):
        submitted(team, effective(f"{EFFECTIVE}"))
    assert starts() == before
