"""What became of a scenario's mails: counted where they were planned, and where they arrived."""

from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from tests.faults.place import Place

# Django's file backend writes it after each mail.
END_OF_MAIL = b"\n" + b"-" * 79 + b"\n"
READERS = "reader-"
ROWS = f"""
    SELECT a.message_id, a.state, a.maybe_sent
    FROM policy_alert a JOIN policy_subscriber r ON r.id = a.subscriber_id
    WHERE r.email LIKE '{READERS}%'
"""


@dataclass(frozen=True)
class Outcome:
    """Mails by their Message-IDs. ``planned`` are rows, the others arrived, or did not.

    ``refused`` were refused for good, ``renamed`` came again under another Message-ID,
    ``unmarked`` came again and their row does not say that they might, ``unsettled`` are rows
    that still wait.
    """

    planned: int
    sent: int
    lost: int
    duplicate: int
    marked: int
    refused: int
    renamed: int
    unmarked: int
    unsettled: int

    def faults(self, allowed: int) -> dict[str, int]:
        """What must be nothing and is not."""
        counted = {
            "lost": self.lost,
            "duplicates beyond those in flight": max(0, self.duplicate - allowed),
            "another Message-ID": self.renamed,
            "not marked": self.unmarked,
            "unsettled": self.unsettled,
        }
        return {name: count for name, count in counted.items() if count}


def outcome_of(place: Place) -> Outcome:
    everything = [*place.mailbox.messages, *stored(place)]
    arrived = [mail for mail in everything if str(mail["To"]).startswith(READERS)]
    came = Counter(str(mail["Message-ID"]).strip() for mail in arrived)
    reached = {str(mail["To"]) for mail in arrived}
    rows = place.database.ask(ROWS)
    marked = {name for name, _, maybe in rows if maybe}
    refused = sum(state == "failed" for _, state, _ in rows)
    return Outcome(
        planned=len(rows),
        sent=len(came),
        lost=place.count - len(reached) - refused,
        duplicate=len(arrived) - len(came),
        marked=len(marked),
        refused=refused,
        renamed=len(came) - len(reached),
        unmarked=len({name for name, count in came.items() if count > 1} - marked),
        unsettled=sum(state in {"queued", "sending"} for _, state, _ in rows),
    )


def stored(place: Place) -> list[Message]:
    """The whole mails of the mail store; a half one has not arrived."""
    found = []
    for file in sorted((place.folder / "mail").iterdir()):
        *whole, _rest = file.read_bytes().split(END_OF_MAIL)
        found += [message_from_bytes(content) for content in whole]
    return found
