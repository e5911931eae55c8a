"""Points in both times that the tests of queries ask about."""

from policy.queries.asof import Reading, read_parameters
from tests.instants import TODAY

# The day before the starting record was loaded.
BEFORE_THE_RECORD = "2026-09-30"


def reading(on: str = "", known: str = "") -> Reading:
    return read_parameters(on, known, now=TODAY)
