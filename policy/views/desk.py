"""The queue of the desk, and one change in it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render as render_page
from django.views.decorators.http import require_safe

from policy.actions.desk.before_after import returned_by, shown_items, trail_of
from policy.actions.desk.choices import can_be_undone, choices_for
from policy.actions.desk.holds import holds_on, unread_holds
from policy.actions.desk.impact import impact_of
from policy.actions.desk.kinds import desk_kinds
from policy.actions.desk.subjects import subjects_of
from policy.actions.desk.undo import remaining
from policy.clock import now
from policy.domain.roles import Power
from policy.exports import Columns, csv_response, wants_csv
from policy.http import Response
from policy.models import Change, Conflict, Proposal, User
from policy.permissions import can_power
from policy.queries.desk import (
    CONFLICTS,
    PROPOSALS,
    VIEWS,
    Wanted,
    as_row,
    counts,
    found_change,
    open_conflicts,
    open_proposals,
    proposal_counts,
    queued,
    waited,
)
from policy.views.desk_frame import REFUSALS, DeskRequest
from policy.views.render import render
from policy.views.unlisted import FRAME, unlisted

PER_PAGE = 50
CHANGE_COLUMNS: Columns[Change] = {
    "change": lambda change: change.pk,
    "title": lambda change: change.title,
    "state": lambda change: change.state,
    "author": lambda change: change.author.name,
    "subject": lambda change: f"{change.subject_kind} {change.subject_id}".strip(),
    "why": lambda change: change.why,
    "source": lambda change: change.source,
    "submitted_at": lambda change: change.submitted_at,
    "publish_at": lambda change: change.publish_at,
    "approved_by": lambda change: change.approved_by.name if change.approved_by else "",
}
PROPOSAL_COLUMNS: Columns[Proposal] = {
    "proposal": lambda proposal: proposal.pk,
    "kind": lambda proposal: proposal.get_kind_display(),
    "about": lambda proposal: f"{proposal.subject_kind} {proposal.subject_id}",
    "title": lambda proposal: proposal.title,
    "words": lambda proposal: proposal.evidence.get("words", ""),
    "source": lambda proposal: proposal.source,
}
CONFLICT_COLUMNS: Columns[Conflict] = {
    "conflict": lambda conflict: conflict.slug,
    "about": lambda conflict: conflict.about,
    "one_says": lambda conflict: conflict.one_says,
    "other_says": lambda conflict: conflict.other_says,
    "source": lambda conflict: conflict.source,
}


def wanted_of(request: DeskRequest) -> Wanted:
    """What the address asks for; an unknown view is the first one."""
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "subject", "q")}
    view = request.GET.get("view", "")
    return Wanted(view if view in VIEWS else next(iter(VIEWS)), **asked)


def rows_of(wanted: Wanted, user: User) -> tuple[Any, Columns[Any]]:
    if wanted.view == PROPOSALS:
        return open_proposals(wanted), PROPOSAL_COLUMNS
    if wanted.view == CONFLICTS:
        return open_conflicts(wanted), CONFLICT_COLUMNS
    may_approve = can_power(user, Power.APPROVE)
    return queued(user, wanted, may_approve=may_approve), CHANGE_COLUMNS


@require_safe
@unlisted
def queue(request: DeskRequest) -> Response:
    wanted = wanted_of(request)
    rows, columns = rows_of(wanted, request.user)
    if wants_csv(request):
        return csv_response(f"desk-{wanted.view}", columns, rows, request.reading)
    context = {**FRAME, **queue_context(wanted, request.user)}
    pages = Paginator(rows, PER_PAGE)
    if not context["is_filtered"]:
        pages.count = context["held"]
    context["page"] = page = pages.get_page(request.GET.get("page"))
    if wanted.view not in (PROPOSALS, CONFLICTS):
        titles = {slug: kind.title for slug, kind in desk_kinds().items()}
        at = now()
        context["rows"] = [
            {**as_row(change, titles), "days": waited(change, at)} for change in page.object_list
        ]
    return render(request, "policy/desk/queue.html", context, part="list", moves=False)


@dataclass(frozen=True)
class Tab:
    """One view of the queue, and how much it holds."""

    view: str
    label: str
    count: int
    is_current: bool


def queue_context(wanted: Wanted, user: User) -> dict[str, Any]:
    held = counts(user, may_approve=can_power(user, Power.APPROVE))
    by_kind = proposal_counts()
    held[PROPOSALS] = sum(by_kind.values())
    if wanted.view == PROPOSALS:
        kinds = [
            (k, f"{label} ({by_kind[k]})") for k, label in Proposal.Kind.choices if k in by_kind
        ]
    else:
        kinds = [(slug, kind.title) for slug, kind in desk_kinds().items()]
    return {
        "tabs": [Tab(v, label, held[v], v == wanted.view) for v, (label, _) in VIEWS.items()],
        "wanted": wanted,
        "held": held[wanted.view],
        "kinds": [] if wanted.view == CONFLICTS else kinds,
        "heading": VIEWS[wanted.view][0],
        "nothing": VIEWS[wanted.view][1],
        "is_filtered": bool(wanted.kind or wanted.subject or wanted.q),
        "may_draft": can_power(user, Power.DRAFT),
    }


def change_or_404(pk: int) -> Change:
    found = found_change(pk)
    if found is None:
        raise Http404
    return found


@require_safe
@unlisted
def change(request: DeskRequest, pk: int) -> Response:
    return show_change(request, change_or_404(pk))


def show_change(
    request: DeskRequest, found: Change, refused: str = "", status: int = 200
) -> HttpResponse:
    """The page of a change, with the sentence about what could not be done."""
    context = {**FRAME, **change_context(found, request.user), "refused": refused}
    return render_page(request, "policy/desk/change.html", context, status=status)


def change_context(found: Change, user: User) -> dict[str, Any]:
    revision = getattr(found, "revision", None)
    known = revision.number - 1 if revision else None
    subjects = subjects_of(found)
    holds = holds_on(subjects)
    trail = trail_of(list(found.contributions.select_related("by").order_by("pk")))
    return {
        "change": found,
        "revision": revision,
        "items": shown_items(found, known),
        "trail": trail,
        "returned": returned_by(found, trail),
        "choices": choices_for(found, user),
        "subjects": sorted(subjects),
        "holds": holds,
        "unread": unread_holds(found) if holds else [],
        "proposals": list(found.proposals.all()),
        "undone_by": list(found.undone_by.all()),
        "can_undo": can_be_undone(found) and can_power(user, Power.DRAFT),
        "remains": list(remaining(found)),
        "has_impact": found.state not in ("applied", "discarded"),
    }


@require_safe
@unlisted
def impact(request: DeskRequest, pk: int) -> Response:
    """What publishing would do, rehearsed at the instant for which it is planned."""
    found = change_or_404(pk)
    at = max(now(), found.publish_at) if found.publish_at else now()
    context: dict[str, Any] = {**FRAME, "change": found, "at": at}
    try:
        context["impact"] = impact_of(found, at=at)
    except REFUSALS as refused:
        context["refused"] = str(refused)
    return render(request, "policy/desk/impact.html", context, part="impact", moves=False)
