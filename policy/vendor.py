"""Everything that differs between SQLite and PostgreSQL. Nothing else may ask the vendor."""

from collections.abc import Iterable, Iterator

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model

from policy.models.desk_guards import GUARDS
from policy.models.facts import Fact, fact_models
from policy.models.guards import Guard
from policy.models.history_guards import history_guards
from policy.models.hold_guards import HOLD_GUARDS
from policy.models.people_guards import PEOPLE_GUARDS

# Arbitrary numbers that name this project's advisory locks.
REVISION_LOCK, PLANNING_LOCK, FETCHING_LOCK = 0x0EA5, 0x0EA6, 0x0EA7


def lock_revisions(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction is issuing a revision; held until commit."""
    wait_alone(REVISION_LOCK, using)


def lock_fetching(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction is taking a text to fetch; held until commit."""
    wait_alone(FETCHING_LOCK, using)


def lock_planning(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction is planning mails; held until commit.

    PostgreSQL's usual 4 MB would have it sort and join a million candidates on disk.
    """
    wait_alone(PLANNING_LOCK, using)
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '96MB'")


def wait_alone(lock: int, using: str) -> None:
    """On SQLite the transaction itself is the lock: every one begins IMMEDIATE."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def note_statistics(*models: type[Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Let PostgreSQL count tables that were just filled: it would plan for empty ones."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def install_overlap_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the database refuse two current facts of one key on one day.

    Run after every migration: altering a table on SQLite rebuilds it without its triggers.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    models = [model for model in fact_models() if model._meta.db_table in existing]
    with connection.schema_editor() as editor:
        for statement in guard_statements(connection, models, editor):
            editor.execute(statement)


def guard_statements(
    connection: BaseDatabaseWrapper,
    models: Iterable[type[Fact]],
    editor: BaseDatabaseSchemaEditor,
) -> list[str]:
    if connection.vendor == "sqlite":
        return [sql for model in models for sql in sqlite_guard(model, editor)]
    extension = "CREATE EXTENSION IF NOT EXISTS btree_gist"
    return [extension, *(sql for model in models for sql in postgresql_guard(model, editor))]


def columns(model: type[Fact]) -> list[str]:
    return [model.attname(name) for name in model.key_fields]


def guard_name(model: type[Fact]) -> str:
    return f"{model._meta.db_table}_no_overlap"


def sqlite_guard(model: type[Fact], editor: BaseDatabaseSchemaEditor) -> list[str]:
    """Triggers; NEW rows compare only with rows that are currently recorded."""
    table = editor.quote_name(model._meta.db_table)
    first, *others = map(editor.quote_name, columns(model))
    # The plus keeps SQLite from choosing an index that leads to more rows than the first.
    same_key = " AND ".join([f"{first} = NEW.{first}", *(f"+{c} = NEW.{c}" for c in others)])
    body = f"""
        FOR EACH ROW WHEN NEW.superseded_id IS NULL
        BEGIN
          SELECT RAISE(ABORT, 'two current facts of one key overlap: {guard_name(model)}')
          WHERE EXISTS (
            SELECT 1 FROM {table} WHERE {same_key} AND superseded_id IS NULL AND id IS NOT NEW.id
            AND (valid_until IS NULL OR NEW.valid_from IS NULL OR valid_until > NEW.valid_from)
            AND (NEW.valid_until IS NULL OR valid_from IS NULL OR valid_from < NEW.valid_until)
          );
        END
    """  # noqa: S608  # table and column names come from the models, not from input
    statements = []
    for event in ("insert", "update"):
        name = editor.quote_name(f"{guard_name(model)}_{event}")
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} {body}")
    return statements


def postgresql_guard(model: type[Fact], editor: BaseDatabaseSchemaEditor) -> list[str]:
    """An exclusion constraint over the key and the range of days."""
    table = editor.quote_name(model._meta.db_table)
    name = editor.quote_name(guard_name(model))
    same_key = ", ".join(f"{c} WITH =" for c in map(editor.quote_name, columns(model)))
    return [
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}",
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"({same_key}, daterange(valid_from, valid_until, '[)') WITH &&) "
        f"WHERE (superseded_id IS NULL)",
    ]


def all_guards() -> list[Guard]:
    return [*GUARDS, *HOLD_GUARDS, *history_guards(), *PEOPLE_GUARDS]


def install_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the database refuse what the guards of desk, history and accounts say.

    Run after every migration, as the overlap guards.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    write = sqlite_triggers if connection.vendor == "sqlite" else postgresql_triggers
    with connection.cursor() as cursor:
        for guard in all_guards():
            if guard.table in existing:
                for statement in write(guard):
                    cursor.execute(statement)


def lift_guards(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take all guards away: before a migration, or to empty tables between tests.

    SQLite rebuilds a table by dropping it, which a guard of another table that names it forbids.
    """
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in all_guards():
            for event in guarded_events(guard):
                if guard.table in existing:
                    on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(guard, event)}{on}")


def guarded_events(guard: Guard) -> tuple[str, ...]:
    """Whatever is never deleted is not emptied either, where a database can do that apart."""
    is_kept = guard.condition == "TRUE" and "DELETE" in guard.events
    return (*guard.events, "TRUNCATE") if is_kept else guard.events


def trigger_name(guard: Guard, event: str) -> str:
    return f"{guard.name}_{event.lower()}"


def sentence_in_sql(guard: Guard) -> str:
    return guard.sentence.replace("'", "''")


def sqlite_triggers(guard: Guard) -> Iterator[str]:
    for event in guard.events:
        name = trigger_name(guard, event)
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} FOR EACH ROW "
            f"WHEN {guard.condition} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence_in_sql(guard)}'); END"
        )


def postgresql_triggers(guard: Guard) -> Iterator[str]:
    """PostgreSQL's WHEN takes no subquery, so the condition stands in a function."""
    for event in guarded_events(guard):
        name = trigger_name(guard, event)
        row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(event, "NEW")
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {guard.condition} THEN RAISE EXCEPTION '{sentence_in_sql(guard)}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
        )
        yield f"DROP TRIGGER IF EXISTS {name} ON {guard.table}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} "
            f"FOR EACH {each} EXECUTE FUNCTION {name}()"
        )
