"""Deadline mail from the page to the reader's mailbox: real web, Redis, Celery and SMTP."""

import re
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from policy.clock import now
from policy.domain.deadlines import eastern_day
from tests.processes.mailbox import Mailbox, link_in, smtp_server, text_of
from tests.processes.product import Product, free_port, running, wait_for

pytestmark = pytest.mark.processes

READER = "reader@example.org"
TICK = 1.0
ARRIVES_WITHIN = 30.0
A_FEW_TICKS = 4 * TICK


class Reader:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, address: str) -> str:
        with self.opener.open(address, timeout=10) as response:
            return str(response.read().decode())

    def submit(self, address: str, **fields: object) -> str:
        """Open a page and send its form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(address))
        assert token, "the page has no form"
        return self.post(address, csrfmiddlewaretoken=token[1], **fields)

    def post(self, address: str, **fields: object) -> str:
        data = urlencode(fields, doseq=True).encode()
        request = Request(address, data=data, headers={"Referer": address})  # noqa: S310  # loopback
        with self.opener.open(request, timeout=10) as response:
            return str(response.read().decode())


class World:
    """The running product, a reader of it, and the reader's mailbox."""

    def __init__(self, product: Product, port: int, mail_port: int) -> None:
        self.product, self.mail_port = product, mail_port
        self.mailbox = Mailbox()
        self.site = f"http://127.0.0.1:{port}"
        self.reader = Reader(self.site)

    def record(self, slug: str, day: date) -> None:
        self.product.command("-m", "tests.processes.record_date", slug, day.isoformat())

    def mails(self, slug: str, count: int) -> list[EmailMessage]:
        """The mails about a deadline once ``count`` are there, and after a few ticks more."""
        wait_for(lambda: len(self.about(slug)) >= count, ARRIVES_WITHIN)
        time.sleep(A_FEW_TICKS)
        return self.about(slug)

    def about(self, slug: str) -> list[EmailMessage]:
        return [m for m in self.mailbox.messages if slug in text_of(m)]


@pytest.fixture
def world() -> Iterator[World]:
    port, mail_port = free_port(), free_port()
    # A socket's path is short, so pytest's own folders are too long.
    with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
        settings = {
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "EARMARK_TICK_SECONDS": str(TICK),
        }
        product = Product(Path(folder) / "var", settings)
        product.folder.mkdir()
        with running(product, port):
            yield World(product, port, mail_port)


def follow_the_rule(world: World) -> None:
    """Subscribe on the page and confirm by the link in the mail."""
    page = f"{world.site}/subscribe/?subject=rule&id=ai-diffusion"
    world.reader.submit(page, email=READER, leads=["30d", "14d", "7d", "1d", "0d"])
    wait_for(lambda: world.mailbox.messages, ARRIVES_WITHIN)
    (mail,) = world.mailbox.messages
    assert mail["To"] == READER
    confirm = link_in(mail, "/subscribe/confirm/")
    assert confirm.startswith(world.site)
    world.reader.submit(confirm)


def in_days(days: int) -> date:
    return eastern_day(now()) + timedelta(days=days)


def test_a_reader_gets_one_mail_a_date_and_one_when_it_moves(world: World) -> None:
    with smtp_server(world.mailbox, world.mail_port):
        follow_the_rule(world)

        world.record("first-window", in_days(10))
        (reminder,) = world.mails("first-window", 1)
        assert f"{in_days(10):%-d %B %Y}" in text_of(reminder)
        assert link_in(reminder, "/deadlines/first-window/").startswith(world.site)
        html = reminder.get_body(("html",))
        assert html is not None
        assert f"{world.site}/deadlines/first-window/" in html.get_content()

        world.record("first-window", in_days(20))
        _, moved = world.mails("first-window", 2)
        for part in (f"{in_days(10):%-d %B %Y}", f"{in_days(20):%-d %B %Y}", "Extension of"):
            assert part in text_of(moved)
        assert len(world.about("first-window")) == 2


def test_mail_waits_for_its_server_and_ends_with_the_reader_s_wish(world: World) -> None:
    with smtp_server(world.mailbox, world.mail_port):
        follow_the_rule(world)
    world.record("second-window", in_days(11))
    time.sleep(A_FEW_TICKS)
    assert world.about("second-window") == []

    with smtp_server(world.mailbox, world.mail_port):
        (reminder,) = world.mails("second-window", 1)
        assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        one_click = re.search(r"<(http[^>]+)>", reminder["List-Unsubscribe"])
        assert one_click
        # RFC 8058: the mail program posts, without cookies and without having seen the page.
        Reader(world.site).post(one_click[1], **{"List-Unsubscribe": "One-Click"})
        world.record("second-window", in_days(25))
        time.sleep(A_FEW_TICKS)
        assert len(world.about("second-window")) == 1
