"""Judging what imports left for a person: taking it up as a draft, or rejecting it.

A draft goes the way of every change, and the proposal is closed by the revision that publishes
it. A rejection is a row with who, when and why; it counts from the newest revision on, since
nothing of the record changes by it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from policy.actions.desk.builders import item_of
from policy.actions.desk.drafts import Item, Words, newest_revision, start_change
from policy.domain.roles import Power
from policy.domain.workflow import State
from policy.models import Change, Proposal, ProposalRejection, User
from policy.permissions import check_power

OVER = (State.APPLIED, State.DISCARDED)


class NotJudged(Exception):
    """A proposal that cannot be judged like this. The message is for the person."""


def accept_proposals(proposals: Iterable[Proposal], *, by: User, at: datetime) -> Change:
    """A draft that answers proposals which are alike, an item for each.

    Raises NotJudged or NotPermitted, having written nothing.
    """
    check_power(by, Power.DRAFT)
    with transaction.atomic():
        held = hold(proposals)
        check_alike(held)
        items = [item for proposal in held if (item := item_of(proposal))]
        if len(items) < len(held):
            msg = "The desk writes nothing that answers this. Say so, and reject it."
            raise NotJudged(msg)
        return start_change(words_from(held, items), by=by, at=at, proposals=held)


def words_from(held: Sequence[Proposal], items: Sequence[Item]) -> Words:
    first = held[0]
    title = first.title if len(held) == 1 else f"{len(held)} answers on {first.subject_id}"
    quotes = dict.fromkeys(str(p.evidence.get("words", "")) for p in held)
    return Words(
        title=title[:200],
        source=first.source.slug if first.source else "",
        quote="\n".join(filter(None, quotes)),
        items=tuple(items),
    )


def reject_proposals(
    proposals: Iterable[Proposal], *, because: str, by: User, at: datetime
) -> list[Proposal]:
    """Reject one, or several that are alike, with one reason.

    Raises NotJudged or NotPermitted, having written nothing.
    """
    check_power(by, Power.DRAFT)
    if not because.strip():
        msg = "Say why: the same evidence proposes nothing again."
        raise NotJudged(msg)
    with transaction.atomic():
        held = hold(proposals)
        check_alike(held)
        ProposalRejection.objects.bulk_create(
            ProposalRejection(proposal=proposal, because=because.strip(), by=by, at=at)
            for proposal in held
        )
        rows = Proposal.objects.filter(pk__in=[proposal.pk for proposal in held])
        rows.update(state=Proposal.State.REJECTED, closed=newest_revision())
    return held


def hold(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals, held until the transaction ends. Raises NotJudged for one that is judged."""
    asked = [proposal.pk for proposal in proposals]
    if not asked:
        msg = "Choose at least one proposal."
        raise NotJudged(msg)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("source")
    held = list(rows.filter(pk__in=asked).order_by("pk"))
    for proposal in held:
        if proposal.state != Proposal.State.OPEN:
            msg = f"“{proposal.title}” is {proposal.state} already."
            raise NotJudged(msg)
    answer = Change.objects.filter(proposals__in=held).exclude(state__in=OVER).first()
    if answer is not None:
        msg = f"Change {answer.pk} answers this already; it is {answer.state}."
        raise NotJudged(msg)
    return held


def check_alike(held: Sequence[Proposal]) -> None:
    """Raises NotJudged for several whose evidence differs in kind or subject."""
    if len({(p.kind, p.subject_kind, p.subject_id) for p in held}) > 1:
        msg = "Only proposals of one kind on one document are judged together."
        raise NotJudged(msg)
