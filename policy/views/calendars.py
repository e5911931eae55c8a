"""Deadlines as calendar files, and addresses that a calendar program keeps fetching."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy.actions.calendar_links import create_calendar_link, revoke_calendar_link
from policy.calendars import ics_response, invite_of, invites_of, invites_on
from policy.clock import now
from policy.domain.deadlines import eastern_day
from policy.domain.due import EVERYTHING
from policy.domain.invites import Method
from policy.domain.selections import PARTS, Selection
from policy.http import ReadingRequest, network_of
from policy.models import CalendarLink
from policy.queries.due_dates import chains
from policy.queries.invites import DatedEntry, dated_entry
from policy.queries.selections import entries_of
from policy.queries.subjects import Followed, described, find_subject
from policy.views.throttle import is_within_limit
from policy.views.unlisted import FRAME

PER_NETWORK = 20
TOO_MANY = "Too many requests have come from your network in the last hour. Please try again later."


@require_safe
def deadlines(request: ReadingRequest) -> HttpResponse:
    """What the deadlines page shows there, but for dates by which nobody has to act."""
    selection = Selection.of(**{name: request.GET.get(name, "") for name in PARTS})
    when, reading = request.GET.get("when", ""), request.reading
    chosen = [
        entry
        for entry in entries_of(EVERYTHING, reading)
        if selection.matches(described(entry.chain.deadline))
        and (when not in ("ahead", "passed") or is_ahead(entry, request) == (when == "ahead"))
    ]
    name = f"earmark-deadlines-on-{reading.on.isoformat()}"
    return ics_response(invites_of(chosen, reading), file_name=name)


def is_ahead(entry: DatedEntry, request: ReadingRequest) -> bool:
    return not entry.is_cancelled and entry.day >= request.reading.on


@require_safe
def deadline(request: ReadingRequest, slug: str) -> HttpResponse:
    chain = chains([slug]).get(slug)
    entry = dated_entry(chain, request.reading) if chain else None
    invite = invite_of(entry, request.reading) if entry else None
    if invite is None:
        msg = "no exact day that readers act on was known there"
        raise Http404(msg)
    return ics_response([invite], file_name=f"earmark-{slug}")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The page on one subject, ``?subject=rule&id=ai-diffusion``; a POST makes an address."""
    subject = asked_subject(request)
    context: dict[str, object] = {"subject": subject}
    if request.method == "POST":
        network = network_of(request)
        if is_within_limit("calendar", network, limit=PER_NETWORK, per=timedelta(hours=1)):
            link = create_calendar_link(subject=subject, at=now())
            return redirect("policy:calendar-link", link.token)
        context["refused"] = TOO_MANY
    status = 429 if "refused" in context else 200
    return render(request, "policy/calendars/new.html", context, status=status)


def asked_subject(request: HttpRequest) -> Followed:
    kind, subject_id = request.GET.get("subject", EVERYTHING[0]), request.GET.get("id", "")
    subject = find_subject(kind, subject_id)
    if subject is None:
        msg = "nothing of that name has a calendar"
        raise Http404(msg)
    return subject


@cache_control(private=True, no_cache=True)
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The address, how to use it, and the button that revokes it."""
    found = get_object_or_404(CalendarLink, token=token)
    url = request.build_absolute_uri(reverse("policy:calendar-feed", args=[token]))
    webcal = f"webcal:{url.partition(':')[2]}"
    context = {**FRAME, "link": found, "url": url, "webcal": webcal}
    response = render(request, "policy/calendars/link.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    revoke_calendar_link(link=get_object_or_404(CalendarLink, token=token), at=now())
    return redirect("policy:calendar-link", token)


@cache_control(private=True, no_cache=True)
@require_safe
def feed(request: ReadingRequest, token: str) -> HttpResponse:
    """The calendar as of today. Programs ask with the ETag of the one that they hold."""
    found = get_object_or_404(CalendarLink, token=token)
    if found.revoked_at:
        return HttpResponse("This calendar has been revoked.\n", "text/plain", status=410)
    subject, since = (found.subject, found.subject_id), eastern_day(found.created_at)
    invites = invites_on(subject, request.reading, since)
    response = ics_response(
        invites, file_name="earmark", name=f"Earmark: {found.label}", method=Method.PUBLISH
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
