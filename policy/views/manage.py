"""What a reader follows, on one page: changing it, ending it, erasing the address."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy.actions.alerts.bounces import ask_to_confirm_again
from policy.actions.alerts.erase import erase_subscriber
from policy.actions.alerts.subscribe import (
    backups,
    change_clock,
    change_subscription,
    end_all,
    end_subscription,
    told_words,
)
from policy.clock import now
from policy.forms import ChoicesForm, ClockForm
from policy.models import Subscriber, Subscription
from policy.queries.subjects import find_subject
from policy.views.private import private, show
from policy.views.subscriptions import PER_ADDRESS, ask_backup, owned
from policy.views.throttle import is_within_limit


def reader(token: str) -> Subscriber:
    return get_object_or_404(Subscriber, token=token, erased_at=None)


@private
@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = reader(token)
    rows = list(subscriber.subscriptions.active().prefetch_related("chosen"))
    consents = {c.subject_id: c for c in backups(row.pk for row in rows).order_by("pk")}
    clock = {"zone": subscriber.zone, "hour": f"{subscriber.hour:%H}:00"}
    context = {
        "subscriber": subscriber,
        "lines": [line_of(row, subscriber, consents.get(str(row.pk))) for row in rows],
        "clock": ClockForm(initial=clock, auto_id="id_clock_%s"),
        "saved": request.GET.get("saved"),
        "asked": request.GET.get("asked"),
    }
    return show(request, "manage", context)


@private
@require_POST
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a paused address to confirm itself again, as often as an address may be asked."""
    subscriber = reader(token)
    if is_within_limit("address", subscriber.email, limit=PER_ADDRESS, per=timedelta(days=1)):
        ask_to_confirm_again(subscriber=subscriber, at=now())
    return redirect(f"{reverse('policy:subscriptions', args=[token])}?asked=1")


def line_of(
    subscription: Subscription, subscriber: Subscriber, consent: Subscription | None
) -> dict[str, Any]:
    """One subject with its form; a backup person has nothing to choose."""
    subject = find_subject(subscription.subject, subscription.subject_id)
    chooses = subscription.subject != Subscription.Subject.BACKUP
    return {
        "subscription": subscription,
        "form": choices_form(subscription, subscriber) if chooses else None,
        "url": subject.url if subject else "",
        "told": told_words(subscription),
        "backup": backup_words(subscription, consent),
    }


def choices_form(subscription: Subscription, subscriber: Subscriber) -> ChoicesForm:
    leads = subscription.leads
    return ChoicesForm(
        initial={
            "leads": [lead.code for lead in leads],
            "delivery": subscription.delivery,
            "weekday": subscription.weekday,
            "backup_email": subscription.backup_email,
            "escalate_days": subscription.escalate_days,
        },
        held=leads,
        own_address=subscriber.email,
        auto_id=f"id_{subscription.pk}_%s",
    )


def backup_words(subscription: Subscription, consent: Subscription | None) -> str:
    """Whether the backup person has agreed; empty where none is named."""
    if not subscription.backup_email:
        return ""
    if consent is None or consent.ended_at:
        return "Your backup person has not agreed, and is told nothing. Save to ask once more."
    if consent.confirmed_at is None:
        return "Your backup person has been asked and has not answered yet."
    return "Your backup person has agreed."


@private
@require_POST
def leads(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    subscription = owned(token, pk)
    email = subscription.subscriber.email
    form = ChoicesForm(request.POST, held=subscription.leads, own_address=email)
    if form.is_valid() and subscription.is_active:
        chosen = form.cleaned_data["leads"]
        change_subscription(subscription=subscription, leads=chosen, how=form.how, at=now())
        ask_backup(subscription)
        return redirect(f"{reverse('policy:subscriptions', args=[token])}?saved={pk}")
    return show(request, "refused", {"form": form, "token": token}, status=400)


@private
@require_POST
def clock(request: HttpRequest, token: str) -> HttpResponse:
    """Zone and hour are the reader's: they hold for everything that goes to the address."""
    subscriber, form = reader(token), ClockForm(request.POST)
    if form.is_valid():
        change_clock(subscriber=subscriber, how=form.clock)
        return redirect(f"{reverse('policy:subscriptions', args=[token])}?saved=clock")
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
    subscriber = reader(token)
    if request.method == "POST":
        end_all(subscriber=subscriber, at=now())
    count = subscriber.subscriptions.filter(ended_at__isnull=True).count()
    return show(request, "unsubscribe_all", {"subscriber": subscriber, "count": count})


@private
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first; afterwards the address of this page opens nothing any more."""
    subscriber = reader(token)
    if request.method == "POST":
        erase_subscriber(subscriber=subscriber, at=now())
        return redirect("policy:subscriber-erased")
    return show(request, "erase", {"subscriber": subscriber})


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return show(request, "erased", {})
