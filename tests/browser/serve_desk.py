"""The product on a loopback port with a desk at work, for the tests of the desk alone.

    python -m tests.browser.serve_desk FOLDER

Prints the port once the site answers, after the session of each person, a line each.
"""

import os
import sys
from pathlib import Path

import time_machine

from tests.browser.serve import serve
from tests.instants import RECORDED_AT, TODAY


def main(folder: Path) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        EARMARK_VAR=str(folder),
        DATABASE_URL=f"sqlite:///{folder / 'desk.sqlite3'}",
        LOG_LEVEL="CRITICAL",
    )
    import django

    django.setup()
    with time_machine.travel(TODAY, tick=False):
        prepare()
    serve()


def prepare() -> None:
    from django.core.management import call_command

    from policy.actions.import_federal_register import import_federal_register
    from policy.actions.load_record import load_record
    from tests.people import signed_in
    from tests.policy.desk.desk_sample import make_desk
    from tests.policy.documents.answers import document, page

    call_command("migrate", verbosity=0)
    load_record(at=RECORDED_AT, by="tests")
    import_federal_register(files=[page(document())], at=RECORDED_AT, by="tests")
    for name, user in make_desk().items():
        print(name, signed_in(user).cookies["sessionid"].value, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
