"""What staff see of the outbox: every mail's state, its content as sent, and two things to do."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from policy.actions.alerts.resend import NotPossible, cancel_alert, resend_alert
from policy.clock import now
from policy.forms_mails import BecauseForm, MailsForm
from policy.http import AccountRequest
from policy.models import Alert
from policy.queries.mails import Line, Wanted, as_sent, mails
from policy.views.staff_page import show
from policy.views.unlisted import unlisted

PER_PAGE = 50


@require_safe
@unlisted
def all_mails(request: AccountRequest) -> HttpResponse:
    form = MailsForm(request.GET)
    wanted = Wanted(**form.wanted) if form.is_valid() else Wanted()
    page = Paginator(mails(wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [Line(alert) for alert in page.object_list],
        "base": urlencode({k: v for k, v in form.data.items() if v and k != "page"}),
    }
    return show(request, "mails", context)


@require_safe
@unlisted
def one_mail(request: AccountRequest, pk: int) -> HttpResponse:
    alert = found(pk)
    if request.GET.get("format") == "eml" and alert.sent_content:
        return HttpResponse(
            alert.sent_content.encode(),
            content_type="message/rfc822",
            headers={"Content-Disposition": f'attachment; filename="mail-{pk}.eml"'},
        )
    return show_mail(request, alert)


def found(pk: int) -> Alert:
    rows = Alert.objects.select_related("subscriber", "subscription", "content", "resend_of")
    return get_object_or_404(rows, pk=pk)


def show_mail(
    request: AccountRequest, alert: Alert, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "line": Line(alert),
        "alert": alert,
        "sent": as_sent(alert.sent_content) if alert.sent_content else None,
        "tries": alert.tries.all(),
        "resends": alert.resends.order_by("pk"),
        "form": BecauseForm(),
        "refused": refused,
    }
    return show(request, "mail", context, status)


@require_POST
@unlisted
def resend(request: AccountRequest, pk: int) -> HttpResponse:
    def act(alert: Alert, because: str) -> Alert:
        return resend_alert(alert=alert, by=request.user.name, because=because, at=now())

    return acted(request, pk, act)


@require_POST
@unlisted
def cancel(request: AccountRequest, pk: int) -> HttpResponse:
    def act(alert: Alert, because: str) -> Alert:
        cancel_alert(alert=alert, by=request.user.name, because=because, at=now())
        return alert

    return acted(request, pk, act)


def acted(request: AccountRequest, pk: int, act: Callable[[Alert, str], Alert]) -> HttpResponse:
    """Do it and show the mail that it is about, or say why it cannot be done."""
    alert, form = found(pk), BecauseForm(request.POST)
    if not form.is_valid():
        return show_mail(request, alert, "Please say why: the reason is kept.", 400)
    try:
        shown = act(alert, form.cleaned_data["because"])
    except NotPossible as refused:
        return show_mail(request, alert, str(refused), 409)
    return redirect("policy:staff-mail", pk=shown.pk)
