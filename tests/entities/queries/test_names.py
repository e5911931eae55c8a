"""The index of names: rebuilt when the record changes, one of every past moment."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from entities.models import Entity, PartyName
from entities.queries.names import find_names, held_index, matching_entities, name_revision
from policy.actions.facts import close_rows
from policy.actions.revisions import new_revision
from policy.models import Revision
from policy.queries.asof import Reading, read_parameters
from tests.entities.generated import generate_listings, party, write_listings
from tests.instants import RECORDED_AT, TODAY
from tests.policy.queries.readings import reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

LATER = RECORDED_AT + timedelta(days=10)


@pytest.fixture(autouse=True)
def index_folder(settings: Settings, tmp_path: Path) -> Path:
    """Where this test's indexes lie, and no others."""
    held_index.cache_clear()
    settings.INDEX_DIR = tmp_path
    return tmp_path


def stored(folder: Path) -> Path:
    (file,) = folder.glob("names-*.npz")
    return file


def add_name(slug: str, text: str) -> int:
    """A name that a later revision records of a party; returns the revision's number."""
    held = PartyName.objects.filter(entity__slug=slug).first()
    assert held
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A name", at=LATER) as issued:
        held.pk, held.text, held.normal = None, text, text.casefold()
        held.position, held.recorded, held.valid_from = 99, issued, date(2025, 1, 16)
        held.save()
    return issued.number


def drop_name(slug: str, text: str) -> None:
    rows = PartyName.objects.filter(entity__slug=slug, text=text, superseded=None)
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="Wrong", at=LATER) as issued:
        close_rows(list(rows), revision=issued, because="It is the name of another.")


def found(q: str, at: Reading) -> set[str]:
    ids = [match.entity_id for match in find_names(q, at)]
    return set(Entity.objects.filter(pk__in=ids).values_list("slug", flat=True))


ZHIPU = "beijing-zhipu-huazhang-technology-co-ltd"


def test_a_name_that_a_later_revision_adds_is_found_from_then_on() -> None:
    assert ZHIPU not in found("Qingtian Labs", reading())
    add_name(ZHIPU, "Qingtian Labs")
    assert ZHIPU in found("Qingtian Labs", reading())


def test_a_name_that_was_added_later_is_not_found_as_known_before() -> None:
    add_name(ZHIPU, "Qingtian Labs")
    assert ZHIPU not in found("Qingtian Labs", reading(known="2026-10-05"))
    assert ZHIPU in found("Qingtian Labs", reading(known="2026-10-20"))


def test_a_name_that_was_wrong_is_found_only_as_known_before() -> None:
    add_name(ZHIPU, "Qingtian Labs")
    drop_name(ZHIPU, "Qingtian Labs")
    assert ZHIPU not in found("Qingtian Labs", reading())


@pytest.mark.parametrize(("on", "is_there"), [("2025-01-15", False), ("2025-01-16", True)])
def test_a_name_is_found_from_the_day_of_the_listing(on: str, is_there: bool) -> None:
    assert (ZHIPU in found("智谱", reading(on))) is is_there


def test_the_index_belongs_to_the_last_revision_that_touched_a_name() -> None:
    before = name_revision(reading())
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="Nothing", at=LATER):
        pass
    assert name_revision(reading()) == before
    assert name_revision(reading(known="2026-10-02")) == before
    assert add_name(ZHIPU, "Qingtian Labs") == name_revision(reading()) > before


def test_nothing_is_found_before_the_record_began() -> None:
    early = read_parameters("2025-06-01", "2026-01-01", now=TODAY)
    assert find_names("Zhipu", early) == []


def test_the_stored_index_gives_the_same_as_the_built_one(index_folder: Path) -> None:
    generate_listings(40)
    built = find_names("Generated Works No. 0007", reading())
    file = stored(index_folder)
    held_index.cache_clear()
    stamp = file.stat().st_mtime_ns
    assert find_names("Generated Works No. 0007", reading()) == built
    assert file.stat().st_mtime_ns == stamp


@pytest.mark.parametrize("damage", [b"", b"not an archive", b"PK\x03\x04" + bytes(40)])
def test_a_damaged_index_is_built_anew(index_folder: Path, damage: bytes) -> None:
    whole = find_names("Zhipu", reading())
    file = stored(index_folder)
    file.write_bytes(damage)
    held_index.cache_clear()
    assert find_names("Zhipu", reading()) == whole
    assert file.read_bytes() != damage


def test_an_index_of_other_names_is_not_used() -> None:
    find_names("Zhipu", reading())
    generate_listings(3)
    held_index.cache_clear()
    (match, *_) = find_names("Generated Works No. 0001", reading())
    assert match.name == "Generated Works No. 0001"


def test_a_party_inside_a_listing_leads_to_the_listing() -> None:
    (parent,) = write_listings(
        [
            {
                "slug": "grand-arsenal",
                "name": "Grand Arsenal",
                "country_id": "ru",
                "destination": "RUSSIA",
                "valid_from": date(2020, 1, 1),
                "digest": "x",
            }
        ]
    )
    inside = party(parent, "workshop-nine", "Workshop Nine of Kazan").entity
    name = PartyName.objects.get(entity=parent.entity)
    name.pk, name.entity, name.text, name.normal = None, inside, "Workshop Nine of Kazan", "x"
    name.save()
    assert matching_entities("Workshop Nine of Kazan", reading())[0] == parent.entity_id


def test_at_most_one_name_of_a_party_is_shown() -> None:
    ids = [match.entity_id for match in find_names("Zhipu", reading(), limit=50)]
    assert len(ids) == len(set(ids))
