"""What an import refuses, with which sentence; the list stays as it was."""

import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from entities.actions import import_ecfr as importing
from entities.models import Listing
from policy.models import Coverage, Event, Revision, Snapshot
from policy.sources.safe_xml import MAX_BYTES, Refused
from tests.entities.actions.lists import (
    DOCK,
    GLASS,
    LIST,
    NOW,
    SPRING,
    SUMMER,
    TWIN,
    addresses,
    counts,
    everything,
    import_bytes,
    import_rows,
    listed,
    make_places,
)
from tests.entities.sources.samples import part744, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

WINTER = date(2026, 1, 5)
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><DIV5>&x;</DIV5>'


@pytest.fixture
def places() -> None:
    make_places()


def refusal(act: Callable[[], object]) -> str:
    """The sentence of a refusal that leaves every table as it was."""
    before = everything()
    with pytest.raises(Refused) as refused:
        act()
    assert everything() == before
    sentence = str(refused.value)
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty."),
        (BOMB, "declares a document type or entities"),
        (EXTERNAL, "declares a document type or entities"),
        (part744(*LIST)[:-40], "The file is cut off"),
        (b"PK\x03\x04" + b"\0" * 200, "The file"),
        (b"%PDF-1.7 " + b"x" * 200, "The file"),
        (b"<html><body>Not found</body></html>", "it is an HTML page"),
        (b"<DIV5 N='744'><HEAD>PART 744</HEAD></DIV5>", "Supplement No. 4"),
        (part744(), "lists nobody"),
        (part744(row("BELIZE", "[Reserved]", "", "", "")), "lists nobody"),
    ],
    ids=[
        "empty",
        "bomb",
        "external",
        "cut",
        "zip",
        "pdf",
        "html",
        "no list",
        "no rows",
        "reserved",
    ],
)
def test_a_damaged_or_hostile_file_is_refused(data: bytes, says: str) -> None:
    import_rows(*LIST)
    assert says in refusal(lambda: import_bytes(data, day=SUMMER))


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    import_rows(*LIST)
    before = everything()
    file = tmp_path / "part744.xml"
    with file.open("wb") as out:
        out.write(part744(*LIST))
        out.truncate(50_000_000)
    with pytest.raises(CommandError) as refused:
        call_command("import_ecfr", str(file), "--date", SUMMER.isoformat())
    assert f"more than {MAX_BYTES >> 20} MB are not read" in str(refused.value)
    assert str(refused.value).endswith("The list is as it was.")
    assert everything() == before


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 11, 24), "24 November 2026 lies in the future; today is 23 November 2026"),
        (date(2027, 1, 1), "lies in the future"),
    ],
)
def test_a_day_that_lies_ahead_is_refused(day: date, says: str) -> None:
    assert says in refusal(lambda: import_rows(*LIST, day=day))


def test_an_older_list_after_a_newer_one_is_refused_with_the_way_out() -> None:
    import_rows(*LIST, day=SUMMER)
    sentence = refusal(lambda: import_rows(GLASS, day=SPRING))
    assert "18 July 2026" in sentence
    assert "--backfill" in sentence


def test_other_bytes_for_the_same_day_are_refused_with_the_way_out() -> None:
    import_rows(*LIST)
    sentence = refusal(lambda: import_rows(GLASS, DOCK))
    assert "part744.xml with other bytes" in sentence
    assert "--backfill" in sentence


def test_a_destination_that_the_record_does_not_know_is_named() -> None:
    import_rows(*LIST)
    unknown = row("ATLANTIS", "Deep Blue Ltd.")
    sentence = refusal(lambda: import_rows(*LIST, unknown, day=SUMMER))
    assert "ATLANTIS" in sentence
    assert "places.yaml" in sentence


def many(count: int) -> list[str]:
    return [
        row("BELIZE" if n == 0 else " ", f"Works No. {n} Ltd., {n} Long Street.")
        for n in range(count)
    ]


@pytest.mark.parametrize(("left", "is_refused"), [(100, False), (81, False), (79, True)])
def test_a_list_that_shrinks_beyond_reason_waits_for_a_person(left: int, is_refused: bool) -> None:
    import_rows(*many(100))
    if not is_refused:
        assert import_rows(*many(left), day=SUMMER).ended == 100 - left
        return
    sentence = refusal(lambda: import_rows(*many(left), day=SUMMER))
    assert f"{100 - left} of 100 listings" in sentence
    assert "--accept-losses" in sentence
    data = part744(*many(left))
    assert import_bytes(data, day=SUMMER, accept_losses=True).ended == 100 - left


def test_an_import_that_breaks_in_the_middle_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_rows(*LIST)
    before = everything()

    def break_down(*_args: object, **_named: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(importing, "keep_snapshot", break_down)
    with pytest.raises(OSError, match="disk is full"):
        import_rows(GLASS, day=SUMMER)
    assert everything() == before
    assert Listing.objects.known(None).filter(valid_until__isnull=True).count() == 3


def test_a_backfill_adds_what_only_the_older_list_holds() -> None:
    import_rows(DOCK, TWIN, day=SUMMER)
    report = import_rows(*LIST, day=SPRING, backfill=True)
    assert counts(report) == (1, 0, 0, 2)
    assert "Sea Glass LLC" in listed(SPRING)
    assert "Sea Glass LLC" in listed(date(2026, 7, 17))
    assert "Sea Glass LLC" not in listed(SUMMER)
    assert addresses("sea-glass-llc", SUMMER) == set()
    assert Coverage.objects.known(None).get().until == SUMMER
    assert Event.objects.get(revision=2).baseline


def test_a_backfill_leaves_what_it_contradicts_and_says_so() -> None:
    import_rows(DOCK, TWIN, day=SUMMER)
    events = Event.objects.count()
    other = DOCK.replace("2 Harbor Street", "8 Harbor Street")
    report = import_rows(other, day=SPRING, backfill=True)
    assert counts(report) == (0, 0, 0, 0)
    assert addresses("dry-dock-ltd", SPRING) == {"2 Harbor Street, Belize City"}
    assert listed(SPRING) == ["Dry Dock Ltd.", "Dry Dock Ltd."]
    assert Event.objects.count() == events
    reasons = [(p["text"], p["reason"]) for p in report.problems]
    assert reasons == [
        ("Dry Dock Ltd.", "reads otherwise in this older list; the record was left as it was"),
        ("Dry Dock Ltd.", "does not stand in this older list; the record was left as it was"),
    ]


def test_an_older_footnote_does_not_replace_the_newer_one() -> None:
    marked = row("AZERBAIJAN", requirement="For all items subject to the EAR <sup>1</sup>")
    foot = '<TFOOT><TR><TD colspan="5"><sup>1</sup> {}</TD></TR></TFOOT>'
    import_rows(marked, footnotes=foot.format("See § 736.2(b)(9)."), day=SUMMER)
    before = everything()["ListTerm"]
    import_rows(marked, footnotes=foot.format("See § 1."), day=WINTER, backfill=True)
    assert everything()["ListTerm"] == before


def test_a_backfill_of_other_bytes_for_the_newest_day_puts_the_list_right() -> None:
    import_rows(GLASS, DOCK)
    report = import_rows(*LIST, backfill=True)
    assert counts(report) == (1, 0, 0, 2)
    slugs = Snapshot.objects.order_by("pk").values_list("source__slug", flat=True)
    assert slugs[0] == "ecfr-744-supplement-4-2026-03-25"
    assert slugs[1].startswith("ecfr-744-supplement-4-2026-03-25-")


def test_the_clock_going_back_does_not_undo_the_order_of_revisions() -> None:
    import_rows(GLASS, day=SPRING)
    import_bytes(part744(GLASS, DOCK), day=SUMMER, at=NOW - timedelta(days=60))
    first, second = Revision.objects.all()
    assert second.recorded_at == first.recorded_at
    assert listed(SUMMER, known=1) == ["Sea Glass LLC"]
    assert listed(SUMMER, known=2) == ["Dry Dock Ltd.", "Sea Glass LLC"]


def command(file: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_ecfr", str(file), "--date", "2026-03-25", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "part744.xml"
    path.write_bytes(part744(*LIST, row("BELIZE", citation="none")))
    return path


def test_the_command_prints_a_table_for_people(file: Path) -> None:
    table = command(file)
    lines = dict(line.split() for line in table.splitlines()[:12])
    assert lines["rows"] == "4"
    assert lines["created"] == "4"
    assert lines["problems"] == "2"
    assert "row 4, citation" in table
    assert "This very file was imported before; nothing was written." in command(file)


def test_the_command_prints_one_json_object_for_machines(file: Path) -> None:
    report = json.loads(command(file, "--json"))
    assert (report["date"], report["rows"], report["revision"]) == ("2026-03-25", 4, 1)
    assert {problem["row"] for problem in report["problems"]} == {4}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--date", "2026-13-45"], "--date"),
        (["--date", "yesterday"], "--date"),
        (["--date", "2026-11-24"], "lies in the future"),
    ],
)
def test_the_command_refuses_with_a_sentence(file: Path, options: list[str], says: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_ecfr", str(file), *options)
    assert says in str(refused.value)
    assert str(refused.value).startswith("part744.xml was not imported: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.xml was not imported"):
        call_command("import_ecfr", str(tmp_path / "absent.xml"), "--date", "2026-03-25")
