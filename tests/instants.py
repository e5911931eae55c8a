"""When the tests happen, and when their record was written."""

from datetime import UTC, datetime

TODAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
RECORDED_AT = datetime(2026, 10, 1, 12, tzinfo=UTC)
