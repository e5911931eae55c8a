"""Every mail and its state, for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_string, policy
from email.message import EmailMessage, Message

from django.db.models import QuerySet

from policy.domain.deadlines import EASTERN
from policy.models import Alert

HELD = "held"
HELD_WORDS = "Held: the address is paused"
STATES = ((HELD, HELD_WORDS), *Alert.State.choices)
BADGES = {
    Alert.State.SENT: "true",
    Alert.State.FAILED: "false",
    Alert.State.CANCELLED: "removed",
    Alert.State.SENDING: "partly",
}


@dataclass(frozen=True)
class Wanted:
    """Which mails to show; what is empty does not narrow. The days are Eastern ones."""

    state: str = ""
    address: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """A mail with its state in words."""

    alert: Alert

    @property
    def is_held(self) -> bool:
        alert = self.alert
        paused = alert.subscriber.paused_at is not None
        waits = alert.state == Alert.State.QUEUED
        return paused and waits and alert.reason != Alert.Reason.CONFIRM

    @property
    def words(self) -> str:
        return HELD_WORDS if self.is_held else self.alert.get_state_display()

    @property
    def badge(self) -> str:
        """The component's name of a sign for the state."""
        return "stayed" if self.is_held else BADGES.get(Alert.State(self.alert.state), "scheduled")

    @property
    def can_resend(self) -> bool:
        settled = (Alert.State.SENT, Alert.State.FAILED, Alert.State.CANCELLED)
        return self.alert.state in settled and self.alert.reason != Alert.Reason.DIGEST

    @property
    def can_cancel(self) -> bool:
        return self.alert.state in (Alert.State.QUEUED, Alert.State.COLLECTED)


def mails(wanted: Wanted) -> QuerySet[Alert]:
    """The mails that are asked for, the newest plan first, without what they said."""
    rows = Alert.objects.select_related("subscriber", "subscription")
    if wanted.state == HELD:
        rows = rows.held()
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.address:
        rows = rows.filter(subscriber__email__icontains=wanted.address)
    if wanted.topic:
        rows = rows.filter(topic__icontains=wanted.topic)
    if wanted.since:
        rows = rows.filter(planned_at__gte=start_of(wanted.since))
    if wanted.until:
        rows = rows.filter(planned_at__lt=start_of(wanted.until + timedelta(days=1)))
    return rows.defer("sent_content", "own").order_by("-pk")


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, EASTERN)


@dataclass(frozen=True)
class Sent:
    """A mail as it was sent: its headers, its texts by type, and the names of what came along."""

    headers: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, str]]


def as_sent(content: str) -> Sent:
    """Read a stored mail; what is no mail is shown as it is."""
    message = message_from_string(content, policy=policy.default)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    texts = [(name_of(part), text_of(part)) for part in parts]
    return Sent([(name, str(value)) for name, value in message.items()], texts)


def name_of(part: Message) -> str:
    file = part.get_filename()
    return f"{part.get_content_type()}{f', {file}' if file else ''}"


def text_of(part: Message) -> str:
    if isinstance(part, EmailMessage):
        try:
            return str(part.get_content())
        except (LookupError, UnicodeError):
            pass
    return str(part.get_payload())
