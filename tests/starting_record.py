"""The project's own record, loaded once for the tests of one module and then rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import transaction
from pytest_django import DjangoDbBlocker

from policy.actions.load_record import LoadReport, load_record

# When the tests happen, and when their record was written.
TODAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
RECORDED_AT = datetime(2026, 10, 1, 12, tzinfo=UTC)


@contextmanager
def loaded_record(blocker: DjangoDbBlocker) -> Iterator[LoadReport]:
    """The starting record for as long as the block lasts; nothing of it stays."""
    with blocker.unblock(), transaction.atomic():
        try:
            yield load_record(at=RECORDED_AT, by="tests")
        finally:
            transaction.set_rollback(True)
