"""The project's own record, loaded once for the tests of one module and then rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
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
            yield load_record(at=RECORDED_AT, by="tests")
        finally:
            transaction.set_rollback(True)
