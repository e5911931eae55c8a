"""From a row of the outbox to the message that leaves."""

import re
from datetime import date, datetime
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from policy.domain.alert_words import (
    alert_subject,
    cut,
    days_between,
    days_left_words,
    late_words,
    move_subject,
)
from policy.domain.due import StatedDate
from policy.models import Alert

TEMPLATES = {
    Alert.Reason.LEAD: "policy/mail/deadline",
    Alert.Reason.MOVED: "policy/mail/deadline",
    Alert.Reason.CHANGED: "policy/mail/changed",
    Alert.Reason.CONFIRM: "policy/mail/confirm",
}


class Mail(EmailMultiAlternatives):
    """A message that is built once, so that what is stored is what was sent."""

    _built: Any = None

    def message(self, *args: Any, **kwargs: Any) -> Any:
        if self._built is None:
            self._built = super().message(*args, **kwargs)
        return self._built

    @property
    def as_sent(self) -> str:
        """The message as it goes over the wire."""
        wire: bytes = self.message().as_bytes(linesep="\r\n")
        return wire.decode("utf-8", "replace")


def compose(alert: Alert, *, at: datetime) -> Mail:
    """The message of a row as it leaves at the UTC instant ``at``, text and HTML.

    The Message-ID is the row's. List-Unsubscribe and its one-click form follow RFC 8058.
    """
    links = links_of(alert)
    context = {**alert.payload, **moment(alert, at), **links, "site_url": settings.SITE_URL}
    context["subject"] = subject_of(alert, at)
    template = TEMPLATES[Alert.Reason(alert.reason)]
    mail = Mail(
        subject=context["subject"],
        body=plain_text(f"{template}.txt", context),
        to=[alert.subscriber.email],
        headers=headers_of(alert, links, at),
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


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
    return headers


def links_of(alert: Alert) -> dict[str, str]:
    """Absolute addresses that open with the subscriber's token."""
    token, subscription = alert.subscriber.token, alert.subscription_id
    paths = {
        "confirm_url": reverse("policy:subscription-confirm", args=[token, subscription]),
        "unsubscribe_url": reverse("policy:unsubscribe", args=[token, subscription]),
        "unsubscribe_all_url": reverse("policy:unsubscribe-all", args=[token]),
        "manage_url": reverse("policy:subscriptions", args=[token]),
    }
    return {name: f"{settings.SITE_URL}{path}" for name, path in paths.items()}


def moment(alert: Alert, at: datetime) -> dict[str, Any]:
    """What depends on when the mail leaves: the days left, and whether it is late."""
    late = "" if alert.reason == Alert.Reason.CONFIRM else late_words(alert.planned_at, at)
    due = alert.payload.get("due")
    days = days_between(at, date.fromisoformat(due)) if due else None
    ahead = days is not None and days >= 0
    moved = alert.payload.get("moved")
    return {
        "late": late,
        "days_left": days_left_words(days) if ahead and days is not None else "",
        "before": StatedDate.from_code(moved["from"]).words if moved else "",
        "after": StatedDate.from_code(moved["to"]).words if moved else "",
    }


def subject_of(alert: Alert, at: datetime) -> str:
    payload = alert.payload
    if alert.reason == Alert.Reason.CONFIRM:
        return cut(f"Confirm your deadline e-mails: {payload['label']}")
    if alert.reason == Alert.Reason.CHANGED:
        return change_subject(payload)
    if alert.reason == Alert.Reason.MOVED:
        before, after = (StatedDate.from_code(payload["moved"][end]) for end in ("from", "to"))
        about, what = payload["about"], payload["what"]
        return move_subject(what=what, about=about, before=before, after=after)
    due = date.fromisoformat(payload["due"])
    return alert_subject(
        what=payload["what"],
        about=payload["about"],
        due=due,
        days=days_between(at, due),
        scheduled=payload["scheduled"],
    )


def change_subject(payload: dict[str, Any]) -> str:
    """The change itself where there is one; where there are many, how many."""
    events = payload["events"]
    if len(events) == 1:
        return cut(f"{payload['about']}: {events[0]['title']}")
    return cut(f"{len(events)} changes: {payload['about']}")
