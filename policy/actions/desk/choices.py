"""The steps that somebody may take with a change, and why not where they may not."""

from collections.abc import Iterator
from dataclasses import dataclass

from policy.actions.desk.review import actor_for
from policy.domain.workflow import TABLE, Standing, State, Step, refusal
from policy.models import Change, User

# What a button says, the name of its address, and what it asks for beside the press.
BUTTONS: dict[Step, tuple[str, str, str]] = {
    Step.APPROVE: ("Approve", "policy:desk-approve", ""),
    Step.SUBMIT: ("Submit for review", "policy:desk-submit", ""),
    Step.RETURN: ("Return to its writers", "policy:desk-return", "because"),
    Step.TAKE_BACK: ("Take it back", "policy:desk-take-back", ""),
    Step.DISCARD: ("Discard", "policy:desk-discard", ""),
    Step.RESTORE: ("Take it up again", "policy:desk-restore", ""),
    Step.PUBLISH_AT_ONCE: ("Publish as an emergency", "policy:desk-emergency", "page"),
    Step.REVIEW: ("I have looked at it", "policy:desk-review", "note"),
}


@dataclass(frozen=True)
class Choice:
    """A step that the state of a change has; ``refused`` is the sentence where it is not theirs.

    ``asks``: a reason (because), a remark that may stay empty (note), or a page of its own.
    """

    step: Step
    label: str
    url_name: str
    asks: str
    refused: str

    @property
    def is_open(self) -> bool:
        return not self.refused


def choices_for(change: Change, by: User) -> list[Choice]:
    """The steps from where a change stands, those that are refused with the workflow's word."""
    standing, actor = change.standing, actor_for(change, by)
    return [
        Choice(step, *BUTTONS[step], refused=refusal(step, standing, actor) or "")
        for step in steps_from(standing)
    ]


def steps_from(standing: Standing) -> Iterator[Step]:
    """The steps that people take from a state, whoever they are."""
    for step in BUTTONS:
        if standing.state not in TABLE[step].start:
            continue
        if step is Step.REVIEW and (not standing.is_emergency or standing.is_reviewed):
            continue
        yield step


def can_be_undone(change: Change) -> bool:
    return change.state == State.APPLIED
