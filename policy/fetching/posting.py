"""Telling a stranger's server something: over TLS, on a public address, once, and briefly.

Addresses of webhooks are given by readers, so the machine that sends must not be made to ask
its own network. The connected socket is checked as for the sources; nothing is followed, and
of the answer only its status counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from policy.fetching.addresses import CheckedAdapter, is_allowed
from policy.fetching.client import OwnRedirects, no_answer, seconds_until
from policy.fetching.errors import FetchError, RetryLater, Unsafe

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
# A server that answers a byte at a time keeps each of the two, and would hold the sender for ever.
WHOLE_SECONDS = 20.0
AGENT = "Earmark"
OWN_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Posted:
    """The status of an answer, and how many seconds the server asks to be left alone."""

    status: int
    after: float | None = None


def check_target(url: str, *, loopback: bool) -> str:
    """The address itself. Raises Unsafe, with a sentence, if nothing may be sent there.

    ``loopback`` lets a server on this very machine be told, without TLS; only tests and
    development say so.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Unsafe(f"{url[:200]} is no address.") from error
    own = loopback and parts.hostname in OWN_NAMES
    if parts.scheme != "https" and not (own and parts.scheme == "http"):
        raise Unsafe("A webhook's address begins with https://, so that nobody else reads it.")
    if not parts.hostname or parts.username or parts.password:
        raise Unsafe("A webhook's address names a host, and neither a user nor a password.")
    if not own and not may_be_public(parts):
        raise Unsafe(f"{parts.hostname} is no public address.")
    return url


def may_be_public(parts: SplitResult) -> bool:
    """Whether a host may be public: of a name, only the connected socket can say."""
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return "." in host and host not in OWN_NAMES
    return is_allowed(host, loopback=False)


class Poster:
    """Sends to addresses that readers gave. Close it, or use it in a ``with``."""

    def __init__(
        self,
        *,
        loopback: bool,
        read_seconds: float = READ_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self.loopback, self.read_seconds, self.whole_seconds = loopback, read_seconds, whole_seconds
        self._session = OwnRedirects()
        self._session.trust_env = False
        adapter = CheckedAdapter(loopback=loopback)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def __enter__(self) -> "Poster":
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Posted:
        """One attempt at the UTC instant ``at``. Raises RetryLater or Unsafe, with a sentence."""
        check_target(url, loopback=self.loopback)
        answers: SimpleQueue[Posted | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.answer(url, body, headers, at))
            except Exception as error:  # raised where somebody waits for it
                answers.put(error)

        # A thread that is left behind ends with its connection, and may yet deliver: the receiver
        # knows the second attempt by its key.
        Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self.whole_seconds)
        except Empty as error:
            host, seconds = urlsplit(url).hostname, f"{self.whole_seconds:g} seconds"
            raise RetryLater(f"{host} does not finish its answer within {seconds}.") from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def answer(self, url: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Posted:
        """As ``post``, however long it takes."""
        try:
            with self._session.post(
                url,
                data=body,
                headers={"User-Agent": AGENT, **headers},
                timeout=(CONNECT_SECONDS, self.read_seconds),
                allow_redirects=False,
                stream=True,  # the body of an answer is nobody's business, and may be endless
            ) as response:
                after = seconds_until(response.headers.get("Retry-After", ""), at)
                return Posted(response.status_code, after)
        except FetchError:
            raise
        except (RequestException, HTTPError, OSError) as error:
            raise no_answer(url, error) from error
