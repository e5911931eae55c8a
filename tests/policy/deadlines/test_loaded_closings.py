"""Closings of the record's files: computed dates move with them and outlive later loads."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from policy import registry
from policy.actions.load_record import LoadReport, load_record
from policy.actions.record_policy import policy_sections
from policy.models import DeadlineDate, Event, Revision
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

RULES = """\
sources:
  - {slug: executive-order-14371, kind: official, title: Closing of departments}
documents:
  - {number: 2025-00001, title: A rule, published: 2025-11-24, volume: 90, start_page: 10}
rules:
  - {slug: a-rule, title: A rule, short_title: A rule, kind: rule, document: 2025-00001}
deadlines:
  - slug: a-rule-comment
    kind: comment
    label: Comments due
    rule: a-rule
    dates:
      - from: 2025-11-24
        day: 2025-12-24
        basis: computed
        counted_from: 2025-11-24
        counted_days: 30
        source: 2025-00001
  - slug: a-rule-hearing
    kind: hearing
    label: Hearing
    rule: a-rule
    dates:
      - {from: 2025-11-24, day: 2025-12-24, basis: printed, source: 2025-00001}
"""
CLOSING = (
    "  - {{day: {}, order: E.O. 14371, proclaimed: 2025-12-18, source: executive-order-14371}}\n"
)
CLOSINGS = "closings:\n" + CLOSING.format("2025-12-24") + CLOSING.format("2025-12-26")

COUNTED = ("2025-11-24", "2025-12-18", "2025-12-24", "set")
MOVED = ("2025-12-18", "", "2025-12-29", "recomputed")
NEVER_MOVED = ("2025-11-24", "", "2025-12-24", "set")
PUBLISHED, SIGNED, RECORDED, JANUARY = (
    eastern(2025, 11, 24, 9),
    eastern(2025, 12, 18, 15),
    eastern(2025, 12, 19, 9),
    eastern(2026, 1, 5, 9),
)
Change = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record of one rule in place of the project's own, without closings yet."""
    loader = registry.RecordLoader("policy", tmp_path, policy_sections)
    monkeypatch.setattr(registry, "_record_loaders", {"policy": loader})
    (tmp_path / "rules.yaml").write_text(RULES)
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Change:
    def replace(old: str, new: str) -> None:
        path = folder / "rules.yaml"
        assert path.read_text().count(old) == 1
        path.write_text(path.read_text().replace(old, new))

    return replace


def load(at: datetime) -> LoadReport:
    return load_record(at=at, by="a test")


def proclaim(folder: Path) -> None:
    (folder / "calendar.yaml").write_text(CLOSINGS)


def chain(slug: str = "a-rule-comment") -> list[tuple[str, str, str, str]]:
    rows = DeadlineDate.objects.known(None).filter(deadline__slug=slug).order_by("valid_from")
    return [(iso(r.valid_from), iso(r.valid_until), iso(r.day), r.act) for r in rows]


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def news() -> list[tuple[str, bool]]:
    moved = Event.objects.filter(kind="moved").order_by("pk")
    return list(moved.values_list("title", "baseline"))


TOLD = ("A rule: Comments due moved from 24 December 2025 to 29 December 2025", False)


def test_a_closing_loaded_late_moves_the_count_in_its_own_revision_and_is_news(
    folder: Path,
) -> None:
    load(PUBLISHED)
    proclaim(folder)
    report = load(RECORDED)
    assert chain() == [COUNTED, MOVED]
    assert news() == [TOLD]
    # Two closings and the two spans of the date; the one that stood is closed.
    assert (report.facts_inserted, report.facts_closed, report.events) == (4, 1, 1)
    assert Revision.objects.count() == 2
    assert DeadlineDate.objects.get(act="recomputed").recorded_id == report.revision


def test_a_printed_date_stays_on_its_closed_day(folder: Path) -> None:
    load(PUBLISHED)
    proclaim(folder)
    load(RECORDED)
    assert chain("a-rule-hearing") == [NEVER_MOVED]


def test_a_closing_loaded_after_the_date_had_passed_moves_nothing(folder: Path) -> None:
    load(PUBLISHED)
    proclaim(folder)
    load(JANUARY)
    assert chain() == [NEVER_MOVED]
    assert news() == []


def test_a_first_load_that_holds_both_counts_with_the_closings_and_mails_nobody(
    folder: Path,
) -> None:
    proclaim(folder)
    load(RECORDED)
    assert chain() == [COUNTED, MOVED]
    assert news() == [(TOLD[0], True)]


@pytest.mark.parametrize("at", [RECORDED.replace(day=20), JANUARY])
def test_a_later_correction_of_the_file_keeps_the_new_date_even_once_it_has_passed(
    folder: Path, change: Change, at: datetime
) -> None:
    load(PUBLISHED)
    proclaim(folder)
    load(RECORDED)
    change("label: Comments due", "label: Comments close")
    change("counted_days: 30\n", "counted_days: 30\n        note: As counted.\n")
    load(at)
    assert chain() == [COUNTED, MOVED]
    assert news() == [TOLD]


def test_a_corrected_period_is_counted_anew_by_its_own_terms(folder: Path, change: Change) -> None:
    load(PUBLISHED)
    proclaim(folder)
    load(RECORDED)
    change("counted_days: 30", "counted_days: 45")
    change("day: 2025-12-24\n", "day: 2026-01-08\n")
    load(RECORDED.replace(day=20))
    assert chain() == [("2025-11-24", "", "2026-01-08", "set")]


def test_a_printed_extension_in_the_file_ends_the_recount(folder: Path, change: Change) -> None:
    load(PUBLISHED)
    proclaim(folder)
    load(RECORDED)
    change("      - from: 2025-11-24\n", "      - from: 2025-11-24\n        until: 2025-12-22\n")
    change(
        "        source: 2025-00001\n",
        "        source: 2025-00001\n"
        "      - {from: 2025-12-22, day: 2026-01-15, basis: printed, act: extended, "
        "source: executive-order-14371}\n",
    )
    load(RECORDED.replace(day=22))
    assert chain() == [
        COUNTED,
        ("2025-12-18", "2025-12-22", "2025-12-29", "recomputed"),
        ("2025-12-22", "", "2026-01-15", "extended"),
    ]


def test_a_second_order_moves_the_date_again_and_both_stay_in_the_chain(
    folder: Path, change: Change
) -> None:
    load(PUBLISHED)
    (folder / "calendar.yaml").write_text("closings:\n" + CLOSING.format("2025-12-24"))
    load(SIGNED)
    second = CLOSING.format("2025-12-26").replace("2025-12-18", "2025-12-22")
    with (folder / "calendar.yaml").open("a") as file:
        file.write(second)
    load(RECORDED.replace(day=22))
    both = [
        COUNTED,
        ("2025-12-18", "2025-12-22", "2025-12-26", "recomputed"),
        ("2025-12-22", "", "2025-12-29", "recomputed"),
    ]
    assert chain() == both
    assert load(RECORDED.replace(day=23)).revision is None
    change("counted_days: 30\n", "counted_days: 30\n        note: As counted.\n")
    load(JANUARY)
    assert chain() == both


def test_a_closing_taken_out_of_the_file_moves_the_date_back(folder: Path) -> None:
    load(PUBLISHED)
    proclaim(folder)
    load(RECORDED)
    (folder / "calendar.yaml").unlink()
    load(RECORDED.replace(day=20))
    assert chain()[-1] == ("2025-12-18", "", "2025-12-24", "recomputed")
    assert news()[-1][0].endswith("moved from 29 December 2025 to 24 December 2025")
