"""Where a sender can be made to die, freeze or meet another: the one table of names."""

import os
import pkgutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

BEFORE, AFTER = "before", "after"
DELIVER = "policy.actions.alerts.deliver"
# In the order in which a tick comes to them: when, and at which function.
POINTS: dict[str, tuple[str, str]] = {
    "planning": (BEFORE, "policy.tasks.plan_alerts"),
    "planned, not committed": (BEFORE, "policy.actions.alerts.plan.plan_digests"),
    "planned": (AFTER, "policy.tasks.plan_alerts"),
    "claiming": (BEFORE, f"{DELIVER}.claim_batch"),
    "claimed": (AFTER, f"{DELIVER}.claim_batch"),
    "composed": (AFTER, f"{DELIVER}.compose"),
    "begun": (AFTER, f"{DELIVER}.begin"),
    "sending": (BEFORE, "smtplib.SMTP.sendmail"),
    "in DATA": (BEFORE, "smtplib.SMTP.data"),
    "accepted": (AFTER, "smtplib.SMTP.sendmail"),
    "settling": (BEFORE, "policy.actions.alerts.settle.mark_sent"),
    "settled": (AFTER, f"{DELIVER}.settle_sent"),
}
# The server has the mail, and the database does not know it.
IN_FLIGHT = ("accepted", "settling")


def die(_folder: Path) -> None:
    """The whole worker, with its pool, as when a machine stops."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


def die_alone(_folder: Path) -> None:
    """Only the process of the pool that has the task."""
    os.kill(os.getpid(), signal.SIGKILL)


def freeze(folder: Path) -> None:
    (folder / "frozen").write_text(str(os.getpid()))
    os.kill(os.getpid(), signal.SIGSTOP)


def meet(folder: Path) -> None:
    """Wait until another sender has come to the same point."""
    (folder / f"met-{os.getpid()}").touch()
    give_up = time.monotonic() + 10
    while len(list(folder.glob("met-*"))) < 2 and time.monotonic() < give_up:
        time.sleep(0.001)


ACTIONS = {"die": die, "die alone": die_alone, "freeze": freeze, "meet": meet}


def install(action: str, point: str, number: int, folder: Path) -> None:
    """From now on this process acts as it comes to the point for the given time.

    Of all processes that were told to, only one does, but for those that meet.
    """
    when, target = POINTS[point]
    original: Callable[..., Any] = pkgutil.resolve_name(target.replace(".SMTP.", ":SMTP."))
    come = 0

    def act() -> None:
        nonlocal come
        come += 1
        if come >= number and (action == "meet" or is_first(folder)):
            ACTIONS[action](folder)

    def replaced(*args: Any, **kwargs: Any) -> Any:
        if when == BEFORE:
            act()
        found = original(*args, **kwargs)
        if when == AFTER:
            act()
        return found

    patch(target, replaced).start()


def is_first(folder: Path) -> bool:
    try:
        (folder / "acted").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
