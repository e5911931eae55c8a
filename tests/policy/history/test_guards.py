"""The database itself refuses to bend the history, on either vendor, whoever asks."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, Error, connection, transaction
from django.db.models.signals import pre_migrate

from policy import vendor
from policy.models import CountryGroup, Fact, HistoryEntry, Revision, Seal, fact_models
from policy.models.history_guards import WRITTEN_ONCE
from tests.policy.history.bent import KH, execute, make_history
from tests.unguarded import lift_guards

pytestmark = pytest.mark.django_db

FORBIDDEN = [
    ("UPDATE policy_revision SET reason = 'Another'", "policy_revision is never changed"),
    ('UPDATE policy_revision SET "by" = %s', "policy_revision is never changed"),
    ("DELETE FROM policy_revision", "policy_revision is never changed"),
    ("UPDATE policy_historyentry SET because = 'x'", "policy_historyentry is never changed"),
    ("DELETE FROM policy_historyentry", "policy_historyentry is never changed"),
    ("UPDATE policy_seal SET entries = 0", "policy_seal is never changed"),
    ("DELETE FROM policy_seal", "policy_seal is never changed"),
    ("DELETE FROM policy_countrygroup", "is closed, never changed or deleted"),
    ("UPDATE policy_countrygroup SET note = 'x'", "is closed, never changed or deleted"),
    ("UPDATE policy_countrygroup SET recorded_id = 2", "is closed, never changed or deleted"),
    ("UPDATE policy_countrygroup SET superseded_id = NULL", "is closed, never changed or deleted"),
    (
        "UPDATE policy_countrygroup SET superseded_id = 3 WHERE recorded_id = 1",
        "never changed or deleted",
    ),
    ("UPDATE policy_countrygroup SET closed_because = 'x'", "is closed, never changed or deleted"),
    (
        "UPDATE policy_countrygroup SET superseded_id = 3, note = 'x' WHERE superseded_id IS NULL",
        "is closed, never changed or deleted",
    ),
]


@pytest.mark.parametrize(("sql", "sentence"), FORBIDDEN, ids=[sql for sql, _ in FORBIDDEN])
def test_the_database_refuses(sql: str, sentence: str) -> None:
    make_history()
    values = ["somebody else"] if "%s" in sql else []
    connection.check_constraints()
    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        execute(sql, *values)


def test_a_row_may_be_closed() -> None:
    make_history()
    closing = "UPDATE policy_countrygroup SET superseded_id = 3, closed_because = 'x' WHERE "
    assert execute(closing + "superseded_id IS NULL") == 3


@pytest.mark.parametrize("model", [*WRITTEN_ONCE, *fact_models()], ids=lambda m: m.__name__)
def test_every_table_of_the_history_has_its_guards(model: type[Fact]) -> None:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor], [model._meta.db_table])
        found = {row[0] for row in cursor.fetchall()}
    assert {f"{model._meta.db_table}_keep_{event}" for event in ("update", "delete")} <= found


def test_a_sealed_revision_takes_no_entry_from_anybody() -> None:
    make_history()
    entry = HistoryEntry.objects.get(chain=KH, position=4)
    entry.pk, entry.position = None, 5
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        entry.save()


def test_the_orm_is_refused_as_well() -> None:
    make_history()
    connection.check_constraints()
    for model in (CountryGroup, HistoryEntry, Seal):
        with pytest.raises(Error), transaction.atomic():
            model._default_manager.all().delete()
    assert CountryGroup.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_lifted_guards_lie_again_after_they_are_installed_twice() -> None:
    make_history()
    vendor.lift_guards()
    assert execute("UPDATE policy_seal SET entries = 7 WHERE revision_id = 1") == 1
    for _ in range(2):
        vendor.install_guards()
    with pytest.raises(DatabaseError, match="never changed"):
        execute("UPDATE policy_seal SET entries = 8")


@pytest.mark.django_db(transaction=True)
def test_a_migration_lifts_the_guards_and_lays_them_again() -> None:
    make_history()
    seen = []

    def look(**_options: object) -> None:
        seen.append(execute("UPDATE policy_seal SET entries = entries"))

    policy = apps.get_app_config("policy")
    pre_migrate.connect(look, sender=policy, dispatch_uid="tests")
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(sender=policy, dispatch_uid="tests")
    assert seen == [3]
    with pytest.raises(DatabaseError, match="never changed"):
        execute("UPDATE policy_seal SET entries = 8")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_test_left_is_emptied_all_the_same() -> None:
    """The guards would keep what the test before this one committed."""
    assert Revision.objects.count() == 0
    make_history()


@pytest.mark.django_db(transaction=True)
def test_a_truncated_table_is_refused_where_there_is_truncation() -> None:
    make_history()
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="never changed"):
            execute("TRUNCATE policy_seal")
    assert Seal.objects.count() == 3


def test_the_guards_of_a_lifted_table_are_gone() -> None:
    make_history()
    lift_guards()
    assert execute("DELETE FROM policy_seal") == 3
