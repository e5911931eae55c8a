"""A sender as a process of its own: ``python -m tests.policy.alerts.sender INSTANT SIZE``.

It says when it is ready, waits for a line, delivers with a clock that stands at the instant, and
prints what it did.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlsplit

from django.db import connection

from tests.shared_data import ROOT


def database_url() -> str:
    """The test's database, for other processes."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def start_sender(url: str, port: int, at: datetime, size: int) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "EARMARK_MAILS_PER_DOMAIN": "0",
    }
    command = [sys.executable, "-m", "tests.policy.alerts.sender", at.isoformat(), str(size)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)


def deliver_together(senders: Sequence["subprocess.Popen[str]"]) -> list[dict[str, int]]:
    """Start them at one signal; returns what each did."""
    for sender in senders:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "ready\n"
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    return [json.loads(sender.communicate(timeout=60)[0]) for sender in senders]


def main(at: str, size: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from policy.actions.alerts.deliver import deliver_alerts

    print("ready", flush=True)
    sys.stdin.readline()
    instant = datetime.fromisoformat(at)
    print(json.dumps(asdict(deliver_alerts(clock=lambda: instant, size=int(size)))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
