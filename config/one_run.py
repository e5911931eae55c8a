"""One run at a time from one folder, and no trace of a run that was killed in the next one."""

import fcntl
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# The processes of a run carry it in their environment, with the run's folder.
MARK = "EARMARK_RUN"
STOP_WITHIN = 5.0
# What a socket's path may have on Linux, see unix(7).
SOCKET_PATH_BYTES = 107


class Refused(Exception):
    """Earmark cannot start here and now; the message says why, and what to do."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep ``folder`` to this run, and stop what a killed run left behind in it.

    Raises Refused where another run holds it. The lock dies with its process.
    """
    if len(os.fsencode(folder / "valkey.sock")) > SOCKET_PATH_BYTES:
        raise Refused(f"{folder} is too long for a socket's path; name another in EARMARK_VAR.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(
                f"Earmark is running already, with its data in {folder}. Stop it with Ctrl-C, "
                "or name another folder in EARMARK_VAR."
            ) from None
        stop_leftovers(folder)
        os.environ[MARK] = str(folder)
        yield


def check_port(text: str) -> int:
    """The port to serve on. Raises Refused where it is none, or not to be had."""
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise Refused(f"PORT={text} is no port: it takes a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise Refused(
                f"Port {text} cannot be used ({error.strerror}). "
                f"Stop what uses it, or choose another: make run PORT=8001"
            ) from None
    return int(text)


def stop_leftovers(folder: Path) -> None:
    """End every process of a run from ``folder``, gently first."""
    give_up = time.monotonic() + STOP_WITHIN
    send(signal.SIGTERM, processes_of(folder))
    while processes_of(folder) and time.monotonic() < give_up:
        time.sleep(0.05)
    send(signal.SIGKILL, processes_of(folder))


def processes_of(folder: Path) -> list[int]:
    mark = f"{MARK}={folder}".encode()
    return [pid for pid in running() if pid != os.getpid() and mark in environment(pid)]


def running() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def environment(pid: int) -> list[bytes]:
    """What a process started with; nothing where it is gone or someone else's."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return []


def send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
