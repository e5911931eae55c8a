"""What can go wrong while mails are sent, each a function that breaks a place and mends it."""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from policy.domain.deadlines import EASTERN
from tests.faults.place import STEP, Place
from tests.faults.points import IN_FLIGHT, POINTS
from tests.processes.mailbox import RECIPIENT, Answer


@dataclass(frozen=True)
class Scenario:
    """``allowed`` duplicates: the mails that are in flight when the fault strikes."""

    name: str
    run: Callable[[Place], None]
    count: int = 12
    allowed: int = 0
    # The Eastern day on which it happens, where that is not today.
    on: str = ""

    @property
    def set_up(self) -> list[str]:
        """What ``tests.faults.set_up`` is told besides the number of readers."""
        return [self.on] if self.on else []

    def why_not(self) -> str:
        """Why this machine cannot run it; empty where it can."""
        if self.on and shutil.which("faketime") is None:
            return "no faketime: apt-get install faketime"
        return ""


def stop_and_start(place: Place) -> None:
    """Stopped as a deployment does it, in the middle of the mails; nothing comes twice."""
    place.mailbox.pause = 0.05
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.nudge()
        place.wait_for_mails(3)
        place.end("worker", signal.SIGTERM)
        place.end("broker", signal.SIGTERM)
        place.start_broker()
        place.start_worker()
        place.catch_up()


def kill_at(place: Place, *, point: str, action: str = "die") -> None:
    """Killed as the third mail, or the first tick, comes to a point."""
    with place.mail_server():
        place.start_broker()
        place.start_worker(fault=f"{action}|{point}|{turn(point)}")
        place.nudge()
        if action == "die":
            place.wait_for_death("worker")
            place.start_worker()
        else:
            place.wait((place.folder / "acted").exists)
        place.skip()
        place.catch_up()


def turn(point: str) -> int:
    """The third mail, where mails come to the point one by one."""
    order = list(POINTS)
    return 3 if order.index(point) >= order.index("composed") else 1


def freeze_at(place: Place, *, point: str) -> None:
    """A sender that sleeps past its lease at a point; another one takes over, then it wakes."""
    with place.mail_server():
        place.start_broker()
        place.start_worker(fault=f"freeze|{point}|{turn(point)}")
        place.nudge()
        frozen = place.folder / "frozen"
        place.wait(frozen.exists)
        place.start_worker("other")
        place.skip()
        # The frozen one has its own task; the other worker's processes take the next ones.
        place.nudge_until(lambda: place.waiting == 0)
        os.kill(int(frozen.read_text()), signal.SIGCONT)
        place.wait(lambda: place.said("done") >= place.nudges)
        place.catch_up()


def two_on_one_row(place: Place) -> None:
    """Two senders come to the claim of one row at the same moment."""
    with place.mail_server():
        place.start_broker()
        place.start_worker("one", fault="meet|claiming|1")
        place.start_worker("two", fault="meet|claiming|1")
        for _ in range(4):
            place.nudge()
        place.wait(lambda: place.said("done") >= place.nudges)
        place.catch_up()


def three_workers(place: Place) -> None:
    place.mailbox.pause = 0.02
    with place.mail_server():
        place.start_broker()
        for name in ("one", "two", "three"):
            place.start_worker(name)
        for _ in range(12):
            place.nudge()
        place.wait(lambda: place.said("done") >= place.nudges)
        place.catch_up()


def two_beats(place: Place) -> None:
    place.mailbox.pause = 0.02
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.start_beat("one")
        place.start_beat("two")
        place.wait_for_mails(place.count)
        done = place.said("done")
        place.wait(lambda: place.said("done") > done + 4)


def flush_broker(place: Place) -> None:
    """The queue is emptied in the middle of the mails, and beat asks again."""
    place.mailbox.pause = 0.05
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.start_beat()
        place.wait_for_mails(2)
        place.flush_broker()
        place.wait(lambda: place.waiting == 0)


def broker_away(place: Place, *, loses_data: bool = False, seconds: float = 3) -> None:
    """The broker is killed in the middle of the mails, and comes back after a while."""
    place.mailbox.pause = 0.05
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.start_beat()
        place.wait_for_mails(2)
        if loses_data:
            place.lose_broker_data()
        else:
            place.end("broker")
        time.sleep(seconds)
        place.start_broker()
        done = place.said("done")
        place.wait(lambda: place.said("done") > done)
        place.catch_up()


def server_away(place: Place) -> None:
    """No mail server at all at first; then one that goes in the middle of the mails."""
    place.start_broker()
    place.start_worker()
    place.tick()
    assert place.waiting == place.count
    place.mailbox.pause = 0.05
    with place.mail_server():
        place.nudge()
        place.wait_for_mails(3)
    place.wait(lambda: place.said("done") >= place.nudges)
    place.mailbox.pause = 0
    with place.mail_server():
        place.catch_up()


def answering(place: Place, *, answers: Sequence[Answer]) -> None:
    """The server gives the first mails these answers, and takes the others."""
    place.mailbox.answers.extend(answers)
    with place.mail_server():
        place.start_broker()
        place.start_worker(FAULTS_EMAIL_TIMEOUT="1")
        place.catch_up()
    assert not place.mailbox.answers


def database_locked(place: Place) -> None:
    """Another program holds the write lock for longer than a sender waits for it."""
    place.mailbox.pause = 0.05
    with place.mail_server():
        place.start_broker()
        place.start_worker(FAULTS_DATABASE_TIMEOUT="1")
        place.nudge()
        place.wait_for_mails(3)
        with place.database.write_locked():
            time.sleep(8)
        place.wait(lambda: place.said("done") >= place.nudges)
        place.skip()
        place.catch_up()


def disk_full(place: Place) -> None:
    """The mail store has room for no mail, and for half of one, and then for all."""
    place.settings["EMAIL_URL"] = ""
    (place.folder / "full").touch()
    place.start_broker()
    place.start_worker()
    place.tick()
    assert place.waiting == place.count
    (place.folder / "full").unlink()
    place.catch_up()


def six_writers(place: Place) -> None:
    """Six programs write the record, subscriptions and mails at once while mails are sent."""
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.start_beat()
        names = [f"writer{number}" for number in range(6)]
        for name in names:
            place.start(name, [sys.executable, "-m", "tests.faults.writer", name, "12"])
        codes = [place.processes.pop(name).wait(120) for name in names]
        assert codes == [0] * 6, place.log.read_text()
        place.wait(lambda: place.waiting == 0)
    assert "locked" not in place.log.read_text()


NEW_YEAR = datetime(2027, 1, 1, tzinfo=EASTERN)


def year_end(place: Place) -> None:
    """Every process believes that it is the last seconds of 2026 in New York.

    What is due at the first midnight of 2027 leaves then, and not before.
    """
    ahead = NEW_YEAR - datetime.now(UTC) - timedelta(seconds=25)
    # A distance and no instant, which would begin anew with each process.
    place.clock = ["faketime", "-f", f"+{ahead.total_seconds():.0f}"]
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.tick()
        assert (place.mailbox.messages, place.waiting) == ([], 0)
        place.start_beat()
        place.wait_for_mails(place.count)
        # The last one has arrived; that it is settled comes a moment later.
        place.wait(lambda: place.waiting == 0)
    dates = {str(mail["Date"]) for mail in place.mailbox.messages}
    assert all(date.startswith("Fri, 01 Jan 2027 05:0") for date in dates), dates


def storm(place: Place, *, kills: int, seed: int | None = None) -> None:
    """Worker, sender, beat and broker are killed at random while beat asks and mails leave."""
    chosen = seed if seed is not None else random.SystemRandom().randrange(10**6)
    chance = random.Random(chosen)  # noqa: S311  # no secret
    place.note = f"seed {chosen}"
    place.mailbox.pause = 0.1
    with place.mail_server():
        place.start_broker()
        place.start_worker()
        place.start_beat()
        while place.kills < kills:
            time.sleep(chance.random())
            strike(place, chance.choice(["worker", "sender", "beat", "broker"]), chance)
        place.end("beat", signal.SIGTERM)
        place.mailbox.pause = 0
        place.catch_up()


def strike(place: Place, victim: str, chance: random.Random) -> None:
    """Kill one process, and start it again after a while."""
    if victim == "sender":
        senders = place.senders()
        if senders:
            os.kill(chance.choice(senders), signal.SIGKILL)
            place.kills += 1
            place.in_flight += 1
        return
    place.end(victim)
    time.sleep(chance.random() / 2)
    if victim == "worker":
        place.in_flight += 2
        # With every sender dead no lease ends before its time.
        place.skip(chance.choice([0, STEP]))
        place.start_worker()
    elif victim == "broker":
        place.start_broker()
    else:
        place.start_beat()


SLOW, HANGS_UP = Answer(after=2), Answer(hangs_up=True)
CLOSING, LATER = Answer("421 4.3.2 closing"), Answer("421 4.3.2 closing", at=RECIPIENT)
GREY, BUSY = Answer("450 4.2.0 greylisted", at=RECIPIENT), Answer("451 4.3.0 try again")
NOBODY, UNWANTED = Answer("550 5.1.1 no such user", at=RECIPIENT), Answer("550 5.6.0 unwanted")
TOGETHER = [CLOSING, GREY, Answer(), HANGS_UP, NOBODY, SLOW, BUSY, Answer(), LATER, UNWANTED]

KILLS = [
    Scenario(f"worker killed: {point}", partial(kill_at, point=point), allowed=point in IN_FLIGHT)
    for point in POINTS
]
ANSWERS = [
    ("421 at RCPT TO", [LATER] * 2, 0),
    ("421 after DATA", [CLOSING] * 2, 0),
    ("450 at RCPT TO", [GREY] * 4, 0),
    ("451 after DATA", [BUSY] * 4, 0),
    ("550 at RCPT TO and after DATA", [NOBODY, UNWANTED], 0),
    ("time-out after DATA", [SLOW] * 2, 2),
    ("hung up after DATA", [HANGS_UP] * 2, 2),
    ("all of these", TOGETHER, 2),
]
SENDERS = [
    *KILLS,
    *[
        Scenario(
            f"sender killed: {point}", partial(kill_at, point=point, action="die alone"), 12, 1
        )
        for point in IN_FLIGHT
    ],
    Scenario("sender frozen past its lease: claimed", partial(freeze_at, point="claimed")),
    Scenario("sender frozen past its lease: composed", partial(freeze_at, point="composed")),
    Scenario("sender frozen past its lease: sending", partial(freeze_at, point="sending"), 12, 1),
    Scenario("two beats", two_beats),
    Scenario("three workers", three_workers, count=90),
    Scenario("two workers on one row", two_on_one_row, count=1),
]
AROUND = [
    Scenario("clean stop and start", stop_and_start),
    Scenario("broker flushed", flush_broker),
    Scenario("broker restarted", partial(broker_away, seconds=0)),
    Scenario("broker gone for a while", broker_away),
    Scenario("broker's data lost", partial(broker_away, loses_data=True)),
    Scenario("mail server refuses, then goes", server_away, allowed=1),
    *[
        Scenario(f"mail server: {name}", partial(answering, answers=answers), 12, allowed)
        for name, answers, allowed in ANSWERS
    ],
    Scenario("database locked", database_locked, allowed=1),
    Scenario("mail store full", disk_full),
    Scenario("six writers at once", six_writers),
    Scenario("end of the year by faketime", year_end, on=f"{NEW_YEAR:%Y-%m-%d}"),
]
# On each database in ``make faults``, and in ``make test``; the mails last for all of them.
MANY, FEW = 60, 5


def random_kills(kills: int) -> Scenario:
    return Scenario("random kills", partial(storm, kills=kills), count=10 * kills)
