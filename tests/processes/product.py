"""The whole product as ``make run`` starts it, in a folder of its own, for as long as a block."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.one_run import processes_of
from tests.shared_data import ROOT

# Generous: the machine may be busy with other tests.
STARTS_WITHIN = 120.0
STOPS_WITHIN = 30.0
# Settings of whoever runs the tests say nothing about the product under test.
OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "EMAIL_BACKEND", "PORT", "SITE_URL", "CACHE_URL")


@dataclass
class Product:
    """A folder with its settings, and the run that uses it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name not in OURS}
        return {
            **own,
            "EARMARK_VAR": str(self.folder),
            "EARMARK_ENV_FILE": os.devnull,
            # No test asks the real sources.
            "EARMARK_FETCH": "0",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **self.settings,
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a Python command with the product's settings; its failure is the test's."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=STARTS_WITHIN,
        )
        assert done.returncode == 0, done.stderr
        return done

    @property
    def processes(self) -> list[int]:
        return processes_of(self.folder)


@dataclass
class Run:
    """One started ``make run``."""

    process: subprocess.Popen[str]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send one signal, as a terminal does for Ctrl-C; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)


@contextmanager
def running(product: Product, port: int) -> Iterator[Run]:
    """The product on a port; whatever the test left running is ended after it."""
    log = product.folder.with_suffix(".log")
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            cwd=ROOT,
            env={**product.environment, "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            wait_for(lambda: "Ctrl-C" in log.read_text(), STARTS_WITHIN, log)
            yield Run(process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(STOPS_WITHIN)


def wait_for(holds: Callable[[], object], seconds: float, log: Path | None = None) -> None:
    """Wait until something holds. Fails, with the log, where it does not within ``seconds``."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, log.read_text() if log else "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
