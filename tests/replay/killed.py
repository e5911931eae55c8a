"""Asks one source and dies by SIGKILL at a named step; started as a process of its own.

python -m tests.replay.killed SOURCE STEP MINUTES: the clock goes MINUTES ahead. STEP "none"
lives, "prepare" makes the database and the places that the lists need.
"""

import os
import pkgutil
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import django

BEFORE, AFTER = "before", "after"
# In the order in which a run comes to them: when, and at which function.
STEPS: dict[str, tuple[str, str]] = {
    "claiming": (BEFORE, "policy.actions.sync.claim"),
    "claimed": (AFTER, "policy.actions.sync.claim"),
    "asking": (BEFORE, "policy.fetching.client.Client.ask"),
    "receiving": (BEFORE, "policy.fetching.body.Plain.feed"),
    "received": (BEFORE, "policy.fetching.kept.KeptAnswers._keep"),
    "kept": (AFTER, "policy.fetching.kept.KeptAnswers._keep"),
    "part received": (AFTER, "policy.fetching.ecfr.part_text"),
    "importing": (BEFORE, "entities.actions.channels.import_ecfr"),
    "snapshot kept": (AFTER, "entities.actions.import_ecfr.keep_snapshot"),
    "listings written": (BEFORE, "entities.actions.import_ecfr.write_events"),
    "events written": (AFTER, "entities.actions.import_ecfr.write_events"),
    "revision written": (AFTER, "entities.actions.import_ecfr.import_list"),
    "imported": (AFTER, "entities.actions.channels.import_ecfr"),
    "forgetting": (BEFORE, "policy.fetching.kept.KeptAnswers.forget"),
    "settling": (BEFORE, "policy.actions.sync.settle"),
    "settled": (AFTER, "policy.actions.sync.settle"),
}
# From here on the new list stands.
COMMITTED = ("imported", "forgetting", "settling", "settled")


def die(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killing(step: str) -> Any:
    """A patch under which the process dies at the step."""
    when, target = STEPS[step]
    original: Callable[..., Any] = pkgutil.resolve_name(target)

    def replaced(*args: Any, **kwargs: Any) -> Any:
        if when == BEFORE:
            die()
        found = original(*args, **kwargs)
        die()
        return found

    return patch(target, replaced)


def main(source: str, step: str, minutes: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from policy.actions.sync import channel_named, sync_channel
    from policy.clock import now

    if step == "prepare":
        return prepare()

    def clock() -> datetime:
        return now() + timedelta(minutes=minutes)

    channel = channel_named(source)
    assert channel is not None
    if step == "none":
        check = sync_channel(channel, clock=clock, by="tests")
        print(check.outcome if check else "running")
        return 0
    with killing(step):
        sync_channel(channel, clock=clock, by="tests")
    return 1


def prepare() -> int:
    from django.core.management import call_command

    from tests.entities.actions.lists import make_places

    call_command("migrate", verbosity=0)
    make_places()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
