"""A record and its people, for the tests of the desk."""

import pytest

from policy.models import User
from tests.policy.desk import world


@pytest.fixture
def team(db: None) -> dict[str, User]:
    world.make_record()
    return world.people()
