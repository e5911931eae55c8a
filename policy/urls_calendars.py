"""The addresses below ``calendars/``; all but the first open with a token of their own."""

from django.urls import path

from policy.views import calendars

urlpatterns = [
    path("", calendars.new, name="calendar-new"),
    path("<str:token>/", calendars.link, name="calendar-link"),
    path("<str:token>/revoke/", calendars.revoke, name="calendar-revoke"),
    path("<str:token>.ics", calendars.feed, name="calendar-feed"),
]
