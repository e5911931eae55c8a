"""The Atom feeds below ``feeds/``."""

from django.urls import path
from django.views.decorators.http import require_safe

from policy.domain.due import EVERYTHING
from policy.feeds import SubjectFeed

feed = require_safe(SubjectFeed())

urlpatterns = [
    path("changes.atom", feed, {"subject": EVERYTHING[0]}, name="feed-changes"),
    path("deadlines.atom", feed, name="feed-deadlines"),
    path("<slug:subject>/<str:subject_id>.atom", feed, name="feed"),
]
