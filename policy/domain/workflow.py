"""How a change comes to be published: the states it passes, and who may take which step.

Nobody approves what they wrote, alone or with others: the approver has contributed nothing to
the change. The database holds the same rule by triggers (``policy.vendor``).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a change stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    APPLIED = "applied"
    DISCARDED = "discarded"


class Step(StrEnum):
    """What somebody does with a change, apart from writing it."""

    SUBMIT = "submit"
    TAKE_BACK = "take back"
    RETURN = "return"
    APPROVE = "approve"
    APPLY = "apply"
    DISCARD = "discard"
    RESTORE = "restore"
    PUBLISH_AT_ONCE = "publish at once"
    REVIEW = "review"


class Who(StrEnum):
    """Whose step it is: of those who wrote the change, of a second pair of eyes, of the clock."""

    WRITER = "writer"
    SECOND = "second pair of eyes"
    APPROVER_IN_NEED = "approver in need"
    CLOCK = "clock"


@dataclass(frozen=True)
class Rule:
    """One line of the table: from which states a step leads where, and whose it is."""

    start: frozenset[State]
    end: State
    who: Who


def rule(start: Collection[State], end: State, who: Who) -> Rule:
    return Rule(frozenset(start), end, who)


WRITABLE = frozenset({State.DRAFT, State.RETURNED})
# On its way: neither published nor given up.
UNDER_WAY = WRITABLE | {State.SUBMITTED, State.APPROVED}
TABLE: Mapping[Step, Rule] = {
    Step.SUBMIT: rule(WRITABLE, State.SUBMITTED, Who.WRITER),
    Step.TAKE_BACK: rule({State.SUBMITTED}, State.DRAFT, Who.WRITER),
    Step.RETURN: rule({State.SUBMITTED, State.APPROVED}, State.RETURNED, Who.SECOND),
    Step.APPROVE: rule({State.SUBMITTED}, State.APPROVED, Who.SECOND),
    Step.APPLY: rule({State.APPROVED}, State.APPLIED, Who.CLOCK),
    Step.DISCARD: rule(WRITABLE, State.DISCARDED, Who.WRITER),
    Step.RESTORE: rule({State.DISCARDED}, State.DRAFT, Who.WRITER),
    Step.PUBLISH_AT_ONCE: rule(WRITABLE, State.APPLIED, Who.APPROVER_IN_NEED),
    Step.REVIEW: rule({State.APPLIED}, State.APPLIED, Who.SECOND),
}


@dataclass(frozen=True)
class Standing:
    """What the workflow has to know of a change.

    ``writers`` are the ids of all who contributed words to it, its author among them.
    """

    state: State
    author: int
    writers: frozenset[int]
    is_emergency: bool = False
    is_reviewed: bool = False


@dataclass(frozen=True)
class Actor:
    """Who takes a step: an account, and whether its role lets it write or approve."""

    id: int
    may_write: bool
    may_approve: bool


def refusal(step: Step, change: Standing, actor: Actor) -> str | None:
    """Why ``actor`` may not take a step now, in a sentence; None where they may."""
    found = TABLE[step]
    if change.state not in found.start:
        return f"This change is {change.state}: {step} is for one that is {either(found.start)}."
    if step is Step.REVIEW and (not change.is_emergency or change.is_reviewed):
        return "Only an emergency publication is reviewed afterwards, and only once."
    return {
        Who.WRITER: not_writing,
        Who.SECOND: not_second,
        Who.APPROVER_IN_NEED: not_approving,
        Who.CLOCK: lambda *_args: None,
    }[found.who](change, actor)


def not_writing(_change: Standing, actor: Actor) -> str | None:
    return None if actor.may_write else "Your role may not write changes of this kind."


def not_approving(_change: Standing, actor: Actor) -> str | None:
    return None if actor.may_approve else "Only an approver may do this."


def not_second(change: Standing, actor: Actor) -> str | None:
    if not actor.may_approve:
        return "Only an approver may do this."
    if actor.id == change.author:
        return "You are the author of this change: a second person has to look at it."
    if actor.id in change.writers:
        return "You have a part in this change: another person has to look at it."
    return None


def either(states: Collection[State]) -> str:
    return " or ".join(sorted(states))
