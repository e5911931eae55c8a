"""The site map."""

from django.conf import settings
from django.urls import include, path

from config.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("entities/", include("entities.urls")),
    path("dossiers/entities/", include("entities.urls_dossiers")),
    path("lists/", include("entities.urls_lists")),
    path("account/", include("policy.urls_accounts")),
    path("", include("policy.urls")),
]

if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    # Where a mail provider reports bounces: /anymail/<provider>/tracking/.
    urlpatterns.append(path("anymail/", include("anymail.urls")))
