"""The page of accounts, for administrators: who there is, what they may do, what was done."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policy.actions import accounts
from policy.actions.accounts import AccountRefused
from policy.adapters import password_url
from policy.clock import now
from policy.forms_mails import BecauseForm
from policy.forms_people import NewAccountForm, RoleForm
from policy.http import AccountRequest
from policy.models import User
from policy.views.staff_page import show
from policy.views.unlisted import unlisted

PER_PAGE = 50
SENT = "A link to set a password is on its way to {email}."
NOT_SENT = "The mail could not be sent: no server took it. Send the link again from this page."
APP = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
log = logging.getLogger(__name__)


@require_safe
@unlisted
def people(request: AccountRequest) -> HttpResponse:
    rows = User.objects.annotate(second_factor=Exists(APP))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "people", {"page": page, "base": ""})


@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def new(request: AccountRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if not form.is_valid():
        return show(request, "person_new", {"form": form}, 400 if form.is_bound else 200)
    asked = form.cleaned_data
    try:
        user = accounts.make_account(
            email=asked["email"],
            name=asked["name"],
            role=form.asked_role,
            by=request.user,
            because=asked["because"],
            at=now(),
        )
    except AccountRefused as refused:
        form.add_error("email", str(refused))
        return show(request, "person_new", {"form": form}, 409)
    mail_link(request, user)
    return redirect("policy:person", pk=user.pk)


def mail_link(request: AccountRequest, user: User) -> None:
    """Send the link to set a password, and say on the next page whether it left."""
    text = render_to_string(
        "account/email/invitation.txt",
        {"user": user, "by": request.user, "url": password_url(*accounts.password_key(user))},
    )
    subject = "Your account on Earmark"
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])
    except (OSError, SMTPException):
        log.exception("the link to set a password could not be sent")
        messages.error(request, NOT_SENT)
    else:
        messages.success(request, SENT.format(email=user.email))


@require_safe
@unlisted
def person(request: AccountRequest, pk: int) -> HttpResponse:
    return show_person(request, found(pk))


def found(pk: int) -> User:
    return get_object_or_404(User.objects.annotate(second_factor=Exists(APP)), pk=pk)


def show_person(
    request: AccountRequest, user: User, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "person": user,
        "events": user.events.select_related("by"),
        "refused": refused,
        "role_form": RoleForm(initial={"role": user.role}, auto_id="role-%s"),
        "link_form": BecauseForm(auto_id="link-%s"),
        "active_form": BecauseForm(auto_id="active-%s"),
        "factor_form": BecauseForm(auto_id="factor-%s"),
        "own_role": sentence(accounts.check_role_change, user, request.user),
        "own_active": sentence(accounts.check_deactivation, user, request.user),
        "own_factor": sentence(accounts.check_second_factor_reset, user, request.user),
    }
    return show(request, "person", context, status)


def sentence(check: Callable[[User, User], None], user: User, by: User) -> str:
    """Why something cannot be done, in place of its form; empty where it can."""
    try:
        check(user, by)
    except AccountRefused as refused:
        return str(refused)
    return ""


@require_POST
@unlisted
def role(request: AccountRequest, pk: int) -> HttpResponse:
    form = RoleForm(request.POST)
    asked = {"role": form.asked_role} if form.is_valid() else {}
    return acted(request, pk, form, accounts.change_role, **asked)


@require_POST
@unlisted
def deactivate(request: AccountRequest, pk: int) -> HttpResponse:
    return acted(request, pk, BecauseForm(request.POST), accounts.deactivate)


@require_POST
@unlisted
def reactivate(request: AccountRequest, pk: int) -> HttpResponse:
    return acted(request, pk, BecauseForm(request.POST), accounts.reactivate)


@require_POST
@unlisted
def second_factor(request: AccountRequest, pk: int) -> HttpResponse:
    return acted(request, pk, BecauseForm(request.POST), accounts.reset_second_factor)


@require_POST
@unlisted
def link(request: AccountRequest, pk: int) -> HttpResponse:
    response = acted(request, pk, BecauseForm(request.POST), accounts.note_link)
    if response.status_code == 302:  # noqa: PLR2004  # it was allowed, and the event is kept
        mail_link(request, found(pk))
    return response


def acted(
    request: AccountRequest,
    pk: int,
    form: BecauseForm | RoleForm,
    act: Callable[..., None],
    **asked: Any,
) -> HttpResponse:
    """Do it and show the person anew, or say why it cannot be done."""
    user = found(pk)
    if not form.is_valid():
        errors = [str(error) for found_ in form.errors.values() for error in found_]
        return show_person(request, user, " ".join(errors), 400)
    because = form.cleaned_data["because"]
    try:
        act(user=user, by=request.user, because=because, at=now(), **asked)
    except AccountRefused as refused:
        return show_person(request, user, str(refused), 409)
    return redirect("policy:person", pk=pk)
