"""Forty editors at once on the web server of the product: nobody's words are lost, nobody waits."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings

from config.processes import web_command
from policy.actions.desk.drafts import start_change
from policy.domain.roles import Role
from policy.models import Change, User
from tests.people import account, signed_in
from tests.policy.alerts.sender import database_url
from tests.policy.alerts.smtp_server import free_port
from tests.policy.desk import world
from tests.policy.desk.forty import Editor, Load, together
from tests.shared_data import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
EDITORS, SAVES = 40, int(os.environ.get("EARMARK_EDITOR_SAVES", "3"))
# Other tests run beside this one; the bench holds the figure itself on a quiet machine.
SLOWEST = 5.0


@contextmanager
def web(url: str, folder: Path) -> Iterator[str]:
    """The product's own web server on a database; yields its address."""
    port = free_port()
    # Sessions are signed: the server reads them with the secret that made them.
    (folder / "secret_key").write_text(settings.SECRET_KEY)
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EARMARK_VAR": str(folder),
        "LOG_LEVEL": "WARNING",
    }
    with subprocess.Popen(web_command(port), cwd=ROOT, env=environment) as process:
        site = f"http://127.0.0.1:{port}"
        try:
            wait_for(site)
            yield site
        finally:
            process.terminate()


def wait_for(site: str) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            requests.get(f"{site}/account/sign-in/", timeout=30)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the web server did not come up")


def pairs_of_editors() -> tuple[dict[int, list[User]], dict[int, str]]:
    """Twenty drafts with two editors each, and the session of each editor."""
    world.make_record()
    users = [account(Role.EDITOR, name=f"Editor {n}") for n in range(EDITORS)]
    drafts = {
        start_change(world.words(why=""), by=one, at=world.AT).pk: [one, other]
        for one, other in zip(users[::2], users[1::2], strict=True)
    }
    return drafts, {user.pk: signed_in(user).cookies["sessionid"].value for user in users}


def test_forty_editors_at_once_lose_no_word_and_wait_for_no_save(tmp_path: Path) -> None:
    drafts, sessions = pairs_of_editors()
    url = database_url()
    with web(url, tmp_path) as site:
        load = together(
            [
                Editor(user.pk, site, sessions[user.pk], draft, SAVES)
                for draft, users in drafts.items()
                for user in users
            ]
        )
        reasons = {pk: reason_of(site, sessions[users[0].pk], pk) for pk, users in drafts.items()}
    tell(load)
    assert load.wrong == []
    assert sum(map(len, load.saved.values())) == EDITORS * SAVES
    lost = {m for pk, marks in load.saved.items() for m in marks if m not in reasons[pk]}
    assert lost == set()
    assert load.p95 < SLOWEST
    assert Change.objects.count() == len(drafts)


def reason_of(site: str, session: str, draft: int) -> str:
    answer = requests.get(
        f"{site}/desk/changes/{draft}/edit/", cookies={"sessionid": session}, timeout=30
    )
    return answer.text


def tell(load: Load) -> None:
    print(
        f"{len(load.seconds)} saves by {EDITORS} editors, {load.refused} told that another was "
        f"faster, p95 {1000 * load.p95:.0f} ms, slowest {1000 * max(load.seconds):.0f} ms"
    )
