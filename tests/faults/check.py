"""A scenario as a test."""

import pytest

from tests.faults.databases import Databases
from tests.faults.outcome import outcome_of
from tests.faults.place import place
from tests.faults.scenarios import Scenario


def check(scenario: Scenario, databases: Databases) -> None:
    """Run a scenario. Fails where a mail is lost, or comes twice that was not in flight."""
    if why_not := scenario.why_not():
        pytest.skip(why_not)
    with place(databases, scenario.count, *scenario.set_up) as made:
        scenario.run(made)
        found = outcome_of(made)
    assert found.planned == scenario.count
    assert found.faults(scenario.allowed + made.in_flight) == {}, made.note
