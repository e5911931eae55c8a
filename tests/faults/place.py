"""The product's parts that send mail, each a process that can be broken by itself.

A real broker, real Celery workers and beats, a real SMTP server, a database; no web server.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis
from celery import Celery
from kombu.exceptions import OperationalError

from config.processes import redis_command
from tests.faults.databases import Database, Databases
from tests.processes.mailbox import Mailbox, smtp_server
from tests.processes.product import Product, free_port, wait_for
from tests.shared_data import ROOT

WITHIN = 60.0
# A lease lasts six minutes and a first retry waits for five at most: one step outlasts both.
STEP = 7
# No mail for so many seconds, and no sender is at work; a mail takes far less.
QUIET = 0.5
CELERY = [sys.executable, "-m", "celery", "-A", "tests.faults.faulty"]


@dataclass
class Place:
    """One database with ``count`` readers to tell, and the processes around it."""

    folder: Path
    database: Database
    count: int
    mail_port: int
    settings: dict[str, str] = field(default_factory=dict)
    mailbox: Mailbox = field(default_factory=Mailbox)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: int = 0
    # Mails that were, or may have been, in flight as their sender was killed at random.
    in_flight: int = 0
    nudges: int = 0
    note: str = ""
    clock: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "valkey").mkdir()
        (self.folder / "mail").mkdir()
        (self.folder / "ahead").write_text("0")
        self.app = Celery("faults", broker=f"redis+socket://{self.socket}", set_as_current=False)

    @property
    def socket(self) -> Path:
        return self.folder / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    # Processes.

    def start(self, name: str, command: list[str], **settings: str) -> None:
        """Start a process by the place's clock, which may be Debian's ``faketime``."""
        own = {
            "DATABASE_URL": self.database.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            **self.settings,
            **settings,
        }
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*self.clock, *command],
                cwd=ROOT,
                env=Product(self.folder, own).environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_broker(self) -> None:
        self.start("broker", redis_command(self.socket, self.folder / "valkey"))
        wait_for(self.broker_answers, WITHIN, self.log)

    def start_worker(self, name: str = "worker", *, fault: str = "", **settings: str) -> None:
        ready = self.said("ready")
        options = ["--concurrency", "2", "--without-mingle", "--without-gossip"]
        named = ["--hostname", f"{name}@%h", "--loglevel", "WARNING"]
        settings |= {"EARMARK_FAULT": fault} if fault else {}
        self.start(name, [*CELERY, "worker", *options, *named], **settings)
        wait_for(lambda: self.said("ready") > ready, WITHIN, self.log)

    def start_beat(self, name: str = "beat") -> None:
        own = ["--pidfile=", f"--schedule={self.folder / name}", "--loglevel", "WARNING"]
        self.start(name, [*CELERY, "beat", *own], EARMARK_TICK_SECONDS="1")

    def end(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """By SIGKILL the process with all its children; else itself, which ends them."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            if number is signal.SIGKILL:
                os.killpg(process.pid, number)
                self.kills += 1
            else:
                process.send_signal(number)
        process.wait(WITHIN)

    def wait_for_death(self, name: str) -> None:
        self.processes.pop(name).wait(WITHIN)
        self.kills += 1

    def senders(self, name: str = "worker") -> list[int]:
        """The processes of a worker's pool."""
        parent = str(self.processes[name].pid)
        found = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if entry.read_text().rpartition(")")[2].split()[1] == parent:
                    found.append(int(entry.parent.name))
        return found

    def end_all(self) -> None:
        for name in list(self.processes):
            self.end(name)

    # The broker.

    def broker_answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def flush_broker(self) -> None:
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            client.flushall()

    def lose_broker_data(self) -> None:
        self.end("broker")
        for file in (self.folder / "valkey").rglob("*"):
            if file.is_file():
                file.unlink()

    # Work.

    def nudge(self) -> bool:
        """Ask for a tick, as beat does; whether the broker took it."""
        try:
            with self.app.connection_for_write() as connection:
                self.app.send_task("policy.tasks.tick", connection=connection, retry=False)
        except OperationalError:
            return False
        self.nudges += 1
        return True

    def nudge_until(self, holds: Callable[[], object]) -> None:
        """Ask for ticks until something holds, whoever takes them."""
        give_up = time.monotonic() + WITHIN
        while not holds():
            assert time.monotonic() < give_up, self.log.read_text()
            self.nudge()
            time.sleep(0.5)

    def tick(self) -> None:
        """One whole tick."""
        done = self.said("done")
        assert self.nudge()
        wait_for(lambda: self.said("done") > done, WITHIN, self.log)

    def skip(self, minutes: float = STEP) -> None:
        """Put the clock of the tasks ahead. A sender that is at work loses its lease."""
        ahead = float((self.folder / "ahead").read_text()) + minutes
        following = self.folder / "ahead.new"
        following.write_text(str(ahead))
        following.replace(self.folder / "ahead")

    def catch_up(self, rounds: int = 12) -> None:
        """Let leases end and retries come, tick by tick, until nothing waits."""
        self.tick()
        for _ in range(rounds):
            self.rest()
            if self.waiting == 0:
                return
            self.skip()
            self.tick()

    def rest(self) -> None:
        """Wait for a sender that goes on although its task is forgotten."""
        before = -1
        while self.waiting and before != len(self.mailbox.messages):
            before = len(self.mailbox.messages)
            time.sleep(QUIET)

    def said(self, what: str) -> int:
        try:
            return len((self.folder / what).read_text().splitlines())
        except FileNotFoundError:
            return 0

    def wait(self, holds: Callable[[], object], seconds: float = WITHIN) -> None:
        wait_for(holds, seconds, self.log)

    def wait_for_mails(self, number: int) -> None:
        self.wait(lambda: len(self.mailbox.messages) >= number)

    @property
    def waiting(self) -> int:
        unsettled = "state IN ('queued', 'sending')"
        [(count,)] = self.database.ask(f"SELECT count(*) FROM policy_alert WHERE {unsettled}")
        return int(count)

    @contextmanager
    def mail_server(self) -> Iterator[None]:
        with smtp_server(self.mailbox, self.mail_port):
            yield


@contextmanager
def place(databases: Databases, count: int, *arguments: str) -> Iterator[Place]:
    """A place with everything stopped but its database; whatever is left running is ended."""
    # A socket's path is short, so pytest's own folders are too long.
    with tempfile.TemporaryDirectory(prefix="earmark-", ignore_cleanup_errors=True) as name:
        made = Place(Path(name), databases.new(str(count), *arguments), count, free_port())
        try:
            yield made
        finally:
            made.end_all()
            made.app.close()
