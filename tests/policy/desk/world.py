"""The smallest desk there is: one rule with a deadline, two sources, and four people."""

from datetime import date, datetime, timedelta
from typing import Any

from policy.actions.desk.drafts import Item, Words, start_change
from policy.actions.desk.review import approve_change, submit_change
from policy.actions.facts import set_portion
from policy.actions.revisions import new_revision
from policy.domain.roles import Role
from policy.models import (
    Change,
    Contribution,
    Country,
    Deadline,
    DeadlineDate,
    Event,
    Fact,
    FederalClosing,
    Proposal,
    Provision,
    Revision,
    Rule,
    Source,
    User,
)
from tests.instants import TODAY
from tests.people import account

AT = TODAY
RULES = ("ai-diffusion", "chips")


def people() -> dict[str, User]:
    """An author, a co-editor who may approve too, a second pair of eyes, and an analyst."""
    return {
        "author": account(Role.EDITOR, name="Ada Author"),
        "other": account(Role.APPROVER, name="Otto Other"),
        "second": account(Role.APPROVER, name="Sue Second"),
        "analyst": account(Role.ANALYST, name="Ann Analyst"),
    }


def make_record() -> None:
    """One deadline of 15 May 2025, as the rule prints it."""
    rule_source = Source.objects.create(slug="the-rule", kind="federal-register", title="The rule")
    Source.objects.create(slug="the-extension", kind="federal-register", title="The extension")
    Country.objects.create(key="kh", name="Cambodia", kind="country")
    rule = Rule.objects.create(slug="ai-diffusion", title="A rule", short_title="AI", kind="rule")
    Provision.objects.create(slug="ai-diffusion-all", rule=rule, label="The rule")
    deadline = Deadline.objects.create(
        slug="ai-diffusion-comment", kind="comment", label="Comments due", rule=rule
    )
    printed = DeadlineDate(
        deadline=deadline,
        day=date(2025, 5, 15),
        basis="printed",
        act="set",
        valid_from=date(2025, 1, 15),
        source=rule_source,
    )
    record = Revision.Kind.RECORD
    with new_revision(
        by="record", kind=record, reason="Starting record", at=AT - timedelta(days=9)
    ) as revision:
        set_portion(printed, revision=revision, because="")


def put(fact: Fact) -> None:
    """Put a fact in force, in a revision of its own."""
    record = Revision.Kind.RECORD
    with new_revision(by="record", kind=record, reason="More", at=AT) as revision:
        set_portion(fact, revision=revision, because="")


def new_date(day: str = "2027-06-16", since: str = "2026-11-20", **others: Any) -> Item:
    """The item that moves the deadline."""
    values = {"deadline": "ai-diffusion-comment", "day": day, "basis": "printed"}
    return Item("date", "set", {**values, "act": "extended", "valid_from": since, **others})


def words(*items: Item, **others: Any) -> Words:
    """What an editor writes of the extension."""
    own = {"title": "Comments extended", "why": "The extension says so.", "source": "the-extension"}
    quote = "the comment period is extended"
    return Words(**{**own, "quote": quote, "items": items or (new_date(),), **others})


def submitted(team: dict[str, User], *items: Item, at: datetime = AT, **others: Any) -> Change:
    change = start_change(words(*items, **others), by=team["author"], at=at)
    return submit_change(change, version=change.version, by=team["author"], at=at)


def published(team: dict[str, User], *items: Item, at: datetime = AT, **others: Any) -> Change:
    change = submitted(team, *items, at=at, **others)
    return approve_change(change, version=change.version, by=team["second"], at=at)


def days() -> list[str]:
    """The dates of the deadline that stand now, in order of time, with their first day."""
    rows = DeadlineDate.objects.known(None).order_by("valid_from")
    return [f"{row.valid_from} {row.day}" for row in rows]


TABLES = (
    Change,
    Contribution,
    Deadline,
    DeadlineDate,
    Event,
    FederalClosing,
    Proposal,
    Revision,
    Rule,
)


def contents() -> dict[str, list[Any]]:
    """Everything that the desk may write, to tell whether anything was written."""
    return {m.__name__: list(m._default_manager.order_by("pk").values()) for m in TABLES}
