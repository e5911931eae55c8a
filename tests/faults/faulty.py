"""The product's own Celery application, in processes that can be broken from outside.

EARMARK_FAULT is what happens where: ``die|accepted|3``. The file ``ahead`` in EARMARK_VAR holds
how many minutes the clock of the tasks is ahead.
"""

import errno
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from celery.signals import task_postrun, worker_process_init, worker_ready

from config.celery import app  # noqa: F401  # Celery looks for it here
from tests.faults.points import install

FOLDER = Path(os.environ["EARMARK_VAR"])


@worker_process_init.connect
def break_this_process(**_kwargs: object) -> None:
    from django.conf import settings

    from policy.clock import now as real

    if patience := os.environ.get("FAULTS_DATABASE_TIMEOUT"):
        options = settings.DATABASES["default"].setdefault("OPTIONS", {})
        if "timeout" in options:
            options["timeout"] = float(patience)
    settings.EMAIL_TIMEOUT = float(os.environ.get("FAULTS_EMAIL_TIMEOUT", settings.EMAIL_TIMEOUT))

    def now() -> datetime:
        return real() + timedelta(minutes=float((FOLDER / "ahead").read_text()))

    patch("policy.tasks.now", now).start()
    patch("django.core.mail.backends.filebased.EmailBackend.write_message", write_or_fail()).start()
    if fault := os.environ.get("EARMARK_FAULT"):
        action, point, number = fault.split("|")
        install(action, point, int(number), FOLDER)


def write_or_fail() -> Any:
    """The mail store's own writing; while the file ``full`` is there only half of it fits."""
    from django.core.mail.backends.filebased import EmailBackend

    original = EmailBackend.write_message

    def write(self: Any, message: Any) -> None:
        if (FOLDER / "full").exists():
            self.stream.write(message.message().as_bytes()[:500])
            raise OSError(errno.ENOSPC, "No space left on device")
        original(self, message)

    return write


@worker_ready.connect
def say_ready(**_kwargs: object) -> None:
    say("ready")


@task_postrun.connect
def say_done(**_kwargs: object) -> None:
    say("done")


def say(what: str) -> None:
    with (FOLDER / what).open("a") as file:
        file.write(f"{os.getpid()}\n")
