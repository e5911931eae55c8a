"""The site map of the screening lists."""

from django.urls import path

from entities.views import screening

app_name = "lists"

urlpatterns = [
    path("", screening.screening_lists, name="lists"),
    path("cross-check/", screening.cross_check, name="cross_check"),
    path("<slug:code>/<slug:ref>/", screening.screening_entry, name="entry"),
]
