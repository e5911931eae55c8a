"""From a row of the outbox to the message that leaves."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from email.utils import format_datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from policy.actions.alerts.answers import acknowledge_links
from policy.actions.alerts.invites import publisher
from policy.actions.alerts.outbox import mail_domain
from policy.actions.alerts.payload import fix_content
from policy.domain.alert_words import (
    alert_subject,
    cut,
    days_between,
    days_left_words,
    digest_subject,
    late_words,
    move_subject,
    reader_words,
)
from policy.domain.due import StatedDate, clock
from policy.domain.invites import Invite, Method, Publisher, calendar_of, method_of
from policy.models import Alert

CALENDAR = "text/calendar"
TEMPLATES = {
    Alert.Reason.LEAD: "policy/mail/deadline",
    Alert.Reason.MOVED: "policy/mail/deadline",
    Alert.Reason.ESCALATED: "policy/mail/deadline",
    Alert.Reason.CHANGED: "policy/mail/changed",
    Alert.Reason.DIGEST: "policy/mail/digest",
    Alert.Reason.CONFIRM: "policy/mail/confirm",
}


class Mail(EmailMultiAlternatives):
    """A message that is built once, so that what is stored is what was sent."""

    _built: Any = None
    calendar_method = ""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        if self._built is None:
            self._built = super().message(*args, **kwargs)
            for part in self._built.walk():
                if part.get_content_type() == CALENDAR:
                    part.set_param("method", self.calendar_method)
            # Put into its form on the wire once as well: it is asked for to send and to store.
            self._built.as_bytes = cache(self._built.as_bytes)
        return self._built

    def attach_calendar(self, invites: Sequence[Invite]) -> None:
        """The entries twice: for programs that show them, RFC 6047, and as a file to open."""
        method = method_of(invites)
        data = calendar_text(tuple(invites), publisher(), method)
        self.calendar_method = method.value
        self.attach_alternative(data, CALENDAR)
        self.attach("deadline.ics", data, CALENDAR)

    @property
    def as_sent(self) -> str:
        """The message as it goes over the wire."""
        wire: bytes = self.message().as_bytes(linesep="\r\n")
        return wire.decode("utf-8", "replace")


@lru_cache(maxsize=256)
def calendar_text(invites: tuple[Invite, ...], by: Publisher, method: Method) -> str:
    """The entries, the same for every reader of a date."""
    return calendar_of(invites, by, method=method).decode()


def compose(alert: Alert, *, at: datetime) -> Mail:
    """The message of a row as it leaves at the UTC instant ``at``: text, HTML and calendar.

    The Message-ID is the row's. List-Unsubscribe and its one-click form follow RFC 8058.
    """
    links, parts = links_of(alert), parts_of(alert, at)
    context = {**alert.payload, **moment(alert, at), **links, "site_url": settings.SITE_URL}
    context.setdefault("why", digest_why(alert))
    context["subject"] = subject_of(alert, at, parts)
    context["entries"] = [entry_context(part, at) for part in parts]
    template = TEMPLATES[Alert.Reason(alert.reason)]
    mail = Mail(
        subject=context["subject"],
        body=plain_text(f"{template}.txt", context),
        to=[alert.subscriber.email],
        headers=headers_of(alert, links, at),
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    if invites := invites_of([alert, *parts]):
        mail.attach_calendar(invites)
    return mail


def parts_of(alert: Alert, at: datetime) -> list[Alert]:
    """The mails that a digest stands for, as they were planned, without what became untrue.

    What they say is fixed now: for the reader they leave with the digest.
    """
    if alert.reason != Alert.Reason.DIGEST:
        return []
    rows = alert.parts.exclude(state=Alert.State.CANCELLED)
    parts = list(rows.select_related("content", "subscriber", "subscription"))
    for part in parts:
        fix_content(part, at=at)
    return parts


def digest_why(alert: Alert) -> str:
    """Why a digest comes when it does."""
    reader, rhythm = alert.subscriber, alert.subscription.get_delivery_display().lower()
    zone = reader.zone.replace("_", " ")
    return f"You asked for mails {rhythm}, at {clock(reader.hour)} in {zone}."


def entry_context(part: Alert, at: datetime) -> dict[str, Any]:
    said = {**part.payload, **moment(part, at), **acknowledge_links(part)}
    return {**said, "subject": subject_of(part, at)}


def invites_of(alerts: Iterable[Alert]) -> list[Invite]:
    """The entries that mails carry; of two for one deadline, the later."""
    kept = (alert.payload.get("invite") for alert in alerts)
    found: dict[str, Invite] = {}
    for invite in (Invite.from_json(one) for one in kept if one):
        held = found.get(invite.topic)
        if held is None or held.sequence <= invite.sequence:
            found[invite.topic] = invite
    return list(found.values())


def plain_text(template: str, context: dict[str, Any]) -> str:
    """Parts that a mail does not have leave no gap."""
    return re.sub(r"\n{3,}", "\n\n", render_to_string(template, context)).strip() + "\n"


def headers_of(alert: Alert, links: dict[str, str], at: datetime) -> dict[str, str]:
    headers = {
        "Message-ID": alert.message_id or "",
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
    }
    if alert.reason != Alert.Reason.CONFIRM:
        headers["List-Unsubscribe"] = f"<{links['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        headers["List-Id"] = f"Earmark deadlines <deadlines.{mail_domain()}>"
    if alert.topic:
        headers["In-Reply-To"] = headers["References"] = thread_of(alert)
    return headers


def thread_of(alert: Alert) -> str:
    """The Message-ID under which programs gather what one reader is told of one deadline.

    No such mail exists: RFC 5322, section 3.6.4 lets a mail refer to one that was never seen,
    and so the first, the second and a digest that is lost all hang from the same place.
    """
    reader = f"{alert.subscriber_id}:{alert.topic}"
    digest = hashlib.sha256(reader.encode()).hexdigest()[:32]
    return f"<thread-{digest}@{mail_domain()}>"


def links_of(alert: Alert) -> dict[str, str]:
    """Absolute addresses that open with the subscriber's token."""
    token, subscription = alert.subscriber.token, alert.subscription_id
    paths = {
        "confirm_url": reverse("policy:subscription-confirm", args=[token, subscription]),
        "unsubscribe_url": reverse("policy:unsubscribe", args=[token, subscription]),
        "unsubscribe_all_url": reverse("policy:unsubscribe-all", args=[token]),
        "manage_url": reverse("policy:subscriptions", args=[token]),
    }
    links = {name: f"{settings.SITE_URL}{path}" for name, path in paths.items()}
    return {**links, **acknowledge_links(alert)}


def moment(alert: Alert, at: datetime) -> dict[str, Any]:
    """What depends on when the mail leaves: the days left, and whether it is late."""
    late = "" if alert.reason == Alert.Reason.CONFIRM else late_words(alert.planned_at, at)
    due = alert.payload.get("due")
    days = days_between(at, date.fromisoformat(due)) if due else None
    ahead = days is not None and days >= 0
    moved = alert.payload.get("moved")
    return {
        "reader": reader_of(alert),
        "late": late,
        "days_left": days_left_words(days) if ahead and days is not None else "",
        "before": StatedDate.from_code(moved["from"]).words if moved else "",
        "after": StatedDate.from_code(moved["to"]).words if moved else "",
    }


def reader_of(alert: Alert) -> str:
    """The last moment by the reader's clock, for a date that ends at an instant."""
    cutoff = StatedDate.from_code(alert.told).cutoff if alert.payload.get("utc") else None
    return reader_words(cutoff, alert.subscriber.zone) if cutoff else ""


def subject_of(alert: Alert, at: datetime, parts: Sequence[Alert] = ()) -> str:
    """The line that stands alone; ``parts`` are those of a digest."""
    payload = alert.payload
    if alert.reason == Alert.Reason.CONFIRM:
        return cut(f"Confirm your deadline e-mails: {payload['label']}")
    if alert.reason == Alert.Reason.CHANGED:
        return change_subject(payload)
    if alert.reason == Alert.Reason.DIGEST:
        return digest_subject([subject_of(part, at) for part in parts])
    if alert.reason == Alert.Reason.MOVED:
        before, after = (StatedDate.from_code(payload["moved"][end]) for end in ("from", "to"))
        about, what = payload["about"], payload["what"]
        return move_subject(what=what, about=about, before=before, after=after)
    return due_subject(alert, at)


def due_subject(alert: Alert, at: datetime) -> str:
    payload, due = alert.payload, date.fromisoformat(alert.payload["due"])
    subject = alert_subject(
        what=payload["what"],
        about=payload["about"],
        due=due,
        days=days_between(at, due),
        scheduled=payload["scheduled"],
    )
    escalated = alert.reason == Alert.Reason.ESCALATED
    return cut(f"Not acknowledged: {subject}") if escalated else subject


def change_subject(payload: dict[str, Any]) -> str:
    """The change itself where there is one; where there are many, how many."""
    events = payload["events"]
    if len(events) == 1:
        return cut(f"{payload['about']}: {events[0]['title']}")
    return cut(f"{len(events)} changes: {payload['about']}")
