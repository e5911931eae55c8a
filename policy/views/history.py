"""The history: of a fact, of a revision, of one person's work, of a page between two moments.

All of it is public reading, but for what one person did: that is for the desk.
"""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from policy.domain.asof import parse_known
from policy.domain.partial_dates import BadDate
from policy.exports import Columns, csv_response, wants_csv
from policy.http import ReadingRequest, Response, with_parameters
from policy.models import Fact, HistoryEntry, Revision
from policy.queries.asof import Reading, last_revision_at
from policy.queries.changes import FactChange, changes_between
from policy.queries.fact_names import find_fact, said_by
from policy.queries.history import (
    Version,
    all_versions,
    fact_page,
    listed_revisions,
    revision_page,
    written_by,
)
from policy.queries.identity_changes import identity_changes
from policy.queries.scopes import scope_of_page
from policy.views.render import render

PER_PAGE = 50
CHANGES_PER_PAGE = 20
VERSION_COLUMNS: Columns[tuple[Version, str, str, str]] = {
    "revision": lambda line: line[0].revision.number,
    "recorded_at": lambda line: line[0].revision.recorded_at.isoformat(),
    "by": lambda line: line[0].revision.by,
    "reason": lambda line: line[0].revision.reason,
    "because": lambda line: line[0].because,
    "field": lambda line: line[1],
    "before": lambda line: line[2],
    "after": lambda line: line[3],
}
REVISION_COLUMNS: Columns[Revision] = {
    "revision": lambda revision: revision.number,
    "recorded_at": lambda revision: revision.recorded_at.isoformat(),
    "by": lambda revision: revision.by,
    "kind": lambda revision: revision.get_kind_display(),
    "reason": lambda revision: revision.reason,
    "seal": lambda revision: revision.seal.hex,
}
ENTRY_COLUMNS: Columns[HistoryEntry] = {
    "chain": lambda entry: entry.chain,
    "position": lambda entry: entry.position,
    "act": lambda entry: entry.get_act_display(),
    "because": lambda entry: entry.because,
    "digest": lambda entry: bytes(entry.digest).hex(),
    "hash": lambda entry: bytes(entry.hash).hex(),
}
CHANGE_COLUMNS: Columns[tuple[FactChange, Fact | None, Fact | None]] = {
    "kind": lambda line: line[0].kind,
    "fact": lambda line: line[0].name,
    "before": lambda line: words_of(line[1]),
    "after": lambda line: words_of(line[2]),
    "revision": lambda line: line[0].revision.number,
    "by": lambda line: line[0].revision.by,
}


def words_of(row: Fact | None) -> str:
    said = said_by(row).items() if row else ()
    return "\n".join(f"{label}: {text}" for label, text in said if text)


@require_safe
def revisions(request: ReadingRequest) -> Response:
    """Every write to the record, the newest first."""
    return revision_list(request, by="")


@require_safe
def person(request: ReadingRequest, name: str) -> Response:
    """What one person, or one program, wrote or approved."""
    if not listed_revisions(request.reading, name).exists():
        raise Http404
    return revision_list(request, by=name)


def revision_list(request: ReadingRequest, *, by: str) -> Response:
    found = listed_revisions(request.reading, by)
    if wants_csv(request):
        return csv_response("revisions", REVISION_COLUMNS, found, request.reading)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    counts = written_by(listed)
    lines = [(revision, counts.get(revision.number, 0)) for revision in listed]
    context = {"page": page, "lines": lines, "by": by}
    return render(request, "policy/history/revisions.html", context, part="list")


@require_safe
def revision(request: ReadingRequest, number: int) -> Response:
    known = listed_revisions(request.reading)
    found = get_object_or_404(known, number=number)
    if wants_csv(request):
        entries = HistoryEntry.objects.filter(revision=found).order_by("pk").iterator()
        return csv_response(f"revision-{number}", ENTRY_COLUMNS, entries, request.reading)
    shown = revision_page(found, request.GET.get("page"))
    context = {"shown": shown, "page": shown.page, "revision": found}
    context["identities"] = identity_changes(found)
    return render(request, "policy/history/revision.html", context, part="list")


@require_safe
def fact(request: ReadingRequest, name: str) -> Response:
    """Every version of one fact: who, when, why, source, before and after."""
    found = find_fact(name)
    if found is None:
        raise Http404
    if wants_csv(request):
        lines = (
            (version, change.label, change.before, change.after)
            for version in all_versions(found, request.reading)
            for writing in version.writings
            for change in writing.changes
        )
        return csv_response("history", VERSION_COLUMNS, lines, request.reading)
    page = fact_page(found, request.reading, request.GET.get("page"))
    return render(request, "policy/history/fact.html", {"page": page, "fact": found}, part="list")


@require_safe
def changes(request: ReadingRequest) -> Response:
    """What changed in the facts of a page between two moments at which the record was known.

    ``page`` may be the address instead of ``about``; it is the number of a page everywhere else.
    """
    if request.GET.get("page", "").startswith("/"):
        return redirect(with_address(request))
    path, sentence = request.GET.get("about", ""), ""
    scope = scope_of_page(path) if path else None
    earlier = later = 0
    try:
        earlier, later = two_revisions(request, request.reading)
    except BadDate as refused:
        sentence = str(refused)
    if path and scope is None:
        sentence = f"“{path}” is no page of one rule, date, place, document or party of this site."
    found = list(changes_between(scope, earlier, later)) if scope and not sentence else []
    if wants_csv(request):
        lines = ((c, w.before, w.after) for c in found for w in c.writings)
        return csv_response("changes", CHANGE_COLUMNS, lines, request.reading)
    context = {
        "scope": scope,
        "page": Paginator(found, CHANGES_PER_PAGE).get_page(request.GET.get("page")),
        "sentence": sentence,
        "path": path,
        "from": request.GET.get("from", ""),
        "to": request.GET.get("to", ""),
        "revisions": (earlier, later),
    }
    return render(request, "policy/history/changes.html", context, part="list")


def with_address(request: ReadingRequest) -> str:
    parameters = request.GET.dict()
    about = parameters.pop("page")
    return with_parameters(request.path, {"about": about, **parameters})


def two_revisions(request: ReadingRequest, reading: Reading) -> tuple[int, int]:
    """The last revisions at ``from`` and ``to``; without them, none, and what is known now.

    Raises BadDate with a sentence for a moment that cannot be read, or a ``to`` before ``from``.
    """
    start, end = moment(request, "from"), moment(request, "to")
    if start and end and end < start:
        raise BadDate("the second moment lies before the first")
    earlier = last_revision_at(start) if start else 0
    later = last_revision_at(end) if end else reading.revision_number
    return earlier, min(later, reading.revision_number)


def moment(request: ReadingRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "").strip()
    try:
        return parse_known(text) if text else None
    except BadDate as refused:
        raise BadDate(str(refused).replace(" in known ", f" in {name} ")) from refused
