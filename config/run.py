"""``make run``: every process on one terminal, and one Ctrl-C that stops them all.

python -m config.run

Migrates, loads the starting record, then starts the web server, a Celery worker, Celery's
beat and, where REDIS_URL names no server, a private one on a socket under var/.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import MutableMapping
from http.client import HTTPConnection

from honcho.manager import Manager

from config import settings
from config.one_run import Refused, check_port, hold_folder, stop_leftovers
from config.processes import commands
from config.shared_cache import location_of

READY_WITHIN = 60.0


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    try:
        with hold_folder(settings.VAR_DIR):
            return run(check_port(os.environ.get("PORT") or "8000"))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def stop(number: int, _frame: object) -> None:
    """Before the processes run; afterwards their manager minds the signals."""
    sys.exit(128 + number)


def run(port: int) -> int:
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    share_counts(os.environ)
    for folder in (settings.MAIL_DIR, settings.VAR_DIR / "valkey"):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        prepared = subprocess.run(  # our own module
            [sys.executable, "-m", "config.prepare"], cwd=settings.BASE_DIR, check=False
        )
        return prepared.returncode or run_processes(port)
    finally:
        stop_leftovers(settings.VAR_DIR)


def share_counts(environment: MutableMapping[str, str]) -> None:
    """Two processes serve: what they count together lies beside the queue, if that is in Redis."""
    if not settings.CACHE_URL and location_of(settings.CELERY_BROKER_URL):
        environment["CACHE_URL"] = settings.CELERY_BROKER_URL


def run_processes(port: int) -> int:
    manager = Manager()
    for name, command in commands(port):
        manager.add_process(name, command, cwd=str(settings.BASE_DIR))
    # A closed terminal stops everything, as Ctrl-C does.
    signal.signal(signal.SIGHUP, lambda _number, _frame: manager.terminate())
    threading.Thread(target=announce, args=(port,), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode == 128 + signal.SIGINT else manager.returncode or 0


def announce(port: int) -> None:
    """Say where the product is, once it is there."""
    give_up = time.monotonic() + READY_WITHIN
    while not is_up(port):
        if time.monotonic() > give_up:
            return
        time.sleep(0.1)
    mails = os.environ.get("EMAIL_URL") and "sent through the server in EMAIL_URL"
    lines = {
        "Earmark": os.environ["SITE_URL"],
        "Mails": mails or f"{settings.MAIL_DIR}/ (EMAIL_URL names a server to send them)",
        "Stop": "Ctrl-C",
    }
    print("\n" + "".join(f"  {name:<9}{text}\n" for name, text in lines.items()), flush=True)


def is_up(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=READY_WITHIN)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
