"""Deadlines as calendar entries: RFC 5545, with what RFC 5546 asks of PUBLISH and CANCEL.

A program that holds an entry takes the one with the same UID and a higher SEQUENCE in its
place. So the UID names the deadline and never its date, and the SEQUENCE counts how often the
record changed what it says of the date.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from policy.domain.deadlines import RECEIVED_KINDS, closing_instant

PRODUCT = "-//Earmark//Deadlines//EN"
NO_ADVICE = "Not legal advice. Check the source before you rely on it."
# How often a program that subscribes may ask again; the record changes a few times a day.
REFRESH = timedelta(hours=4)
# RFC 5545, section 3.1: no control characters but tabs and the breaks that are written \n.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Method(StrEnum):
    """RFC 5546, section 3.2: what a program is to do with the entries."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Publisher:
    """Who answers for the entries. ``host`` makes the UIDs unique in the world."""

    name: str
    email: str
    host: str


@dataclass(frozen=True)
class Invite:
    """One deadline as a calendar entry.

    ``topic`` names the deadline whatever its date. ``day`` and ``at`` are Eastern, the last
    that were known exactly. ``stamp`` is the UTC instant at which the record came to say this.
    ``cancelled`` says that the day stands no more, ``tentative`` that it is not confirmed.
    """

    topic: str
    kind: str
    summary: str
    day: date
    at: time | None
    sequence: int
    stamp: datetime
    url: str
    description: str = ""
    cancelled: bool = False
    tentative: bool = False

    @property
    def start(self) -> date | datetime:
        """The UTC instant of the cutoff, or the day.

        What must be received is late one second after its cutoff, wherever the reader is: the
        entry stands at that instant, and a reader in Taipei finds it at noon of the next day.
        So does what a document sets by the clock. A rule that takes effect does so on an
        Eastern calendar day: an instant would put it on another day further east, so that the
        entry fills the day, in no zone.
        """
        if self.at or self.kind.startswith(RECEIVED_KINDS):
            return closing_instant(self.day, self.at).astimezone(UTC)
        return self.day

    @property
    def status(self) -> str:
        if self.cancelled:
            return "CANCELLED"
        return "TENTATIVE" if self.tentative else "CONFIRMED"

    def as_json(self) -> dict[str, Any]:
        """What a planned mail keeps of it, so that a retry says the same."""
        return {
            **self.__dict__,
            "day": self.day.isoformat(),
            "at": self.at.isoformat() if self.at else None,
            "stamp": self.stamp.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Invite":
        at = time.fromisoformat(kept["at"]) if kept["at"] else None
        day, stamp = date.fromisoformat(kept["day"]), datetime.fromisoformat(kept["stamp"])
        return cls(**{**kept, "day": day, "at": at, "stamp": stamp})


def method_of(invites: Sequence[Invite]) -> Method:
    """CANCEL where nothing stands any more. A mixed calendar is published: there the status
    alone says which entries are cancelled, as RFC 5546, section 3.2.1 allows.
    """
    gone = bool(invites) and all(invite.cancelled for invite in invites)
    return Method.CANCEL if gone else Method.PUBLISH


def calendar_of(
    invites: Iterable[Invite], publisher: Publisher, *, method: Method, name: str = ""
) -> bytes:
    """The iCalendar object as it is served or mailed: UTF-8, folded, lines ended by CRLF.

    ``name`` is what a program calls a calendar that it subscribes to.
    """
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", method.value)
    if name:
        name = " ".join(clean(name).split())
        found.add("name", vText(name))
        # What programs read that do not know RFC 7986.
        found.add("x-wr-calname", vText(name))
        found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for invite in invites:
        found.add_component(entry_of(invite, publisher))
    if not found.subcomponents:
        # RFC 5545, section 3.6: a calendar holds at least one component. This one says nothing.
        found.add_component(Timezone.from_tzinfo(ZoneInfo("UTC")))
    ical: bytes = found.to_ical()
    return ical


def entry_of(invite: Invite, publisher: Publisher) -> Event:
    entry = Event()
    entry.add("uid", uid_of(invite.topic, publisher.host))
    entry.add("sequence", invite.sequence)
    entry.add("dtstamp", invite.stamp.astimezone(UTC))
    entry.add("last-modified", invite.stamp.astimezone(UTC))
    entry.add("dtstart", invite.start)
    entry.add("summary", clean(invite.summary))
    entry.add("description", clean(f"{invite.description}\n\n{NO_ADVICE}".strip()))
    entry.add("url", invite.url)
    entry.add("status", invite.status)
    entry.add("organizer", organizer_of(publisher))
    # A deadline keeps nobody busy.
    entry.add("transp", "TRANSPARENT")
    return entry


def uid_of(topic: str, host: str) -> str:
    return f"{topic}@{host}"


def organizer_of(publisher: Publisher) -> vCalAddress:
    """Who publishes: RFC 5546, section 3.2.1.1 requires it, though nobody is invited."""
    address = vCalAddress(f"mailto:{publisher.email}")
    address.params["CN"] = vText(publisher.name)
    return address


def clean(text: str) -> str:
    """Text that an entry may hold: line breaks as one character, and no control characters."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
