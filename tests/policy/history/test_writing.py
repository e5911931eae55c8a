"""What writing leaves behind: an entry for each row, a seal for each revision."""

import pytest
from django.db import DatabaseError, connection, transaction

from policy.actions.facts import close_rows, insert_rows
from policy.actions.history import append, heads
from policy.actions.revisions import new_revision
from policy.domain.chain import GENESIS, Act
from policy.models import CountryGroup, Event, HistoryEntry, Revision, Seal
from policy.models.chains import LONGEST, chain_of, shape_of
from policy.queries.verify import verify_history
from tests.policy.actions.test_revisions import issue
from tests.policy.facts_world import APR, AT, FEB, JAN, LISTED, MAR, group, make_places, put
from tests.policy.history.bent import KH, MO, make_history

pytestmark = pytest.mark.django_db


def told(chain: str = KH) -> list[tuple[int, str, int, str]]:
    rows = HistoryEntry.objects.filter(chain=chain).order_by("position")
    return list(rows.values_list("position", "act", "revision", "because"))


def test_each_row_inserted_and_each_closed_has_an_entry_in_the_order_of_writing() -> None:
    make_history()
    assert told() == [
        (1, "inserted", 1, ""),
        (2, "closed", 2, "It left the group."),
        (3, "inserted", 2, ""),
        (4, "inserted", 2, ""),
    ]
    assert told(MO) == [(1, "inserted", 3, "")]


def test_a_closing_digests_the_row_as_it_was_inserted() -> None:
    make_history()
    first, closed, *_ = HistoryEntry.objects.filter(chain=KH).order_by("position")
    assert bytes(first.digest) == bytes(closed.digest)


def test_a_row_read_from_the_database_has_the_digest_of_the_row_in_memory() -> None:
    make_history()
    stored = {bytes(entry.digest) for entry in HistoryEntry.objects.all()}
    shape = shape_of(CountryGroup)
    assert {shape.digest(row).whole for row in CountryGroup.objects.all()} <= stored


def test_a_write_that_says_nothing_new_leaves_no_entry() -> None:
    make_history()
    put(group(APR, None, LISTED, "mo"))
    assert HistoryEntry.objects.filter(revision=4).count() == 0
    assert Seal.objects.get(revision=4).entries == 0


def test_every_revision_is_sealed_over_the_one_before() -> None:
    make_history()
    assert list(Seal.objects.order_by("revision").values_list("entries", flat=True)) == [1, 3, 1]
    assert len({seal.hex for seal in Seal.objects.all()}) == 3
    assert str(Seal.objects.get(revision=1)).startswith("seal of 1: ")


def test_rows_that_are_no_facts_leave_no_entry() -> None:
    revision = issue(AT)
    insert_rows([Event(revision=revision, kind="added", subject_kind="rule", title="An event")])
    assert HistoryEntry.objects.count() == 0
    assert Event.objects.count() == 1


def test_what_was_changed_in_memory_only_is_closed_as_the_table_has_it() -> None:
    make_places()
    put(group(JAN, MAR))
    row = CountryGroup.objects.get()
    row.group, row.valid_until = LISTED, APR
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT) as revision:
        close_rows([row, row], revision=revision, because="It was wrong.")
    assert told() == [(1, "inserted", 1, ""), (2, "closed", 2, "It was wrong.")]
    assert verify_history().findings == []


def test_a_row_is_closed_once_and_by_the_first_that_does() -> None:
    make_places()
    put(group(JAN, MAR))
    row = CountryGroup.objects.get()
    for _ in range(2):
        with new_revision(
            by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT
        ) as revision:
            close_rows([row], revision=revision, because="It was wrong.")
    assert [entry[2] for entry in told()] == [1, 2]
    assert CountryGroup.objects.get().superseded_id == 2


def test_the_end_of_a_chain_is_found_among_many() -> None:
    make_history()
    last = HistoryEntry.objects.get(chain=KH, position=4)
    assert heads([KH, MO, "policy.countrygroup:xx|d5"])[KH] == (4, bytes(last.hash))
    assert heads([]) == {}


def test_writing_nothing_writes_nothing() -> None:
    append([])
    insert_rows([])
    assert HistoryEntry.objects.count() == 0


def test_a_sealed_revision_takes_no_more_facts() -> None:
    make_history()
    fact = group(FEB, MAR, LISTED, "mo")
    fact.recorded_id = 3
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        insert_rows([fact])
    assert HistoryEntry.objects.count() == 5


def test_a_chain_with_a_very_long_key_is_cut_and_still_its_own() -> None:
    one, other = (chain_of("entities.partyname", [1, "x" * 700 + end]) for end in "ab")
    assert len(one) == len(other) == LONGEST
    assert one != other
    assert chain_of("entities.partyname", [1, "x"]) == "entities.partyname:1|x"


def test_a_column_with_its_default_is_left_out_so_that_a_later_one_changes_no_digest() -> None:
    make_places()
    shape = shape_of(CountryGroup)
    bare, said = group(JAN, None), group(JAN, None)
    said.note = "Read from the table."
    groups = list(shape.groups)
    assert all("derived_from_id" not in shape.values(bare, name) for name in groups)
    assert shape.values(said, groups[3]) != shape.values(bare, groups[3])
    assert "note" not in shape.values(bare, groups[3])


def test_the_first_entry_follows_nothing() -> None:
    make_history()
    first = HistoryEntry.objects.get(chain=MO)
    assert (first.position, first.act) == (1, Act.INSERTED)
    assert bytes(first.hash) != GENESIS
    assert str(first) == f"{MO} 1: inserted"
