"""Deadlines with their countdowns, and the receipt of each."""

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from policy.domain.selections import LONGEST_QUERY, PARTS, Selection
from policy.exports import FACT_COLUMNS, Columns, csv_response, wants_csv
from policy.http import ReadingRequest, Response
from policy.models import Deadline, Fact
from policy.queries.deadlines import (
    DatedDeadline,
    Told,
    dated_deadline,
    dated_deadlines,
    receipts_of,
)
from policy.queries.subjects import find_kind
from policy.views.render import render


def of_row(read: Callable[[Fact], Any], told: Told) -> Any:
    """A column of facts, read from the fact that a sentence is about."""
    return read(told.row)


COLUMNS: Columns[DatedDeadline] = {
    "deadline": lambda d: d.deadline.label,
    "kind": lambda d: d.deadline.get_kind_display(),
    "rule": lambda d: d.deadline.rule.title,
    "docket": lambda d: d.deadline.docket,
    "provision": lambda d: d.deadline.provision,
    "scope": lambda d: d.deadline.scope,
    "date": lambda d: d.iso or "not known",
    "days_left": lambda d: d.days_left,
    "basis": lambda d: d.current.get_basis_display() if d.current else "",
    "act": lambda d: d.current.get_act_display() if d.current else "",
    "moved": lambda d: "yes" if d.has_moved else "no",
    "source": lambda d: d.current.source if d.current else "",
    "history": lambda d: " ".join(map(str, d.told)),
}
# A chain as a table: each fact, and what it did to the date before.
CHAIN: Columns[Told] = {
    **{name: partial(of_row, read) for name, read in FACT_COLUMNS.items()},
    "basis": lambda told: told.row.get_basis_display(),
    "act": lambda told: told.row.get_act_display(),
    "how": str,
}
WHEN = (("ahead", "Ahead"), ("passed", "Passed"), ("all", "All"))


@require_safe
def deadlines(request: ReadingRequest) -> Response:
    selection = Selection.of(**{name: request.GET.get(name, "") for name in PARTS})
    when = request.GET.get("when", "all")
    found = dated_deadlines(request.reading)
    chosen = [d for d in found if is_chosen(d, when) and d.belongs_to(selection)]
    if wants_csv(request):
        return csv_response("deadlines", COLUMNS, chosen, request.reading)
    context = {
        "ahead": [d for d in chosen if d.is_ahead],
        "unknown": [d for d in chosen if d.days_left is None],
        "passed": [d for d in chosen if d.days_left is not None and not d.is_ahead][::-1],
        "kinds": Deadline.Kind.choices,
        "rules": rules_of(found),
        "selection": selection,
        "followed": followed(selection),
        "when": when,
        "whens": WHEN,
        "q": request.GET.get("q", "").strip(),
    }
    return render(request, "policy/deadlines.html", context, part="list")


def is_chosen(dated: DatedDeadline, when: str) -> bool:
    return when not in ("ahead", "passed") or dated.is_ahead == (when == "ahead")


def rules_of(found: list[DatedDeadline]) -> list[tuple[str, str]]:
    """The rules that have dates, by the name that the page prints."""
    return sorted(
        {(d.deadline.rule.slug, d.deadline.rule.short_title) for d in found}, key=itemgetter(1)
    )


def followed(selection: Selection) -> dict[str, str]:
    """What the button behind the list subscribes to; nothing where nobody could follow it."""
    kind, subject_id = selection.subject
    if len(subject_id) > LONGEST_QUERY or (kind == "kind" and not find_kind(subject_id)):
        return {}
    return {"subject": kind, "id": subject_id}


@require_safe
def deadline(request: ReadingRequest, slug: str) -> Response:
    found = get_object_or_404(
        Deadline.objects.select_related("rule", "docket", "provision"), slug=slug
    )
    dated = dated_deadline(found, request.reading)
    if not dated.history:
        msg = "no document had set this date by the day asked for"
        raise Http404(msg)
    if wants_csv(request):
        return csv_response(f"deadline-{slug}", CHAIN, dated.told, request.reading)
    receipts = receipts_of(dated.current, request.reading) if dated.current else None
    context = {"dated": dated, "deadline": found, "receipts": receipts}
    return render(request, "policy/deadline.html", context)
