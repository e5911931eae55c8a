"""The official sources over real HTTP on loopback, as their specifications say they answer.

Each can be told to misbehave: see ``Fault``. Nothing here is a copy of an official answer.
"""

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.replay.answers import World, documents, ecfr, regulations

Query = list[tuple[str, str]]


@dataclass
class Fault:
    """What goes wrong with the next answers whose path begins with ``path``.

    ``do`` is one of: status, truncate, break-chunks, bomb, charset, type, redirect, slow,
    bytes, encoding.
    """

    do: str
    value: Any = None
    path: str = "/"
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    path: str
    query: Query
    headers: dict[str, str]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]


@dataclass
class Reply:
    """One answer before it is sent."""

    status: int
    body: bytes
    headers: dict[str, str]


class Replay:
    """The server's world, what it was asked, and what it is told to do wrong."""

    def __init__(self) -> None:
        self.world = World()
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.site = ""
        self.on_request: Callable[[Seen], None] = lambda _seen: None

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def fail(self, do: str, value: Any = None, **others: Any) -> None:
        self.faults.append(Fault(do, value, **others))

    def fault_for(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times and path.startswith(fault.path):
                fault.times -= 1
                return fault
        return None

    def reply(self, seen: Seen) -> Reply:
        """What the specification says."""
        if seen.path in self.world.pages:
            kind, body = self.world.pages[seen.path]
            return Reply(200, body, {"Content-Type": kind})
        if seen.path.startswith("/api/v1/documents"):
            return reply_json(*documents(self.world, seen.path, seen.query))
        if seen.path.startswith("/api/versioner"):
            status, body, kind = ecfr(self.world, seen.path, seen.query)
            return Reply(status, body, {"Content-Type": kind})
        if seen.path.startswith("/v4/"):
            return reply_json(*regulations(self.world, seen.path, seen.query, seen.headers))
        if seen.path.endswith("/consolidated.json"):
            headers = {"Content-Type": "application/json"}
            if self.world.csl_modified:
                headers["Last-Modified"] = self.world.csl_modified
            return Reply(200, self.world.csl, headers)
        return reply_json(200, {"path": seen.path, "ok": True})


def reply_json(status: int, value: Any) -> Reply:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Reply(status, json.dumps(value).encode(), headers)


class Handler(BaseHTTPRequestHandler):
    """Answers one request; HTTP/1.1, so that bodies have a length or come in chunks."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        replay = self.server.replay
        parts = urlsplit(self.path)
        query = parse_qsl(parts.query, keep_blank_values=True)
        seen = Seen(parts.path, query, dict(self.headers))
        replay.seen.append(seen)
        replay.on_request(seen)
        reply = replay.reply(seen)
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        fault = replay.fault_for(seen.path)
        if fault is None and reply.status == 200:
            reply.headers["ETag"] = etag
            if self.headers.get("If-None-Match") == etag:
                reply = Reply(304, b"", {"ETag": etag})
        try:
            self.send(reply, fault)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def send(self, reply: Reply, fault: Fault | None) -> None:
        if fault:
            reply.headers.update(fault.headers)
            special = getattr(self, f"send_{fault.do.replace('-', '_')}")
            special(reply, fault)
            return
        self.head(reply, len(reply.body))
        self.wfile.write(reply.body)

    def head(self, reply: Reply, length: int | None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.status != 304:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def plain(self, reply: Reply) -> None:
        self.head(reply, len(reply.body))
        self.wfile.write(reply.body)

    def send_status(self, reply: Reply, fault: Fault) -> None:
        self.plain(Reply(fault.value, b'{"errors":"told to"}', reply.headers))

    def send_truncate(self, reply: Reply, _fault: Fault) -> None:
        self.head(reply, len(reply.body))
        self.wfile.write(reply.body[: len(reply.body) // 2])
        self.close_connection = True

    def send_break_chunks(self, reply: Reply, _fault: Fault) -> None:
        self.head(reply, None)
        half = reply.body[: len(reply.body) // 2]
        self.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
        self.close_connection = True

    def send_bomb(self, reply: Reply, fault: Fault) -> None:
        """A small body that unpacks to ``value`` bytes."""
        packed = gzip.compress(b" " * fault.value)
        reply.headers["Content-Encoding"] = "gzip"
        self.plain(Reply(200, packed, reply.headers))

    def send_gzip(self, reply: Reply, fault: Fault) -> None:
        """The right answer, packed; ``value`` bytes are cut off its end."""
        packed = gzip.compress(reply.body)
        reply.headers["Content-Encoding"] = "gzip"
        self.plain(Reply(200, packed[: len(packed) - (fault.value or 0)], reply.headers))

    def send_charset(self, reply: Reply, fault: Fault) -> None:
        reply.headers["Content-Type"] = f"application/json; charset={fault.value}"
        self.plain(reply)

    def send_type(self, reply: Reply, fault: Fault) -> None:
        reply.headers["Content-Type"] = fault.value
        self.plain(reply)

    def send_bytes(self, reply: Reply, fault: Fault) -> None:
        self.plain(Reply(200, fault.value, reply.headers))

    def send_encoding(self, reply: Reply, fault: Fault) -> None:
        reply.headers["Content-Encoding"] = fault.value
        self.plain(reply)

    def send_redirect(self, _reply: Reply, fault: Fault) -> None:
        self.plain(Reply(302, b"", {"Location": fault.value}))

    def send_slow(self, reply: Reply, fault: Fault) -> None:
        """A byte now and then, each in time, the whole too late."""
        self.head(reply, len(reply.body))
        for place in range(len(reply.body)):
            self.wfile.write(reply.body[place : place + 1])
            self.wfile.flush()
            time.sleep(fault.value)

    def log_message(self, *_args: Any) -> None:
        """Nothing on the terminal."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_args: Any) -> None:
        """A client that goes away is no error of the server's."""


@contextmanager
def replaying() -> Iterator[Replay]:
    """The server on a free port, for as long as the block lasts."""
    replay = Replay()
    with Server(replay) as server:
        replay.site = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield replay
        finally:
            server.shutdown()
            thread.join()
