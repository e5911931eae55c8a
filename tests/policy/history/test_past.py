"""Chaining a record that was written before there were chains."""

from importlib import import_module

import pytest
from django.apps import apps

from policy.models import HistoryEntry, Revision, Seal
from policy.queries.verify import verify_history
from tests.entities.actions import lists
from tests.policy.facts_world import FEB, JAN, group, put
from tests.policy.history.bent import KH, MO, execute, make_history
from tests.unguarded import lift_guards

pytestmark = pytest.mark.django_db
migration = import_module("entities.migrations.0005_history")


def forget() -> None:
    """The record as it stood before the migration."""
    lift_guards()
    for table in ("seal", "historyentry", "identitystate"):
        execute(f"DELETE FROM policy_{table}")


def said() -> list[tuple[str, int, str, int, str]]:
    rows = HistoryEntry.objects.order_by("chain", "position")
    return list(rows.values_list("chain", "position", "act", "revision", "because"))


def test_what_stands_is_chained_as_if_it_had_been_from_the_start() -> None:
    make_history()
    before = (said(), [seal.hex for seal in Seal.objects.order_by("revision")])
    forget()
    migration.chain(apps, None)
    assert (said(), [seal.hex for seal in Seal.objects.order_by("revision")]) == before
    assert [entry[0] for entry in said()] == [KH] * 4 + [MO]


def test_a_whole_list_with_what_changed_in_it_agrees_afterwards() -> None:
    lists.make_places()
    lists.import_rows(*lists.LIST)
    lists.import_rows(lists.DOCK, lists.GROUP, day=lists.SUMMER)
    written = HistoryEntry.objects.count()
    forget()
    migration.chain(apps, None)
    checked = verify_history()
    assert checked.findings == []
    assert checked.entries == written
    assert Seal.objects.count() == Revision.objects.count()


def test_a_row_that_its_own_revision_closed_was_inserted_first() -> None:
    make_history()
    forget()
    execute("UPDATE policy_countrygroup SET superseded_id = 3 WHERE country_id = 'mo'")
    migration.chain(apps, None)
    assert [entry[2] for entry in said() if entry[0] == MO] == ["inserted", "closed"]
    assert verify_history().findings == []


def test_what_is_written_afterwards_goes_on_from_there() -> None:
    make_history()
    forget()
    migration.chain(apps, None)
    put(group(JAN, FEB, "d5-or-macau"))
    assert verify_history().findings == []


def test_an_empty_record_needs_nothing() -> None:
    migration.chain(apps, None)
    assert (HistoryEntry.objects.count(), Seal.objects.count()) == (0, 0)
