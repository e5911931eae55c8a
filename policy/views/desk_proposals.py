"""Judging what imports left, settling conflicts, and legal holds."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy.actions.desk.builders import item_of
from policy.actions.desk.conflicts import (
    AlreadyClosed,
    AlreadyWaiting,
    ReasonMissing,
    close_conflict,
)
from policy.actions.desk.holds import KINDS, lift_hold, place_hold
from policy.actions.desk.kinds import kind_of
from policy.actions.desk.proposals import accept_proposals, reject_proposals
from policy.actions.desk.reopen import JUDGED_BEFORE, asked_again
from policy.clock import now
from policy.domain.roles import Power
from policy.http import Response, whole
from policy.models import Change, Conflict, LegalHold, Proposal
from policy.permissions import can_power
from policy.queries.desk import alike
from policy.templatetags.desk import optional_url
from policy.views.desk_frame import (
    REFUSALS,
    DeskRequest,
    say,
    status_of,
)
from policy.views.unlisted import FRAME, unlisted

NOT_SHOWN = ("words", "start", "end", "entry", JUDGED_BEFORE)
BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@unlisted
def proposal(request: DeskRequest, pk: int) -> Response:
    return show_proposal(request, pk)


def show_proposal(request: DeskRequest, pk: int, refused: str = "", status: int = 200) -> Response:
    rows = Proposal.objects.select_related("source", "revision", "closed")
    found = get_object_or_404(rows, pk=pk)
    item = item_of(found)
    context: dict[str, Any] = {
        **FRAME,
        "proposal": found,
        "evidence": evidence_of(found),
        "item": item,
        "values": [(name, value) for name, value in item.values.items() if value] if item else [],
        "kind": kind_of(item.kind) if item else None,
        "alike": [one for one in alike(found) if one.pk != found.pk],
        "before": found.evidence.get(JUDGED_BEFORE),
        "anew": [] if found.closed is None else list(asked_again(found)),
        "answers": list(found.changes.select_related("author")),
        "rejection": getattr(found, "rejection", None),
        "may_draft": can_power(request.user, Power.DRAFT),
        "refused": refused,
    }
    return render(request, "policy/desk/proposal.html", context, status=status)


def evidence_of(found: Proposal) -> list[tuple[str, str]]:
    """The values that the evidence holds, beside its words and what the page links to."""
    shown = {k: v for k, v in found.evidence.items() if k not in NOT_SHOWN}
    return [
        (name.replace("_", " ").capitalize(), plain(value))
        for name, value in shown.items()
        if value not in (None, "", [])
    ]


def plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def chosen(request: DeskRequest) -> list[Proposal]:
    """The proposals that were ticked, of which the page of the first is shown again."""
    keys = [key for text in request.POST.getlist("proposal") if (key := whole(text))]
    return list(Proposal.objects.filter(pk__in=keys[:500]).order_by("pk"))


@require_POST
@unlisted
def accept(request: DeskRequest) -> Response:
    found = chosen(request)
    try:
        draft = accept_proposals(found, by=request.user, at=now())
    except REFUSALS as refused:
        return refused_judgement(request, found, refused)
    say(request, "A draft with what the evidence holds. Complete it, and submit it.")
    editor = optional_url("policy:desk-edit", draft.pk) if request.POST.get("then") else ""
    return redirect(editor or reverse("policy:desk-change", args=[draft.pk]))


@require_POST
@unlisted
def reject(request: DeskRequest) -> Response:
    found = chosen(request)
    because = request.POST.get("because", "")
    try:
        done = reject_proposals(found, because=because, by=request.user, at=now())
    except REFUSALS as refused:
        return refused_judgement(request, found, refused)
    say(request, f"Rejected: {len(done)}. The same evidence proposes nothing again.")
    return redirect("policy:desk-proposal", pk=done[0].pk)


def refused_judgement(request: DeskRequest, found: list[Proposal], refused: Exception) -> Response:
    if found:
        return show_proposal(request, found[0].pk, str(refused), status_of(refused))
    context = {**FRAME, "refused": str(refused)}
    return render(request, "policy/desk/refused.html", context, status=status_of(refused))


@BOTH
@unlisted
def conflict(request: DeskRequest, slug: str) -> Response:
    rows = Conflict.objects.known(None).select_related("source", "also", "rule", "document")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        **FRAME,
        "conflict": found,
        "governs": request.POST.get("governs", ""),
    }
    context["may_draft"] = can_power(request.user, Power.DRAFT)
    context["waiting"] = Change.objects.settling(slug).first()
    if request.method != "POST":
        return render(request, "policy/desk/conflict.html", context)
    try:
        change = close_conflict(slug, governs=context["governs"], by=request.user, at=now())
    except (AlreadyClosed, AlreadyWaiting, ReasonMissing, *REFUSALS) as refused:
        context["refused"] = str(refused)
        return render(request, "policy/desk/conflict.html", context, status=409)
    say(request, "Submitted: a second person will look at it.")
    return redirect("policy:desk-change", pk=change.pk)


@BOTH
@unlisted
def holds(request: DeskRequest) -> Response:
    if request.method != "POST":
        return show_holds(request)
    subject = request.POST.get("kind", ""), request.POST.get("id", "")
    try:
        place_hold(subject, because=request.POST.get("because", ""), by=request.user, at=now())
    except REFUSALS as refused:
        return show_holds(request, str(refused), status_of(refused))
    say(request, "The hold stands.")
    return redirect("policy:desk-holds")


@require_POST
@unlisted
def lift(request: DeskRequest, pk: int) -> Response:
    hold = get_object_or_404(LegalHold, pk=pk)
    try:
        lift_hold(hold, because=request.POST.get("because", ""), by=request.user, at=now())
    except REFUSALS as refused:
        return show_holds(request, str(refused), status_of(refused))
    say(request, "The hold is lifted.")
    return redirect("policy:desk-holds")


def show_holds(request: DeskRequest, refused: str = "", status: int = 200) -> Response:
    rows = LegalHold.objects.select_related("by", "lifted__by")
    context = {
        **FRAME,
        "standing": [hold for hold in rows if not hasattr(hold, "lifted")],
        "lifted": [hold for hold in rows if hasattr(hold, "lifted")],
        "kinds": KINDS.items(),
        "typed": request.POST,
        "asked": request.GET,
        "may_approve": can_power(request.user, Power.APPROVE),
        "refused": refused,
    }
    return render(request, "policy/desk/holds.html", context, status=status)
