"""Every way of writing at the desk leaves exactly one trail, or does nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from policy.actions.desk import conflicts, drafts, emergency, holds, proposals, review, undo
from policy.models import (
    Change,
    Conflict,
    Contribution,
    LegalHold,
    LiftedHold,
    Proposal,
    ProposalRejection,
    Revision,
    Source,
    User,
)
from tests.policy.desk.world import AT, contents, published, submitted, words

pytestmark = pytest.mark.django_db
Team = dict[str, User]
Act = Callable[[], Any]
SUBJECT = ("deadline", "ai-diffusion-comment")
TRAILS: tuple[type[Model], ...] = (Contribution, LegalHold, LiftedHold, ProposalRejection)


class AuditFailed(Exception):
    """What the broken audit raises."""


def draft(team: Team, who: str = "author", **others: Any) -> Change:
    return drafts.start_change(words(**others), by=team[who], at=AT)


def proposal() -> Proposal:
    return Proposal.objects.create(
        key="date:1",
        kind="date",
        subject_kind="deadline",
        subject_id="ai-diffusion-comment",
        title="A date",
        evidence={"day": "2027-05-01"},
        source=Source.objects.get(slug="the-rule"),
        revision=Revision.objects.latest(),
    )


def dispute() -> None:
    Conflict.objects.create(
        slug="c",
        about="a day",
        one_says="1",
        other_says="2",
        governs="Neither",
        source=Source.objects.get(slug="the-rule"),
        recorded=Revision.objects.latest(),
    )


def make_start(team: Team) -> Act:
    return lambda: draft(team)


def make_write(team: Team) -> Act:
    change, new = draft(team), words(title="Other")
    return lambda: drafts.write_change(change, new, version=1, by=team["other"], at=AT)


def make_submit(team: Team) -> Act:
    change = draft(team)
    return lambda: review.submit_change(change, version=1, by=team["author"], at=AT)


def make_take_back(team: Team) -> Act:
    change = submitted(team)
    return lambda: review.take_back(change, by=team["author"], at=AT)


def make_return(team: Team) -> Act:
    change = submitted(team)
    return lambda: review.return_change(change, because="x", by=team["second"], at=AT)


def make_approve(team: Team) -> Act:
    change = submitted(team, publish_at=AT.replace(year=2027))
    return lambda: review.approve_change(change, version=1, by=team["second"], at=AT)


def make_publish_due(team: Team) -> Act:
    later = AT.replace(year=2027)
    change = submitted(team, publish_at=later)
    change = review.approve_change(change, version=1, by=team["second"], at=AT)
    return lambda: review.apply_change(change, at=later)


def make_discard(team: Team) -> Act:
    change = draft(team)
    return lambda: review.discard_change(change, by=team["author"], at=AT)


def make_restore(team: Team) -> Act:
    change = review.discard_change(draft(team), by=team["author"], at=AT)
    return lambda: review.restore_change(change, by=team["author"], at=AT)


def make_emergency(team: Team) -> Act:
    change = draft(team, "other")
    by = team["other"]
    return lambda: emergency.publish_emergency(change, version=1, because="x", by=by, at=AT)


def make_review(team: Team) -> Act:
    change = review.publish_at_once(draft(team, "other"), version=1, by=team["other"], at=AT)
    return lambda: review.review_change(change, note="", by=team["second"], at=AT)


def make_undo(team: Team) -> Act:
    change = published(team)
    return lambda: undo.undo_change(change, because="x", by=team["author"], at=AT)


def make_accept(team: Team) -> Act:
    found = proposal()
    return lambda: proposals.accept_proposals([found], by=team["author"], at=AT)


def make_reject(team: Team) -> Act:
    found = proposal()
    return lambda: proposals.reject_proposals([found], because="x", by=team["author"], at=AT)


def make_place(team: Team) -> Act:
    return lambda: holds.place_hold(SUBJECT, because="x", by=team["second"], at=AT)


def make_lift(team: Team) -> Act:
    hold = holds.place_hold(SUBJECT, because="x", by=team["second"], at=AT)
    return lambda: holds.lift_hold(hold, because="x", by=team["second"], at=AT)


def make_read(team: Team) -> Act:
    holds.place_hold(SUBJECT, because="x", by=team["second"], at=AT)
    change = submitted(team)
    return lambda: holds.read_holds(change, by=team["second"], at=AT)


ACTIONS: dict[str, Callable[[Team], Act]] = {
    name.removeprefix("make_"): make
    for name, make in globals().items()
    if name.startswith("make_") and callable(make)
}
every_action = pytest.mark.parametrize("name", ACTIONS)


def everything() -> dict[str, Any]:
    found: dict[str, Any] = {m.__name__: list(m._default_manager.values()) for m in TRAILS}
    items = list(Change.items.rel.related_model._default_manager.values())
    answers = list(Change.proposals.through._default_manager.values())
    return {**contents(), **found, "items": items, "answers": answers}


def trails() -> int:
    return sum(model._default_manager.count() for model in TRAILS)


def break_the_audit(monkeypatch: pytest.MonkeyPatch, after: int = 0) -> None:
    """Make every trail but the first few fail to be written."""
    written = []
    for model in TRAILS:
        for method in ("create", "bulk_create"):
            own = getattr(model._default_manager, method)

            def fail(*args: Any, own: Act = own, **kwargs: Any) -> Any:
                written.append(1)
                if len(written) > after:
                    raise AuditFailed
                return own(*args, **kwargs)

            monkeypatch.setattr(model._default_manager, method, fail)


@every_action
def test_an_action_leaves_exactly_one_trail(team: Team, name: str) -> None:
    act = ACTIONS[name](team)
    before, lines = everything(), trails()
    act()
    assert everything() != before
    assert trails() == lines + 1


@every_action
def test_where_the_trail_cannot_be_written_nothing_is(
    team: Team, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = ACTIONS[name](team)
    before = everything()
    break_the_audit(monkeypatch)
    with pytest.raises(AuditFailed):
        act()
    monkeypatch.undo()
    assert everything() == before


def test_publishing_at_once_upon_approval_is_all_or_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Approving and publishing are two lines; where the second fails there is neither."""
    change = submitted(team)
    before = everything()
    break_the_audit(monkeypatch, after=1)
    with pytest.raises(AuditFailed):
        review.approve_change(change, version=1, by=team["second"], at=AT)
    monkeypatch.undo()
    assert everything() == before


def test_settling_a_conflict_leaves_the_trail_of_a_change(team: Team) -> None:
    dispute()
    change = conflicts.close_conflict("c", governs="The first.", by=team["author"], at=AT)
    assert list(change.contributions.values_list("step", flat=True)) == ["write", "submit"]


def test_no_action_of_the_desk_is_left_out() -> None:
    """Whatever takes ``by`` or publishes is among them, or is one that others call."""
    modules = (drafts, review, undo, holds, proposals, emergency)
    takes_by = {
        name
        for module in modules
        for name, found in vars(module).items()
        if callable(found)
        and getattr(found, "__module__", "") == module.__name__
        and {"by", "at"} <= set(getattr(found, "__annotations__", {}))
    }
    covered = {
        *("start_change", "write_change", "submit_change", "take_back", "return_change"),
        *("approve_change", "discard_change", "restore_change", "publish_at_once"),
        *("review_change", "undo_change", "place_hold", "lift_hold", "read_holds"),
        *("accept_proposals", "reject_proposals", "publish_emergency"),
    }
    inner = {"contribute", "stepping", "record"}
    assert takes_by == covered | inner
