"""The product on a loopback port, with a record of its own and a clock that tests set.

    python -m tests.browser.serve FOLDER SHARED [LIST.xml DAY]

Prints the port when the site answers, and ends with its standard input. Whoever comes first makes
the record in SHARED, and the others copy it: it takes ten seconds of a core.
"""

import os
import shutil
import sqlite3
import sys
import threading
import time
from pathlib import Path

import time_machine

from tests.instants import RECORDED_AT, TODAY

LONGEST = 180
# Of this site alone, so that a test can sign a link.
SECRET = "of-the-site-that-the-browser-tests-start-and-of-no-other-one"  # noqa: S105


def main(folder: Path, shared: Path, entity_list: list[str]) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        EARMARK_VAR=str(folder),
        DATABASE_URL=f"sqlite:///{folder / 'browser.sqlite3'}",
        LOG_LEVEL="ERROR",
    )
    (folder / "secret_key").write_text(SECRET)
    import django

    django.setup()
    database = folder / "browser.sqlite3"
    try:
        shared.mkdir()
    except FileExistsError:
        copy_from(shared, database)
    else:
        prepare(entity_list)
        share(database, shared)
    serve()


def share(database: Path, shared: Path) -> None:
    """Leave a whole copy for the others; it has its name only once it is whole."""
    from django.db import connection

    connection.close()
    with sqlite3.connect(database) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, shared / "unfinished")
    (shared / "unfinished").rename(shared / database.name)


def copy_from(shared: Path, database: Path) -> None:
    """Wait for the copy that another makes. Raises TimeoutError if it never comes."""
    give_up = time.monotonic() + LONGEST
    while not (shared / database.name).exists():
        if time.monotonic() > give_up:
            msg = "nobody has made the record of the browser tests"
            raise TimeoutError(msg)
        time.sleep(0.1)
    shutil.copy(shared / database.name, database)


def prepare(entity_list: list[str]) -> None:
    from django.core.management import call_command

    from policy.actions.load_record import load_record

    call_command("migrate", verbosity=0)
    with time_machine.travel(RECORDED_AT):
        load_record(at=RECORDED_AT, by="tests")
        if entity_list:
            file, day = entity_list
            call_command("import_ecfr", file, date=day, stdout=sys.stderr)
        import_what_is_made_up()
        subscribe_somebody()
        make_calendar()
        make_accounts()


def make_accounts() -> None:
    """An administrator who has a second factor, and others who have none."""
    from policy.domain.roles import Role
    from tests.people import account

    account(Role.ADMINISTRATOR, name="Grace Hopper")
    account(Role.EDITOR, name="Desk Writer")
    account(Role.EDITOR, name="Fresh Editor", second_factor=False)
    account(Role.ANALYST, name="Locked Analyst", second_factor=False)


def import_what_is_made_up() -> None:
    """A screening list and a document, so that pages about them have something to show."""
    from entities.actions.import_csl import import_csl
    from policy.actions.import_federal_register import import_federal_register
    from tests.entities.screening.lists import MONDAY, as_json, small_list
    from tests.policy.documents.answers import document, page

    lists, answers = [as_json(small_list())], [page(document(comments_close_on="2026-11-25"))]
    import_csl(files=lists, as_of=MONDAY, at=RECORDED_AT, by="tests")
    import_federal_register(files=answers, at=RECORDED_AT, by="tests")


def subscribe_somebody() -> None:
    """A reader of two subjects, with a backup person who has not answered yet."""
    from policy.actions.alerts.subscribe import (
        HowToTell,
        confirm_subscription,
        request_backup,
        request_subscription,
    )
    from policy.domain.leads import Lead
    from policy.models import Subscriber
    from policy.queries.subjects import find_subject
    from tests.browser.pages import READER

    email, at = "reader@example.org", RECORDED_AT
    Subscriber.objects.create(email=email, token=READER, created_at=at)
    how = HowToTell(delivery="weekly", backup_email="backup@example.org", escalate_days=3)
    for kind, subject_id in (("rule", "ai-diffusion"), ("search", "kind=comment&q=chips")):
        subject = find_subject(kind, subject_id)
        assert subject
        wish = request_subscription(
            email=email, subject=subject, leads=[Lead(7), Lead(21)], how=how, at=at
        )
        confirmed = confirm_subscription(subscription=wish, at=at)
        request_backup(subscription=confirmed, at=at)


def make_calendar() -> None:
    from policy.models import CalendarLink
    from tests.browser.pages import CALENDAR

    CalendarLink.objects.create(
        token=CALENDAR,
        subject="rule",
        subject_id="ai-diffusion",
        label="AI Diffusion",
        created_at=RECORDED_AT,
    )


def serve() -> None:
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    with time_machine.travel(TODAY):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
