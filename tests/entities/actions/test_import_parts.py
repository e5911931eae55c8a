"""Importing whole parts: the sections of any followed part, and the list of part 744."""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings

from entities.actions import import_ecfr as importing
from entities.models import Listing
from policy.actions.documents import adopt_stubs
from policy.models import (
    Amendment,
    Coverage,
    Document,
    Revision,
    Rule,
    Section,
    SectionText,
    Snapshot,
    Source,
)
from policy.sources.safe_xml import Refused
from tests.entities.actions.lists import (
    DOCK,
    GLASS,
    LIST,
    NOW,
    SPRING,
    SUMMER,
    everything,
    import_bytes,
    make_places,
)
from tests.entities.sources.samples import part744
from tests.policy.actions.parts_world import know_document, revise
from tests.policy.sources.parts import part, section
from tests.site_map import content_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

DUTY = section("744.11", "(a) Licenses are required.", "(b) Criteria.")
LINE = "[88 FR 73458, Oct. 25, 2023, as amended at 91 FR 500, June 2, 2026]"
AMENDED = section("744.11", "(a) Licenses are no longer required.", "(b) Criteria.", cited=LINE)
OTHER = part("742", section("742.6", "(a) Regional stability."))


@pytest.fixture
def places() -> None:
    make_places()


def whole(*sections: str, rows: tuple[str, ...] = LIST) -> bytes:
    """Part 744 with sections and its list."""
    return part744(*rows).replace(b"<DIV9", "".join(sections).encode() + b"<DIV9", 1)


def test_part_744_brings_its_sections_and_the_list_in_one_revision() -> None:
    report = import_bytes(whole(DUTY))
    assert (report.part, report.created) == ("744", 3)
    assert report.text is not None
    assert (report.text["sections"], report.text["added"]) == (1, 1)
    assert Revision.objects.get().number == report.revision
    assert SectionText.objects.get().recorded_id == report.revision
    assert {snapshot.topic for snapshot in Snapshot.objects.all()} == {
        "entity-list",
        "ecfr-part-744",
    }


def test_the_sections_cite_their_part_and_not_its_list() -> None:
    import_bytes(whole(DUTY))
    assert SectionText.objects.get().source.title == "15 CFR part 744, as of 25 March 2026"
    assert Source.objects.count() == 2 + 3, "and a stub for each of three citations"


def test_another_followed_part_brings_its_sections_only() -> None:
    report = import_bytes(OTHER)
    assert (report.part, report.rows, report.listings) == ("742", 0, 0)
    assert report.text is not None and report.text["added"] == 1
    assert Section.objects.get().identifier == "742.6"
    assert not Listing.objects.exists()
    assert Coverage.objects.get().topic == "ecfr-part-742"


def test_a_part_that_is_not_followed_is_refused_with_the_way_out() -> None:
    with pytest.raises(Refused, match=r"does not follow part 730, only 734, 740.*EARMARK_PARTS"):
        import_bytes(part("730", section("730.1", "(a) Introduction.")))
    with override_settings(FOLLOWED_PARTS=["730"]):
        assert import_bytes(part("730", section("730.1", "(a) Introduction."))).text is not None
    assert Section.objects.get().identifier == "730.1"


def test_a_part_without_any_section_is_refused() -> None:
    with pytest.raises(Refused, match=r"This file of part 742 holds no section\."):
        import_bytes(part("742"))
    assert not Revision.objects.exists()


def test_the_very_same_file_writes_nothing_at_all() -> None:
    import_bytes(whole(DUTY))
    import_bytes(OTHER)
    before, texts = everything(), SectionText.objects.count()
    assert import_bytes(whole(DUTY)).revision is None
    assert import_bytes(OTHER).revision is None
    assert (everything(), SectionText.objects.count()) == (before, texts)


def test_the_text_of_a_file_whose_list_is_held_is_still_taken_in() -> None:
    with override_settings(FOLLOWED_PARTS=[]):
        assert import_bytes(whole(DUTY)).text is None
    report = import_bytes(whole(DUTY))
    assert (report.created, report.unchanged, report.revision) == (0, 3, 2)
    assert SectionText.objects.get().recorded_id == 2


def test_an_older_part_is_refused_with_the_way_out() -> None:
    import_bytes(OTHER, day=SUMMER)
    with pytest.raises(Refused, match="already holds the text of part 742 of 18 July 2026"):
        import_bytes(OTHER.replace(b"stability", b"security"), day=SPRING)
    assert Revision.objects.count() == 1
    import_bytes(OTHER.replace(b"stability", b"security"), day=SPRING, backfill=True)
    rows = SectionText.objects.in_force(SPRING)
    assert rows.get().text == "(a) Regional security."


def test_a_list_that_is_refused_keeps_the_text_as_it_was_too() -> None:
    import_bytes(whole(DUTY))
    with pytest.raises(Refused, match="ATLANTIS"):
        data = whole(AMENDED, rows=(GLASS, DOCK.replace("BELIZE", "ATLANTIS")))
        import_bytes(data, day=SUMMER)
    assert SectionText.objects.get().recorded_id == 1


@pytest.mark.parametrize("step", ["import_sections", "import_list", "write_changes", "confirm"])
def test_an_import_that_breaks_at_any_step_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    import_bytes(whole(DUTY))
    before = everything()

    def break_down(*_args: object, **_named: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk is full"):
        broken.setattr(importing, step, break_down)
        import_bytes(whole(AMENDED, rows=(GLASS,)), day=SUMMER)
    assert everything() == before
    assert SectionText.objects.count() == 1
    report = import_bytes(whole(AMENDED, rows=(GLASS,)), day=SUMMER)
    assert report.text is not None and (report.ended, report.text["amended"]) == (2, 1)


def test_the_command_prints_the_sections_of_a_part(tmp_path: Path) -> None:
    file = tmp_path / "part742.xml"
    file.write_bytes(OTHER)
    out = io.StringIO()
    call_command("import_ecfr", str(file), "--date", "2026-03-25", stdout=out)
    lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert lines[:2] == ["part 742: 1 sections", "added 1"]
    out = io.StringIO()
    call_command("import_ecfr", str(file), "--date", "2026-03-25", "--json", stdout=out)
    assert json.loads(out.getvalue())["part"] == "742"
    file.write_bytes(part("730", section("730.1", "(a) x")))
    with pytest.raises(CommandError, match="does not follow part 730"):
        call_command("import_ecfr", str(file), "--date", "2026-03-25")


def test_a_folder_is_imported_by_the_days_in_its_names_the_oldest_first(tmp_path: Path) -> None:
    (tmp_path / "title-15_part-742_2026-07-18.xml").write_bytes(OTHER)
    (tmp_path / "title-15_part-744_2026-03-25.xml").write_bytes(whole(DUTY))
    (tmp_path / "title-15_part-744_2026-07-18.xml").write_bytes(whole(AMENDED))
    (tmp_path / "notes.txt").write_text("not a part")
    out = io.StringIO()
    call_command("import_ecfr", str(tmp_path), "--json", stdout=out)
    found = [(report["part"], report["date"]) for report in json.loads(out.getvalue())]
    assert found == [("744", "2026-03-25"), ("742", "2026-07-18"), ("744", "2026-07-18")]
    assert Amendment.objects.count() == 1
    out = io.StringIO()
    call_command("import_ecfr", str(tmp_path), stdout=out)
    assert out.getvalue().count("nothing was written") == 3


def test_a_file_without_a_day_in_its_name_needs_one(tmp_path: Path) -> None:
    file = tmp_path / "part742.xml"
    file.write_bytes(OTHER)
    with pytest.raises(CommandError, match=r"part742\.xml was not imported: Its name holds no day"):
        call_command("import_ecfr", str(file))
    assert not Revision.objects.exists()


def amend() -> None:
    know_document(
        "2026-11111", volume=91, start_page=498, end_page=510, valid_from=date(2026, 6, 2)
    )
    import_bytes(whole(DUTY))
    import_bytes(whole(AMENDED), day=SUMMER, at=NOW + timedelta(hours=1))
    assert Amendment.objects.count() == 1


@pytest.mark.parametrize("number", ["744.11", "744.11(a)", "744.11(a)(1)"])
def test_the_page_of_a_section_has_its_text_and_its_amendments(client: Client, number: str) -> None:
    amend()
    page = shown(f"/sections/{number}/", client.get(f"/sections/{number}/"))
    text = page.by_id("text").text_content()
    assert "(a) Licenses are no longer required." in text
    assert "Last confirmed for 18 July 2026" in text
    amendments = page.by_id("amendments")
    assert [e.text_content() for e in amendments.iter("ins")] == ["[inserted:] no longer "]
    assert not list(amendments.iter("del"))
    assert "/documents/2026-11111/" in {a.get("href") for a in amendments.iter("a")}
    assert "1 unchanged paragraph" in amendments.text_content()


def test_the_page_of_a_section_is_that_of_the_day(client: Client) -> None:
    amend()
    page = shown("/", client.get("/sections/744.11/?on=2026-07-17"))
    assert "(a) Licenses are required." in page.main
    assert not page.all("//*[@id='amendments']")
    before = shown("/", client.get("/sections/744.11/?on=2026-03-24"))
    assert "The text of this day is not held" in before.main
    assert "?on=2026-03-25" in {a.get("href") for a in before.by_id("text").iter("a")}


def test_the_page_of_a_section_is_that_of_what_was_known(client: Client) -> None:
    amend()
    instant = Revision.objects.get(number=1).recorded_at.isoformat().replace("+", "%2B")
    page = shown("/", client.get(f"/sections/744.11/?known={instant}"))
    assert not page.all("//*[@id='amendments']")


def test_a_supplement_has_a_page_and_is_found(client: Client) -> None:
    body = section("Supplement No. 1 to Part 742", "Baku.", heading="Supplement No. 1")
    import_bytes(part("742", body))
    url = "/sections/Supplement%20No.%201%20to%20Part%20742/"
    page = shown(url, client.get(url))
    assert page.texts("//h1") == ["Supplement No. 1 to Part 742"]
    found = client.get("/search/?q=Supp.+No.+1+to+part+742")
    assert "/sections/Supplement%20No.%201%20to%20Part%20742/" in (
        found.headers.get("Location", "") + found.content.decode()
    )


def test_the_page_of_the_document_shows_what_it_amended(client: Client) -> None:
    amend()
    page = shown("/", client.get("/documents/2026-11111/"))
    assert "Sections amended" in page.main
    assert [e.text_content() for e in page.all("//ins")] == ["[inserted:] no longer "]


def test_a_section_s_facts_are_exported(client: Client) -> None:
    amend()
    response = client.get("/sections/744.11/?format=csv")
    lines = content_of(response)
    assert "§ 744.11 amended" in lines
    assert "§ 744.11 Harbors." in lines


def test_the_page_of_a_rule_shows_what_its_document_amended(client: Client) -> None:
    amend()
    document = Document.objects.get(number="2026-11111")
    Rule.objects.create(
        slug="piers", title="Piers", short_title="Piers", kind="rule", document=document
    )
    page = shown("/", client.get("/rules/piers/"))
    amendments = page.by_id("amendments")
    assert [e.text_content() for e in amendments.iter("ins")] == ["[inserted:] no longer "]
    assert "/sections/744.11/" in {a.get("href") for a in amendments.iter("a")}
    assert not shown("/", client.get("/rules/piers/?on=2026-07-17")).all("//*[@id='amendments']")


def test_what_a_stub_amended_is_the_document_s_once_it_is_known(client: Client) -> None:
    import_bytes(whole(DUTY))
    import_bytes(whole(AMENDED), day=SUMMER)
    stub = shown("/", client.get("/documents/91-FR-500-2026-06-02/"))
    assert "Sections amended" in stub.main
    assert "§ 744.11 amended" in content_of(
        client.get("/documents/91-FR-500-2026-06-02/?format=csv")
    )
    pages = {"volume": 91, "start_page": 498, "end_page": 510}
    know_document("2026-11111", **pages, valid_from=date(2026, 6, 2))
    with revise() as revision:
        adopt_stubs(revision=revision)
    page = shown("/", client.get("/documents/2026-11111/"))
    assert "Sections amended" in page.main
    section_page = shown("/", client.get("/sections/744.11/"))
    links = {a.get("href") for a in section_page.by_id("amendments").iter("a")}
    assert "/documents/2026-11111/" in links
