"""What ``verify_history`` finds when somebody bends the record with the guards lifted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policy.models import HistoryEntry, Revision
from policy.queries.verify import verify_history
from tests.policy.actions.test_revisions import issue
from tests.policy.facts_world import APR, AT, D5, MAR, group, put
from tests.policy.history.bent import KH, digests, execute, make_history, rewrite, seal_anew
from tests.unguarded import lift_guards

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    return [str(finding) for finding in verify_history().findings]


def test_a_record_that_nobody_bent_agrees() -> None:
    make_history()
    checked = verify_history()
    assert checked.findings == []
    assert (checked.revisions, checked.entries, checked.rows, checked.newest) == (3, 5, 4, 3)


def test_an_empty_record_agrees() -> None:
    assert verify_history().findings == []


FIRST = "UPDATE policy_countrygroup SET {} WHERE recorded_id = 1"
FORGED = """
    INSERT INTO policy_countrygroup (country_id, scheme, "group", source_id, recorded_id, quote,
      note, confidence, closed_because, valid_from_precision)
    SELECT country_id, 'diffusion', 'd5', source_id, recorded_id, '', '', '', '', 'day'
    FROM policy_countrygroup WHERE recorded_id = 1
"""
BENT: dict[str, tuple[str, str]] = {
    "what a row says": (
        FIRST.format("\"group\" = 'everyone-else'"),
        "Country group kh|d5 has a row of revision 1 in which what it says was altered",
    ),
    "a day": (
        FIRST.format("valid_from = '2025-01-02'"),
        "of revision 1 in which the days on which it is in force was altered",
    ),
    "a quote": (
        FIRST.format("quote = 'Other words.'"),
        "of revision 1 in which its source, quote or note was altered",
    ),
    "a note and a day": (
        FIRST.format("note = 'x', valid_until = '2030-01-01'"),
        "the days on which it is in force and its source, quote or note was altered",
    ),
    "the revision that recorded it": (
        FIRST.format("recorded_id = 2"),
        "in which its key or the revision that recorded it was altered",
    ),
    "a key": (
        FIRST.format("scheme = 'diffusion'"),
        "Country group kh|d5 lacks the row that revision 1 recorded.",
    ),
    "a row deleted": (
        "DELETE FROM policy_countrygroup WHERE recorded_id = 3",
        "Country group mo|d5 lacks the row that revision 3 recorded.",
    ),
    "a row closed by hand": (
        "UPDATE policy_countrygroup SET superseded_id = 3 WHERE country_id = 'mo'",
        "has a row of revision 3 that stands closed by revision 3, which did not do so.",
    ),
    "a row closed by another revision": (
        FIRST.format("superseded_id = 3"),
        "has a row of revision 1 that revision 2 closed, and not 3.",
    ),
    "the reason of a closing": (
        FIRST.format("closed_because = 'Another reason.'"),
        "has a row of revision 1 whose reason of closing, by revision 2, was altered.",
    ),
    "a row put in": (
        FORGED,
        "Country group kh|diffusion has a row said to be of revision 1 that no revision recorded.",
    ),
    "an entry removed": (
        "DELETE FROM policy_historyentry WHERE chain LIKE '%kh%' AND position = 2",
        "Country group kh|d5 lacks entry 2 of its history.",
    ),
    "entries removed": (
        "DELETE FROM policy_historyentry WHERE chain LIKE '%kh%' AND position < 3",
        "Country group kh|d5 lacks entries 1 to 2 of its history.",
    ),
    "the last entry removed": (
        "DELETE FROM policy_historyentry WHERE chain LIKE '%mo%'",
        "Revision 3 sealed 1 entries and has 0: entries were added or removed.",
    ),
    "an entry altered": (
        "UPDATE policy_historyentry SET because = 'x' WHERE position = 2",
        "an entry of its history, number 2 of revision 2, that was altered",
    ),
    "an entry of another chain": (
        "UPDATE policy_historyentry SET chain = 'policy.nothing:kh' WHERE position = 4",
        "Policy.nothing:kh is a chain of no kind of fact that there is.",
    ),
    "an entry of another revision": (
        "UPDATE policy_historyentry SET revision_id = 1 WHERE position = 4",
        "Revision 2 sealed 3 entries and has 2: entries were added or removed.",
    ),
    "who wrote a revision": (
        "UPDATE policy_revision SET \"by\" = 'Somebody else' WHERE number = 2",
        "Revision 2 does not agree with its seal: its instant, author, kind, reason or change",
    ),
    "when a revision was written": (
        "UPDATE policy_revision SET recorded_at = '2026-09-01 00:00:00+00:00' WHERE number = 1",
        "Revision 1 does not agree with its seal",
    ),
    "a seal removed": (
        "DELETE FROM policy_seal WHERE revision_id = 3",
        "Revision 3 has no seal, so nothing vouches for what it wrote.",
    ),
    "a seal altered": (
        "UPDATE policy_seal SET hash = (SELECT hash FROM policy_seal WHERE revision_id = 1)"
        " WHERE revision_id = 2",
        "Revision 2 does not agree with its seal",
    ),
}


@pytest.mark.parametrize(("sql", "sentence"), BENT.values(), ids=BENT)
def test_it_says_what_was_bent(sql: str, sentence: str) -> None:
    make_history()
    lift_guards()
    assert execute(sql) >= 1
    assert any(sentence in line for line in found()), found()


def test_a_row_that_was_reopened_is_found() -> None:
    make_history()
    put(group(APR, None, D5, "mo"), because="It was another group.")
    lift_guards()
    execute("DELETE FROM policy_countrygroup WHERE recorded_id = 4")
    execute("UPDATE policy_countrygroup SET superseded_id = NULL WHERE recorded_id = 3")
    assert "has a row of revision 3 that revision 4 closed and that stands open again." in str(
        found()
    )


def test_a_revision_that_was_taken_out_is_missed() -> None:
    make_history()
    lift_guards()
    for table, column in (
        ("historyentry", "revision_id"),
        ("seal", "revision_id"),
        ("countrygroup", "recorded_id"),
    ):
        execute(f"DELETE FROM policy_{table} WHERE {column} = 2")
    execute("UPDATE policy_countrygroup SET superseded_id = NULL, closed_because = ''")
    execute("DELETE FROM policy_revision WHERE number = 2")
    assert "Revision 2 is gone: its number was given out once." in found()
    assert any(line.startswith("Revision 3 does not agree") for line in found())


def test_one_fault_is_said_once_and_not_of_all_that_follow() -> None:
    make_history()
    lift_guards()
    execute("UPDATE policy_revision SET reason = 'Another' WHERE number = 1")
    assert len(found()) == 1


def test_a_chain_that_was_rewritten_breaks_the_seals() -> None:
    make_history()
    lift_guards()
    before = digests()
    execute(FIRST.format("note = 'x'"))
    sealed = dict(Revision.objects.values_list("number", "seal__hash"))
    rewrite(KH, before)
    for number, hashed in sealed.items():
        execute("UPDATE policy_seal SET hash = %s WHERE revision_id = %s", hashed, number)
    assert [line for line in found() if line.startswith("Revision 1 does not agree")]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The seal as it was handed out before anybody bent anything."""
    make_history()
    file = tmp_path / "seal.json"
    call_command("verify_history", export=file)
    return file


def test_the_exported_seal_is_the_newest_with_its_instant(kept: Path) -> None:
    said = json.loads(kept.read_text())
    newest = Revision.objects.latest()
    assert said == {
        "revision": 3,
        "seal": newest.seal.hex,
        "recorded_at": newest.recorded_at.isoformat(),
    }


def test_only_a_seal_that_was_handed_out_finds_a_history_rewritten_as_a_whole(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lift_guards()
    before = digests()
    execute(FIRST.format("note = 'x'"))
    rewrite(KH, before)
    call_command("verify_history")
    with pytest.raises(SystemExit):
        call_command("verify_history", against=kept)
    assert "Revision 3 had the seal" in capsys.readouterr().out


def cut_off() -> None:
    """The newest revision taken away as if it had never been."""
    for table in ("historyentry", "seal"):
        execute(f"DELETE FROM policy_{table} WHERE revision_id = 3")
    execute("DELETE FROM policy_countrygroup WHERE recorded_id = 3")
    execute("DELETE FROM policy_revision WHERE number = 3")


def other_author() -> None:
    execute("UPDATE policy_revision SET \"by\" = 'Somebody else'")
    seal_anew()


@pytest.mark.parametrize(
    ("bend", "sentence"),
    [(cut_off, "is gone: the history was cut or rewritten"), (other_author, "was rewritten")],
)
def test_a_history_cut_off_or_sealed_anew_agrees_with_itself_and_not_with_a_kept_seal(
    kept: Path, capsys: pytest.CaptureFixture[str], bend: Callable[[], None], sentence: str
) -> None:
    lift_guards()
    bend()
    assert found() == []
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history", against=kept)
    assert ended.value.code == 1
    assert sentence in capsys.readouterr().out


def test_a_record_that_went_on_still_holds_the_seal(kept: Path) -> None:
    issue(AT)
    call_command("verify_history", against=kept)


def test_the_command_ends_with_one_names_what_it_found_and_exports_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_history()
    lift_guards()
    execute(FIRST.format("note = 'x'"))
    with pytest.raises(SystemExit) as ended:
        call_command("verify_history", export=tmp_path / "seal.json")
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "in which its source, quote or note was altered" in out
    assert "3 revisions, 5 entries and 4 rows checked; 1 do not agree." in out
    assert not (tmp_path / "seal.json").exists()


def test_the_command_says_the_same_as_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    make_history()
    call_command("verify_history", json=True)
    said = json.loads(capsys.readouterr().out)
    assert (said["newest"], said["entries"], said["findings"]) == (3, 5, [])
    assert said["seal"] == Revision.objects.latest().seal.hex


def test_many_faults_are_counted_and_the_first_hundred_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy.management.commands.verify_history.PRINTED", 2)
    make_history()
    lift_guards()
    execute("DELETE FROM policy_countrygroup")
    with pytest.raises(SystemExit):
        call_command("verify_history")
    assert "… and 2 more." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", '{"revision": 3}', "not json"])
def test_a_file_that_is_no_seal_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seal.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="is no seal that --export of this command wrote"):
        call_command("verify_history", against=file)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"seal\.json cannot be read"):
        call_command("verify_history", against=tmp_path / "seal.json")


def test_a_record_without_revisions_has_no_seal_to_export(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no revision yet"):
        call_command("verify_history", export=tmp_path / "seal.json")


def test_what_is_written_while_the_check_runs_is_left_for_the_next() -> None:
    make_history()
    entries = HistoryEntry.objects.count()
    before = verify_history()
    put(group(MAR, None), because="Written meanwhile.")
    assert verify_history().entries > entries
    assert before.findings == []
