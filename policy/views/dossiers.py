"""Dossiers: a page that says what is in one, and the JSON and the PDF behind it."""

from collections.abc import Mapping
from typing import Any

from django.core.cache import caches
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from policy.exports import Columns, csv_response, wants_csv
from policy.http import ReadingRequest, Response
from policy.queries.asof import Reading
from policy.queries.dossier import Dossier, Subject, make_dossier
from policy.queries.scopes import rule_scope
from policy.views.render import render

A_DAY = 24 * 60 * 60
CHECKSUM = "X-Checksum-SHA256"
COLUMNS: Columns[Mapping[str, Any]] = {
    "kind": lambda fact: fact["kind"],
    "fact": lambda fact: fact["name"],
    "title": lambda fact: fact["title"],
    "valid_from": lambda fact: fact["valid_from"],
    "valid_until": lambda fact: fact["valid_until"],
    "digest": lambda fact: fact["digest"],
}


@require_safe
def rule(request: ReadingRequest, slug: str) -> Response:
    scope = rule_scope(slug)
    if scope is None:
        raise Http404
    return dossier_answer(request, Subject("rule", slug, scope))


def dossier_answer(request: ReadingRequest, subject: Subject) -> Response:
    """The page of a dossier, or what ``format`` asks for: json, pdf or csv.

    Every answer bears the checksum of the JSON in a header.
    """
    found = make_dossier(subject, request.reading)
    form = request.GET.get("format", "")
    if form == "json":
        answer: Response = download(found, request.reading, found.data, "json", "application/json")
    elif form == "pdf":
        answer = download(found, request.reading, kept_pdf(found), "pdf", "application/pdf")
    elif wants_csv(request):
        name = f"dossier-{subject.kind}-{subject.id}"
        answer = csv_response(name, COLUMNS, found.facts, request.reading)
    else:
        answer = render(request, "policy/dossier.html", {"dossier": found, "subject": subject})
    answer[CHECKSUM] = found.checksum
    return answer


def kept_pdf(dossier: Dossier) -> bytes:
    """The PDF, set once a day: it takes a second, and the checksum says all that is in it."""
    name = f"dossier:{dossier.checksum}"
    kept: bytes | None = caches["local"].get(name)
    if kept is None:
        # Here, for it takes a third of the start of every process, and few make a PDF.
        from policy.dossiers import pdf_of  # noqa: PLC0415

        kept = pdf_of(dossier)
        caches["local"].set(name, kept, A_DAY)
    return kept


def download(
    dossier: Dossier, reading: Reading, data: bytes, ending: str, content_type: str
) -> HttpResponse:
    """A file whose name says which point in both times it holds."""
    revision = dossier.revision.number if dossier.revision else 0
    name = f"earmark-dossier-{dossier.subject.id}-on-{reading.on}-revision-{revision}.{ending}"
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
