"""The project's addresses, and the bare view that the entities page is measured against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as project
from entities.models import Listing
from policy.domain.roles import Power
from policy.permissions import POWERS


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty rows from one query through the same base template and middleware."""
    rows = Listing.objects.filter(superseded=None).select_related("entity", "country")
    rows = rows.defer("raw").order_by("sort_name", "pk")[:50]
    return render(request, "bench/bare.html", {"rows": rows})


POWERS["bench"] = Power.READ
urlpatterns = [path("bench/bare/", bare, name="bench"), *project]
