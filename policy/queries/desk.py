"""The queue of the desk: what waits, for whom, and how much of it there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from policy.domain.workflow import WRITABLE, State
from policy.models import Change, ChangeItem, Conflict, Contribution, Proposal, User

PROPOSALS, CONFLICTS = "proposals", "conflicts"
VIEWS: Mapping[str, tuple[str, str]] = {
    "waiting": ("Waiting for me", "Nothing waits for a second pair of eyes but your own."),
    "mine": ("My drafts", "You have no draft, and nothing was returned to you."),
    "submitted": ("Submitted by me", "Nothing of yours waits for somebody else."),
    "scheduled": ("Scheduled", "Nothing approved waits for its day."),
    "emergencies": ("Emergencies", "No emergency publication waits for a second look."),
    PROPOSALS: (
        "Proposals",
        "Every import was read in full, or a person has judged what was left.",
    ),
    CONFLICTS: ("Conflicts", "No two official sources differ on anything that is open."),
    "all": ("All changes", "Nobody has written a change yet."),
}
SEARCHED = ("title", "why", "subject_id")


@dataclass(frozen=True)
class Wanted:
    """What of the queue is asked for; ``kind`` is of a change's items, or of proposals."""

    view: str = "waiting"
    kind: str = ""
    subject: str = ""
    q: str = ""


def views_of(user: User, *, may_approve: bool) -> dict[str, Q]:
    """By view, which changes are in it for somebody."""
    own = Q(is_own=True)
    waiting = Q(state=State.SUBMITTED) & ~own if may_approve else Q(pk__isnull=True)
    return {
        "waiting": waiting,
        "mine": own & Q(state__in=[state.value for state in WRITABLE]),
        "submitted": own & Q(state=State.SUBMITTED),
        "scheduled": Q(state=State.APPROVED),
        "emergencies": UNREVIEWED,
        "all": Q(pk__isnull=False),
    }


UNREVIEWED = Q(state=State.APPLIED, is_emergency=True, reviewed_at__isnull=True)


def changes_for(user: User) -> QuerySet[Change]:
    """All changes, each with whether the user has written any of it."""
    written = Contribution.objects.filter(change=OuterRef("pk"), by=user, step=Contribution.WRITE)
    return Change.objects.annotate(is_own=Exists(written))


def queued(user: User, wanted: Wanted, *, may_approve: bool) -> QuerySet[Change]:
    """The changes of one view that match, those that have waited longest first."""
    rows = changes_for(user).filter(views_of(user, may_approve=may_approve)[wanted.view])
    if wanted.kind:
        of_kind = ChangeItem.objects.filter(change=OuterRef("pk"), kind=wanted.kind)
        rows = rows.filter(Exists(of_kind))
    if wanted.subject:
        rows = rows.filter(subject_id=wanted.subject)
    for word in wanted.q.split():
        rows = rows.filter(any_of(SEARCHED, word))
    rows = rows.select_related("author", "source", "approved_by").prefetch_related("items")
    return rows.order_by("-pk" if wanted.view == "all" else "submitted_at", "pk")


def open_proposals(wanted: Wanted) -> QuerySet[Proposal]:
    rows = Proposal.objects.open()
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.subject:
        rows = rows.filter(subject_id=wanted.subject)
    for word in wanted.q.split():
        rows = rows.filter(any_of(("title", "subject_id"), word))
    return rows.select_related("source").order_by("kind", "subject_kind", "subject_id", "pk")


def open_conflicts(wanted: Wanted) -> QuerySet[Conflict]:
    rows: QuerySet[Conflict] = Conflict.objects.known(None).filter(is_open=True)
    for word in wanted.q.split():
        rows = rows.filter(any_of(("about", "one_says", "other_says", "slug"), word))
    return rows.select_related("source", "also", "rule", "document__source").order_by("slug")


def any_of(names: tuple[str, ...], word: str) -> Q:
    return Q(*((f"{name}__icontains", word) for name in names), _connector=Q.OR)


def counts(user: User, *, may_approve: bool) -> dict[str, int]:
    """How much each view holds, whatever is filtered."""
    by_view = views_of(user, may_approve=may_approve)
    counted = {view: Count("pk", filter=found) for view, found in by_view.items()}
    found: dict[str, int] = changes_for(user).aggregate(**counted)
    found[CONFLICTS] = open_conflicts(Wanted()).count()
    return found


def proposal_counts() -> dict[str, int]:
    """By kind, how many nobody has judged."""
    rows = Proposal.objects.open().order_by().values_list("kind").annotate(Count("pk"))
    return dict(rows)


def unreviewed() -> list[Change]:
    """The emergency publications that no second person has looked at yet."""
    rows = Change.objects.filter(UNREVIEWED).select_related("author")
    return list(rows.order_by("applied_at"))


def found_change(pk: int) -> Change | None:
    rows = Change.objects.select_related("author", "source", "approved_by", "reviewed_by")
    rows = rows.select_related("undoes", "revision")
    return rows.prefetch_related("items", "proposals__source").filter(pk=pk).first()


def alike(proposal: Proposal) -> list[Proposal]:
    """The open proposals of the same kind on the same subject, this one among them."""
    rows = Proposal.objects.open().filter(kind=proposal.kind, subject_kind=proposal.subject_kind)
    rows = rows.filter(subject_id=proposal.subject_id).select_related("source")
    return list(rows.order_by("pk"))


def waited(change: Change, at: datetime) -> int:
    """Whole days that a submitted change has waited at the UTC instant ``at``."""
    return (at - change.submitted_at).days if change.submitted_at else 0


def as_row(change: Change, titles: Mapping[str, str]) -> dict[str, Any]:
    """What the queue prints of a change; ``titles`` are those of the kinds, by slug."""
    kinds = dict.fromkeys(titles.get(item.kind, item.kind) for item in change.items.all())
    return {"change": change, "kinds": list(kinds), "items": len(change.items.all())}
