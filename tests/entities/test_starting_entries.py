"""The 27 entries of 16 January 2025, their Chinese names, and the whole list beside them."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import DjangoDbBlocker

from entities.actions.listing_rows import new_slug
from entities.models import (
    Address,
    Entity,
    Listing,
    ListingCitation,
    ListTerm,
    OrganizationLink,
    PartyName,
)
from entities.sources.supplement4 import parse_supplement4
from policy.domain.asof import AsOf
from policy.domain.normal_form import normal_form
from policy.models import Event
from policy.sources.safe_xml import read_xml
from tests.shared_data import shared
from tests.starting_record import loaded_record

pytestmark = pytest.mark.django_db

ZHIPU = "beijing-zhipu-huazhang-technology-co-ltd"


@pytest.fixture(scope="module", autouse=True)
def record(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with loaded_record(django_db_blocker):
        yield


def listed(on: str) -> int:
    return Listing.objects.as_of(AsOf(date.fromisoformat(on))).count()


def test_the_entries_stand_on_the_list_from_16_january_2025() -> None:
    assert listed("2025-01-15") == 0
    assert listed("2025-01-16") == 27


def test_no_start_is_reconstructed_since_the_effective_day_is_known() -> None:
    assert not Listing.objects.filter(reconstructed=True).exists()


def test_they_come_from_two_rules_and_stand_under_two_destinations() -> None:
    rules = Counter(Listing.objects.values_list("source__slug", flat=True))
    assert rules == {"2025-00704": 11, "2025-00480": 16}
    places = Counter(Listing.objects.values_list("country", flat=True))
    assert places == {"cn": 25, "sg": 2}


def test_seven_entries_bear_zhipu_s_name() -> None:
    names = Listing.objects.filter(source__slug="2025-00704").values_list("name", flat=True)
    assert sum("Zhipu" in name for name in names) == 7


def test_the_entries_of_the_sophgo_rule_bear_footnote_4() -> None:
    marks = {
        (row.source.slug, tuple(row.footnotes)) for row in Listing.objects.select_related("source")
    }
    assert marks == {("2025-00704", ()), ("2025-00480", ("4",))}


def test_each_citation_joins_the_rule_by_its_amending_page() -> None:
    found = ListingCitation.objects.values_list("volume", "page", "document__number")
    assert Counter(found) == {(90, 4619, "2025-00704"): 11, (90, 4622, "2025-00480"): 16}


def test_the_listed_alias_links_the_organisation_to_the_entity() -> None:
    link = OrganizationLink.objects.get(organization__slug="zhipu-ai")
    assert link.entity.slug == ZHIPU
    aliases = PartyName.objects.filter(entity=link.entity, kind="alias")
    assert link.quote in [alias.text for alias in aliases]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("智谱", "zh-Hans"),
        ("智譜", "zh-Hant"),
        ("智谱AI", "zh-Hans"),
        ("智譜AI", "zh-Hant"),
        ("智谱华章", "zh-Hans"),
        ("北京智谱华章科技有限公司", "zh-Hans"),
        ("北京智譜華章科技有限公司", "zh-Hant"),
    ],
)
def test_zhipu_is_found_under_its_chinese_names(text: str, language: str) -> None:
    name = PartyName.objects.get(normal=normal_form(text))
    assert (name.entity.slug, name.text, name.language) == (ZHIPU, text, language)
    assert name.kind == "native"


def test_every_chinese_name_has_a_source_and_says_how_sure_it_is() -> None:
    native = PartyName.objects.filter(kind="native")
    assert native.count() > 40
    for name in native:
        assert name.source.url and name.confidence in {"medium", "low"}, name
        assert not name.text.isascii()


def test_every_entry_of_the_zhipu_rule_has_a_chinese_name() -> None:
    listings = Listing.objects.filter(source__slug="2025-00704")
    named = set(PartyName.objects.filter(kind="native").values_list("entity", flat=True))
    assert {row.entity_id for row in listings} <= named


def test_the_rule_on_licence_exceptions_is_there() -> None:
    term = ListTerm.objects.get(mark=ListTerm.LICENSE_EXCEPTIONS)
    assert "744.11(a)" in term.text


def test_each_listing_is_a_baseline_event() -> None:
    events = Event.objects.filter(subject_kind="entity")
    assert events.count() == 27
    assert {(event.day, event.baseline) for event in events} == {(date(2025, 1, 16), True)}
    assert set(events.values_list("subject_id", flat=True)) == set(
        Entity.objects.values_list("slug", flat=True)
    )


def test_public_ids_are_those_that_an_import_would_give() -> None:
    taken: set[str] = set()
    for listing in Listing.objects.select_related("entity"):
        assert listing.entity.slug == new_slug(listing.name, taken)
        taken.add(listing.entity.slug)


def test_the_facts_file_and_the_record_say_the_same() -> None:
    entries = json.loads(shared("../facts/entity_additions_2025-01-16.json").read_text())
    for entry in entries["entities"]:
        listing = Listing.objects.get(name=entry["name"])
        names = PartyName.objects.filter(entity=listing.entity).exclude(kind="native")
        assert {normal_form(n.text) for n in names} == {
            normal_form(text) for text in [entry["name"], *entry["aliases"]]
        }
        addresses = Address.objects.filter(entity=listing.entity).order_by("position")
        joined = normal_form(" and ".join(address.text for address in addresses))
        assert joined == normal_form(entry["address"])
        assert listing.destination == entry["destination"]
        assert listing.review_policy == entry["license_review_policy"]
        assert listing.source.slug == entry["rule"]
    assert Listing.objects.count() == entries["count"]


def test_the_whole_list_prints_the_entries_in_the_same_words() -> None:
    path = shared("ecfr/title-15_part-744_2026-03-25.xml")
    parsed = parse_supplement4(read_xml(path.read_bytes(), max_bytes=20_000_000))
    digests = {entry.digest for entry in parsed.listings}
    assert set(Listing.objects.values_list("digest", flat=True)) <= digests
