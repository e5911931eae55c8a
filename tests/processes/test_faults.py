"""No mail is lost, and none comes twice but what was in flight, whatever breaks meanwhile.

``make faults`` runs every scenario on both databases, with many more kills, and prints a table.
"""

from collections.abc import Iterator

import pytest

from tests.faults.databases import Databases
from tests.faults.outcome import outcome_of
from tests.faults.place import place
from tests.faults.scenarios import FEW, SCENARIOS, Scenario, random_kills

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    yield Databases(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize(
    "scenario", [*SCENARIOS, random_kills(FEW)], ids=lambda scenario: scenario.name
)
def test_no_mail_is_lost(databases: Databases, scenario: Scenario) -> None:
    if why_not := scenario.why_not():
        pytest.skip(why_not)
    with place(databases, scenario.count, *scenario.set_up) as made:
        scenario.run(made)
        found = outcome_of(made)
    assert found.planned == scenario.count
    assert found.faults(scenario.allowed + made.in_flight) == {}
