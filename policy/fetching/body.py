"""Reading the body of an answer: bounded on the wire and when unpacked, and whole."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from urllib3.response import BaseHTTPResponse

from policy.fetching.errors import Permanent, RetryLater, Unsafe

CHUNK = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS
# Received so far, and expected in all where the source says so.
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Bounds:
    """Sizes in bytes; ``over`` says whether the time of this attempt has run out."""

    max_wire: int
    max_bytes: int
    over: Callable[[], bool]


def read_body(
    raw: BaseHTTPResponse, bounds: Bounds, progress: Progress = lambda _done, _total: None
) -> bytes:
    """The unpacked body of an answer.

    Raises Unsafe for one beyond the bounds, RetryLater for one that breaks off or takes too
    long, Permanent for one packed in a way that was not asked for.
    """
    expected = length_of(raw)
    if expected is not None and expected > bounds.max_wire:
        raise Unsafe(f"The answer is {expected:,} bytes long; {bounds.max_wire:,} are allowed.")
    unpacked = bytearray()
    unpack = unpacker(raw.headers.get("Content-Encoding", ""), bounds.max_bytes)
    wire = 0
    for chunk in chunks(raw, bounds):
        wire += len(chunk)
        if wire > bounds.max_wire:
            raise Unsafe(f"The answer is longer than {bounds.max_wire:,} bytes.")
        unpacked += unpack.feed(chunk, len(unpacked))
        progress(wire, expected)
    if expected is not None and wire != expected:
        raise RetryLater(f"The answer broke off after {wire:,} of {expected:,} bytes.")
    if not unpack.is_whole(wire):
        raise RetryLater(f"The packed answer broke off after {wire:,} bytes.")
    return bytes(unpacked)


def length_of(raw: BaseHTTPResponse) -> int | None:
    """Content-Length; unknown where the answer comes in chunks."""
    if "chunked" in raw.headers.get("Transfer-Encoding", "").casefold():
        return None
    text = raw.headers.get("Content-Length", "").strip()
    return int(text) if text.isdecimal() else None


def chunks(raw: BaseHTTPResponse, bounds: Bounds) -> Iterator[bytes]:
    """What arrives, as it arrives: waiting for a full chunk would outlast the time allowed."""
    while chunk := raw.read1(CHUNK, decode_content=False):
        if bounds.over():
            raise RetryLater("The answer took longer than is allowed for one.")
        yield chunk


class Plain:
    """A body that is not packed."""

    def __init__(self, most: int) -> None:
        self.most = most

    def feed(self, chunk: bytes, held: int) -> bytes:
        if held + len(chunk) > self.most:
            raise Unsafe(f"The answer is longer than {self.most:,} bytes.")
        return chunk

    def is_whole(self, _wire: int) -> bool:
        return True


class Gzip:
    """A packed body that is never unpacked beyond its bound; it may have several members."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.member = zlib.decompressobj(GZIP)

    def feed(self, chunk: bytes, held: int) -> bytes:
        found = bytearray()
        while chunk:
            if self.member.eof:
                self.member = zlib.decompressobj(GZIP)
            try:
                found += self.member.decompress(chunk, self.most - held - len(found) + 1)
            except zlib.error as error:
                raise RetryLater("The packed answer is damaged.") from error
            if held + len(found) > self.most:
                raise Unsafe(f"The answer unpacks to more than {self.most:,} bytes.")
            chunk = self.member.unconsumed_tail or self.member.unused_data
        return bytes(found)

    def is_whole(self, wire: int) -> bool:
        return self.member.eof or not wire


def unpacker(encoding: str, most: int) -> Plain | Gzip:
    name = encoding.strip().casefold()
    if name in ("", "identity"):
        return Plain(most)
    if name in ("gzip", "x-gzip"):
        return Gzip(most)
    raise Permanent(f"The answer is packed as “{encoding}”, which was not asked for.")
