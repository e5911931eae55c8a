"""The read-only API. It documents itself under /api/v1/docs."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from entities.api import router as entities_router
from policy.api import router as policy_router
from policy.domain.partial_dates import BadDate

api = NinjaAPI(
    title="Earmark",
    version="1",
    description=(
        "US export control of AI as of any day, as known at any moment. `on` is an Eastern "
        "calendar day; `known` a day (meaning its end, Eastern) or an instant with its offset. "
        "Spans are half-open. Null means not known. Not legal advice."
    ),
    urls_namespace="api-1",
    docs_url="/docs",
)
api.add_router("", policy_router, tags=["policy"])
api.add_router("", entities_router, tags=["entities"])


@api.exception_handler(BadDate)
def bad_date(request: HttpRequest, refused: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(refused)}, status=400)
