"""Importing documents: facts at once from data, proposals from prose, nothing overwritten."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from policy.actions.import_federal_register import import_federal_register
from policy.models import (
    Conflict,
    Document,
    DocumentFact,
    Event,
    Proposal,
    Revision,
    Snapshot,
    Source,
)
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused
from tests.policy.documents.answers import AT, NUMBER, document, fact, page, take_in

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def titles(kind: Proposal.Kind) -> list[str]:
    return list(Proposal.objects.filter(kind=kind).values_list("title", flat=True))


def test_what_the_data_say_is_a_fact_at_once_with_the_answer_as_its_second_source() -> None:
    report = take_in(document())
    found = fact()
    assert (report.created, report.changed, report.unchanged) == (1, 0, 0)
    assert found.effective == date(2026, 9, 25)
    assert found.comments_close == date(2026, 11, 24)
    assert found.citation == "91 FR 51000"
    assert found.cfr_parts == ["15 CFR part 744", "15 CFR part 774"]
    assert found.valid_from == found.published == date(2026, 9, 25)
    assert found.source.slug == NUMBER
    snapshot = Snapshot.objects.get()
    assert found.also == snapshot.source
    assert (snapshot.topic, snapshot.as_of) == ("federal-register", date(2026, 10, 1))


def test_dates_in_prose_are_checked_against_the_data_and_the_rest_is_proposed() -> None:
    report = take_in(document())
    assert report.dates_confirmed == 2
    assert titles(Proposal.Kind.DATE) == ["Effective (amendatory instruction 5): 4 January 2027"]
    evidence = Proposal.objects.get(kind="date").evidence
    assert evidence["day"] == "2027-01-04"
    assert evidence["instructions"] == ["5"]
    assert "which is effective January 4, 2027." in evidence["words"]


def test_words_that_cannot_be_read_are_a_problem_and_a_proposal() -> None:
    report = take_in(document(dates="Comments are due within 60 days of publication."))
    [problem] = report.problems
    assert problem["document"] == NUMBER
    assert titles(Proposal.Kind.UNREAD) == [
        "DATES not read: the sentence speaks of a date but prints none that can be read"
    ]


def test_a_second_import_of_the_same_writes_nothing() -> None:
    take_in(document())
    before = Revision.objects.count(), Snapshot.objects.count(), Event.objects.count()
    same = import_federal_register(
        files=[page(document(page_views={"count": 9}), name="other.json")], at=LATER, by="tests"
    )
    assert (same.created, same.changed, same.unchanged, same.revision) == (0, 0, 1, None)
    assert (Revision.objects.count(), Snapshot.objects.count(), Event.objects.count()) == before


def test_text_that_is_only_set_otherwise_is_no_change() -> None:
    take_in(document())
    report = take_in(document(title="CONTROLS ON ADVANCED PACKAGING", action="Interim Final Rule"
                              " - Request for Comments"), at=LATER)  # fmt: skip
    assert report.changed == 0


def test_a_moved_date_supersedes_and_the_earlier_reading_stays() -> None:
    first = take_in(document())
    report = take_in(document(comments_close_on="2026-12-24", dates=None), at=LATER)
    assert report.changed == 1
    assert fact().comments_close == date(2026, 12, 24)
    then = DocumentFact.objects.known(first.revision).get(document__number=NUMBER)
    assert then.comments_close == date(2026, 11, 24)
    newest = Event.objects.filter(revision=report.revision).get()
    assert (newest.kind, newest.subject_id, newest.baseline) == ("changed", NUMBER, False)


def test_a_date_that_the_data_no_longer_give_is_gone_and_one_not_asked_for_stays() -> None:
    take_in(document())
    silent = document(dates=None)
    del silent["comments_close_on"]
    take_in(silent, at=LATER)
    assert fact().comments_close == date(2026, 11, 24)
    take_in(document(comments_close_on=None, dates=None), at=LATER)
    assert fact().comments_close is None


def test_a_first_load_is_no_news_and_a_later_document_is() -> None:
    take_in(document())
    take_in(document(document_number="2026-20002"), at=LATER)
    assert list(Event.objects.order_by("pk").values_list("subject_id", "baseline")) == [
        (NUMBER, True),
        ("2026-20002", False),
    ]


def test_print_and_data_that_differ_are_a_conflict_in_which_the_print_governs() -> None:
    report = take_in(document(comments_close_on="2026-11-25"))
    conflict = Conflict.objects.get()
    assert report.conflicts == 1
    assert conflict.is_open
    assert conflict.one_says == "24 November 2026, in the printed DATES paragraph."
    assert conflict.other_says == "25 November 2026, in the data of the Federal Register."
    assert "printed paragraph governs" in conflict.governs
    assert conflict.quote.startswith("Comments must be received")


def test_an_extension_is_proposed_with_what_it_acts_on() -> None:
    take_in(
        document(
            title="Due Diligence; Extension of Comment Period",
            dates="The comment period of the rule at 89 FR 96790 is extended.",
            comments_close_on=None,
            effective_on=None,
        )
    )
    assert titles(Proposal.Kind.ACT) == ["Extends another document: 89 FR 96790"]


def test_a_correction_marked_in_the_data_is_a_fact_and_no_proposal() -> None:
    address = "https://www.federalregister.gov/api/v1/documents/2024-28270"
    take_in(document(title="Controls; Correction", correction_of=address, dates=None))
    assert fact().corrects == "2024-28270"
    assert titles(Proposal.Kind.ACT) == []


def test_a_delay_names_the_delayed_document_and_its_new_day() -> None:
    take_in(
        document(dates="The effective date of 90 FR 4544 has been delayed until June 1, 2027.",
                 effective_on=None, comments_close_on=None)
    )  # fmt: skip
    assert titles(Proposal.Kind.ACT) == [
        "Delays the effective date of 90 FR 4544 until 1 June 2027"
    ]
    assert titles(Proposal.Kind.DATE) == ["Delayed until: 1 June 2027"]


def test_a_document_twice_is_read_once_and_said_so() -> None:
    files = [page(document(volume=90), name="a.json"), page(document(), name="b.json")]
    report = import_federal_register(files=files, at=AT, by="tests")
    [skipped] = report.skipped
    assert skipped["document"] == NUMBER
    assert "stands again in b.json" in skipped["reason"]
    assert fact().volume == 91


def test_a_document_without_a_day_that_nobody_knows_is_left_out_with_the_reason() -> None:
    undated = document()
    del undated["publication_date"]
    report = take_in(undated)
    assert not Document.objects.exists()
    assert "day of publication is not given" in report.skipped[0]["reason"]
    assert report.revision is None


def test_a_broken_document_stops_no_other() -> None:
    report = take_in(document(document_number="?"), document())
    assert report.created == 1
    assert len(report.problems) == 1


def test_a_broken_file_leaves_everything_as_it_was() -> None:
    files = [page(document()), InputFile("cut.json", b'{"results": [')]
    with pytest.raises(Refused, match=r"^cut\.json: .*cut off"):
        import_federal_register(files=files, at=AT, by="tests")
    assert not Document.objects.exists()
    assert not Revision.objects.exists()


def test_every_document_is_accounted_for() -> None:
    take_in(document())
    undated = document(document_number="2026-20003")
    del undated["publication_date"]
    report = take_in(
        document(),
        document(document_number="2026-20002"),
        document(document_number="2026-20002"),
        undated,
        at=LATER,
    )
    counted = report.created + report.changed + report.unchanged + len(report.skipped)
    assert counted == report.documents == 4


def test_nothing_is_written_when_a_later_step_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr("policy.actions.import_federal_register.open_conflicts", fail)
    with pytest.raises(RuntimeError):
        take_in(document())
    for model in (Document, DocumentFact, Source, Proposal, Event, Snapshot, Revision):
        assert not model._default_manager.exists()


def test_the_command_prints_a_table_and_one_json_object(tmp_path: Path) -> None:
    (tmp_path / "page-1.json").write_bytes(page(document(), document(title=None)).data)
    out = io.StringIO()
    call_command("import_federal_register", tmp_path, stdout=out)
    assert "created                  1" in out.getvalue()
    assert f"{NUMBER}: is empty" in out.getvalue()
    again = io.StringIO()
    call_command("import_federal_register", tmp_path / "page-1.json", "--json", stdout=again)
    report = json.loads(again.getvalue())
    assert (report["unchanged"], report["revision"]) == (1, None)


def test_the_command_says_when_nothing_is_new(tmp_path: Path) -> None:
    file = tmp_path / "page.json"
    file.write_bytes(page(document()).data)
    call_command("import_federal_register", file, stdout=io.StringIO())
    out = io.StringIO()
    call_command("import_federal_register", file, stdout=out)
    assert "nothing was written" in out.getvalue()


def test_the_command_refuses_with_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "page.json"
    file.write_bytes(b"<html>Request Access</html>")
    with pytest.raises(CommandError, match=r"imported\. page\.json: The file is not JSON"):
        call_command("import_federal_register", file)


COLLECTION = {
    "title": "Agency Information Collection Activities; Comment Request; A Statement",
    "type": "Notice",
    "action": "Notice of information collection, request for comment.",
    "dates": "To ensure consideration, comments must be received on or before November 24, 2026.",
    "effective_on": None,
    "comments_close_on": None,
}


def test_comments_on_an_information_collection_are_a_date_of_a_kind_of_their_own() -> None:
    take_in(document(**COLLECTION))
    assert titles(Proposal.Kind.DATE) == [
        "Comments on an information collection due: 24 November 2026"
    ]
    assert Proposal.objects.get().evidence["kind"] == "information-collection"


def test_the_data_confirm_it_as_they_confirm_other_comments() -> None:
    report = take_in(document(**{**COLLECTION, "comments_close_on": "2026-11-24"}))
    assert (report.dates_confirmed, report.conflicts, report.proposals) == (1, 0, 0)


@pytest.mark.parametrize(
    "changes",
    [{"type": "Rule"}, {"title": "Controls on Chips", "action": "Request for comments."}],
)
def test_comments_on_anything_else_stay_what_they_are(changes: dict[str, Any]) -> None:
    take_in(document(**{**COLLECTION, **changes}))
    assert titles(Proposal.Kind.DATE) == ["Comments due: 24 November 2026"]


def test_two_periods_of_one_document_are_no_conflict_with_the_one_day_of_the_data() -> None:
    words = (
        "Comments on the rule must be received by November 24, 2026. Comments on the information "
        "collection must be received by December 1, 2026."
    )
    report = take_in(document(dates=words, effective_on=None))
    assert report.conflicts == 0
    assert titles(Proposal.Kind.DATE) == [
        "Comments on an information collection due: 1 December 2026"
    ]
