"""A real sender is killed while a real server answers: the change is told again, as the same."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.policy.feeds.receiver import Receiver, receiving
from tests.processes.product import STARTS_WITHIN, Product, wait_for
from tests.shared_data import ROOT

pytestmark = pytest.mark.processes

SITE = {"SITE_URL": "https://earmark.example", "EARMARK_WEBHOOK_LOOPBACK": "1"}
CHANGE = """
import django
django.setup()
from policy.clock import now
from policy.actions.revisions import new_revision
from policy.models import Event, Revision
with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=now()) as issued:
    Event.objects.create(revision=issued, kind="changed", subject_kind="rule",
                         subject_id="odd", title="A change")
"""


def ask(product: Product, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(product.folder / "earmark.sqlite3", isolation_level=None)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def prepared(folder: Path, server: Receiver) -> Product:
    product = Product(folder, SITE)
    product.command("manage.py", "migrate", "--verbosity", "0")
    product.command("manage.py", "webhook", "add", server.url)
    product.command("-c", CHANGE)
    return product


def test_a_sender_that_is_killed_while_the_server_answers_loses_nothing(tmp_path: Path) -> None:
    with receiving() as server:
        product = prepared(tmp_path, server)
        server.delay = 8.0
        sender = subprocess.Popen(
            [sys.executable, "manage.py", "send_alerts", "--once"],
            cwd=ROOT,
            env=product.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: server.taken, STARTS_WITHIN)
        sender.kill()
        assert sender.wait() == -signal.SIGKILL
        assert ask(product, "SELECT state FROM policy_webhookdelivery") == [("sending",)]
        server.delay = 0.0
        product.command("manage.py", "send_alerts", "--once")
        assert len(server.taken) == 1  # the lease lasts
        ask(product, "UPDATE policy_webhookdelivery SET leased_until = '2025-01-01 00:00:00'")
        product.command("manage.py", "send_alerts", "--once")
        assert ask(product, "SELECT state, attempts FROM policy_webhookdelivery") == [("sent", 2)]
        assert len(server.keys) == 2
        assert len(set(server.keys)) == 1
        assert len({one.body for one in server.taken}) == 1
