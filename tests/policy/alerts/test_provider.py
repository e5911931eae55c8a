"""A provider behind django-anymail goes the same way as a server, errors and bounces too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from anymail.backends import test as stand_in
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from django.core import mail
from pytest_django import Settings

from policy.actions.alerts.deliver import Delivered, deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.models import Alert, SendAttempt, Subscriber
from tests.policy.alerts import world
from tests.policy.alerts.sender import database_url
from tests.policy.alerts.world import eastern
from tests.shared_data import ROOT

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
MINUTE = timedelta(minutes=1)


class Provider(stand_in.EmailBackend):  # type: ignore[misc]  # it has no types
    """django-anymail's own stand-in for a provider, which fails as a test says."""

    fails: Exception | None = None

    def post_to_esp(self, payload: object, message: object) -> object:
        if self.fails:
            raise self.fails
        return super().post_to_esp(payload, message)


@pytest.fixture(autouse=True)
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    monkeypatch.setattr(Provider, "fails", None)
    world.comment_deadline()
    world.subscribe()
    plan_alerts(at=D_7)
    yield Provider


def deliver() -> Delivered:
    return deliver_alerts(clock=lambda: D_7 + MINUTE)


def of_status(status: int) -> Exception:
    response = requests.Response()
    response.status_code, response.reason = status, "so"
    error: Exception = AnymailRequestsAPIError("provider", response=response)
    return error


def test_a_mail_leaves_through_the_provider_with_its_headers() -> None:
    assert deliver() == Delivered(sent=1)
    alert, (sent,) = Alert.objects.get(), mail.outbox
    headers = sent.anymail_test_params["extra_headers"]  # type: ignore[union-attr]  # its own
    assert headers["Message-ID"] == alert.message_id
    assert "List-Unsubscribe" in headers
    assert "Subject: Comments due in 7 days" in alert.sent_content


@pytest.mark.parametrize(
    ("error", "state", "outcome"),
    [
        (of_status(503), "queued", "soon"),
        (of_status(429), "queued", "soon"),
        (of_status(401), "queued", "late"),
        (AnymailRecipientsRefused(), "failed", "bounced"),
    ],
)
def test_errors_of_a_provider_are_sorted(
    provider: type[Provider], error: Exception, state: str, outcome: str
) -> None:
    provider.fails = error
    deliver()
    assert Alert.objects.get().state == state
    assert SendAttempt.objects.get().outcome == outcome
    assert bool(Subscriber.objects.get().paused_at) == (outcome == "bounced")


def test_a_provider_that_cannot_be_reached_costs_no_attempt(provider: type[Provider]) -> None:
    mixed = type("Unreachable", (AnymailRequestsAPIError, requests.ConnectTimeout), {})
    provider.fails = mixed("no route")
    assert deliver().unreachable
    assert (Alert.objects.get().state, Alert.objects.get().attempts) == ("queued", 0)


# A process of its own, since the settings decide which apps and addresses there are.
WEBHOOK = """
import base64, json, django
django.setup()
from unittest.mock import patch
from django.test import Client
noted = []
def note(**said):
    noted.append(said)
with patch("policy.provider.note_bounce", note):
    event = {"RecordType": "Bounce", "ID": 1, "Type": "HardBounce", "TypeCode": 1,
             "MessageID": "x", "Email": "reader@example.org", "Description": "gone",
             "Details": "smtp;550 5.1.1 no such user", "BouncedAt": "2026-11-23T15:00:00Z"}
    def post(secret):
        basic = "Basic " + base64.b64encode(secret.encode()).decode()
        return Client().post("/anymail/postmark/tracking/", json.dumps(event),
            content_type="application/json", headers={"Authorization": basic, "Host": "localhost"})
    assert post("hook:wrong").status_code == 400
    assert noted == []
    assert post("hook:secret").status_code == 200
(said,) = noted
assert (said["address"], said["permanent"]) == ("reader@example.org", True), said
assert "no such user" in said["text"] or "gone" in said["text"], said
"""


@pytest.mark.django_db(transaction=True)
def test_a_provider_reports_a_bounce_to_a_webhook_that_asks_for_its_secret(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EARMARK_VAR": str(tmp_path),
        "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend",
        "ANYMAIL": "WEBHOOK_SECRET=hook:secret",
    }
    subprocess.run(
        [sys.executable, "-c", WEBHOOK], cwd=ROOT, env=environment, check=True, timeout=60
    )
