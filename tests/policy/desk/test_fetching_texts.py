"""Texts that the desk has fetched: over real HTTP, kept with their bytes, and never waited for."""

import gzip
import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import stamina
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import Settings

from policy.actions.desk.fetch_texts import LEASE, ask_for_text, claim, fetch_waiting
from policy.actions.desk.kinds import BadValues
from policy.domain.roles import Role
from policy.models import Document, FetchedText, Proposal, Source, SourceText, TextFetch, User
from policy.models.text_fetches import PATIENCE
from policy.permissions import NotPermitted
from policy.queries.text_fetches import no_fetching
from policy.tasks import fetch_texts
from tests.people import account, signed_in
from tests.policy.desk.test_edit_pages import opened
from tests.policy.desk.test_source_texts import EXTENSION, NEWER
from tests.policy.desk.world import AT, published
from tests.policy.sources.test_page_text import SECTION
from tests.replay.answers import document
from tests.replay.server import Replay, replaying

pytestmark = pytest.mark.django_db
Team = dict[str, User]
PAGE = "/desk/sources/the-extension/"
HTML = "text/html; charset=utf-8"


@pytest.fixture
def replay(settings: Settings) -> Iterator[Replay]:
    stamina.set_testing(True, attempts=2, cap=True)
    with replaying() as server:
        settings.FETCH = True
        settings.SOURCE_SITES = {"federal-register": server.site, "ecfr": server.site}
        yield server
    stamina.set_testing(False)


@pytest.fixture
def editor(team: Team) -> Client:
    return signed_in(team["author"])


def at_address(url: str, slug: str = "the-extension") -> Source:
    Source.objects.filter(slug=slug).update(url=url)
    return Source.objects.get(slug=slug)


def said(replay: Replay, words: str, path: str = "/statement") -> str:
    """The words as a page of the replay server; its address."""
    replay.world.pages[path] = (HTML, f"<html><body><p>{words}</p></body></html>".encode())
    return replay.site + path


def fetched(team: Team, source: Source, minutes: int = 0) -> TextFetch:
    ask_for_text(source, by=team["author"], at=AT)
    assert fetch_waiting(clock=lambda: AT + timedelta(minutes=minutes)) == 1
    newest = TextFetch.objects.order_by("pk").last()
    assert newest
    return newest


# --- what is asked


def test_a_page_is_stored_with_its_bytes_its_address_and_who_asked(
    team: Team, replay: Replay
) -> None:
    source = at_address(said(replay, "Words of the page"))
    fetch = fetched(team, source, minutes=1)
    assert (fetch.outcome, fetch.message) == ("new", "The text is stored.")
    text = SourceText.objects.get()
    assert (text.text, text.how, text.added_by) == ("Words of the page", "fetched", team["author"])
    assert text.added_at == AT + timedelta(minutes=1)
    kept, data = FetchedText.objects.get(), replay.world.pages["/statement"][1]
    assert (kept.text, kept.url, kept.content_type) == (text, source.url, HTML)
    assert gzip.decompress(kept.gzipped) == data
    assert (kept.sha256, kept.size) == (hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize(
    ("names", "path"),
    [(("body_html_url", "raw_text_url"), "/body"), (("raw_text_url",), "/raw")],
)
def test_a_document_s_text_is_where_the_federal_register_says(
    team: Team, replay: Replay, names: tuple[str, ...], path: str
) -> None:
    source = at_address("https://www.federalregister.gov/d/2025-00636")
    Document.objects.create(number="2025-00636", source=source)
    urls = {name: f"{replay.site}/{name.partition('_')[0]}" for name in names}
    replay.world.documents = [document("2025-00636", "2025-01-15", **urls)]
    replay.world.pages = {
        "/body": (HTML, b"<p>AGENCY: BIS.</p><p>ACTION: Rule.</p>"),
        "/raw": ("text/plain", b"AGENCY: BIS.\nACTION: Rule."),
    }
    assert fetched(team, Source.objects.get(pk=source.pk)).outcome == "new"
    assert replay.paths() == ["/api/v1/documents/2025-00636.json", path]
    assert SourceText.objects.get().text == "AGENCY: BIS.\nACTION: Rule."


@pytest.mark.parametrize(
    ("address", "day", "asked"),
    [
        ("/on/2025-05-01/title-15/section-744.23", "2025-05-01", 1),
        ("/current/title-15/subtitle-B/part-744/section-744.23", "2026-11-20", 2),
    ],
)
def test_a_section_of_the_ecfr_is_asked_for_by_day(
    team: Team, replay: Replay, address: str, day: str, asked: int
) -> None:
    replay.world.parts["744.23"] = SECTION
    fetch = fetched(team, at_address(f"https://www.ecfr.gov{address}"))
    assert (fetch.outcome, len(replay.seen)) == ("new", asked)
    seen = replay.seen[-1]
    assert seen.path == f"/api/versioner/v1/full/{day}/title-15.xml"
    assert seen.query == [("part", "744"), ("section", "744.23")]
    assert SourceText.objects.get().text.startswith("§ 744.23 End-use controls.\n(a) Prohibition.")


# --- how it ends


def test_the_same_words_again_add_nothing_though_the_bytes_differ(
    team: Team, replay: Replay
) -> None:
    source = at_address(said(replay, "Words"))
    fetched(team, source)
    said(replay, "Words<!-- of another day -->")
    fetch = fetched(team, source)
    assert (fetch.outcome, fetch.message) == ("same", "The source says what is stored already.")
    assert (SourceText.objects.count(), FetchedText.objects.count()) == (1, 1)


def test_other_words_reopen_the_facts_that_quote_them(
    team: Team, replay: Replay, editor: Client
) -> None:
    published(team)
    source = at_address(said(replay, EXTENSION))
    assert fetched(team, source).reopened == 0
    said(replay, NEWER)
    fetch = fetched(team, source)
    assert (fetch.outcome, fetch.reopened) == ("new", 1)
    assert Proposal.objects.get().evidence["words"] == "the comment period is extended"
    assert "each of them is an open question now" in opened(editor, PAGE).main


@pytest.mark.parametrize(
    ("fault", "value", "sentence"),
    [
        ("status", 404, 'answers with status 404: {"errors":"told to"}. Paste the text below'),
        ("status", 503, "answers with status 503. Ask again later, or paste the text below."),
        ("type", "application/pdf", "sends “application/pdf” where text/html"),
        ("redirect", "https://intranet.example/", "not among the sources that may be asked."),
        ("bomb", 20_000_000, "unpacks to more than 16,777,216 bytes. Paste the text below"),
        ("bytes", b"\xff\xfe", "no UTF-8 text. Paste the text below instead."),
        ("bytes", b"<p> </p>", "There is nothing to store"),
    ],
)
def test_a_failure_says_what_to_do_and_stores_nothing(  # noqa: PLR0917
    team: Team, replay: Replay, editor: Client, fault: str, value: object, sentence: str
) -> None:
    replay.fail(fault, value, times=9)
    fetch = fetched(team, at_address(said(replay, "Words")))
    assert fetch.outcome == "failed"
    assert sentence in fetch.message
    assert "Not fetched" in opened(editor, PAGE).main
    assert not SourceText.objects.exists()


def test_an_error_of_our_own_ends_one_fetch_and_not_the_others(
    team: Team, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("policy.actions.desk.fetch_texts.source_words", broken)
    for slug in ("the-extension", "the-rule"):
        ask_for_text(at_address(said(replay, slug), slug), by=team["author"], at=AT)
    assert fetch_waiting(clock=lambda: AT) == 2
    assert set(TextFetch.objects.values_list("message", flat=True)) == {
        "Reading the answer broke off: KeyError. Paste the text below instead."
    }


def test_who_lost_the_power_meanwhile_stores_nothing(team: Team, replay: Replay) -> None:
    ask_for_text(at_address(said(replay, "Words")), by=team["author"], at=AT)
    User.objects.filter(pk=team["author"].pk).update(role=Role.READER)
    fetch_waiting(clock=lambda: AT)
    assert TextFetch.objects.get().outcome == "failed"
    assert not SourceText.objects.exists()


# --- who asks and who comes


def test_who_asks_twice_asks_once(team: Team, replay: Replay) -> None:
    source = at_address(said(replay, "Words"))
    first = ask_for_text(source, by=team["author"], at=AT)
    assert ask_for_text(source, by=team["analyst"], at=AT) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        TextFetch.objects.create(source=source, by=team["author"], asked=AT)


def test_one_worker_has_it_and_another_takes_over_from_one_that_died(
    team: Team, replay: Replay
) -> None:
    ask_for_text(at_address(said(replay, "Words")), by=team["author"], at=AT)
    assert claim(AT) is not None
    assert claim(AT + LEASE - timedelta(seconds=1)) is None
    assert claim(AT + LEASE) is not None


def test_a_page_on_which_workers_die_is_given_up(team: Team, replay: Replay) -> None:
    ask_for_text(at_address(said(replay, "Words")), by=team["author"], at=AT)
    for taken in range(3):
        assert claim(AT + taken * LEASE) is not None
    fetch_waiting(clock=lambda: AT + 3 * LEASE)
    fetch = TextFetch.objects.get()
    assert (fetch.outcome, replay.seen) == ("failed", [])
    assert fetch.message.startswith("3 workers ended while they read the answer. Paste")


def test_a_task_leaves_what_comes_after_its_turn_to_the_next(team: Team, replay: Replay) -> None:
    for slug in ("the-extension", "the-rule"):
        ask_for_text(at_address(said(replay, slug, f"/{slug}"), slug), by=team["author"], at=AT)
    ticks = iter(AT + timedelta(seconds=25 * n) for n in range(9))
    assert fetch_waiting(clock=lambda: next(ticks)) == 1
    assert TextFetch.objects.filter(finished__isnull=True).count() == 1


def test_a_reader_asks_for_nothing(team: Team, replay: Replay) -> None:
    source = at_address(said(replay, "Words"))
    with pytest.raises(NotPermitted):
        ask_for_text(source, by=account(Role.READER, name="Rea Reader"), at=AT)
    assert not TextFetch.objects.exists()


@pytest.mark.parametrize("sql", ["UPDATE policy_fetchedtext SET url = ''", "DELETE FROM {}"])
def test_the_database_keeps_the_bytes(team: Team, replay: Replay, sql: str) -> None:
    fetched(team, at_address(said(replay, "Words")))
    with pytest.raises(IntegrityError, match="stay as they came"), transaction.atomic():
        connection.cursor().execute(sql.format("policy_fetchedtext"))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://www.bis.gov/press-release/a", ""),
        ("https://www.govinfo.gov/content/pkg/a.htm", ""),
        ("", "The record holds no address of this source."),
        ("https://www.washingtonpost.com/a", "www.washingtonpost.com is no official site"),
        ("http://www.bis.gov/a", "www.bis.gov is no official site that may be asked."),
        ("https://a:b@www.bis.gov/", "www.bis.gov is no official site that may be asked."),
        ("https://127.0.0.1/", "127.0.0.1 is no official site that may be asked."),
    ],
)
def test_only_official_sites_over_tls_are_asked(
    team: Team, settings: Settings, url: str, sentence: str
) -> None:
    settings.FETCH = True
    source = at_address(url)
    assert no_fetching(source).startswith(sentence)
    assert bool(no_fetching(source)) == bool(sentence)
    if sentence:
        with pytest.raises(BadValues):
            ask_for_text(source, by=team["author"], at=AT)


# --- the page


def test_the_page_follows_a_fetch_to_its_end(team: Team, replay: Replay, editor: Client) -> None:
    at_address(said(replay, "Words of the page"))
    assert opened(editor, PAGE).texts("//form[contains(@action, 'fetch')]//button[not(@disabled)]")
    response = editor.post(f"{PAGE}fetch/")
    assert response.headers["Location"] == PAGE
    waiting = opened(editor, PAGE)
    assert "The text waits to be fetched; see how far it is" in waiting.main
    [link] = waiting.all("//*[@data-hx-trigger='every 2s, click']")
    part = {"HX-Request": "true", "HX-Target": "fetch"}
    polled = editor.get(str(link.get("data-hx-get")), headers=part)
    assert b"<html" not in polled.content
    assert fetch_texts() == 1
    ended = editor.get(PAGE, headers=part).content.decode()
    assert f'<a href="{PAGE}">Show it</a>' in ended
    assert "every 2s" not in ended
    page = opened(editor, PAGE)
    assert "Ada Author: from the bytes that were fetched (newest)" in page.main
    assert f"bytes from {replay.site}/statement, which are kept" in page.main
    assert "Show it" not in page.main


def test_the_page_says_when_no_worker_comes(team: Team, replay: Replay, editor: Client) -> None:
    source = at_address(said(replay, "Words"))
    ask_for_text(source, by=team["author"], at=AT - PATIENCE - timedelta(days=900))
    page = opened(editor, PAGE)
    assert "No worker has come for it within three minutes" in page.main
    assert not page.all("//*[@data-hx-trigger='every 2s, click']")


def test_without_fetching_the_button_says_so(
    team: Team, settings: Settings, editor: Client
) -> None:
    settings.FETCH = False
    at_address("https://www.bis.gov/press-release/a")
    page = opened(editor, PAGE)
    assert "Fetching is turned off (EARMARK_FETCH=0). Paste the text below." in page.main
    assert page.texts("//button[@disabled]") == ["Fetch the text"]
    editor.post(f"{PAGE}fetch/")
    assert "Fetching is turned off" in opened(editor, PAGE).main
    assert not TextFetch.objects.exists()
    assert fetch_texts() == 0


def test_one_text_is_fetched_at_a_time(team: Team, replay: Replay) -> None:
    for slug in ("the-extension", "the-rule"):
        ask_for_text(at_address(said(replay, slug, f"/{slug}"), slug), by=team["author"], at=AT)
    first = claim(AT)
    assert first is not None
    assert claim(AT) is None
    TextFetch.objects.filter(pk=first.pk).update(finished=AT, outcome="same")
    second = claim(AT)
    assert second is not None
    assert second.pk != first.pk


def test_a_page_that_has_lost_most_of_the_words_is_not_taken_for_the_text(
    team: Team, replay: Replay
) -> None:
    published(team)
    source = at_address(said(replay, EXTENSION))
    fetched(team, source)
    said(replay, "Loading")
    fetch = fetched(team, source)
    assert (fetch.outcome, SourceText.objects.count(), Proposal.objects.count()) == ("failed", 1, 0)
    assert fetch.message.startswith("The answer has 7 characters, and the text that is stored")
    assert fetch.message.endswith("Nothing was stored. Paste the text below instead.")


def test_the_page_says_when_a_worker_has_had_it_for_long(
    team: Team, replay: Replay, editor: Client
) -> None:
    long_ago = AT - PATIENCE - timedelta(minutes=1)
    ask_for_text(at_address(said(replay, "Words")), by=team["author"], at=long_ago)
    assert claim(long_ago + timedelta(seconds=5)) is not None
    assert "A worker has had it for minutes" in opened(editor, PAGE).main
