"""The steps of a change, each by the table of ``policy.domain.workflow``.

Every step is one transaction and leaves one line of who took it; a step that is refused leaves
nothing. The database refuses by itself what these functions should have refused.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial

from django.db import transaction

from policy.actions.desk.drafts import contribute, locked
from policy.actions.desk.holds import HoldUnread, check_holds, touches_of
from policy.actions.desk.kinds import BadValues, kind_of
from policy.actions.desk.letters import address_of, addresses_of, write_to
from policy.actions.desk.publish import (
    SaysNothing,
    Stale,
    accept_proposals,
    check_current,
    write_items,
)
from policy.actions.identities import note_identities
from policy.actions.revisions import new_revision
from policy.domain.roles import Power
from policy.domain.workflow import TABLE, Actor, State, Step, refusal
from policy.models import Change, Revision, User
from policy.permissions import can_power

logger = logging.getLogger(__name__)

RETURNED = """The hour has come for which this change was approved, and it was not published.

What: {title}
Why not: {because}

It has gone back to its writers, who may write it anew and submit it again:
{url}
"""


class Refused(Exception):
    """A step that is not possible now, or not for this person. The message is for them."""


def actor_for(change: Change, by: User) -> Actor:
    """What the workflow has to know of somebody, for the kinds that a change writes."""
    powers = {kind_of(item.kind).power for item in change.items.all()}
    return Actor(
        by.pk,
        may_write=all(can_power(by, power) for power in powers),
        may_approve=can_power(by, Power.APPROVE),
    )


def check_step(change: Change, step: Step, by: User) -> None:
    """Raises Refused with the sentence that the person reads."""
    if sentence := why_not(change, step, by):
        raise Refused(sentence)


def can_step(change: Change, step: Step, by: User) -> bool:
    """Whether ``check_step`` lets it pass."""
    return not why_not(change, step, by)


def why_not(change: Change, step: Step, by: User) -> str:
    """The sentence of ``check_step``; empty where it lets the step pass."""
    return refusal(step, change.standing, actor_for(change, by)) or ""


class Lapsed(Refused):
    """The approver has left, or may no longer approve. The message is for the writers."""


@contextmanager
def stepping(
    change: Change, step: Step, *, by: User, at: datetime, note: str = ""
) -> Iterator[Change]:
    """The change, held; leaves it in the step's state with a line of who took the step."""
    with transaction.atomic():
        held = locked(change)
        check_step(held, step, by)
        yield held
        held.state = TABLE[step].end
        held.save()
        contribute(held, by=by, at=at, step=step, note=note)


def submit_change(change: Change, *, version: int, by: User, at: datetime) -> Change:
    """Hand a change over for a second look. It must be such that it could be published now.

    Raises Refused, Stale, BadValues or SaysNothing, having written nothing.
    """
    with stepping(change, Step.SUBMIT, by=by, at=at) as held:
        check_version(held, version)
        check_complete(held)
        check_current(held)
        rehearse(held, at=at)
        held.submitted_at, held.touches = at, touches_of(held)
    return held


def check_complete(change: Change) -> None:
    """Raises BadValues where the reason or the source is missing: no fact stands without."""
    wrong = {}
    if not change.why.strip():
        wrong["why"] = "Say why: history shows the reason for good."
    if change.source_id is None:
        wrong["source"] = "Every fact cites a source: choose one, or register it first."
    if wrong:
        raise BadValues(wrong)


def check_version(change: Change, version: int) -> None:
    if change.version != version:
        msg = "The change was written since you opened it: look at it again first."
        raise Refused(msg)


class Rehearsed(Exception):
    """Ends a rehearsal, so that nothing of it remains."""


def rehearse(change: Change, *, at: datetime) -> None:
    """Write the change and take it back: it raises what publishing would raise."""
    issue = new_revision(by="rehearsal", kind=Revision.Kind.RECORD, reason=change.why, at=at)
    with suppress(Rehearsed), transaction.atomic(), issue as revision:
        write_items(change, revision, at=at)
        raise Rehearsed


def take_back(change: Change, *, by: User, at: datetime) -> Change:
    """Make a submitted change a draft again, before anybody has approved it."""
    with stepping(change, Step.TAKE_BACK, by=by, at=at) as held:
        held.submitted_at = None
    return held


def return_change(change: Change, *, because: str, by: User, at: datetime) -> Change:
    """Send it back to its writers, who read ``because``."""
    if not because.strip():
        msg = "Say what is to be changed: its writers read it."
        raise Refused(msg)
    with stepping(change, Step.RETURN, by=by, at=at, note=because.strip()) as held:
        held.submitted_at = held.approved_by = held.approved_at = None
    return held


def discard_change(change: Change, *, by: User, at: datetime, because: str = "") -> Change:
    with stepping(change, Step.DISCARD, by=by, at=at, note=because.strip()) as held:
        pass
    return held


def restore_change(change: Change, *, by: User, at: datetime) -> Change:
    with stepping(change, Step.RESTORE, by=by, at=at) as held:
        other = Change.objects.settling(held.settles).first() if held.settles else None
        if other is not None:
            msg = f"Change {other.pk} settles the same conflict meanwhile; it is {other.state}."
            raise Refused(msg)
    return held


def approve_change(change: Change, *, version: int, by: User, at: datetime) -> Change:
    """Approve it, and publish it unless it waits for its instant.

    Raises Refused, Stale, BadValues, SaysNothing or HoldUnread, having written nothing.
    """
    with transaction.atomic():
        with stepping(change, Step.APPROVE, by=by, at=at) as held:
            check_version(held, version)
            check_current(held)
            check_holds(held)
            held.approved_by, held.approved_at = by, at
        if held.publish_at and held.publish_at > at:
            rehearse(held, at=at)
            return held
        return apply_change(held, at=at)


def apply_change(change: Change, *, at: datetime) -> Change:
    """Publish an approved change: its facts, its events, its answers to proposals."""
    with transaction.atomic():
        held = locked(change)
        if held.state != State.APPROVED or held.approved_by is None:
            msg = f"This change is {held.state}: only an approved one is published."
            raise Refused(msg)
        check_approver(held)
        check_current(held)
        check_holds(held)
        by = f"{held.author.name}, approved by {held.approved_by.name}"
        record(held, by=by, at=at)
        held.state, held.applied_at = State.APPLIED, at
        held.save()
        by_whom = None if was_scheduled(held) else held.approved_by
        contribute(held, by=by_whom, at=at, step=Step.APPLY)
    return held


def was_scheduled(change: Change) -> bool:
    """Whether its approval left the publishing to the clock."""
    approved_at, publish_at = change.approved_at, change.publish_at
    return bool(approved_at and publish_at and publish_at > approved_at)


def check_approver(change: Change) -> None:
    """Raises Lapsed unless whoever approved the change might do so now.

    Not so its author: they wrote while they might, and what makes words law is the second pair
    of eyes that has read them, which an author's leaving does not close.
    """
    approver = change.approved_by
    if approver is None or not can_power(approver, Power.APPROVE):
        who = approver.name if approver else "Nobody"
        msg = f"{who} approved it and may no longer approve changes: submit it again."
        raise Lapsed(msg)


def record(change: Change, *, by: str, at: datetime) -> Revision:
    kind = Revision.Kind.DESK
    with new_revision(by=by, kind=kind, reason=change.why, at=at, change=change) as revision:
        # Once more: until the revision was issued another could record over the same fact.
        check_current(change)
        write_items(change, revision, at=at)
        accept_proposals(change, revision)
        # One that was registered by hand is first kept by what cites it.
        note_identities([change.source] if change.source else [])
    return revision


def publish_at_once(
    change: Change, *, version: int, by: User, at: datetime, because: str = ""
) -> Change:
    """Publish a draft without a second pair of eyes, which must look at it afterwards."""
    with stepping(change, Step.PUBLISH_AT_ONCE, by=by, at=at, note=because) as held:
        check_version(held, version)
        check_complete(held)
        check_current(held)
        check_holds(held)
        held.is_emergency, held.touches = True, touches_of(held)
        # The database lets a revision of the desk be only where this is already so.
        held.save()
        record(held, by=f"{by.name}, as an emergency", at=at)
        held.submitted_at = held.applied_at = at
    return held


def review_change(change: Change, *, note: str, by: User, at: datetime) -> Change:
    """Say, after an emergency publication, that a second person has looked at it."""
    with stepping(change, Step.REVIEW, by=by, at=at, note=note.strip()) as held:
        held.reviewed_by, held.reviewed_at = by, at
    return held


def publish_due(*, at: datetime) -> int:
    """Publish what was approved for an instant that has come; returns how many.

    One that can no longer be published goes back to its writers; they and whoever approved it
    get a mail that says why.
    """
    return sum(
        publish_or_return(change, at=at)
        for change in Change.objects.to_publish(at).order_by("publish_at", "pk")
    )


def publish_or_return(change: Change, *, at: datetime) -> bool:
    try:
        apply_change(change, at=at)
    except (Stale, BadValues, SaysNothing, HoldUnread, Lapsed) as refused:
        send_back(change, because=f"It could not be published: {refused}", at=at)
        return False
    except Refused:
        # Another worker has published or returned it meanwhile.
        return False
    except Exception:  # one that fails must hold up neither the others nor the mails
        logger.exception("publishing change %s", change.pk)
        return False
    return True


def send_back(change: Change, *, because: str, at: datetime) -> None:
    """Return an approved change by the clock, in nobody's name."""
    with transaction.atomic():
        held = locked(change)
        if held.state != State.APPROVED:
            return
        told = addresses_of({*held.standing.writers, held.approved_by_id})
        contribute(held, by=None, at=at, step=Step.RETURN, note=because)
        held.state = State.RETURNED
        held.submitted_at = held.approved_by = held.approved_at = None
        held.save()
        # Robust: a mail that cannot leave must not hold up the next change.
        transaction.on_commit(partial(tell_of_return, held, because, told), robust=True)


def tell_of_return(change: Change, because: str, told: list[str]) -> None:
    """Mail those who count on the publication that it did not take place."""
    text = RETURNED.format(title=change.title, because=because, url=address_of(change))
    write_to(told, subject=f"Not published: {change.title}", text=text)
