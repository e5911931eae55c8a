"""An edited copy of the real part 744, made here, on top of the real one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoDbBlocker

from entities.actions.import_ecfr import import_ecfr
from entities.actions.import_report import ImportReport
from entities.models import Listing, ListingChange, ListingCitation
from policy.models import Amendment, Event, Proposal, Snapshot
from tests.shared_data import shared
from tests.starting_record import check_now, loaded_record

pytestmark = pytest.mark.django_db

SPRING, SUMMER, EDITED = date(2026, 3, 25), date(2026, 7, 18), date(2026, 9, 1)
ROW = '<TR>\n<TD class="left border-right-single"> </TD>\n<TD class="left border-right-single">'
NEW_ROW = (
    "<TR><TD> </TD><TD>Test Harbor Works, 1 Quay, Kabul, Afghanistan.</TD><TD>For all items "
    "subject to the EAR. (See § 744.11 of the EAR)</TD><TD>Presumption of denial</TD>"
    "<TD>91 FR 51000, 8/20/26.</TD></TR>"
)


def edited(text: str) -> str:
    """One row added, one revised, one removed, and one paragraph of § 744.23 amended."""
    start = text.index(f"{ROW}Afghan-German Construction Company")
    text = text[:start] + NEW_ROW + text[text.index("</TR>", start) + len("</TR>") :]
    was = "76 FR 71869, 11/21/11.\n</TD>"
    text = text.replace("Abdul Satar Ghoura, 501, 5th Floor", "Abdul Satar Ghoura, 601, 6th Floor")
    text = text.replace(was, "76 FR 71869, 11/21/11. 91 FR 51001, 8/20/26.</TD>", 1)
    duty = "(5) <I>Back-end exclusion.</I> For purposes"
    assert duty in text
    text = text.replace(duty, "(5) <I>Back-end exclusion.</I> Until 2027, for purposes")
    return text.replace(
        "91 FR 1687, Jan. 15, 2026]", "91 FR 1687, Jan. 15, 2026; 91 FR 51100, Aug. 21, 2026]"
    )


def take_in(data: bytes, day: date, hour: int) -> ImportReport:
    at = datetime(2026, 11, 23, hour, tzinfo=UTC)
    return import_ecfr(data=data, file_name="part-744.xml", as_of=day, at=at, by="tests")


@pytest.fixture(scope="module")
def imports(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[ImportReport]]:
    spring, summer = (
        shared(f"ecfr/title-15_part-744_{day.isoformat()}.xml").read_bytes()
        for day in (SPRING, SUMMER)
    )
    with loaded_record(django_db_blocker):
        reports = [take_in(spring, SPRING, 10), take_in(summer, SUMMER, 11)]
        reports.append(take_in(edited(summer.decode()).encode(), EDITED, 12))
        check_now()
        yield reports


@pytest.fixture(autouse=True)
def imported(imports: object) -> None:
    """Every test here looks at the record after all three."""


def test_every_row_is_joined_and_less_than_one_in_a_hundred_is_unread(
    imports: list[ImportReport],
) -> None:
    for report in imports:
        shares = (report.joined_known, report.joined_stub, len(report.unread))
        assert sum(shares) == report.listings
        assert len(report.unread) / report.listings < 0.01
        assert report.joined_known >= 27
    assert not ListingCitation.objects.known(None).filter(document=None).exists()


def test_the_two_pages_of_the_rule_of_9_october_2025_are_one_document() -> None:
    cited = ListingCitation.objects.known(None).filter(volume=90, page__in=(48193, 48195))
    documents = {row.document.resolved() for row in cited if row.document}
    assert cited.count() > 20
    assert [document.number for document in documents] == ["2025-19508"]


def test_between_the_two_real_snapshots_nothing_was_amended(imports: list[ImportReport]) -> None:
    first, second, _ = imports
    assert first.text is not None and second.text is not None
    assert (first.text["sections"], first.text["added"]) == (29, 29)
    counted = ("added", "amended", "removed", "unchanged", "stays", "proposals")
    assert [second.text[name] for name in counted] == [0, 0, 0, 29, 0, 0]
    assert not Amendment.objects.filter(recorded__lte=second.revision).exists()
    assert not ListingChange.objects.filter(recorded__lte=second.revision).exists()
    assert not Event.objects.filter(revision=second.revision).exists()


def test_all_seven_stays_are_proposals_until_a_person_has_looked() -> None:
    found = Proposal.objects.filter(kind="status", key__startswith="stay:")
    assert found.count() == 7
    assert {p.evidence["citation"] for p in found if p.evidence["citation"]} == {"90 FR 50857"}


def test_the_edits_are_found_and_nothing_else(imports: list[ImportReport]) -> None:
    last = imports[-1]
    assert (last.created, last.changed, last.ended) == (1, 1, 1)
    assert last.text is not None
    assert (last.text["added"], last.text["amended"], last.text["removed"]) == (0, 1, 0)
    found = {(c.act, c.entity.slug) for c in ListingChange.objects.known(None)}
    assert found == {
        ("added", "test-harbor-works"),
        ("revised", "abdul-satar-ghoura"),
        ("removed", "afghan-german-construction-company"),
    }


def test_the_revised_row_shows_the_words_and_the_rule() -> None:
    change = ListingChange.objects.known(None).get(act="revised")
    assert [field for field, _, _ in change.fields] == ["entity", "citation"]
    assert change.document is not None
    assert change.document.cited == "91-FR-51001-2026-08-20"
    assert change.day == date(2026, 8, 20)


def test_the_removed_row_is_proposed_since_no_known_document_removes_it() -> None:
    change = ListingChange.objects.known(None).get(act="removed")
    assert (change.document, change.day) == (None, EDITED)
    proposal = Proposal.objects.get(kind="removal")
    assert proposal.subject_id == "afghan-german-construction-company"
    held = Listing.objects.known(None).filter(entity=change.entity)
    assert held.get().valid_until == EDITED


def test_the_amendment_is_one_redline_with_its_stub() -> None:
    row = Amendment.objects.get()
    assert row.section.identifier == "744.23"
    assert row.document is not None and row.document.cited == "91-FR-51100-2026-08-21"


def test_both_topics_keep_their_snapshots() -> None:
    topics = Snapshot.objects.order_by("as_of", "topic").values_list("topic", flat=True)
    assert list(topics) == ["ecfr-part-744", "entity-list"] * 3
