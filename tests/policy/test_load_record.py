"""Loading record files: idempotent, superseding, all or nothing."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from policy import registry
from policy.actions.check_record import RecordRefused
from policy.actions.facts import set_portion
from policy.actions.load_record import LoadReport, load_record
from policy.actions.record_policy import policy_sections
from policy.actions.revisions import new_revision
from policy.domain.asof import AsOf
from policy.models import (
    Country,
    CountryGroup,
    Deadline,
    DeadlineDate,
    Event,
    FederalClosing,
    LegalForce,
    Milestone,
    RecordedItem,
    Revision,
    Rule,
    Source,
)

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 1, 12, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)

RULES = """\
sources:
  - {slug: press, kind: press, title: A report, url: https://example.org/report}
  - {slug: notice, kind: official, title: A notice}
documents:
  - {number: 2025-00001, title: A rule, published: 2025-01-15, volume: 90, start_page: 10}
dockets:
  - {number: BIS-2025-0009, title: A docket}
rules:
  - slug: a-rule
    title: A rule on chips
    short_title: A rule
    kind: rule
    document: 2025-00001
    docket: BIS-2025-0009
provisions:
  - {slug: general, rule: a-rule, label: General provisions}
legal_force:
  - {provision: general, state: in-force, from: 2025-01-13, until: 2025-06-01, source: 2025-00001}
  - {provision: general, state: stayed, from: 2025-06-01, source: notice, note: As printed.}
deadlines:
  - slug: a-rule-comment
    kind: comment
    label: Comments due
    rule: a-rule
    docket: BIS-2025-0009
    dates:
      - {from: 2025-01-15, day: 2025-05-15, basis: printed, source: 2025-00001}
"""
MILESTONES = """\
milestones:
  - {slug: release, title: Rule released, rule: a-rule, from: 2025-01-13, source: press}
  - {slug: politics, title: A bill fails, from: 2025-12, source: press, confidence: medium}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record of two files in place of the project's own."""
    loader = registry.RecordLoader("policy", tmp_path, policy_sections)
    monkeypatch.setattr(registry, "_record_loaders", {"policy": loader})
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "milestones.yaml").write_text(MILESTONES)
    return tmp_path


Change = Callable[[str, str], None]


@pytest.fixture
def change(folder: Path) -> Change:
    """Replace text in the files; it must be there exactly once."""

    def replace(old: str, new: str) -> None:
        [path] = [p for p in folder.glob("*.yaml") if p.read_text().count(old) == 1]
        path.write_text(path.read_text().replace(old, new))

    return replace


def load(at: datetime = FIRST) -> LoadReport:
    return load_record(at=at, by="a test")


def refusal() -> list[str]:
    with pytest.raises(RecordRefused) as refused:
        load()
    return [str(problem) for problem in refused.value.problems]


def force(on: str, revision: int | None = None) -> str:
    row = LegalForce.objects.as_of(AsOf(date.fromisoformat(on), revision)).get()
    return str(row.state)


# A first load


def test_a_first_load_records_everything_under_one_revision(folder: Path) -> None:
    report = load()
    assert report.revision == 1
    assert report.files == 2
    assert (report.facts_inserted, report.facts_closed) == (6, 0)
    [revision] = Revision.objects.all()
    assert (revision.by, revision.kind, revision.recorded_at) == ("a test", "record", FIRST)
    assert {m.recorded_id for m in Milestone.objects.all()} == {1}


def test_references_are_resolved_whatever_file_they_stand_in(folder: Path) -> None:
    load()
    milestone = Milestone.objects.get(slug="release")
    assert milestone.rule == Rule.objects.get(slug="a-rule")
    assert milestone.source == Source.objects.get(slug="press")


def test_a_document_is_a_source_by_its_number(folder: Path) -> None:
    load()
    source = Source.objects.get(slug="2025-00001")
    assert (source.kind, source.citation) == ("federal-register", "90 FR 10")
    assert source.document.number == "2025-00001"
    assert source.document.facts.get().source == source


def test_half_open_spans_hold_on_their_first_day_and_not_on_the_last(folder: Path) -> None:
    load()
    assert [force(day) for day in ("2025-01-13", "2025-05-31", "2025-06-01")] == [
        "in-force",
        "in-force",
        "stayed",
    ]
    assert not LegalForce.objects.as_of(AsOf(date(2025, 1, 12))).exists()


def test_a_month_keeps_its_precision(folder: Path) -> None:
    load()
    assert str(Milestone.objects.get(slug="politics").since) == "December 2025 (day not known)"


def test_an_unknown_start_is_no_date(folder: Path, change: Change) -> None:
    change("from: 2025-01-13, until: 2025-06-01", "from: unknown, until: 2025-06-01")
    load()
    assert LegalForce.objects.get(state="in-force").valid_from is None
    assert force("1990-01-01") == "in-force"


def test_a_first_load_is_a_baseline_with_the_law_s_days(folder: Path) -> None:
    load()
    events = Event.objects.order_by("day")
    assert all(event.baseline for event in events)
    assert [(e.subject_kind, e.subject_id, e.title, str(e.day)) for e in events] == [
        ("rule", "a-rule", "Rule released", "2025-01-13"),
        ("deadline", "a-rule-comment", "A rule: Comments due: 15 May 2025", "2025-01-15"),
        ("milestone", "politics", "A bill fails", "2025-12-01"),
    ]


# A second load


def test_a_second_load_changes_nothing(folder: Path) -> None:
    load()
    before = RecordedItem.objects.count()
    report = load(LATER)
    assert report == LoadReport(files=2)
    assert Revision.objects.count() == 1
    assert RecordedItem.objects.count() == before


def test_a_second_load_neither_parses_nor_writes(
    folder: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load()
    # A savepoint, PostgreSQL's lock, the digests, the end of the savepoint.
    with django_assert_max_num_queries(4):
        load(LATER)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("milestones:\n", "# A comment\nmilestones:\n"),
        ("title: Rule released, rule: a-rule", "rule: a-rule, title: Rule released"),
        ("title: A bill fails", "title: 'A bill fails'"),
    ],
)
def test_comments_order_and_quotes_are_no_change(
    folder: Path, change: Change, old: str, new: str
) -> None:
    load()
    change(old, new)
    assert load(LATER).revision is None
    assert load(LATER).revision is None
    assert Revision.objects.count() == 1


# Corrections


def test_a_corrected_fact_supersedes_and_never_overwrites(folder: Path, change: Change) -> None:
    load()
    change("title: Rule released", "title: Rule released to the press")
    report = load(LATER)
    assert (report.revision, report.facts_inserted, report.facts_closed) == (2, 1, 1)
    old, new = Milestone.objects.filter(slug="release").order_by("pk")
    assert (old.title, old.recorded_id, old.superseded_id) == ("Rule released", 1, 2)
    assert old.closed_because == "The starting record was corrected."
    assert (new.title, new.recorded_id, new.superseded_id) == (
        "Rule released to the press",
        2,
        None,
    )


def test_what_was_known_before_a_correction_can_still_be_asked(
    folder: Path, change: Change
) -> None:
    load()
    change("until: 2025-06-01, source", "until: 2025-07-01, source")
    change("from: 2025-06-01, source", "from: 2025-07-01, source")
    load(LATER)
    assert force("2025-06-15", revision=1) == "stayed"
    assert force("2025-06-15") == "in-force"


def test_a_correction_leaves_other_facts_alone(folder: Path, change: Change) -> None:
    load()
    untouched = set(Milestone.objects.filter(slug="politics").values_list("pk", flat=True))
    change("title: Rule released", "title: Another title")
    load(LATER)
    assert set(Milestone.objects.filter(slug="politics").values_list("pk", flat=True)) == untouched


def test_a_correction_is_an_event_and_no_baseline(folder: Path, change: Change) -> None:
    load()
    change("As printed.", "As the notice says.")
    load(LATER)
    event = Event.objects.get(revision=2)
    assert (event.kind, event.baseline, event.day) == ("changed", False, date(2025, 6, 1))
    assert event.title == "A rule: General provisions: stayed"


def test_an_item_taken_out_of_a_file_closes_its_facts_with_a_reason(
    folder: Path, change: Change
) -> None:
    load()
    change(MILESTONES.splitlines()[2] + "\n", "")
    report = load(LATER)
    assert (report.facts_inserted, report.facts_closed) == (0, 1)
    row = Milestone.objects.get(slug="politics")
    assert row.superseded_id == 2
    assert row.closed_because == "The starting record no longer says so."
    assert Event.objects.get(revision=2).kind == "ended"


def test_a_file_taken_away_closes_what_only_it_said(folder: Path) -> None:
    load()
    (folder / "milestones.yaml").unlink()
    load(LATER)
    assert not Milestone.objects.known(None).exists()
    assert LegalForce.objects.known(None).count() == 2
    assert load(LATER).revision is None


def test_an_item_moved_to_another_file_is_the_same_item(folder: Path) -> None:
    load()
    (folder / "milestones.yaml").rename(folder / "events.yaml")
    assert load(LATER).revision is None
    assert Milestone.objects.known(None).count() == 2
    assert load(LATER).revision is None


def test_an_identity_gets_its_new_label_and_keeps_its_place(folder: Path, change: Change) -> None:
    load()
    pk = Rule.objects.get(slug="a-rule").pk
    change("title: A rule on chips", "title: A rule on chips and models")
    load(LATER)
    rule = Rule.objects.get(slug="a-rule")
    assert (rule.pk, rule.title) == (pk, "A rule on chips and models")


def test_an_identity_is_never_deleted(folder: Path, change: Change) -> None:
    change("  - {slug: notice", "  - {slug: unused, kind: press, title: U}\n  - {slug: notice")
    load()
    change("  - {slug: unused, kind: press, title: U}\n", "")
    load(LATER)
    assert Source.objects.filter(slug="unused").exists()


# Deadlines that move


def test_a_date_that_moves_is_told_with_both_days_and_the_document(
    folder: Path, change: Change
) -> None:
    load()
    change(
        "      - {from: 2025-01-15, day: 2025-05-15, basis: printed, source: 2025-00001}\n",
        "      - {from: 2025-01-15, until: 2025-03-01, day: 2025-05-15, basis: printed,"
        " source: 2025-00001}\n"
        "      - {from: 2025-03-01, day: 2025-06-16, basis: printed, source: notice}\n",
    )
    load(LATER)
    event = Event.objects.get(revision=2)
    assert event.kind == "moved"
    assert event.title == "A rule: Comments due moved from 15 May 2025 to 16 June 2025"
    assert (event.subject_kind, event.subject_id) == ("deadline", "a-rule-comment")
    assert (event.day, str(event.source)) == (date(2025, 3, 1), "A notice")


def test_a_corrected_day_is_told_as_moved_too(folder: Path, change: Change) -> None:
    load()
    change("day: 2025-05-15", "day: 2025-05-16")
    load(LATER)
    title = "A rule: Comments due moved from 15 May 2025 to 16 May 2025"
    assert Event.objects.get(revision=2).title == title


def test_a_date_that_was_set_but_is_not_known_is_kept_as_such(folder: Path, change: Change) -> None:
    change("day: 2025-05-15, ", "")
    load()
    [row] = DeadlineDate.objects.all()
    assert (row.day, row.on) == (None, None)
    assert "a day not known to the record" in Event.objects.get(subject_kind="deadline").title


def test_a_day_that_nobody_has_to_act_on_is_no_event(folder: Path, change: Change) -> None:
    change("kind: comment", "kind: published")
    load()
    assert not Event.objects.filter(subject_kind="deadline").exists()


def test_a_deadline_gets_its_docket(folder: Path) -> None:
    load()
    deadline = Deadline.objects.get()
    assert deadline.docket is not None
    assert (deadline.docket.number, deadline.rule.slug) == ("BIS-2025-0009", "a-rule")


# The legal desk


def desk_changes_the_title() -> None:
    fact = Milestone.objects.known(None).get(slug="release")
    fact.pk, fact.title = None, "Rule released, as the desk found"
    with new_revision(by="desk", kind=Revision.Kind.RECORD, reason="checked", at=LATER) as revision:
        set_portion(fact, revision=revision, because="checked")


def test_a_reload_does_not_undo_what_the_desk_has_changed(folder: Path) -> None:
    load()
    desk_changes_the_title()
    assert load(LATER).revision is None
    [row] = Milestone.objects.known(None).filter(slug="release")
    assert row.title == "Rule released, as the desk found"


def test_a_change_elsewhere_in_the_file_does_not_undo_it_either(
    folder: Path, change: Change
) -> None:
    load()
    desk_changes_the_title()
    change("title: A bill fails", "title: A bill fails again")
    load(LATER)
    titles = set(Milestone.objects.known(None).values_list("title", flat=True))
    assert titles == {"Rule released, as the desk found", "A bill fails again"}


# Places, groups and closings


PLACES = """\
places:
  - {key: gb-part, name: A part, kind: territory, parent: gb}
  - {key: gb, name: United Kingdom, kind: country, other_names: [UK]}
groups:
  - {scheme: d5, group: d5, from: unknown, until: 2026-02-04, source: press, places: [gb]}
  - {scheme: diffusion, group: everyone-else, from: 2025-01-13, derived_from: gb, source: press,
     places: [gb, gb-part]}
closings:
  - {day: 2025-12-26, order: E.O. 1, proclaimed: 2025-12-18, source: press}
"""


def test_a_place_may_stand_before_the_one_it_belongs_to(folder: Path) -> None:
    (folder / "places.yaml").write_text(PLACES)
    load()
    part = Country.objects.get(key="gb-part")
    assert part.parent == Country.objects.get(key="gb")


def test_one_statement_about_places_is_a_fact_for_each(folder: Path, change: Change) -> None:
    (folder / "places.yaml").write_text(PLACES)
    load()
    assert CountryGroup.objects.count() == 3
    change("     places: [gb, gb-part]", "     places: [gb]")
    report = load(LATER)
    assert (report.facts_inserted, report.facts_closed) == (0, 1)


def test_a_closing_is_in_force_on_its_day_alone(folder: Path) -> None:
    (folder / "places.yaml").write_text(PLACES)
    load()
    closing = FederalClosing.objects.get()
    assert (closing.valid_from, closing.valid_until) == (date(2025, 12, 26), date(2025, 12, 27))
    assert closing.proclaimed == date(2025, 12, 18)


# Broken files


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("milestones:\n", "milestone:\n", "milestones.yaml, line 2: unknown section “milestone”"),
        (
            "title: Rule released",
            "titel: Rule released",
            "milestones.yaml, line 2: unknown key “titel”",
        ),
        (
            "slug: politics, ",
            "",
            "milestones.yaml, line 3: “slug” is missing",
        ),
        (
            "from: 2025-12, ",
            "from: 2025-13, ",
            "milestones.yaml, line 3: from: “2025-13” is not a day of the calendar",
        ),
        (
            "from: 2025-12, source: press",
            "from: 2025-12, source: nobody",
            "milestones.yaml, line 3: source: “nobody” is not in sources",
        ),
        (
            "rule: a-rule, from",
            "rule: no-rule, from",
            "milestones.yaml, line 2: rule: “no-rule” is not in rules",
        ),
        (
            "slug: politics",
            "slug: release",
            "milestones.yaml, line 3: two facts about “release”: from 2025-01-13 until further"
            " notice and from 2025-12-01 until further notice overlap",
        ),
        (
            "until: 2025-06-01, source",
            "until: 2025-06-02, source",
            "rules.yaml, line 19: two facts about “general”: from 2025-01-13 until 2025-06-02 and"
            " from 2025-06-01 until further notice overlap",
        ),
        (
            "until: 2025-06-01, source",
            "until: 2025-01-13, source",
            "rules.yaml, line 18: until 2025-01-13 is not after from 2025-01-13",
        ),
        (
            "slug: notice",
            "slug: press",
            "rules.yaml, line 3: “press” is already defined in policy/record/rules.yaml, line 2",
        ),
        (
            "state: stayed",
            "state: asleep",
            "rules.yaml, line 19: state: Value 'asleep' is not a valid choice.",
        ),
        (
            "url: https://example.org/report",
            "url: example",
            "rules.yaml, line 2: url: Enter a valid URL.",
        ),
        (
            "confidence: medium",
            "confidence: sure",
            "milestones.yaml, line 3: confidence: Value 'sure' is not a valid choice.",
        ),
        (
            "basis: printed",
            "basis: guessed",
            "rules.yaml, line 27: dates.0.basis: Value 'guessed' is not a valid choice.",
        ),
        (
            "basis: printed, source: 2025-00001",
            "basis: printed, source: 2025-99999",
            "rules.yaml, line 27: source: “2025-99999” is not in sources",
        ),
        (
            "day: 2025-05-15",
            "day: 15 May 2025",
            "rules.yaml, line 27: dates.0.day: “15 May 2025” is not a date",
        ),
        (
            "short_title: A rule\n",
            f"short_title: {'x' * 121}\n",
            "rules.yaml, line 11: short_title: Ensure this value has at most 120 characters",
        ),
        ("start_page: 10", "start_page: ten", "rules.yaml, line 5: start_page: input should be"),
        ("rules:\n", "rules:\n  - [\n", "rules.yaml, line"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_reason(
    folder: Path, change: Change, old: str, new: str, problem: str
) -> None:
    change(old, new)
    found = refusal()
    assert any(line.startswith(f"policy/record/{problem}") for line in found), found
    assert not Revision.objects.exists()
    assert not Source.objects.exists()


def test_every_problem_is_reported_at_once(folder: Path, change: Change) -> None:
    change("title: Rule released", "titel: Rule released")
    change("state: stayed", "state: asleep")
    change("confidence: medium", "confidence: sure")
    assert len(refusal()) == 4


def test_a_key_spoken_of_in_two_files_is_refused(folder: Path) -> None:
    (folder / "more.yaml").write_text(
        "legal_force:\n  - {provision: general, state: removed, from: 2026-01-01, source: press}\n"
    )
    assert any("“general” is spoken of in policy/record/more.yaml" in p for p in refusal())


def test_dates_of_one_deadline_that_overlap_are_refused(folder: Path, change: Change) -> None:
    line = "      - {from: 2025-01-15, day: 2025-05-15, basis: printed, source: 2025-00001}\n"
    change(line, line + line.replace("2025-01-15", "2025-02-01"))
    [problem] = refusal()
    assert "two facts about “a-rule-comment”" in problem


def test_a_broken_correction_leaves_the_record_as_it_was(folder: Path, change: Change) -> None:
    load()
    change("title: Rule released", "title: A good correction")
    change("state: stayed", "state: asleep")
    refusal()
    assert Revision.objects.count() == 1
    assert Milestone.objects.get(slug="release").title == "Rule released"


# One file alone


def test_one_file_alone_stands_in_for_the_record_file_of_its_name(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    load()
    other = tmp_path_factory.mktemp("draft") / "milestones.yaml"
    other.write_text(MILESTONES.replace("Rule released", "Rule made public"))
    report = load_record(at=LATER, by="a test", paths=[other])
    assert (report.files, report.facts_closed) == (1, 1)
    assert LegalForce.objects.known(None).count() == 2


def test_one_file_alone_may_refer_to_what_the_record_holds(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    load()
    other = tmp_path_factory.mktemp("draft") / "new.yaml"
    other.write_text(
        "milestones:\n  - {slug: new, title: N, rule: a-rule, from: 2026-01-01, source: notice}\n"
    )
    load_record(at=LATER, by="a test", paths=[other])
    assert Milestone.objects.known(None).count() == 3


# The command


def command(*args: str) -> str:
    out = io.StringIO()
    call_command("load_record", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_table_and_then_that_nothing_has_changed(folder: Path) -> None:
    first = command()
    assert "milestones              2        0        0" in first
    assert "2 files read; revision 1: 6 facts recorded, 0 superseded, 3 events." in first
    assert command() == "2 files read, nothing has changed.\n"


def test_the_command_prints_one_json_object(folder: Path) -> None:
    found = json.loads(command("--json"))
    assert (found["revision"], found["files"], found["facts_inserted"]) == (1, 2, 6)
    assert {"name": "milestones", "new": 2, "changed": 0, "removed": 0} in found["sections"]
    assert json.loads(command("--json"))["revision"] is None


def test_the_command_loads_a_file_or_a_folder(folder: Path) -> None:
    command("--file", str(folder / "rules.yaml"))
    assert not Milestone.objects.exists()
    command("--folder", str(folder))
    assert Milestone.objects.count() == 2


def test_the_command_says_what_is_wrong(folder: Path, change: Change) -> None:
    change("state: stayed", "state: asleep")
    with pytest.raises(CommandError, match=r"Nothing was loaded\.\npolicy/record/rules\.yaml"):
        command()


def test_the_command_shows_the_first_problems_of_very_many(folder: Path) -> None:
    (folder / "wrong.yaml").write_text("wrong:\n" + "  - {a: b}\n" * 60)
    with pytest.raises(CommandError, match="… and 20 more problems"):
        command()


def test_the_command_gives_problems_as_json(folder: Path, change: Change) -> None:
    change("state: stayed", "state: asleep")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_record", "--json", stdout=out)
    [problem] = json.loads(out.getvalue())["problems"]
    assert (problem["file"], problem["line"]) == ("policy/record/rules.yaml", 19)


def test_a_missing_file_is_said(folder: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        command("--file", str(folder / "none.yaml"))
