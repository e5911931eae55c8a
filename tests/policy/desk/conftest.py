"""A record and its people, for the tests of the desk."""

import pytest
from pytest_django import Settings

from policy.models import User
from tests.policy.desk import world


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Four accounts a test: what makes passwords hard to guess would be most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def team(db: None) -> dict[str, User]:
    world.make_record()
    return world.people()
