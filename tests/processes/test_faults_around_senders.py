"""Broker, mail server, database, disk and clock that fail while mails leave.

``make faults`` runs each scenario on both databases, and prints a table.
"""

import pytest

from tests.faults.check import check
from tests.faults.databases import Databases
from tests.faults.scenarios import AROUND, Scenario

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize("scenario", AROUND, ids=lambda one: one.name)
def test_no_mail_is_lost_and_none_comes_twice_but_what_was_in_flight(
    databases: Databases, scenario: Scenario
) -> None:
    check(scenario, databases)
