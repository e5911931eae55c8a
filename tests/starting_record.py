"""The project's own record, loaded once for the tests of one module and then rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from entities.queries.names import held_index
from policy.actions.load_record import LoadReport, load_record
from tests.instants import RECORDED_AT


@contextmanager
def loaded_record(blocker: DjangoDbBlocker) -> Iterator[LoadReport]:
    """The starting record for as long as the block lasts; nothing of it stays.

    Its revisions have the numbers of the record that another module loaded.
    """
    with blocker.unblock(), transaction.atomic():
        held_index.cache_clear()
        try:
            report = load_record(at=RECORDED_AT, by="tests")
            check_now()
            yield report
        finally:
            transaction.set_rollback(True)


def check_now() -> None:
    """Check what PostgreSQL defers to the end of a transaction, or every test does it again."""
    connection.check_constraints()
