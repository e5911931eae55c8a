"""What changed about a subject. A first load, and what it brought of the past, is no news."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from policy.domain.deadlines import eastern_day
from policy.domain.due import EVERYTHING, Subject
from policy.models import Deadline, Event, Subscription
from policy.queries.subjects import subjects_of

Kinds = Subscription.Subject
# Their news is that of their deadlines, and of themselves where they have any.
WITH_DEADLINES = (Kinds.RULE, Kinds.DOCKET, Kinds.KIND, Kinds.SEARCH)

# Pages of what events are about, by URL name: no app has to know another for it.
SUBJECT_PAGES = {
    "rule": "policy:rule",
    "deadline": "policy:deadline",
    "country": "policy:country",
    "document": "policy:document",
    "docket": "policy:docket",
    "section": "policy:section",
    "entity": "entities:entity",
}


def news_about(subject: Subject) -> QuerySet[Event]:
    """The changes that followers of a subject hear of, the newest first."""
    kind, subject_id = subject
    rows = Event.objects.filter(baseline=False).select_related("revision", "source")
    if subject == EVERYTHING:
        return rows
    own = Q(subject_kind=kind, subject_id=subject_id)
    if kind in WITH_DEADLINES:
        own |= Q(subject_kind="deadline", subject_id__in=deadlines_of(subject))
    return rows.filter(own)


def deadlines_of(subject: Subject) -> list[str]:
    searches = [subject[1]] if subject[0] == Kinds.SEARCH else []
    rows = Deadline.objects.select_related("rule", "docket")
    return [one.slug for one in rows if subject in subjects_of(one, searches)]


def event_id(event: Event) -> str:
    """A tag URI, RFC 4151: the revision that recorded the change, and its place in it."""
    recorded = event.revision.recorded_at
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{recorded:%Y-%m-%d}:revision/{event.revision_id}/{event.pk}"


def event_url(event: Event) -> str:
    """The page of what an event is about, as it read right after the change was recorded."""
    name = SUBJECT_PAGES.get(event.subject_kind)
    path = reverse(name, args=[event.subject_id]) if name else event.url
    recorded = event.revision.recorded_at
    point = {"on": eastern_day(recorded).isoformat(), "known": recorded.isoformat()}
    page, _, part = (path or reverse("policy:home")).partition("#")
    joined = f"{page}{'&' if '?' in page else '?'}{urlencode(point)}"
    return f"{settings.SITE_URL}{joined}{'#' if part else ''}{part}"
