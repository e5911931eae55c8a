"""Subscribing to deadline mail, confirming, managing and ending it.

Programs that scan mails follow every link, so a GET never changes anything. Pages opened by
a token stay out of caches and of search engines.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy.actions.alerts.bounces import ask_to_confirm_again
from policy.actions.alerts.subscribe import (
    change_leads,
    confirm_subscription,
    end_all,
    end_subscription,
    request_subscription,
)
from policy.clock import now
from policy.domain.due import EVERYTHING
from policy.domain.leads import LEADS
from policy.forms import LeadsForm, SubscribeForm
from policy.models import Subscriber, Subscription
from policy.queries.subjects import Followed, find_subject
from policy.views.throttle import is_within_limit, network_of

PER_NETWORK, PER_ADDRESS = 20, 3
TOO_MANY = "Too many requests have come from your network in the last hour. Please try again later."
# A page that a token opens must not be cited or linked: whoever has the address has the key.
PRIVATE = {"permalink": "", "citation_text": "", "export_url": ""}

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For pages that a token opens; an unknown token gets a page that says so."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = show(request, "unknown", {}, status=404)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def show(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    template = f"policy/subscriptions/{page}.html"
    return render(request, template, {**PRIVATE, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form for one subject: ``?subject=rule&id=ai-diffusion``."""
    subject = asked_subject(request)
    form = SubscribeForm(request.POST or None, initial={"leads": [lead.code for lead in LEADS]})
    status = 200
    if request.method == "POST" and form.is_valid():
        network = network_of(request)
        if is_within_limit("subscribe", network, limit=PER_NETWORK, per=timedelta(hours=1)):
            keep_request(form, subject)
            return redirect("policy:subscribe-sent")
        form.add_error(None, TOO_MANY)
        status = 429
    context = {"form": form, "subject": subject}
    return render(request, "policy/subscriptions/subscribe.html", context, status=status)


def asked_subject(request: HttpRequest) -> Followed:
    kind, subject_id = request.GET.get("subject", EVERYTHING[0]), request.GET.get("id", "")
    subject = find_subject(kind, subject_id)
    if subject is None:
        msg = "nothing of that name can be followed"
        raise Http404(msg)
    return subject


def keep_request(form: SubscribeForm, subject: Followed) -> None:
    """Queue the confirmation. An address over its limit gets no mail, and nobody is told."""
    email = form.cleaned_data["email"]
    if is_within_limit("address", email.lower(), limit=PER_ADDRESS, per=timedelta(days=1)):
        leads = form.cleaned_data["leads"]
        request_subscription(email=email, subject=subject, leads=leads, at=now())


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not."""
    return render(request, "policy/subscriptions/sent.html")


def owned(token: str, pk: int) -> Subscription:
    rows = Subscription.objects.select_related("subscriber")
    return get_object_or_404(rows, pk=pk, subscriber__token=token)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    subscription = owned(token, pk)
    if request.method == "POST" and subscription.ended_at is None:
        subscription = confirm_subscription(subscription=subscription, at=now())
    manage_url = reverse("policy:subscriptions", args=[token])
    return show(request, "confirm", {"subscription": subscription, "manage_url": manage_url})


@private
@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = get_object_or_404(Subscriber, token=token)
    rows = list(subscriber.subscriptions.active().prefetch_related("chosen"))
    lines = [{"subscription": s, "form": leads_form(s), "url": subject_url(s)} for s in rows]
    saved, asked = request.GET.get("saved"), request.GET.get("asked")
    context = {"subscriber": subscriber, "lines": lines, "saved": saved, "asked": asked}
    return show(request, "manage", context)


@private
@require_POST
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a paused address to confirm itself again, as often as an address may be asked."""
    subscriber = get_object_or_404(Subscriber, token=token)
    if is_within_limit("address", subscriber.email, limit=PER_ADDRESS, per=timedelta(days=1)):
        ask_to_confirm_again(subscriber=subscriber, at=now())
    return redirect(f"{reverse('policy:subscriptions', args=[token])}?asked=1")


def leads_form(subscription: Subscription) -> LeadsForm:
    codes = [lead.code for lead in subscription.leads]
    return LeadsForm(initial={"leads": codes}, auto_id=f"id_{subscription.pk}_%s")


def subject_url(subscription: Subscription) -> str:
    subject = find_subject(subscription.subject, subscription.subject_id)
    return subject.url if subject else ""


@private
@require_POST
def leads(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    subscription = owned(token, pk)
    form = LeadsForm(request.POST)
    if form.is_valid() and subscription.is_active:
        change_leads(subscription=subscription, leads=form.cleaned_data["leads"])
        return redirect(f"{reverse('policy:subscriptions', args=[token])}?saved={pk}")
    return show(request, "refused", {"form": form, "token": token}, status=400)


@csrf_exempt  # RFC 8058: the mail program posts, and the token in the address is the proof
@private
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    subscription = owned(token, pk)
    if request.method == "POST":
        end_subscription(subscription=subscription, at=now())
        subscription.refresh_from_db(fields=["ended_at"])
    return show(request, "unsubscribe", {"subscription": subscription, "token": token})


@csrf_exempt  # as above
@private
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_all(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = get_object_or_404(Subscriber, token=token)
    if request.method == "POST":
        end_all(subscriber=subscriber, at=now())
    count = subscriber.subscriptions.filter(ended_at__isnull=True).count()
    return show(request, "unsubscribe_all", {"subscriber": subscriber, "count": count})
