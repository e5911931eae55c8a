"""One polite client for all sources: it asks only them, and takes only what it asked for.

Redirects are followed by hand, each hop checked; nothing of the machine's own settings
(proxies, .netrc) is used. The clock and the sleep are arguments.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import stamina
from requests.exceptions import RequestException
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from policy.fetching.addresses import CheckedAdapter
from policy.fetching.body import Bounds, Progress, read_body
from policy.fetching.errors import FetchError, Permanent, RetryLater, Unreachable, Unsafe
from policy.fetching.politeness import Politeness

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a busy or broken server says; the question itself was right.
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_MODIFIED = 304
OK = 200
JSON = ("application/json", "application/vnd.api+json")
XML = ("application/xml", "text/xml")


@dataclass(frozen=True)
class Question:
    """An address and what may come back. ``secret`` headers never follow to another host."""

    url: str
    accept: tuple[str, ...] = JSON
    parameters: tuple[tuple[str, str], ...] = ()
    secret: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    # Whether "as it was last time" is an answer that the fetcher can use.
    conditional: bool = False

    @property
    def address(self) -> str:
        """The whole address; the order of the parameters is kept, so that it names an answer."""
        return f"{self.url}?{urlencode(self.parameters)}" if self.parameters else self.url

    @property
    def headers(self) -> dict[str, str]:
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in conditions.items() if value}


@dataclass(frozen=True)
class Answer:
    """What came back. ``is_same`` says that the source has nothing new since the last time."""

    url: str
    data: bytes
    headers: Mapping[str, str]
    is_same: bool = False

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("Last-Modified", "")


def nothing(_done: int, _total: int | None) -> None:
    """Progress that nobody follows."""


class OwnRedirects(requests.Session):
    """requests looks at a redirect even where it does not follow it, and reads its whole body."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: redirects are the client's own business."""


class Client:
    """Asks one question at a time. ``clock`` gives seconds that only go forward.

    ``wall`` gives the current UTC instant, for sources that name the instant to come back.
    """

    def __init__(
        self,
        politeness: Politeness,
        *,
        wall: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.politeness, self.wall, self.clock, self.sleep = politeness, wall, clock, sleep
        self._next: dict[str, float] = {}
        self._session = OwnRedirects()
        self._session.trust_env = False
        adapter = CheckedAdapter(loopback=politeness.loopback)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def ask(self, question: Question, progress: Progress = nothing) -> Answer:
        """The answer, after as many attempts as are polite.

        Raises RetryLater, Permanent or Unsafe, each with a sentence.
        """
        limits = self.politeness
        for attempt in stamina.retry_context(
            on=self._wait,
            attempts=limits.attempts,
            timeout=None,
            wait_initial=limits.wait_initial,
            wait_max=limits.wait_max,
            wait_jitter=limits.jitter,
        ):
            with attempt:
                return self._once(question, progress)
        raise AssertionError("stamina gives an answer or raises")

    def _wait(self, error: Exception) -> bool | float:
        """Whether to try again; a source that names a time is given it, and a little more."""
        if not isinstance(error, RetryLater) or isinstance(error, Unreachable):
            return False
        if error.after is None:
            return True
        if error.after > self.politeness.longest_wait:
            return False
        return error.after + random.uniform(0, self.politeness.jitter)  # noqa: S311  # no secret

    def _once(self, question: Question, progress: Progress) -> Answer:
        end = self.clock() + self.politeness.total_seconds
        url, secret = question.address, dict(question.secret)
        for _hop in range(self.politeness.max_redirects + 1):
            self.politeness.check_address(url)
            self._keep_pace(url)
            with self._get(url, {**question.headers, **secret}, question.accept) as response:
                if response.status_code not in REDIRECTS:
                    return self._answer(question, url, response, progress, end)
                onward = onward_of(url, response.headers.get("Location", ""))
            if urlsplit(onward).netloc != urlsplit(url).netloc:
                secret = {}
            url = onward
        raise Unsafe(f"{host_of(question.url)} redirects again and again.")

    def _keep_pace(self, url: str) -> None:
        """Wait until this host may be asked again."""
        host, now = host_of(url), self.clock()
        start = max(now, self._next.get(host, now))
        if start > now:
            self.sleep(start - now)
        self._next[host] = start + self.politeness.pause

    def _get(
        self, url: str, headers: Mapping[str, str], accept: tuple[str, ...]
    ) -> requests.Response:
        limits = self.politeness
        own = {
            "User-Agent": limits.agent,
            "Accept": ", ".join(accept),
            "Accept-Encoding": "gzip",
        }
        try:
            return self._session.get(
                url,
                headers={**own, **headers},
                timeout=(limits.connect_seconds, limits.read_seconds),
                allow_redirects=False,
                stream=True,
            )
        except FetchError:
            raise
        except (RequestException, HTTPError, OSError) as error:
            raise no_answer(url, error) from error

    def _answer(  # one answer's question, place, body and time
        self,
        question: Question,
        url: str,
        response: requests.Response,
        progress: Progress,
        end: float,
    ) -> Answer:
        if response.status_code == NOT_MODIFIED:
            return Answer(url, b"", response.headers, is_same=True)
        limits = self.politeness
        bounds = Bounds(limits.max_wire, limits.max_bytes, lambda: self.clock() > end)
        try:
            check_status(url, response, self.wall())
            check_type(url, response, question.accept)
            data = read_body(response.raw, bounds, progress)
        except FetchError:
            raise
        except (RequestException, HTTPError, OSError) as error:
            raise RetryLater(f"{host_of(url)} broke off: {reason_of(error)}.") from error
        return Answer(url, check_text(url, data), response.headers)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def onward_of(url: str, location: str) -> str:
    """Where a redirect leads. Raises Unsafe for what is no address."""
    try:
        onward = urljoin(url, location)
        urlsplit(onward)
    except ValueError as error:
        raise Unsafe(
            f"{host_of(url)} redirects to {location[:100]}, which is no address."
        ) from error
    return onward


def reason_of(error: BaseException) -> str:
    """A word on a network error; its own text holds addresses of objects in memory."""
    return type(error).__name__


def no_answer(url: str, error: BaseException) -> RetryLater:
    """What it means that no answer began: no way there, or a server that says nothing."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(cause, NewConnectionError | ConnectTimeoutError):
        return Unreachable(f"There is no way to {host_of(url)} from here: no network, or closed.")
    return RetryLater(f"{host_of(url)} does not answer: {reason_of(error)}.")


def check_status(url: str, response: requests.Response, at: datetime) -> None:
    """Raise what the status means, if it is not an answer. ``at`` is the current UTC instant."""
    status = response.status_code
    if status == OK:
        return
    if status in BUSY:
        after = seconds_until(response.headers.get("Retry-After", ""), at)
        wait = f" and asks to wait {after:.0f} seconds" if after is not None else ""
        raise RetryLater(f"{host_of(url)} answers with status {status}{wait}.", after)
    raise Permanent(f"{host_of(url)} answers with status {status}{said(response)}.")


def said(response: requests.Response) -> str:
    """What a refusing source says, shortened: it may name the unknown field."""
    start = response.raw.read(400, decode_content=True) or b""
    text = " ".join(start.decode("utf-8", "replace").split())
    return f": {text[:200]}" if text else ""


def seconds_until(text: str, at: datetime) -> float | None:
    """Retry-After, RFC 9110 10.2.3: seconds, or an HTTP date; None if it is neither."""
    text = text.strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    then = then.replace(tzinfo=UTC) if then.tzinfo is None else then
    return max(0.0, (then - at).total_seconds())


def check_type(url: str, response: requests.Response, accept: tuple[str, ...]) -> None:
    """Raise Permanent for another type of content than was asked for, or another charset."""
    printed = response.headers.get("Content-Type", "")
    name, *parameters = (part.strip().casefold() for part in printed.split(";"))
    if name not in accept:
        what = f"“{printed}”" if printed else "an unnamed type"
        raise Permanent(f"{host_of(url)} sends {what} where {' or '.join(accept)} was asked for.")
    pairs: dict[str, Any] = dict(p.split("=", 1) for p in parameters if "=" in p)
    charset = str(pairs.get("charset", "utf-8")).strip("\"' ")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Permanent(f"{host_of(url)} sends text in “{charset}”, not UTF-8.")


def check_text(url: str, data: bytes) -> bytes:
    """The bytes themselves. Raises Permanent if they are no UTF-8 text."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Permanent(f"{host_of(url)} sends bytes that are no UTF-8 text.") from error
    return data
