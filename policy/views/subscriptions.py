"""Subscribing to deadline mail, and confirming it.

Programs that scan mails follow every link, so a GET never changes anything. Pages opened by
a token stay out of caches and of search engines.
"""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from policy.actions.alerts.subscribe import (
    confirm_subscription,
    request_backup,
    request_subscription,
    told_words,
)
from policy.clock import now
from policy.domain.due import EVERYTHING
from policy.domain.leads import LEADS
from policy.forms import SubscribeForm
from policy.http import ReadingRequest, Response, network_of
from policy.models import Subscription
from policy.queries.preview import preview
from policy.queries.subjects import Followed, find_subject
from policy.views.private import private, show
from policy.views.render import render as render_part
from policy.views.throttle import is_within_limit

PER_NETWORK, PER_ADDRESS, CHECKS = 20, 3, 600
TOO_MANY = "Too many requests have come from your network in the last hour. Please try again later."
PAGE = "policy/subscriptions/subscribe.html"


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form for one subject: ``?subject=rule&id=ai-diffusion``."""
    subject = asked_subject(request)
    if request.method != "POST":
        return render(request, PAGE, page_of(subject, unfilled_form()))
    form, status = SubscribeForm(request.POST), 200
    if form.is_valid():
        network = network_of(request)
        if is_within_limit("subscribe", network, limit=PER_NETWORK, per=timedelta(hours=1)):
            keep_request(form, subject)
            return redirect("policy:subscribe-sent")
        form.add_error(None, TOO_MANY)
        status = 429
    return render(request, PAGE, page_of(subject, form), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ReadingRequest) -> Response:
    """What is wrong with the form as it stands, and what it would bring; nothing is kept.

    By POST, so that no address stands in a log; who follows a link here gets the empty form.
    """
    subject, network = asked_subject(request), network_of(request)
    if request.method != "POST":
        return redirect(f"{reverse('policy:subscribe')}?{subject.query}")
    if not is_within_limit("check", network, limit=CHECKS, per=timedelta(hours=1)):
        return HttpResponse(TOO_MANY, status=429, content_type="text/plain")
    form = SubscribeForm(request.POST)
    form.is_valid()
    form.forgive_what_is_empty()
    context = {**page_of(subject, form), "checked": True}
    return render_part(request, PAGE, context, part="check", moves=False)


def unfilled_form() -> SubscribeForm:
    return SubscribeForm(initial={"leads": [lead.code for lead in LEADS]})


def page_of(subject: Followed, form: SubscribeForm) -> dict[str, Any]:
    """The form with its subject, and how many mails its choices would have brought."""
    wish = form.wish if form.is_bound else SubscribeForm.usual_wish(LEADS)
    return {"form": form, "subject": subject, "preview": preview(subject, wish, at=now())}


def asked_subject(request: HttpRequest) -> Followed:
    kind, subject_id = request.GET.get("subject", EVERYTHING[0]), request.GET.get("id", "")
    subject = find_subject(kind, subject_id)
    if subject is None:
        msg = "nothing of that name can be followed"
        raise Http404(msg)
    return subject


def keep_request(form: SubscribeForm, subject: Followed) -> None:
    """Queue the confirmation. An address over its limit gets no mail, and nobody is told."""
    email, leads = form.cleaned_data["email"], form.cleaned_data["leads"]
    if may_be_asked(email):
        request_subscription(email=email, subject=subject, leads=leads, how=form.how, at=now())


def may_be_asked(email: str) -> bool:
    """Whether the address may get one more mail that it has not confirmed."""
    return is_within_limit("address", email.lower(), limit=PER_ADDRESS, per=timedelta(days=1))


def ask_backup(subscription: Subscription) -> None:
    """Ask the backup person of a subscription, unless strangers have asked them too often."""
    if subscription.backup_email and may_be_asked(subscription.backup_email):
        request_backup(subscription=subscription, at=now())


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
        ask_backup(subscription)
    context = {
        "subscription": subscription,
        "told": told_words(subscription),
        "manage_url": reverse("policy:subscriptions", args=[token]),
    }
    return show(request, "confirm", context)
