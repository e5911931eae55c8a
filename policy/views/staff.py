"""What staff see of the outbox: every mail's state, its content as sent, and two things to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy.actions.alerts.resend import NotPossible, cancel_alert, resend_alert
from policy.clock import now
from policy.forms_mails import BecauseForm, MailsForm
from policy.models import Alert
from policy.permissions import admit, check_staff, staff_name
from policy.queries.mails import Line, Wanted, as_sent, mails

PER_PAGE = 50
# Neither cited nor exported: it is no part of the record.
FRAME = {"permalink": "", "citation_text": "", "export_url": ""}

View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """For staff pages: the view gets ``by``, the name of who asks; others a page that says no."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, by=check_staff(request), **kwargs)
        return unlisted(response)

    return wrapped


def unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def show(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"policy/staff/{page}.html", {**FRAME, **context}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A GET admits nobody: programs follow links, and a person presses the button."""
    name = staff_name(token)
    if request.method == "POST":
        admit(request, token)
        return redirect("policy:staff-mails")
    return unlisted(show(request, "enter", {"name": name}))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("policy:home")


@require_safe
@staff_only
def all_mails(request: HttpRequest, *, by: str) -> HttpResponse:
    form = MailsForm(request.GET)
    wanted = Wanted(**form.wanted) if form.is_valid() else Wanted()
    page = Paginator(mails(wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "by": by,
        "form": form,
        "page": page,
        "lines": [Line(alert) for alert in page.object_list],
        "base": urlencode({k: v for k, v in form.data.items() if v and k != "page"}),
    }
    return show(request, "mails", context)


@require_safe
@staff_only
def one_mail(request: HttpRequest, pk: int, *, by: str) -> HttpResponse:
    alert = found(pk)
    if request.GET.get("format") == "eml" and alert.sent_content:
        return HttpResponse(
            alert.sent_content.encode(),
            content_type="message/rfc822",
            headers={"Content-Disposition": f'attachment; filename="mail-{pk}.eml"'},
        )
    return show_mail(request, alert, by)


def found(pk: int) -> Alert:
    rows = Alert.objects.select_related("subscriber", "subscription", "content", "resend_of")
    return get_object_or_404(rows, pk=pk)


def show_mail(
    request: HttpRequest, alert: Alert, by: str, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "by": by,
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
@staff_only
def resend(request: HttpRequest, pk: int, *, by: str) -> HttpResponse:
    def act(alert: Alert, because: str) -> Alert:
        return resend_alert(alert=alert, by=by, because=because, at=now())

    return acted(request, pk, by, act)


@require_POST
@staff_only
def cancel(request: HttpRequest, pk: int, *, by: str) -> HttpResponse:
    def act(alert: Alert, because: str) -> Alert:
        cancel_alert(alert=alert, by=by, because=because, at=now())
        return alert

    return acted(request, pk, by, act)


def acted(
    request: HttpRequest, pk: int, by: str, act: Callable[[Alert, str], Alert]
) -> HttpResponse:
    """Do it and show the mail that it is about, or say why it cannot be done."""
    alert, form = found(pk), BecauseForm(request.POST)
    if not form.is_valid():
        return show_mail(request, alert, by, "Please say why: the reason is kept.", 400)
    try:
        shown = act(alert, form.cleaned_data["because"])
    except NotPossible as refused:
        return show_mail(request, alert, by, str(refused), 409)
    return redirect("policy:staff-mail", pk=shown.pk)
