"""The site map."""

from django.urls import include, path

from config.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("entities/", include("entities.urls")),
    path("lists/", include("entities.urls_lists")),
    path("", include("policy.urls")),
]
