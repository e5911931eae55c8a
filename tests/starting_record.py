"""The project's own record, loaded once for the tests of one module and then rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker

from policy.actions.load_record import LoadReport, load_record
from tests.instants import RECORDED_AT


@contextmanager
def loaded_record(blocker: DjangoDbBlocker) -> Iterator[LoadReport]:
    """The starting record for as long as the block lasts; nothing of it stays."""
    with blocker.unblock(), transaction.atomic():
        try:
            yield load_record(at=RECORDED_AT, by="tests")
        finally:
            transaction.set_rollback(True)
