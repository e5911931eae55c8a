"""Importing a part again and again: texts, amendments, and what is not one."""

from datetime import date

import pytest

from policy.models import (
    Amendment,
    Coverage,
    Document,
    Event,
    Section,
    SectionText,
    Snapshot,
    Source,
)
from policy.sources.safe_xml import Refused
from tests.policy.actions.parts_world import (
    AUTUMN,
    SPRING,
    SUMMER,
    acts,
    import_part,
    know_document,
    text_on,
)
from tests.policy.sources.parts import section

pytestmark = pytest.mark.django_db

ONE = section("742.1", "(a) You may not.", "(b) Exceptions.")
TWO = section("742.2", "(a) Piers are counted in spring.")
SUPPLEMENT = section("Supplement No. 1 to Part 742", "Baku.", heading="Supplement No. 1")
AMENDED_LINE = "[88 FR 73458, Oct. 25, 2023, as amended at 91 FR 500, June 2, 2026]"
AMENDED = section("742.1", "(a) You may.", "(b) Exceptions.", cited=AMENDED_LINE)


def test_a_first_import_keeps_every_text_and_amends_nothing() -> None:
    report = import_part(ONE, TWO, SUPPLEMENT)
    assert acts(report) == (3, 0, 0, 0)
    assert (report.sections, report.paragraphs) == (3, 4)
    assert text_on(SPRING) == "(a) You may not.\n(b) Exceptions."
    assert [str(s) for s in Section.objects.all()] == [
        "§ 742.1",
        "§ 742.2",
        "Supplement No. 1 to Part 742",
    ]
    assert not Amendment.objects.exists()
    assert not Event.objects.exists()
    assert not Document.objects.exists(), "a first text needs no stubs of what made it"


def test_a_text_is_held_from_the_day_of_the_file_on_and_not_before() -> None:
    import_part(ONE)
    assert text_on(date(2026, 3, 24)) is None
    assert SectionText.objects.get().valid_until is None


def test_a_part_that_is_only_set_anew_writes_nothing_but_the_snapshot() -> None:
    import_part(ONE, TWO)
    churned = ONE.replace("You may not.", "YOU  may\nnot").replace("Oct. 25, 2023", "10/25/23")
    assert acts(import_part(churned, TWO, day=SUMMER)) == (0, 0, 0, 2)
    assert SectionText.objects.count() == 2
    assert not Amendment.objects.exists()
    assert not Event.objects.exists()
    assert Snapshot.objects.count() == 2
    assert Coverage.objects.known(None).get().until == SUMMER


def test_an_amendment_names_the_document_that_the_source_line_newly_cites() -> None:
    fact = know_document("2026-11111", volume=91, start_page=498, end_page=502)
    import_part(ONE, TWO)
    assert acts(import_part(AMENDED, TWO, day=SUMMER)) == (0, 1, 0, 1)
    row = Amendment.objects.get()
    assert (row.act, row.day, row.document) == ("amended", SUMMER, fact.document)
    assert row.printed == "91 FR 500, June 2, 2026"
    assert "changed after 25 March 2026 and by 18 July 2026" in row.note
    assert text_on(date(2026, 7, 17)) == "(a) You may not.\n(b) Exceptions."
    assert text_on(SUMMER) == "(a) You may.\n(b) Exceptions."
    assert text_on(SUMMER, known=2) == "(a) You may not.\n(b) Exceptions.", "as then known"


def test_an_amendment_takes_effect_when_its_document_does() -> None:
    effective = date(2026, 6, 15)
    know_document("2026-11111", volume=91, start_page=498, end_page=502, effective=effective)
    import_part(ONE)
    import_part(AMENDED, day=SUMMER)
    row = Amendment.objects.get()
    assert (row.day, row.note) == (effective, "")
    assert text_on(date(2026, 6, 14)) == "(a) You may not.\n(b) Exceptions."
    assert text_on(effective) == "(a) You may.\n(b) Exceptions."


@pytest.mark.parametrize("effective", [date(2026, 1, 1), date(2026, 3, 25), date(2026, 9, 1)])
def test_a_day_on_which_the_text_read_otherwise_is_not_the_day_of_the_change(
    effective: date,
) -> None:
    know_document("2026-11111", volume=91, start_page=498, end_page=502, effective=effective)
    import_part(ONE)
    import_part(AMENDED, day=SUMMER)
    assert Amendment.objects.get().day == SUMMER


def test_a_document_that_is_not_known_is_a_stub() -> None:
    import_part(ONE)
    import_part(AMENDED, day=SUMMER)
    stub = Amendment.objects.get().document
    assert stub is not None
    assert (stub.number, stub.cited) == (None, "91-FR-500-2026-06-02")


def test_two_documents_between_two_files_are_both_named() -> None:
    import_part(ONE)
    line = AMENDED_LINE.replace("]", "; 91 FR 900, July 1, 2026]")
    import_part(section("742.1", "(a) You may.", cited=line), day=SUMMER)
    assert [row.printed for row in Amendment.objects.order_by("position")] == [
        "91 FR 500, June 2, 2026",
        "91 FR 900, July 1, 2026",
    ]
    assert Event.objects.count() == 1


def test_without_a_new_citation_the_document_is_not_known() -> None:
    import_part(ONE)
    import_part(ONE.replace("may not", "may"), day=SUMMER)
    row = Amendment.objects.get()
    assert (row.document, row.printed) == (None, "")


def test_readers_hear_of_an_amendment() -> None:
    import_part(ONE)
    import_part(AMENDED, day=SUMMER)
    event = Event.objects.get()
    assert (event.kind, event.subject_kind, event.subject_id) == ("changed", "section", "742.1")
    assert (event.title, event.detail) == ("§ 742.1 was amended", "91 FR 500, June 2, 2026")
    assert not event.baseline


def test_a_new_section_is_added_and_one_that_is_gone_is_removed() -> None:
    import_part(ONE, TWO)
    three = section("742.3", "(a) New duty.")
    assert acts(import_part(ONE, three, day=SUMMER)) == (1, 0, 1, 1)
    assert text_on(SUMMER, "742.2") is None
    assert text_on(date(2026, 7, 17), "742.2") == "(a) Piers are counted in spring."
    assert text_on(SUMMER, "742.3") == "(a) New duty."
    found = {row.section.identifier: row.act for row in Amendment.objects.all()}
    assert found == {"742.2": "removed", "742.3": "added"}


def test_a_section_may_come_back() -> None:
    import_part(ONE, TWO)
    import_part(ONE, day=SUMMER)
    assert acts(import_part(ONE, TWO, day=AUTUMN)) == (1, 0, 0, 1)
    assert text_on(AUTUMN, "742.2") == "(a) Piers are counted in spring."
    assert Section.objects.count() == 2


def test_an_older_file_only_adds_what_was_not_held() -> None:
    import_part(AMENDED, day=SUMMER)
    report = import_part(ONE, TWO, day=SPRING)
    assert acts(report) == (2, 0, 0, 0)
    assert text_on(SPRING) == "(a) You may not.\n(b) Exceptions."
    assert text_on(SUMMER) == "(a) You may.\n(b) Exceptions."
    assert text_on(SUMMER, "742.2") is None
    assert not Event.objects.exists()
    assert Coverage.objects.known(None).get().until == SUMMER


def test_an_older_file_that_contradicts_the_record_is_reported() -> None:
    import_part(ONE, day=SPRING)
    import_part(ONE, day=AUTUMN)
    report = import_part(AMENDED, day=SUMMER)
    assert acts(report) == (0, 0, 0, 0)
    assert [p["text"] for p in report.problems] == ["§ 742.1"]
    assert text_on(SUMMER) == "(a) You may not.\n(b) Exceptions."


def test_other_bytes_for_the_same_day_put_the_text_right_without_an_amendment() -> None:
    import_part(ONE)
    import_part(AMENDED)
    assert text_on(SPRING) == "(a) You may.\n(b) Exceptions."
    assert not Amendment.objects.exists()
    assert Source.objects.filter(slug__startswith="ecfr-part-742-2026-03-25").count() == 2


def test_a_part_that_shrinks_beyond_reason_waits_for_a_person() -> None:
    many = [section(f"742.{n}", f"(a) Duty {n}.") for n in range(1, 21)]
    import_part(*many)
    with pytest.raises(Refused, match=r"would remove 10 of 20 sections of part 742\..*accept"):
        import_part(*many[:10], day=SUMMER)
    assert SectionText.objects.known(None).in_force(SUMMER).count() == 20
    assert Snapshot.objects.count() == 1
    assert acts(import_part(*many[:10], day=SUMMER, accept_losses=True)) == (0, 0, 10, 10)
