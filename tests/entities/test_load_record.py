"""Loading the entities' own record files: entries, added names, links."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from entities.models import (
    Address,
    Entity,
    Listing,
    ListingCitation,
    ListTerm,
    OrganizationLink,
    PartyName,
)
from policy import registry
from policy.actions.check_record import RecordRefused
from policy.actions.load_record import LoadReport, load_record
from policy.models import Event, Revision

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 1, 12, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)

BASE = """\
sources:
  - {slug: press, kind: press, title: A report}
  - {slug: list, kind: ecfr, title: The list}
documents:
  - {number: 2025-00704, title: Additions, published: 2025-01-16, effective: 2025-01-16,
     volume: 90, start_page: 4617, end_page: 4620}
places:
  - {key: cn, name: China, kind: country}
organizations:
  - {slug: acme-ai, name: Acme AI, kind: company}
"""
ENTRIES = """\
entries:
  - slug: acme-co-ltd
    rule: 2025-00704
    also: list
    country: cn
    destination: CHINA, PEOPLE'S REPUBLIC OF
    entity: |-
      Acme Co., Ltd., a.k.a., the following one alias:
      —Acme Chips.
      1 First Road, Beijing, China; and 2 Second Road, Beijing, China.
    requirement: For all items subject to the EAR (See § 744.11 of the EAR) 4
    review_policy: Presumption of denial
    citation: 90 FR 4619, 1/16/25
names:
  - {entity: acme-co-ltd, text: 艾可美, kind: native, language: zh-Hans, from: 2025-01-16,
     source: press, note: As printed.}
links:
  - {organization: acme-ai, entity: acme-co-ltd, from: 2025-01-16, source: press}
list_terms:
  - {mark: license-exceptions, text: None may be used., from: unknown, source: list}
"""


SECTIONS = "entities.actions.load_record.entity_sections"


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of entries in a record of two apps that replaces the project's own."""
    monkeypatch.setattr(registry, "_record_loaders", {})
    folders = [tmp_path / "policy", tmp_path / "entities"]
    for folder in folders:
        folder.mkdir()
    names = ("policy.actions.record_policy.policy_sections", SECTIONS)
    for app, path, name in zip(("policy", "entities"), folders, names, strict=True):
        registry.register_record_loader(app, path, name)
    (folders[0] / "base.yaml").write_text(BASE)
    path = folders[1] / "entries.yaml"
    path.write_text(ENTRIES)
    return path


def load(at: datetime = FIRST) -> LoadReport:
    return load_record(at=at, by="a test")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_an_entry_becomes_an_entity_with_all_its_facts(entries: Path) -> None:
    report = load()
    entity = Entity.objects.get(slug="acme-co-ltd")
    assert entity.created_id == report.revision == 1
    listing = Listing.objects.get(entity=entity)
    assert (listing.name, listing.valid_from) == ("Acme Co., Ltd.", date(2025, 1, 16))
    assert (listing.footnotes, listing.reconstructed) == (["4"], False)
    assert (listing.source.slug, listing.also and listing.also.slug) == ("2025-00704", "list")
    assert Address.objects.filter(entity=entity).count() == 2
    citation = ListingCitation.objects.get(entity=entity)
    assert citation.document is not None and citation.document.number == "2025-00704"


def test_added_names_stand_beside_those_of_the_list(entries: Path) -> None:
    load()
    names = PartyName.objects.order_by("position", "pk")
    assert [(n.text, n.kind, n.language) for n in names] == [
        ("Acme Co., Ltd.", "name", ""),
        ("Acme Chips", "alias", ""),
        ("艾可美", "native", "zh-Hans"),
    ]


def test_an_organisation_is_linked_to_the_entity_that_it_is(entries: Path) -> None:
    load()
    link = OrganizationLink.objects.get()
    assert (link.organization.name, link.entity.slug) == ("Acme AI", "acme-co-ltd")


def test_the_list_s_own_terms_are_facts_too(entries: Path) -> None:
    load()
    assert ListTerm.objects.get(mark=ListTerm.LICENSE_EXCEPTIONS).text == "None may be used."


def test_policy_and_entities_load_under_one_revision_and_once(entries: Path) -> None:
    load()
    assert Revision.objects.count() == 1
    assert load(LATER).revision is None
    assert Revision.objects.count() == 1


def test_a_first_load_leaves_one_baseline_event_a_listing(entries: Path) -> None:
    load()
    event = Event.objects.get(subject_kind="entity")
    assert event.baseline
    assert (event.subject_id, event.day) == ("acme-co-ltd", date(2025, 1, 16))
    assert event.title == "Acme Co., Ltd.: on the Entity List under China"


def test_a_corrected_cell_supersedes_what_it_changes_and_no_more(entries: Path) -> None:
    load()
    change(entries, "Presumption of denial", "Case-by-case review")
    load(LATER)
    old, new = Listing.objects.order_by("pk")
    assert (old.superseded_id, new.superseded_id) == (2, None)
    assert new.review_policy == "Case-by-case review"
    assert not Address.objects.exclude(superseded=None).exists()
    assert PartyName.objects.count() == 3
    assert Event.objects.get(revision=2).kind == "changed"


def test_a_name_taken_out_of_an_entry_is_closed_and_an_added_one_stays(entries: Path) -> None:
    load()
    change(entries, "—Acme Chips.", "—Acme Circuits.")
    load(LATER)
    names = set(PartyName.objects.known(None).values_list("text", flat=True))
    assert names == {"Acme Co., Ltd.", "Acme Circuits", "艾可美"}


def test_another_printing_of_the_same_text_changes_no_fact(entries: Path) -> None:
    load()
    change(entries, "1 First Road, Beijing, China; and", "1 First  Road, BEIJING, China; and")
    assert load(LATER).revision is None
    assert Revision.objects.count() == 1
    assert load(LATER).revision is None


def test_every_word_of_an_added_name_is_the_record_s_own(entries: Path) -> None:
    load()
    change(entries, "As printed.", "As the page prints it.")
    assert load(LATER).facts_inserted == 1
    notes = PartyName.objects.known(None).filter(kind="native").values_list("note", flat=True)
    assert list(notes) == ["As the page prints it."]


def test_an_entry_taken_out_closes_its_facts_and_keeps_the_entity(entries: Path) -> None:
    load()
    entries.write_text("entries: []\n")
    load(LATER)
    assert Entity.objects.filter(slug="acme-co-ltd").exists()
    for model in (Listing, PartyName, Address, ListingCitation, OrganizationLink):
        assert not model.objects.known(None).exists()
    assert Listing.objects.get().closed_because == "The starting record no longer says so."


def test_an_entity_that_an_import_has_made_is_the_same_entity(entries: Path) -> None:
    revision = Revision.objects.create(
        number=1, recorded_at=FIRST, by="an import", kind="import", reason="a test"
    )
    Entity.objects.create(slug="acme-co-ltd", created=revision)
    load(LATER)
    assert Entity.objects.count() == 1
    assert Listing.objects.get().recorded_id == 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("citation: 90 FR 4619, 1/16/25", "citation: none", "no citation could be read"),
        ("country: cn", "country: xx", "country: “xx” is not in places"),
        ("rule: 2025-00704", "rule: 2025-99999", "rule: “2025-99999” is not in documents"),
        ("{entity: acme-co-ltd, text", "{entity: acme, text", "entity: “acme” is not in entities"),
        ("review_policy:", "policy:", "unknown key “policy”"),
        ("kind: native", "kind: nickname", "kind: Value 'nickname' is not a valid choice."),
        ("organization: acme-ai", "organization: a", "organization: “a” is not in organizations"),
    ],
)
def test_a_broken_entry_refuses_the_whole_record(
    entries: Path, old: str, new: str, problem: str
) -> None:
    change(entries, old, new)
    with pytest.raises(RecordRefused) as refused:
        load()
    found = [str(p) for p in refused.value.problems]
    assert any(p.startswith("entities/record/entries.yaml, line ") and problem in p for p in found)
    assert not Revision.objects.exists()
