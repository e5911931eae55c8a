"""The dossier of one party."""

from django.http import Http404
from django.views.decorators.http import require_safe

from entities.queries.scope import entity_scope
from policy.http import ReadingRequest, Response
from policy.queries.dossier import Subject
from policy.views.dossiers import dossier_answer


@require_safe
def entity(request: ReadingRequest, slug: str) -> Response:
    scope = entity_scope(slug, request.reading.revision_number)
    if scope is None:
        raise Http404
    return dossier_answer(request, Subject("entity", slug, scope))
