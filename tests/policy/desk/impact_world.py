"""A record in which changes reach far, and readers whom they concern."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from policy.actions.alerts.plan import plan_alerts
from policy.actions.desk.drafts import Item
from policy.actions.desk.undo import undo_of
from policy.models import Change, User
from tests.policy.alerts.world import subscribe, subscribe_to_everything
from tests.policy.desk.world import AT, new_date, published

DAY = timedelta(days=1)
COUNTED = {"basis": "computed", "counted_from": "2026-11-24", "counted_days": "30"}
RULE, PROVISION = "ai-diffusion", "ai-diffusion-all"


def fact(kind: str, since: str = "2026-11-20", **values: Any) -> Item:
    return Item(kind, values={"valid_from": since, **values})


def date_of(slug: str, day: str, since: str = "2026-11-20", **others: Any) -> Item:
    return new_date(day, since, **{"deadline": slug, "act": "set", **others})


def new_deadline(slug: str, kind: str = "comment") -> Item:
    values = {"slug": slug, "kind": kind, "label": f"Date {slug}", "rule": RULE}
    return Item("new-deadline", "create", values)


def reaction(slug: str = "it-objects", stance: str = "opposes", **others: Any) -> Item:
    said = {"slug": slug, "organization": "an-association", "rule": RULE}
    return fact("reaction", title="Deeply disappointed", stance=stance, **said, **others)


def claim(slug: str = "c1", verdict: str = "partly") -> Item:
    said = {"slug": slug, "claimant": "A report", "rule": RULE, "text": "Three tiers"}
    return fact("claim", verdict=verdict, why="The word is the press's.", **said)


def group(name: str, since: str = "2026-11-20", **others: Any) -> Item:
    return fact("group", since, country="kh", scheme="d5", group=name, **others)


def make_far_record(team: dict[str, User]) -> None:
    """Dates ahead, one of them counted, a group, a status, and what was said of the rule."""
    association = {"slug": "an-association", "name": "An association", "kind": "company"}
    at = AT - 5 * DAY
    published(team, Item("new-organization", "create", association), at=at)
    published(team, new_deadline("printed"), new_deadline("counted"), at=at)
    published(
        team,
        date_of("printed", "2026-11-26", "2026-11-10"),
        date_of("counted", "2026-12-24", "2026-11-10", **COUNTED),
        fact("legal-force", "2025-01-13", provision=PROVISION, state="in-force"),
        fact("enforcement", "2025-01-13", provision=PROVISION, posture="enforced"),
        group("d5", "2025-01-13"),
        reaction(),
        claim(),
        at=at,
    )


def make_readers() -> None:
    at = AT - 4 * DAY
    subscribe_to_everything(email="all@example.org", at=at)
    subscribe("rule", RULE, email="rule@example.org", at=at, leads=[1, 3, 7])
    subscribe("country", "kh", email="kh@example.org", at=at)
    weekly = subscribe("rule", RULE, email="weekly@example.org", at=at)
    weekly.delivery = "weekly"
    weekly.save()
    plan_alerts(at=AT - DAY)


# By name, what a change writes.
CASES: Mapping[str, tuple[Item, ...]] = {
    "a date moved": (date_of("printed", "2026-12-01", act="extended"),),
    "a date brought forward to tomorrow": (date_of("printed", "2026-11-24", act="corrected"),),
    "a date moved from a later day on": (date_of("printed", "2026-12-09", "2026-11-25"),),
    "a date withdrawn": (date_of("printed", "", withdrawn="on", act="withdrawn"),),
    "a date known to the month": (date_of("printed", "2027-02"),),
    "a date never true": (Item("date", "retract", {"deadline": "printed", "unknown_start": "on"}),),
    "a date that ends": (Item("date", "end", {"deadline": "printed", "last_day": "2026-11-21"}),),
    "a closing that recounts": (
        fact("closing", "2026-12-24", day="2026-12-24", order="An order", proclaimed="2026-11-20"),
    ),
    "a group changed": (group("everyone-else"),),
    "a group that will change": (group("everyone-else", "2027-01-10"),),
    "legal force ended": (
        Item("legal-force", "end", {"provision": PROVISION, "last_day": "2026-11-19"}),
    ),
    "a stay": (fact("legal-force", provision=PROVISION, state="stayed", last_day="2027-05-01"),),
    "no longer enforced": (fact("enforcement", provision=PROVISION, posture="not-enforced"),),
    "a reaction": (reaction("another", "supports"),),
    "a stance corrected": (reaction(stance="mixed"),),
    "a verdict": (claim(verdict="false"),),
    "a new rule": (
        Item(
            "new-rule",
            "create",
            {"slug": "new", "title": "A new rule", "short_title": "New", "kind": "rule"},
        ),
    ),
    "a threshold": (fact("threshold", slug="tpp", rule=RULE, label="TPP", value="4,800"),),
    "a milestone": (fact("milestone", slug="told", title="It was announced", rule=RULE),),
    "several at once": (
        new_deadline("third", "compliance"),
        date_of("printed", "2026-12-11", act="delayed"),
        group("everyone-else"),
        reaction("third-voice", "opposes"),
        claim("c2", "true"),
    ),
}


def undo_items(change: Change) -> tuple[Item, ...]:
    return undo_of(change).items
