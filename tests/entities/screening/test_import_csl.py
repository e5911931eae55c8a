"""Importing screening lists: what changed is recorded, what may be damage stops for a person."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from entities.actions.import_csl import import_csl
from entities.models import ScreeningEntry
from policy.models import Coverage, Event, Revision, Snapshot
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused
from tests.entities.repacked_list import unpacked
from tests.entities.screening.lists import (
    DPL,
    MONDAY,
    NOW,
    TUESDAY,
    as_csv,
    as_json,
    party,
    small_list,
    take_in,
)
from tests.shared_data import shared

pytestmark = pytest.mark.django_db


def standing(**by: Any) -> list[ScreeningEntry]:
    rows = ScreeningEntry.objects.known(None).filter(valid_until__isnull=True, **by)
    return list(rows.order_by("code", "name", "ref"))


def test_a_first_list_is_recorded_with_its_start_dates_where_it_gives_them() -> None:
    report = take_in(small_list())
    assert (report.rows, report.created, report.problems) == (3, 3, [])
    assert {(e.code, e.name): e.valid_from for e in standing()} == {
        ("DPL", "ASH, I."): date(2003, 6, 19),
        ("EL", "Beijing Zhipu Huazhang Technology Co., Ltd."): date(2025, 1, 16),
        ("SDN", "BANK OF SOMEWHERE"): None,
    }
    assert Snapshot.objects.get().topic == "screening-list"
    assert Coverage.objects.known(None).get(topic="screening-list").until == MONDAY


def test_the_same_list_on_the_next_day_writes_one_snapshot_and_no_entry() -> None:
    take_in(small_list())
    report = take_in(small_list(), TUESDAY)
    assert (report.created, report.changed, report.ended, report.unchanged) == (0, 0, 0, 3)
    assert ScreeningEntry.objects.count() == 3
    assert Snapshot.objects.count() == 2
    assert Coverage.objects.known(None).get(topic="screening-list").until == TUESDAY


def test_the_very_same_file_again_writes_nothing() -> None:
    take_in(small_list())
    assert take_in(small_list()).revision is None
    assert Revision.objects.count() == 1


def test_the_other_form_of_the_list_says_the_same() -> None:
    import_csl(files=[as_csv(small_list())], as_of=MONDAY, at=NOW, by="tests")
    report = take_in(small_list(), TUESDAY)
    assert (report.changed, report.unchanged) == (0, 3)


def test_print_that_churns_is_no_change_and_a_new_address_is() -> None:
    take_in(
        [party("BANK", entity_number="1", remarks="Linked to: U.A.E.", addresses=["Dubai, AE"])]
    )
    churn = party("Bank", entity_number="1", remarks="linked to UAE", addresses=["DUBAI; AE"])
    assert take_in([churn], TUESDAY).changed == 0
    moved = party("Bank", entity_number="1", remarks="linked to UAE", addresses=["Doha, QA"])
    wednesday = TUESDAY + timedelta(days=1)
    assert take_in([moved], wednesday).changed == 1
    [now] = standing()
    assert (now.countries, now.valid_from) == ("|QA|", wednesday)
    [before] = ScreeningEntry.objects.known(None).in_force(TUESDAY)
    assert before.countries == "|AE|"


def test_a_field_that_a_file_lacks_takes_nothing_away() -> None:
    take_in([party("BANK", entity_number="1", remarks="Linked", addresses=["Dubai, AE"])])
    report = take_in([party("BANK", entity_number="1")], TUESDAY)
    assert report.unchanged == 1
    assert standing()[0].fields["remarks"] == "Linked"


def test_an_entry_that_is_new_stands_from_the_day_of_the_list_that_first_held_it() -> None:
    take_in(small_list())
    report = take_in([*small_list(), party("NEW BANK", entity_number="2")], TUESDAY)
    assert report.created == 1
    assert standing(name="NEW BANK")[0].valid_from == TUESDAY


def test_an_entry_that_is_gone_ends_and_what_was_known_before_stays() -> None:
    first = take_in([*small_list(), party("OLD BANK", entity_number="3")])
    report = take_in(small_list(), TUESDAY)
    assert report.ended == 1
    assert not standing(name="OLD BANK")
    assert ScreeningEntry.objects.known(None).in_force(MONDAY).filter(name="OLD BANK").exists()
    assert not ScreeningEntry.objects.known(None).in_force(TUESDAY).filter(name="OLD BANK").exists()
    then = ScreeningEntry.objects.known(first.revision).in_force(TUESDAY)
    assert then.filter(name="OLD BANK").exists()


def test_two_parties_of_one_name_stay_two() -> None:
    twins = [party("WONG, Y.", DPL, remarks="one"), party("WONG, Y.", DPL, remarks="two")]
    take_in(twins)
    assert len({entry.ref for entry in standing()}) == 2
    assert take_in(twins[::-1], TUESDAY).unchanged == 2


def test_a_first_load_is_no_news_and_later_changes_are_one_event_a_list() -> None:
    take_in(small_list())
    assert not Event.objects.exists()
    take_in([*small_list(), party("A", entity_number="7"), party("B", entity_number="8")], TUESDAY)
    event = Event.objects.get()
    assert event.title == "Screening list SDN: 2 added, 0 changed, 0 ended"
    assert (event.url, event.day) == ("/lists/?list=SDN", TUESDAY)


def refusal(rows: list[dict[str, Any]], day: date = TUESDAY) -> str:
    before = ScreeningEntry.objects.count(), Revision.objects.count()
    with pytest.raises(Refused) as refused:
        take_in(rows, day)
    assert (ScreeningEntry.objects.count(), Revision.objects.count()) == before
    return str(refused.value)


def test_a_list_that_vanishes_for_a_day_stops_for_a_person() -> None:
    take_in(small_list())
    sentence = refusal(small_list()[1:])
    assert "lacks the whole list EL, of which 1 entries stand" in sentence
    assert "--accept-losses" in sentence
    assert len(standing(code="EL")) == 1
    assert take_in(small_list()[1:], TUESDAY, accept_losses=True).ended == 1


def test_a_list_that_shrinks_beyond_reason_stops_for_a_person() -> None:
    many = [party(f"BANK {n}", entity_number=str(n)) for n in range(1, 201)]
    take_in(many)
    assert take_in(many[:181], TUESDAY).ended == 19
    sentence = refusal(many[:160], TUESDAY + timedelta(days=1))
    assert "would end 21 of 181 entries of the list SDN" in sentence


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (MONDAY - timedelta(days=1), "already holds the list of 21 September 2026"),
        (MONDAY, "was imported from consolidated.json with other bytes"),
        (date(2026, 10, 2), "lies in the future; today is 1 October 2026 Eastern"),
    ],
)
def test_a_day_that_the_record_has_passed_or_not_reached_is_refused(
    day: date, sentence: str
) -> None:
    take_in(small_list())
    assert sentence in refusal([*small_list(), party("B")], day)


def test_two_files_are_refused_since_a_list_is_one() -> None:
    files = [as_json(small_list()), as_csv(small_list())]
    with pytest.raises(Refused, match="There are 2 files; a screening list is one"):
        import_csl(files=files, as_of=MONDAY, at=NOW, by="tests")


def test_nothing_remains_of_an_import_that_fails_on_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr("entities.actions.import_csl.keep_snapshot", fail)
    with pytest.raises(RuntimeError):
        take_in(small_list())
    assert not ScreeningEntry.objects.exists()
    assert not Revision.objects.exists()


def test_the_command_prints_counts_by_list_and_one_json_object(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_bytes(as_json([*small_list(), {"name": "?"}]).data)
    out = io.StringIO()
    call_command("import_csl", tmp_path, "--date", "2026-09-21", stdout=out)
    assert "EL                   1" in out.getvalue()
    assert "row 4, source: is missing: ?" in out.getvalue()
    again = io.StringIO()
    file = tmp_path / "list.json"
    call_command("import_csl", file, "--date", "2026-09-21", "--json", stdout=again)
    report = json.loads(again.getvalue())
    assert report["lists"] == {"DPL": 1, "EL": 1, "SDN": 1}
    assert report["revision"] is None


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_the_command_refuses_a_day_that_is_none(tmp_path: Path, day: str) -> None:
    file = tmp_path / "list.json"
    file.write_bytes(as_json(small_list()).data)
    with pytest.raises(CommandError, match="The lists are as they were"):
        call_command("import_csl", file, "--date", day)


def test_both_real_lists_go_in_row_by_row() -> None:
    path = shared("csl/consolidated_2022-04.csv")
    whole = unpacked(shared("csl/consolidated_2026-07-31.json"))
    old = InputFile(path.name, path.read_bytes())
    first = import_csl(files=[old], as_of=date(2022, 4, 15), at=NOW, by="tests")
    assert (first.rows, first.created, first.problems) == (14_160, 14_160, [])
    with pytest.raises(Refused, match="likely damaged"):
        import_csl(files=[whole], as_of=date(2026, 7, 31), at=NOW, by="tests")
    second = import_csl(
        files=[whole], as_of=date(2026, 7, 31), at=NOW, by="tests", accept_losses=True
    )
    assert second.created + second.changed + second.unchanged == second.rows == 25_921
    assert len(standing(code="EL")) == 3_420
