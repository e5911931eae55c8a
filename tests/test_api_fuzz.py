"""The API asked with whatever its own description allows."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from policy.actions.load_record import LoadReport

pytestmark = pytest.mark.django_db

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PATHS = ["rules", "rules/{slug}", "deadlines", "deadlines/{slug}", "tiers", "tiers/{key}"]
PATHS += ["reactions", "entities", "entities/{slug}", "screening"]
# The transport below takes an answer as it is, so it must not be compressed.
HEADERS = {"Host": "127.0.0.1", "Accept-Encoding": "identity"}


@pytest.fixture(scope="module", autouse=True)
def one_connection() -> Iterator[None]:
    """A request closes old connections; here one holds the record. Django's own client does so."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture(scope="module")
def described(record: LoadReport, one_connection: None) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=HEADERS)


def test_no_path_is_left_out(described: Any) -> None:
    assert sorted(described.raw_schema["paths"]) == sorted(f"/api/v1/{path}" for path in PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_described(described: Any, path: str) -> None:
    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck]
    )
    @given(case=described[f"/api/v1/{path}"]["GET"].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, headers=HEADERS)

    ask()
