"""What the database refuses so that the history stays what it was.

A fact's row may only be closed, once; revisions, entries and seals are never touched; a sealed
revision takes no more entries.
"""

from collections.abc import Iterator

from django.db.models import Model

from policy.models.facts import Fact, Revision, fact_models
from policy.models.guards import Guard, changed
from policy.models.history import HistoryEntry, Seal
from policy.models.identities import IdentityState

WRITTEN_ONCE: tuple[type[Model], ...] = (Revision, HistoryEntry, Seal, IdentityState)
MAY_CLOSE = ("superseded_id", "closed_because")
IS_CLOSING = "OLD.superseded_id IS NULL AND NEW.superseded_id IS NOT NULL"
SEALED = "the revision is sealed and takes no more entries"


def history_guards() -> Iterator[Guard]:
    for model in WRITTEN_ONCE:
        yield kept(model, ("UPDATE", "DELETE"), "TRUE", "is never changed")
    for fact in fact_models():
        says = "is closed, never changed or deleted"
        yield kept(fact, ("DELETE",), "TRUE", says)
        yield kept(fact, ("UPDATE",), f"NOT ({IS_CLOSING}) OR {changes_words(fact)}", says)
    seal = Seal._meta.db_table
    sealed = f"EXISTS (SELECT 1 FROM {seal} s WHERE s.revision_id = NEW.revision_id)"
    for table in (HistoryEntry._meta.db_table, IdentityState._meta.db_table):
        yield Guard(f"{table}_sealed", table, ("INSERT",), sealed, SEALED)


def kept(model: type[Model], events: tuple[str, ...], condition: str, says: str) -> Guard:
    table = model._meta.db_table
    sentence = f"the history is kept: a row of {table} {says}"
    return Guard(f"{table}_keep", table, events, condition, sentence)


def changes_words(model: type[Fact]) -> str:
    """Whether an update changes more of a fact than its closing."""
    columns = (str(column.column) for column in model._meta.concrete_fields)
    return changed(*(f'"{column}"' for column in columns if column not in MAY_CLOSE))
