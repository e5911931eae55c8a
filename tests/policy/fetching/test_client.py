"""The client against a real server that misbehaves in every way it must survive."""

import socket
from datetime import UTC, datetime

import pytest
import stamina
from stamina.instrumentation import RetryDetails

from policy.fetching.addresses import check_socket, is_allowed
from policy.fetching.client import Client, Question, seconds_until
from policy.fetching.errors import FetchError, Permanent, RetryLater, Unreachable, Unsafe
from policy.fetching.politeness import OFFICIAL, Politeness
from tests.policy.fetching.clients import Sleeps, client_of
from tests.processes.product import free_port
from tests.replay.server import Replay


def ask(client: Client, replay: Replay, path: str = "/thing", **others: object) -> bytes:
    return client.ask(Question(f"{replay.site}{path}", **others)).data  # type: ignore[arg-type]


def test_an_answer_comes_with_its_bytes_and_headers(client: Client, replay: Replay) -> None:
    answer = client.ask(Question(f"{replay.site}/thing", parameters=(("a[]", "1"), ("a[]", "2"))))
    assert answer.data == b'{"path": "/thing", "ok": true}'
    assert answer.etag
    assert replay.seen[0].all("a[]") == ["1", "2"]
    assert replay.seen[0].headers["User-Agent"] == "Earmark"


def test_what_the_source_has_not_changed_is_not_sent_again(client: Client, replay: Replay) -> None:
    first = client.ask(Question(f"{replay.site}/thing"))
    again = client.ask(Question(f"{replay.site}/thing", etag=first.etag))
    assert again.is_same
    assert again.data == b""


def test_a_date_of_change_is_sent_too(client: Client, replay: Replay) -> None:
    then = "Sun, 22 Nov 2026 10:00:00 GMT"
    ask(client, replay, last_modified=then)
    assert replay.seen[0].headers["If-Modified-Since"] == then


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(client: Client, replay: Replay, status: int) -> None:
    replay.fail("status", status, times=2)
    assert ask(client, replay)
    assert len(replay.seen) == 3


def test_a_server_that_stays_busy_is_left_alone_after_some_attempts(
    client: Client, replay: Replay
) -> None:
    replay.fail("status", 503, times=99)
    with pytest.raises(RetryLater, match=r"127.0.0.1 answers with status 503\."):
        ask(client, replay)
    assert len(replay.seen) == Politeness.attempts


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_question_that_is_refused_is_not_asked_again(
    client: Client, replay: Replay, status: int
) -> None:
    replay.fail("status", status)
    with pytest.raises(Permanent, match=f"status {status}: .*told to"):
        ask(client, replay)
    assert len(replay.seen) == 1


class Waited(Exception):
    """What the client would wait for, in seconds."""


def stop_instead(details: RetryDetails) -> None:
    raise Waited(details.wait_for)


@pytest.mark.parametrize(
    ("printed", "least"),
    [("7", 7.0), ("Mon, 23 Nov 2026 15:00:09 GMT", 9.0)],
    ids=["seconds", "date"],
)
def test_a_server_that_names_a_time_is_given_it(replay: Replay, printed: str, least: float) -> None:
    replay.fail("status", 429, headers={"Retry-After": printed})
    stamina.set_testing(False)
    stamina.instrumentation.set_on_retry_hooks([stop_instead])
    try:
        with pytest.raises(Waited) as caught:
            ask(client_of(replay, jitter=1.0), replay)
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    [seconds] = caught.value.args
    assert least <= seconds <= least + 1


def test_a_server_that_asks_for_an_hour_is_asked_by_a_later_run(
    client: Client, replay: Replay
) -> None:
    replay.fail("status", 429, headers={"Retry-After": "3600"}, times=9)
    with pytest.raises(RetryLater, match="asks to wait 3600 seconds") as caught:
        ask(client, replay)
    assert caught.value.after == 3600
    assert len(replay.seen) == 1


@pytest.mark.parametrize(
    ("printed", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 15:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 14:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(printed: str, seconds: float | None) -> None:
    assert seconds_until(printed, datetime(2026, 11, 23, 15, tzinfo=UTC)) == seconds


def test_a_body_that_breaks_off_is_asked_for_again(client: Client, replay: Replay) -> None:
    replay.fail("truncate")
    assert ask(client, replay).endswith(b"}")
    assert len(replay.seen) == 2


@pytest.mark.parametrize("do", ["truncate", "break-chunks"])
def test_a_body_that_always_breaks_off_is_no_answer(
    client: Client, replay: Replay, do: str
) -> None:
    replay.fail(do, times=99)
    with pytest.raises(RetryLater, match="broke off"):
        ask(client, replay)


def test_a_packed_answer_is_unpacked(client: Client, replay: Replay) -> None:
    replay.fail("gzip")
    assert ask(client, replay) == b'{"path": "/thing", "ok": true}'


def test_a_packed_answer_that_lacks_its_end_is_no_answer(client: Client, replay: Replay) -> None:
    replay.fail("gzip", 9, times=99)
    with pytest.raises(RetryLater, match="packed answer broke off"):
        ask(client, replay)


def test_a_bomb_is_refused_long_before_it_is_unpacked(replay: Replay) -> None:
    replay.fail("bomb", 50_000_000)
    with pytest.raises(Unsafe, match="unpacks to more than 1,000,000 bytes"):
        ask(client_of(replay, max_bytes=1_000_000), replay)
    assert len(replay.seen) == 1


def test_an_answer_that_says_it_is_too_long_is_not_read(replay: Replay) -> None:
    with pytest.raises(Unsafe, match="bytes long; 10 are allowed"):
        ask(client_of(replay, max_wire=10), replay)


def test_an_answer_in_chunks_that_grows_too_long_is_refused(replay: Replay) -> None:
    replay.fail("break-chunks")
    with pytest.raises(Unsafe, match="longer than 10 bytes"):
        ask(client_of(replay, max_wire=10), replay)


def test_bytes_that_come_one_by_one_run_out_of_time(replay: Replay) -> None:
    replay.fail("slow", 0.05, times=9)
    with pytest.raises(RetryLater, match="took longer"):
        ask(client_of(replay, total_seconds=0.2, attempts=1), replay)


def test_a_silent_server_is_not_waited_for(replay: Replay) -> None:
    replay.fail("slow", 2.0)
    with pytest.raises(RetryLater, match=r"broke off|does not answer"):
        ask(client_of(replay, read_seconds=0.2, attempts=1), replay)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "shift_jis"])
def test_another_charset_is_refused(client: Client, replay: Replay, charset: str) -> None:
    replay.fail("charset", charset)
    with pytest.raises(Permanent, match=f"text in “{charset}”, not UTF-8"):
        ask(client, replay)


def test_bytes_that_belie_their_charset_are_refused(client: Client, replay: Replay) -> None:
    replay.fail("bytes", "Straße".encode("latin-1"))
    with pytest.raises(Permanent, match="no UTF-8 text"):
        ask(client, replay)


def test_a_page_for_people_is_not_taken_for_data(client: Client, replay: Replay) -> None:
    replay.fail("type", "text/html; charset=utf-8")
    with pytest.raises(Permanent, match="sends “text/html; charset=utf-8” where application/json"):
        ask(client, replay)


def test_a_packing_that_was_not_asked_for_is_refused(client: Client, replay: Replay) -> None:
    replay.fail("encoding", "br")
    with pytest.raises(Permanent, match="packed as “br”"):
        ask(client, replay)


def test_a_redirect_inside_is_followed(client: Client, replay: Replay) -> None:
    replay.fail("redirect", "/elsewhere")
    assert b"/elsewhere" in ask(client, replay)


@pytest.mark.parametrize(
    "target",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "file:///etc/passwd",
        "//evil.example/",
        "https://www.ecfr.gov.evil.example/",
        "http://user:secret@127.0.0.1/",
        "http://[/",
    ],
)
def test_a_redirect_outside_is_refused(client: Client, replay: Replay, target: str) -> None:
    replay.fail("redirect", target)
    with pytest.raises(Unsafe, match=r"not among the sources|no address"):
        ask(client, replay)
    assert len(replay.seen) == 1


def test_a_ring_of_redirects_ends(client: Client, replay: Replay) -> None:
    replay.fail("redirect", "/again", times=99)
    with pytest.raises(Unsafe, match="again and again"):
        ask(client, replay)
    assert len(replay.seen) == Politeness.max_redirects + 1


def test_a_key_does_not_follow_to_another_host(replay: Replay) -> None:
    other = replay.site.replace("127.0.0.1", "localhost")
    client = client_of(replay, origins=frozenset({replay.site, other}))
    replay.fail("redirect", f"{other}/there")
    ask(client, replay, secret={"X-Api-Key": "s3cret"})
    assert [seen.headers.get("X-Api-Key") for seen in replay.seen] == ["s3cret", None]


def test_only_the_official_sources_may_be_asked_by_default() -> None:
    assert all(origin.startswith("https://") for origin in OFFICIAL)
    for url in ("http://www.ecfr.gov/", "https://ecfr.example/", "https://www.ecfr.gov:8443/"):
        with pytest.raises(Unsafe, match="not among the sources"):
            Politeness().check_address(url)
    assert Politeness().check_address("https://www.ecfr.gov/api/versioner/v1/titles.json")


def test_an_address_on_this_machine_is_refused_unless_a_test_allows_it(replay: Replay) -> None:
    """As where a name that is allowed leads to a private address, or comes to."""
    with pytest.raises(Unsafe, match=r"leads to 127\.0\.0\.1, which is no public address"):
        ask(client_of(replay, loopback=False), replay)
    assert replay.seen == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # an address to refuse
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_only_public_addresses_are_reached(address: str, allowed: bool) -> None:
    assert is_allowed(address, loopback=False) is allowed


def test_a_refused_connection_is_closed() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        connected = socket.create_connection(listener.getsockname())
        with pytest.raises(Unsafe):
            check_socket(connected, "name.example", loopback=False)
        assert connected.fileno() == -1


def test_where_nobody_listens_is_said_at_once(replay: Replay) -> None:
    site = f"http://127.0.0.1:{free_port()}"
    client = client_of(replay, origins=frozenset({site}))
    with pytest.raises(Unreachable, match=r"There is no way to 127\.0\.0\.1 from here"):
        client.ask(Question(f"{site}/"))


def test_requests_to_one_host_keep_their_distance(replay: Replay, sleeps: Sleeps) -> None:
    client = client_of(replay, sleeps, pause=2.0)
    for _ in range(3):
        ask(client, replay)
    assert sleeps == [2.0, 2.0]


def test_progress_tells_what_has_arrived_of_how_much(client: Client, replay: Replay) -> None:
    heard: list[tuple[int, int | None]] = []
    data = client.ask(
        Question(f"{replay.site}/thing"), lambda done, total: heard.append((done, total))
    ).data
    assert heard[-1] == (len(data), len(data))


def test_every_error_is_one_kind_with_a_sentence() -> None:
    for kind in (RetryLater, Unreachable, Permanent, Unsafe):
        assert issubclass(kind, FetchError)
        assert str(kind("It is so.")) == "It is so."
