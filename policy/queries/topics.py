"""A topic of the outbox by its name: what it is called, where its page is, what stands now."""

from dataclasses import dataclass

from django.urls import reverse

from policy.domain.due import StatedDate
from policy.queries.asof import Reading
from policy.queries.due_dates import (
    Chain,
    Topic,
    chains,
    change_topics,
    deadline_topics,
    subject_of_change,
)


@dataclass(frozen=True)
class NamedTopic:
    """A date as pages name it. ``topic`` is None where it has no exact day any more.

    ``stated`` is what the record says now; None where it knows nothing of it.
    """

    what: str
    about: str
    url: str
    stated: StatedDate | None
    topic: Topic | None


def named_topic(name: str, reading: Reading) -> NamedTopic | None:
    """The date of that name as of the reading; None where the record never held it."""
    if "/" in name:
        return named_change(name, reading)
    chain = chains([name]).get(name)
    if chain is None:
        return None
    on = reading.today
    found = deadline_topics({name: chain}, reading.revision_number, on).get(name)
    url = page_of(chain) if found else reverse("policy:rule", args=[chain.deadline.rule.slug])
    stated = chain.stated(reading.revision_number, on)
    deadline = chain.deadline
    return NamedTopic(deadline.label, deadline.rule.title, url, stated, found)


def named_change(name: str, reading: Reading) -> NamedTopic | None:
    found = change_topics([subject_of_change(name)], reading.today).get(name)
    if found is None:
        return None
    change = found.change
    return NamedTopic(
        change.title, change.subject.label, change.subject.url, found.due.stated, found
    )


def page_of(chain: Chain) -> str:
    return reverse("policy:deadline", args=[chain.deadline.slug])
