"""Documents of the starting record and those of the Federal Register's data are the same."""

from datetime import date

import pytest

from policy.actions.desk.conflicts import AlreadyClosed, ReasonMissing, close_conflict
from policy.actions.import_federal_register import import_federal_register
from policy.models import Conflict, Document, DocumentFact, Event, Proposal, Snapshot
from policy.sources.inputs import InputFile
from tests.people import account
from tests.policy.desk.settling import settle
from tests.policy.documents.answers import AT, document, fact, take_in
from tests.shared_data import shared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
DIFFUSION = "2025-00636"


def diffusion(**changes: object) -> dict[str, object]:
    """What the API would say of the Diffusion rule, where the record says the same."""
    held = fact(DIFFUSION)
    return document(
        document_number=DIFFUSION,
        title=held.title,
        publication_date="2025-01-15",
        action=held.action,
        dates="This rule is effective January 13. 2025. Comments must be received by BIS no "
        "later than May 15, 2025.",
        effective_on="2025-01-13",
        comments_close_on="2025-05-15",
        volume=90,
        start_page=4544,
        end_page=held.end_page,
        regulation_id_numbers=["0694-AJ90"],
        docket_ids=held.agency_dockets,
        **changes,
    )


def test_a_document_of_the_record_gains_what_the_data_add_and_has_no_twin() -> None:
    before = Document.objects.count()
    report = take_in(diffusion(type="Rule"))
    assert (report.created, report.changed, report.conflicts) == (0, 1, 0)
    assert Document.objects.count() == before
    assert fact(DIFFUSION).comments_close == date(2025, 5, 15)
    assert fact(DIFFUSION).type == "Rule"


def test_dates_that_the_record_holds_raise_no_proposal() -> None:
    report = take_in(diffusion())
    assert report.dates_confirmed == 2
    assert not Proposal.objects.filter(kind="date").exists()


def test_another_value_than_a_person_entered_is_a_conflict_and_changes_nothing() -> None:
    item = diffusion()
    item["effective_on"], item["dates"] = "2025-01-14", None
    report = take_in(item)
    conflict = Conflict.objects.known(None).get(slug=f"{DIFFUSION}-effective")
    assert report.conflicts == 1
    assert fact(DIFFUSION).effective == date(2025, 1, 13)
    assert conflict.one_says.startswith("13 January 2025, as the record has it")
    assert conflict.other_says == "14 January 2025, in the data of the Federal Register."
    assert conflict.rule is not None
    assert conflict.rule.slug == "ai-diffusion"


def test_the_other_value_of_a_conflict_cites_the_answer_that_gives_it() -> None:
    take_in(diffusion())
    item = diffusion()
    item["effective_on"], item["dates"] = "2025-01-14", None
    take_in(item)
    conflict = Conflict.objects.known(None).get(slug=f"{DIFFUSION}-effective")
    assert conflict.also is not None
    assert conflict.also == Snapshot.objects.latest("revision").source
    assert conflict.source != conflict.also


def test_what_a_person_entered_stays_so_after_the_data_added_to_it() -> None:
    take_in(diffusion(type="Rule"))
    item = diffusion(type="Rule")
    item["effective_on"], item["dates"] = "2025-01-14", None
    assert take_in(item).conflicts == 1
    assert fact(DIFFUSION).effective == date(2025, 1, 13)


def test_data_that_lack_what_a_person_knows_take_nothing_away() -> None:
    item = diffusion()
    item["effective_on"] = item["start_page"] = None
    item["regulation_id_numbers"] = []
    report = take_in(item)
    assert report.conflicts == 0
    assert fact(DIFFUSION).effective == date(2025, 1, 13)
    assert fact(DIFFUSION).rins == ["0694-AJ90"]


def test_a_day_known_to_the_month_is_refined_and_another_month_is_a_conflict() -> None:
    partial = DocumentFact.objects.known(None).filter(published_precision="month").first()
    assert partial is not None
    number, month = partial.document.number, partial.published
    inside = {"document_number": number, "title": partial.title,
              "publication_date": month.replace(day=14).isoformat()}  # fmt: skip
    outside = {**inside, "publication_date": "2031-01-02"}
    assert take_in(outside).conflicts == 1
    assert fact(number).published_precision == "month"
    take_in(inside)
    assert (fact(number).published, fact(number).published_precision) == (
        month.replace(day=14),
        "day",
    )


def open_conflict() -> str:
    item = diffusion()
    item["effective_on"], item["dates"] = "2025-01-14", None
    take_in(item)
    return f"{DIFFUSION}-effective"


def test_a_conflict_is_open_until_a_person_closes_it_with_a_reason() -> None:
    slug = open_conflict()
    settle(slug, "The print: 13 January.", AT)
    standing = Conflict.objects.known(None).get(slug=slug)
    assert (standing.is_open, standing.governs) == (False, "The print: 13 January.")
    assert Event.objects.latest("pk").title.endswith("settled: the effective day")
    assert Conflict.objects.filter(slug=slug).count() == 2


def test_a_closed_conflict_stays_closed_until_the_data_say_a_third_thing() -> None:
    slug = open_conflict()
    settle(slug, "The print.", AT)
    item = diffusion()
    item["effective_on"], item["dates"] = "2025-01-14", None
    assert take_in(item).revision is None
    item["effective_on"] = "2025-01-16"
    assert take_in(item).conflicts == 1
    assert Conflict.objects.known(None).get(slug=slug).is_open


def test_a_conflict_cannot_be_closed_without_a_reason_nor_twice() -> None:
    slug = open_conflict()
    with pytest.raises(ReasonMissing, match="which of the two governs"):
        close_conflict(slug, governs="  ", by=account(), at=AT)
    settle(slug, "The print.", AT)
    with pytest.raises(AlreadyClosed, match="somebody has closed it"):
        close_conflict(slug, governs="The print.", by=account(name="Late"), at=AT)


def test_the_193_real_documents_and_the_five_later_ones_go_in_without_an_unexplained_row() -> None:
    names = ("bis_documents_2020_2026", "bis_rules_later_titles_abstracts")
    paths = [shared(f"federal_register/{name}.json") for name in names]
    files = [InputFile(path.name, path.read_bytes()) for path in paths]
    report = import_federal_register(files=files, at=AT, by="tests")
    assert report.documents == 198
    assert (report.created, report.changed, report.unchanged) == (173, 25, 0)
    assert (report.skipped, report.problems, report.conflicts) == ([], [], 0)
    again = import_federal_register(files=files, at=AT, by="tests")
    assert (again.unchanged, again.revision) == (198, None)
