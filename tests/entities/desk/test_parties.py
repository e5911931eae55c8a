"""What the desk writes about parties: who owns whom, which entries are one party, which are two."""

from datetime import timedelta

import pytest
from django.test import Client

from entities.actions.split import movable, split_words
from entities.models import Address, Entity, Listing, Ownership, PartyName, SameParty
from policy.actions.desk.drafts import Item, Words, start_change
from policy.actions.desk.kinds import BadValues, desk_kinds
from policy.actions.desk.review import approve_change, submit_change
from policy.actions.desk.undo import undo_change
from policy.models import Change, Event, Revision, Source, User
from tests.entities.actions import lists
from tests.instants import TODAY
from tests.people import signed_in
from tests.policy.desk import world

pytestmark = pytest.mark.django_db
Team = dict[str, User]
SAID = {"valid_from": "2025-01-16"}


@pytest.fixture
def team() -> Team:
    """The small Entity List, and the people of a desk."""
    lists.make_places()
    lists.import_rows(*lists.LIST)
    Source.objects.create(slug="register", kind=Source.Kind.OFFICIAL, title="A company register")
    return world.people()


def publish(team: Team, *items: Item, why: str = "The register says so.") -> Revision:
    written = Words("A change", why, "register", "as registered", items=items)
    return publish_words(team, written)


def publish_words(team: Team, written: Words) -> Revision:
    at = TODAY + timedelta(days=1)
    change = start_change(written, by=team["author"], at=at)
    change = submit_change(change, version=1, by=team["author"], at=at)
    change = approve_change(change, version=1, by=team["second"], at=at)
    return Revision.objects.get(change=change)


def two() -> tuple[Entity, Entity]:
    first, second = Entity.objects.filter(listings__isnull=False).order_by("pk").distinct()[:2]
    return first, second


def same(one: Entity, other: Entity) -> Item:
    return Item("same-party", values={"entity": one.slug, "shown_as": other.slug, **SAID})


def page(slug: str, query: str = "") -> str:
    response = Client().get(f"/entities/{slug}/{query}", follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_an_entry_that_is_another_party_leads_there_and_keeps_its_own(team: Team) -> None:
    one, other = two()
    before = {m: m.objects.filter(entity=one).count() for m in (Listing, PartyName, Address)}
    revision = publish(team, same(one, other))
    response = Client().get(f"/entities/{one.slug}/?on=2026-03-25")
    assert response.status_code == 302
    assert response["Location"] == f"/entities/{other.slug}/?on=2026-03-25"
    assert "Also recorded as" in page(one.slug)
    own = page(one.slug, "?own=1")
    assert "The same party as another entry" in own
    assert before == {m: m.objects.filter(entity=one).count() for m in before}
    [event] = Event.objects.filter(revision=revision)
    assert (event.subject_kind, event.subject_id) == ("entity", one.slug)
    assert "the same party as" in event.title


def test_before_anybody_said_so_and_before_the_day_the_old_address_is_its_own(team: Team) -> None:
    one, other = two()
    publish(team, same(one, other))
    for query in (f"?known={TODAY.date()}", "?on=2025-01-15"):
        assert Client().get(f"/entities/{one.slug}/{query}").status_code == 200


def test_taking_it_back_lets_the_old_address_lead_to_its_own_page_again(team: Team) -> None:
    one, other = two()
    publish(team, same(one, other))
    publish(team, Item("same-party", "retract", {"entity": one.slug, **SAID}), why="Two after all.")
    assert Client().get(f"/entities/{one.slug}/").status_code == 200


def test_nobody_is_led_in_a_circle_or_to_themselves(team: Team) -> None:
    one, other = two()
    publish(team, same(one, other))
    third = Entity.objects.exclude(pk__in=[one.pk, other.pk]).filter(listings__isnull=False)[0]
    for wrong, field in (
        (same(other, third), "entity"),
        (same(third, one), "shown_as"),
        (same(third, third), "shown_as"),
    ):
        with pytest.raises(BadValues) as refused:
            publish(team, wrong)
        assert field in refused.value.sentences


def undoing(team: Team, change: Change) -> Change:
    at = TODAY + timedelta(days=1)
    return undo_change(change, because="A slip.", by=team["author"], at=at)


def published(team: Team, draft: Change) -> Change:
    at = TODAY + timedelta(days=1)
    draft = submit_change(draft, version=1, by=team["author"], at=at)
    return approve_change(draft, version=1, by=team["second"], at=at)


def led() -> list[tuple[str, str]]:
    rows = SameParty.objects.known(None).order_by("valid_from", "pk")
    return [(row.entity.slug, row.shown_as.slug) for row in rows]


def taken_back(one: Entity) -> Item:
    return Item("same-party", "retract", {"entity": one.slug, **SAID})


def test_undoing_a_retraction_leads_nobody_in_a_circle_either(team: Team) -> None:
    one, other = two()
    publish(team, same(one, other))
    retracted = publish(team, taken_back(one)).change
    turned = publish(team, same(other, one)).change
    assert retracted and turned
    draft = undoing(team, retracted)
    with pytest.raises(BadValues, match="is itself shown as another party"):
        published(team, draft)
    assert led() == [(other.slug, one.slug)]
    published(team, undoing(team, turned))
    published(team, draft)
    assert led() == [(one.slug, other.slug)]


def test_a_change_may_turn_the_lead_around_and_be_undone_whatever_its_order(team: Team) -> None:
    one, other = two()
    publish(team, same(one, other))
    turned = publish(team, same(other, one), taken_back(one)).change
    assert turned
    assert led() == [(other.slug, one.slug)]
    published(team, undoing(team, turned))
    assert led() == [(one.slug, other.slug)]


def test_two_may_lead_to_each_other_on_days_that_do_not_meet(team: Team) -> None:
    one, other = two()
    ended = same(one, other)
    publish(team, Item("same-party", values={**ended.values, "last_day": "2025-06-30"}))
    later = {**same(other, one).values, "valid_from": "2025-07-01"}
    publish(team, Item("same-party", values=later))
    assert led() == [(one.slug, other.slug), (other.slug, one.slug)]
    with pytest.raises(BadValues, match="is itself shown"):
        publish(team, Item("same-party", values={**later, "valid_from": "2025-06-30"}))


def test_an_owner_who_is_on_no_list_is_a_party_with_a_name(team: Team) -> None:
    owned = two()[0]
    name = {"entity": "holding", "text": "Holding 控股 Ltd.", "kind": "name", **SAID}
    share = {"entity": owned.slug, "owner": "holding", "kind": "owned", "per_cent": "62.5", **SAID}
    publish(
        team,
        Item("new-entity", "create", {"slug": "holding"}),
        Item("name", values=name),
        Item("ownership", values=share),
    )
    row = Ownership.objects.known(None).get()
    assert (str(row.per_cent), row.source.slug, row.quote) == ("62.50", "register", "as registered")
    assert "62.5 %" in page(owned.slug)
    assert "Owner or parent of" in page("holding")
    assert "Not listed on this day" in page("holding")
    api = Client().get(f"/api/v1/entities/{owned.slug}").json()
    assert [(o["key"], o["per_cent"]) for o in api["owners"]] == [("holding", "62.50")]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"per_cent": "101"}, "per_cent"), ({"per_cent": "half"}, "per_cent"), ({}, "owner")],
)
def test_a_share_is_a_share_and_nobody_owns_themselves(
    team: Team, values: dict[str, str], field: str
) -> None:
    one, other = two()
    owner = other if values else one
    share = {"entity": one.slug, "owner": owner.slug, "kind": "owned", **SAID, **values}
    with pytest.raises(BadValues) as refused:
        publish(team, Item("ownership", values=share))
    assert field in refused.value.sentences


def test_a_name_in_its_own_script_is_found_by_it(team: Team) -> None:
    one = two()[0]
    values = {"entity": one.slug, "text": "智谱华章", "kind": "native", "language": "zh-Hans"}
    publish(team, Item("name", values={**values, **SAID}))
    found = Client().get("/entities/", {"q": "智谱华章"}).content.decode()
    assert f"/entities/{one.slug}/" in found


def test_a_party_is_split_in_two_and_the_history_of_both_stays(team: Team) -> None:
    one = two()[0]
    alias = PartyName.objects.known(None).filter(entity=one).first()
    if PartyName.objects.known(None).filter(entity=one).count() == 1:
        values = {"entity": one.slug, "text": "Another name", "kind": "alias", **SAID}
        publish(team, Item("name", values=values))
        alias = PartyName.objects.known(None).get(text="Another name")
    assert alias is not None
    words = split_words(one, slug="the-other-party", chosen={("name", alias.pk)})
    assert words.title == f"Split the-other-party off {one.slug}"
    cited = Words(words.title, "Two registers.", "register", "two numbers", items=words.items)
    publish_words(team, cited)
    other = Entity.objects.get(slug="the-other-party")
    moved = PartyName.objects.known(None).get(entity=other)
    assert (moved.text, moved.valid_from) == (alias.text, alias.valid_from)
    assert not PartyName.objects.known(None).filter(entity=one, text=alias.text).exists()
    closed = PartyName.objects.get(pk=alias.pk)
    assert closed.closed_because == "Two registers."


@pytest.mark.parametrize(
    ("chosen", "sentence"), [("none", "Choose at least one"), ("all", "Leave at least one")]
)
def test_both_parties_of_a_split_have_a_name(team: Team, chosen: str, sentence: str) -> None:
    one = two()[0]
    kinds = {kind.model: kind.slug for kind in desk_kinds().values()}
    every = {(kinds[type(row)], row.pk) for row in movable(one)}
    with pytest.raises(BadValues, match=sentence):
        split_words(one, slug="x", chosen=every if chosen == "all" else set())


def test_a_listing_that_the_desk_words_is_found_by_its_destination(team: Team) -> None:
    one = two()[0]
    listing = Listing.objects.known(None).filter(entity=one).latest("pk")
    kind = desk_kinds()["listing"]
    values = {**kind.values_of(listing), "review_policy": "Policy of denial, corrected."}
    publish(team, Item("listing", values=values))
    row = Listing.objects.known(None).get(entity=one)
    assert row.review_policy_normal == "Policy of denial, corrected"
    assert row.digest != listing.digest


def test_an_editor_makes_the_draft_of_a_split_from_the_party_s_page(team: Team) -> None:
    one = two()[0]
    for text in ("Another name", "A third name"):
        values = {"entity": one.slug, "text": text, "kind": "alias", **SAID}
        publish(team, Item("name", values=values))
    row = PartyName.objects.known(None).get(text="Another name")
    client, address = signed_in(team["author"]), f"/entities/{one.slug}/split/"
    page = client.get(address)
    assert "Another name" in page.content.decode()
    # The page is the desk's, of no cache and no search engine.
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    response = client.post(address, {"moves": f"name:{row.pk}", "slug": "the-other-party"})
    change = Change.objects.latest("pk")
    assert response["Location"] == f"/desk/changes/{change.pk}/"
    assert (change.state, change.author) == ("draft", team["author"])
    assert [item.kind for item in change.items.all()] == ["new-entity", "name", "name"]


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"moves": "name:0", "slug": "x"}, "Choose at least one name"),
        ({"slug": "Not a slug"}, "Give the other party an id of small letters"),
        ({"slug": ""}, "Give the other party an id of small letters"),
    ],
)
def test_a_split_that_cannot_be_gets_a_sentence_and_makes_no_draft(
    team: Team, posted: dict[str, str], sentence: str
) -> None:
    one, other = two()
    client, address = signed_in(team["author"]), f"/entities/{one.slug}/split/"
    response = client.post(address, posted)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    taken = client.post(address, {"slug": other.slug})
    assert "is another party already" in taken.content.decode()
    assert not Change.objects.exists()
