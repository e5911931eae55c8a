"""Importing from regulations.gov: Eastern days, known names only, and nothing overwritten."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from policy.actions import import_regulations as importing
from policy.actions.docket_plan import RegulationsReport
from policy.actions.facts import set_portion
from policy.actions.import_regulations import import_regulations
from policy.actions.revisions import new_revision
from policy.models import (
    CommentCount,
    Conflict,
    Deadline,
    DeadlineDate,
    Docket,
    DocketDocument,
    Document,
    Event,
    Organization,
    Proposal,
    Reaction,
    Revision,
    Rule,
    Snapshot,
    Source,
)
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused
from tests.policy.dockets.answers import (
    DOCKET,
    DOCUMENT,
    FR_NUMBER,
    brief,
    comment,
    docket,
    document,
    encoded,
    listing,
    one,
    without,
)
from tests.shared_data import shared

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 1, 14, tzinfo=UTC)
MAY_15 = date(2025, 5, 15)


@pytest.fixture(autouse=True)
def world() -> Rule:
    """One followed docket with one rule, and one organisation with two names."""
    found = Docket.objects.create(number=DOCKET)
    source = Source.objects.create(slug=FR_NUMBER, kind="federal-register", title="Framework")
    printed = Document.objects.create(number=FR_NUMBER, source=source)
    Organization.objects.create(
        slug="nvidia", name="Nvidia", kind="company", other_names=["NVIDIA Corporation"]
    )
    return Rule.objects.create(
        slug="diffusion",
        title="Framework",
        short_title="Framework",
        kind="rule",
        docket=found,
        document=printed,
        rin="0694-AJ90",
    )


def take_in(*files: InputFile, at: datetime = AT, **options: Any) -> RegulationsReport:
    return import_regulations(files=files, at=at, by="tests", **options)


def print_date(rule: Rule, day: date | None, since: date = date(2025, 1, 15)) -> DeadlineDate:
    """A comment date of the rule, as its document prints it."""
    deadline, _ = Deadline.objects.get_or_create(
        slug="diffusion-comment",
        defaults={"kind": "comment", "label": "Comments due", "rule": rule, "docket": rule.docket},
    )
    fact = DeadlineDate(
        deadline=deadline,
        day=day,
        basis="printed",
        valid_from=since,
        source=Source.objects.get(slug=FR_NUMBER),
    )
    by_hand = Revision.Kind.RECORD
    with new_revision(by="tests", kind=by_hand, reason="A test", at=AT) as revision:
        set_portion(fact, revision=revision, because="A test")
    return fact


def documents() -> list[DocketDocument]:
    return list(DocketDocument.objects.known(None).order_by("number", "valid_from"))


def reactions() -> list[Reaction]:
    return list(Reaction.objects.known(None).order_by("slug"))


def reasons(report: RegulationsReport) -> list[str]:
    return [row["reason"] for row in report.skipped]


def everything() -> list[int]:
    models = (Revision, Snapshot, Source, DocketDocument, CommentCount, Reaction, Event)
    more = (Proposal, Conflict, Deadline, DeadlineDate)
    return [model.objects.count() for model in (*models, *more)]


def test_a_document_is_a_fact_with_its_page_and_the_answer_as_sources() -> None:
    report = take_in(listing(document()))
    [found] = documents()
    assert (report.documents, report.documents_new) == (1, 1)
    assert (found.first_day, found.last_comment_day) == (date(2025, 1, 15), MAY_15)
    assert (found.type, found.fr_number, found.withdrawn) == ("Rule", FR_NUMBER, False)
    assert found.valid_from == date(2025, 1, 15)
    assert found.source.url == f"https://www.regulations.gov/document/{DOCUMENT}"
    snapshot = Snapshot.objects.get()
    assert found.also == snapshot.source
    assert (snapshot.topic, snapshot.as_of) == ("regulations-gov", date(2026, 10, 1))


def test_a_second_import_of_the_same_writes_nothing() -> None:
    files = (
        listing(document(), name="a.json"),
        listing(brief(), total=812, name="b.json"),
        one(comment(), name="c.json"),
        one(comment(f"{DOCKET}-0043", organization="Unknown Inc."), name="d.json"),
    )
    first = take_in(*files)
    assert first.revision is not None
    before = everything()
    again = take_in(*files, at=AT + timedelta(days=1))
    assert again.revision is None
    assert (again.documents_unchanged, again.reactions_unchanged) == (1, 1)
    assert everything() == before


def test_one_document_stands_in_each_of_its_dockets() -> None:
    Docket.objects.create(number="BIS-2024-0055")
    take_in(listing(document(), document(docketId="BIS-2024-0055")))
    found = {(d.number, d.docket.number) for d in documents()}
    assert found == {(DOCUMENT, DOCKET), (DOCUMENT, "BIS-2024-0055")}


def test_a_document_in_two_dockets_sets_one_date_and_a_second_one_is_asked_about() -> None:
    Docket.objects.create(number="BIS-2024-0055")
    later = "2025-05-20T03:59:59Z"
    files = listing(
        document(),
        document(docketId="BIS-2024-0055"),
        document(f"{DOCKET}-0002", commentEndDate=later),
    )
    report = take_in(files)
    assert (report.periods_set, report.periods_confirmed, report.questions) == (1, 1, 1)
    title = f"Comments end on 19 May 2025 by {DOCKET}-0002 and on 15 May 2025 by {DOCUMENT}"
    assert Proposal.objects.get().title == title
    assert DeadlineDate.objects.get().day == MAY_15


def test_what_no_followed_docket_holds_is_skipped_with_the_reason() -> None:
    report = take_in(
        listing(
            document(docketId="EPA-2025-0009"),
            document(f"{DOCKET}-0002", docketId=None),
            docket("EPA-2025-0009"),
        ),
        one(comment("EPA-2025-0009-0001", docketId="EPA-2025-0009"), name="c.json"),
    )
    assert sorted(reasons(report)) == [
        "names no docket",
        "stands in no docket that is followed",
        "the docket EPA-2025-0009 is not followed",
        "the docket EPA-2025-0009 is not followed",
    ]
    assert report.revision is None


def test_an_extended_period_is_a_chain_and_the_older_answer_changes_nothing_back() -> None:
    take_in(listing(document()))
    moved = document(commentEndDate="2025-06-01T03:59:59Z", lastModifiedDate="2025-05-13T12:00:00Z")
    assert take_in(listing(moved)).documents_changed == 1
    assert [(d.valid_from, d.valid_until, d.last_comment_day) for d in documents()] == [
        (date(2025, 1, 15), date(2025, 5, 13), MAY_15),
        (date(2025, 5, 13), None, date(2025, 5, 31)),
    ]
    report = take_in(listing(document()))
    assert reasons(report) == ["is older than what the record holds"]
    assert report.revision is None


def test_what_an_answer_does_not_say_stays_as_it_was() -> None:
    take_in(listing(document()))
    less = without(document(title="FRAMEWORK for artificial intelligence diffusion."), "frDocNum")
    report = take_in(listing(without(less, "commentEndDate", "withdrawn")))
    assert (report.documents_unchanged, report.revision) == (1, None)


def test_a_period_that_the_record_holds_is_confirmed(world: Rule) -> None:
    print_date(world, MAY_15)
    report = take_in(listing(document()))
    assert (report.periods_confirmed, report.periods_set, report.conflicts) == (1, 0, 0)
    assert DeadlineDate.objects.count() == 1


def test_a_period_that_differs_overwrites_nothing_and_opens_one_conflict(world: Rule) -> None:
    print_date(world, MAY_15)
    other = listing(document(commentEndDate="2025-05-17T03:59:59Z"))
    assert take_in(other).conflicts == 1
    [found] = Conflict.objects.known(None)
    assert (found.rule, found.is_open) == (world, True)
    assert found.one_says == "15 May 2025, as printed."
    assert found.other_says == f"16 May 2025, at regulations.gov ({DOCUMENT})."
    assert DeadlineDate.objects.get().day == MAY_15
    assert take_in(other).revision is None


def test_a_date_that_was_printed_and_is_not_held_becomes_a_question(world: Rule) -> None:
    print_date(world, None)
    report = take_in(listing(document()))
    [question] = Proposal.objects.all()
    assert (report.conflicts, report.periods_set) == (0, 0)
    assert question.title == "Comments due, as regulations.gov gives it: 15 May 2025"
    assert (question.subject_kind, question.subject_id) == ("deadline", "diffusion-comment")
    assert DeadlineDate.objects.get().day is None


def test_the_rule_of_a_document_without_a_comment_date_gets_one(world: Rule) -> None:
    report = take_in(listing(document(commentEndDate="2026-12-16T04:59:59Z")))
    assert report.periods_set == 1
    found = DeadlineDate.objects.get()
    assert (found.deadline.rule, found.deadline.docket) == (world, world.docket)
    assert (found.day, found.basis) == (date(2026, 12, 15), "reported")
    [event] = Event.objects.filter(subject_kind="deadline")
    assert event.baseline


def test_a_new_deadline_ahead_is_news_and_one_that_has_passed_is_not(world: Rule) -> None:
    take_in(listing(brief(), total=3))
    take_in(listing(document(commentEndDate="2026-12-16T04:59:59Z")))
    assert not Event.objects.get(subject_kind="deadline").baseline


def test_a_period_that_has_passed_is_no_news(world: Rule) -> None:
    take_in(listing(brief(), total=3))
    take_in(listing(document()))
    assert Event.objects.get(subject_kind="deadline").baseline


def test_a_count_is_a_fact_with_its_instant() -> None:
    take_in(listing(brief(), total=812), asked_at=AT - timedelta(days=3))
    [count] = CommentCount.objects.known(None)
    assert (count.docket.number, count.count) == (DOCKET, 812)
    assert count.counted_at == AT - timedelta(days=3)
    assert count.valid_from == date(2026, 9, 28)
    take_in(listing(brief(), total=900))
    counts = CommentCount.objects.known(None).order_by("valid_from")
    assert [(c.count, c.valid_until) for c in counts] == [(812, date(2026, 10, 1)), (900, None)]


def test_a_count_that_fell_is_asked_about_and_not_recorded() -> None:
    take_in(listing(brief(), total=812))
    report = take_in(listing(brief(), total=40))
    assert (report.comment_counts, report.questions) == (0, 1)
    assert Proposal.objects.get().title == "The count of comments fell from 812 to 40"
    assert CommentCount.objects.known(None).get().count == 812


def test_the_total_of_a_narrower_question_counts_no_docket() -> None:
    assert take_in(listing(brief(), total=40), is_part=True).revision is None


def test_a_total_below_what_is_listed_is_skipped() -> None:
    report = take_in(listing(brief(), brief(f"{DOCKET}-0043"), total=1))
    assert "counts 1 comments and lists 2" in reasons(report)
    assert not CommentCount.objects.exists()


def test_a_docket_whose_rin_is_not_that_of_its_rules_is_asked_about() -> None:
    assert take_in(one(docket())).revision is None
    take_in(one(docket(rin="0694-ZZ99")))
    title = "regulations.gov gives the RIN 0694-ZZ99; its rules bear 0694-AJ90"
    assert Proposal.objects.get().title == title


def test_every_real_comment_period_keeps_its_eastern_days() -> None:
    with shared("dates/comment_periods.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = [
        document(
            row["regs_id"],
            frDocNum=row["fr_doc"] or None,
            commentStartDate=row["comment_start_utc"],
            commentEndDate=row["comment_end_utc"],
        )
        for row in rows
    ]
    report = take_in(listing(*items))
    assert (report.documents, report.documents_new, report.problems) == (79, 79, [])
    found = {d.number: (str(d.first_day), str(d.last_comment_day)) for d in documents()}
    assert found == {r["regs_id"]: (r["start_date_et"], r["end_date_et"]) for r in rows}


@pytest.mark.parametrize("step", ["keep_files", "write_posting", "write_statements", "propose"])
def test_an_import_that_dies_at_any_step_leaves_nothing_and_the_next_completes(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = (
        listing(document(), name="a.json"),
        one(comment(), name="b.json"),
        one(comment(f"{DOCKET}-0043", organization="Unknown Inc."), name="c.json"),
    )
    before = everything()

    def die(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(importing, step, die)
        take_in(*files)
    assert everything() == before
    report = take_in(*files)
    assert (report.documents_new, report.reactions_new, report.questions) == (1, 1, 1)


def test_a_file_that_is_no_answer_is_refused_by_its_name_and_nothing_is_written() -> None:
    before = everything()
    with pytest.raises(Refused, match=r"b\.json: regulations\.gov answered with an error: 429"):
        take_in(listing(document()), encoded({"errors": [{"status": 429}]}, "b.json"))
    assert everything() == before


def test_broken_items_are_problems_of_their_file_and_the_rest_is_imported() -> None:
    file = encoded({"data": ["words", document(withdrawn="no"), document(f"{DOCKET}-0002")]})
    report = take_in(file)
    assert [(p["file"], p["field"]) for p in report.problems] == [
        ("answer.json", ""),
        ("answer.json", "withdrawn"),
    ]
    assert report.documents_new == 2
    assert documents()[0].withdrawn is None
    assert Snapshot.objects.get().problems == report.problems


def test_the_command_reads_a_folder_and_prints_one_json_object(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_bytes(listing(document(), docket()).data)
    (tmp_path / "2.json").write_bytes(one(comment()).data)
    out = io.StringIO()
    call_command("import_regulations", str(tmp_path), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["files"], report["dockets"]) == (2, 1)
    assert (report["documents_new"], report["reactions_new"]) == (1, 1)
    assert report["next_filter"] == "2025-05-16 11:20:00"
    table = io.StringIO()
    call_command("import_regulations", str(tmp_path), stdout=table)
    assert "documents unchanged          1" in table.getvalue()
    assert "Nothing in these files is new; nothing was written." in table.getvalue()


def test_the_command_says_what_is_skipped_and_what_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "1.json"
    path.write_bytes(encoded({"data": ["words", document(docketId="X-2025-0001")]}).data)
    table = io.StringIO()
    call_command("import_regulations", str(path), stdout=table)
    assert "1  the docket X-2025-0001 is not followed" in table.getvalue()
    assert "1.json, item 1 : is no object with attributes" in table.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "is not JSON"),
        (["--asked-at", "2999-01-01T00:00Z"], "cannot have been given after now"),
    ],
)
def test_the_command_refuses_with_a_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    path = tmp_path / "1.json"
    path.write_text("words")
    with pytest.raises(CommandError, match=f"Nothing was imported.*{sentence}"):
        call_command("import_regulations", str(path), *arguments)


def test_an_instant_of_the_command_needs_a_zone(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--asked-at"):
        call_command("import_regulations", str(tmp_path), "--asked-at", "2026-11-20T09:00")


def test_the_instant_of_the_answers_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "1.json"
    path.write_bytes(listing(brief(), total=7).data)
    call_command("import_regulations", str(path), "--asked-at", "2026-11-20T09:00-05:00")
    assert CommentCount.objects.get().counted_at == datetime(2026, 11, 20, 14, tzinfo=UTC)
