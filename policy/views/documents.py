"""Federal Register documents, and what imports left for a person to judge."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from policy.exports import Columns, csv_response, facts_csv, wants_csv
from policy.http import ReadingRequest, Response, with_parameters
from policy.models import DocumentFact, Proposal
from policy.queries.cited import find_document
from policy.queries.documents import document_page, document_types, listed_documents, matching
from policy.views.render import render

PER_PAGE = 50
DOCUMENT_COLUMNS: Columns[DocumentFact] = {
    "number": lambda fact: fact.document.number,
    "title": lambda fact: fact.title,
    "type": lambda fact: fact.type,
    "action": lambda fact: fact.action,
    "published": lambda fact: fact.published_on.iso if fact.published_on else "",
    "effective": lambda fact: fact.effective,
    "comments_close": lambda fact: fact.comments_close,
    "citation": lambda fact: fact.citation,
    "rins": lambda fact: ", ".join(fact.rins),
    "cfr_parts": lambda fact: ", ".join(fact.cfr_parts or []),
    "corrects": lambda fact: fact.corrects,
    "source_url": lambda fact: fact.source.url,
}
QUESTION_COLUMNS: Columns[Proposal] = {
    "kind": lambda question: question.get_kind_display(),
    "about": lambda question: question.subject_id,
    "question": lambda question: question.title,
    "words": lambda question: question.evidence.get("words", ""),
    "source": lambda question: question.source,
    "raised_in_revision": lambda question: question.revision_id,
}


@require_safe
def documents(request: ReadingRequest) -> Response:
    kind, q = request.GET.get("type", ""), request.GET.get("q", "").strip()
    found = matching(listed_documents(request.reading), q)
    if kind:
        found = found.filter(type=kind)
    if wants_csv(request):
        return csv_response("documents", DOCUMENT_COLUMNS, found, request.reading)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "types": document_types(request.reading),
        "type": kind,
        "q": q,
    }
    return render(request, "policy/documents.html", context, part="list")


@require_safe
def document(request: ReadingRequest, number: str) -> Response:
    found = find_document(number)
    if found is None:
        raise Http404
    meant = found.resolved(request.reading.asof.revision)
    if meant.public_id != number:
        address = reverse("policy:document", args=[meant.public_id])
        return redirect(with_parameters(address, request.GET.dict()))
    page = document_page(found, request.reading)
    if page.fact is None and not found.is_stub:
        msg = "the document had not appeared by the day asked for"
        raise Http404(msg)
    if wants_csv(request):
        return facts_csv(f"document-{number}", page.facts, request.reading)
    template = "policy/stub.html" if found.is_stub else "policy/document.html"
    return render(request, template, {"page": page, "document": found})


@require_safe
def questions(request: ReadingRequest) -> Response:
    """What nobody has judged yet, as known at the moment asked for."""
    kind = request.GET.get("kind", "")
    every = Proposal.objects.open(request.reading.asof.revision)
    found = every.filter(kind=kind) if kind in Proposal.Kind.values else every
    found = found.select_related("source").order_by("-revision", "kind", "key")
    if wants_csv(request):
        return csv_response("open-questions", QUESTION_COLUMNS, found, request.reading)
    counts = dict(every.order_by().values_list("kind").annotate(Count("pk")))
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [(v, label, counts[v]) for v, label in Proposal.Kind.choices if v in counts],
        "kind": kind,
    }
    return render(request, "policy/questions.html", context, part="list")
