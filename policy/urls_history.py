"""The site map of the history, mounted under ``/history/``."""

from django.urls import path

from policy.views import history

urlpatterns = [
    path("", history.revisions, name="history"),
    path("revisions/<int:number>/", history.revision, name="history-revision"),
    path("by/<path:name>/", history.person, name="history-person"),
    path("changes/", history.changes, name="history-changes"),
    path("<path:name>/", history.fact, name="history-fact"),
]
