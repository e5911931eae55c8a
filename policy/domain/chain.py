"""The chain of hashes that a record's history hangs on.

A row is digested as it was inserted, in four groups of fields, so that a check can say which
of them was altered. Each entry of a chain is hashed together with the hash of the entry before
it, each seal together with the seal before it: whoever alters one has to rewrite all that
follow, and a seal that was handed out earlier shows even that.

The bytes are the same whichever database held the values: dates and instants are ISO 8601,
instants in UTC, JSON has sorted keys, and None is not the empty text.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

# What stands before the first entry of a chain and before the first seal.
GENESIS = bytes(32)
# Of each group's digest so much is kept to tell which group was altered; the whole of each is
# in the row's own digest.
KEPT = 8


class Group(StrEnum):
    """The groups of a row's fields, as sentences name them."""

    KEY = "its key or the revision that recorded it"
    DAYS = "the days on which it is in force"
    SAYS = "what it says"
    SOURCE = "its source, quote or note"


class Act(StrEnum):
    """What an entry records."""

    INSERTED = "inserted"
    CLOSED = "closed"


def as_text(value: object) -> str:
    """Values that JSON lacks, one text for each."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            msg = f"{value} has no time zone, so it names no instant"
            raise ValueError(msg)
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        # 62.5 as typed and 62.50 as a database gives it back are one number.
        return f"{value.normalize():f}"
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=as_text)


def canonical(value: object) -> bytes:
    """One spelling of a value made of texts, numbers, dates, lists and mappings.

    Raises TypeError for any other kind of value, ValueError for an instant without a zone.
    """
    return _ENCODER.encode(value).encode()


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of a row, and the beginnings of those of its groups, in their order."""

    whole: bytes
    parts: bytes

    def differs_in(self, other: bytes) -> list[Group]:
        """The groups whose beginnings differ from those kept in ``other``."""
        return [
            group
            for place, group in enumerate(Group)
            if self.parts[place * KEPT : (place + 1) * KEPT]
            != other[place * KEPT : (place + 1) * KEPT]
        ]


def digest_row(groups: Mapping[Group, object]) -> Digest:
    """The digest of a row from the values of each of its groups."""
    digests = [sha256(canonical(groups[group])) for group in Group]
    return Digest(sha256(b"".join(digests)), b"".join(digest[:KEPT] for digest in digests))


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a chain, as it is hashed. ``because`` is the reason of a closing."""

    chain: str
    position: int
    act: str
    revision: int
    digest: Digest
    because: str = ""


def link_hash(previous: bytes, link: Link) -> bytes:
    """The hash of an entry that follows the one with the hash ``previous``."""
    said = (
        link.chain,
        link.position,
        link.act,
        link.revision,
        link.digest.whole.hex(),
        link.digest.parts.hex(),
        link.because,
    )
    return sha256(previous + canonical(said))


@dataclass(frozen=True, slots=True)
class Sealed:
    """The columns of a revision that its seal covers; ``recorded_at`` is a UTC instant."""

    number: int
    recorded_at: datetime
    by: str
    kind: str
    reason: str
    change: int | None = None


def seal_hash(previous: bytes, revision: Sealed, entries: Iterable[bytes]) -> tuple[bytes, int]:
    """A revision's seal, and how many entries it covers; ``entries`` are their hashes in order."""
    who = (revision.by, revision.kind, revision.reason, revision.change)
    said = (revision.number, revision.recorded_at, *who)
    running = hashlib.sha256(previous + canonical(said))
    count = 0
    for entry in entries:
        running.update(entry)
        count += 1
    running.update(canonical(count))
    return running.digest(), count
