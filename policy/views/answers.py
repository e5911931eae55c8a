"""The page behind the links of a mail: I have seen it, I own it, remind me later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from policy.actions.alerts.answers import (
    AnswerKey,
    acknowledge,
    answer_to,
    clock_of,
    snooze,
    undo,
)
from policy.clock import now
from policy.domain.due import StatedDate
from policy.domain.snooze import SNOOZE_DAYS, local_words, snooze_of
from policy.forms import AnswerForm
from policy.models import Acknowledgement, Subscriber
from policy.queries.asof import read_parameters
from policy.queries.topics import NamedTopic, named_topic
from policy.views.private import private, show


@dataclass(frozen=True)
class Asked:
    """What a link asks about: the reader, the date as the mail told it, and as it is now."""

    key: AnswerKey
    subscriber: Subscriber
    named: NamedTopic
    at: datetime

    @property
    def told(self) -> StatedDate:
        return StatedDate.from_code(self.key.told)

    @property
    def is_open(self) -> bool:
        """Whether there is still something to answer: the date stands and has not closed."""
        same = self.named.stated == self.told and self.named.topic is not None
        return same and self.told.cutoff is not None and self.at <= self.told.cutoff


@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    asked = asked_by(key)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid() and asked.is_open:
            return redirect(
                f"{reverse('policy:subscription-answer', args=[key])}{take(asked, form)}"
            )
    return show(request, "answer", {**context_of(asked), "too_late": "late" in request.GET})


def asked_by(signed: str) -> Asked:
    at, key = now(), AnswerKey.read(signed)
    if key is None:
        msg = "no link of ours"
        raise Http404(msg)
    subscriber = get_object_or_404(Subscriber, pk=key.subscriber, erased_at=None)
    named = named_topic(key.topic, read_parameters("", "", now=at))
    if named is None:
        msg = "the record holds no such date any more"
        raise Http404(msg)
    return Asked(key, subscriber, named, at)


def take(asked: Asked, form: AnswerForm) -> str:
    """Do what was chosen; returns what the next page has to be told, as a query string."""
    chosen = form.cleaned_data["do"]
    if chosen == AnswerForm.UNDO:
        undo(key=asked.key, at=asked.at)
    elif form.days:
        found = snooze(key=asked.key, days=form.days, at=asked.at)
        return "" if found else "?late=1"
    else:
        acknowledge(key=asked.key, state=Acknowledgement.State(chosen), at=asked.at)
    return ""


def context_of(asked: Asked) -> dict[str, Any]:
    found = answer_to(asked.key)
    until = found.snoozed_until if found else None
    asleep = until if until and until > asked.at else None
    return {
        "named": asked.named,
        "subscriber": asked.subscriber,
        "told": asked.told,
        "is_open": asked.is_open,
        "answer": found,
        "asleep_until": local_words(asleep, clock_of(asked.subscriber)) if asleep else "",
        "snoozes": snoozes(asked) if asked.is_open else [],
    }


def snoozes(asked: Asked) -> list[dict[str, object]]:
    """The snoozes that are left, each with when it would end, and whether that is sooner."""
    clock = clock_of(asked.subscriber)
    found = [(days, snooze_of(asked.told, days, asked.at, clock)) for days in SNOOZE_DAYS]
    return [
        {"days": days, "until": local_words(one.until, clock), "clipped": one.clipped}
        for days, one in found
        if one
    ]
