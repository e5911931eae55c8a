"""The steps of a change, each a POST that takes it or says in a sentence why not."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from policy.actions.desk import review as steps
from policy.actions.desk.emergency import publish_emergency
from policy.actions.desk.holds import read_holds
from policy.actions.desk.review import Refused
from policy.actions.desk.undo import undo_change
from policy.clock import now
from policy.domain.workflow import Step
from policy.http import Response, whole
from policy.models import Change
from policy.views.desk import change_context, change_or_404, show_change
from policy.views.desk_frame import (
    REFUSALS,
    DeskRequest,
    say,
    status_of,
)
from policy.views.unlisted import FRAME, unlisted

Act = Callable[[DeskRequest, Change], Change]


def step(done: str) -> Callable[[Act], Callable[..., Response]]:
    """For an act on a change: its POST view. ``done`` is what the person reads afterwards."""

    def decorate(act: Act) -> Callable[..., Response]:
        @require_POST
        @unlisted
        def view(request: DeskRequest, pk: int) -> Response:
            found = change_or_404(pk)
            try:
                changed = act(request, found)
            except REFUSALS as refused:
                return show_change(request, change_or_404(pk), str(refused), status_of(refused))
            say(request, done)
            return redirect("policy:desk-change", pk=changed.pk)

        return view

    return decorate


def version_of(request: DeskRequest) -> int:
    """The version that the person had before them. Raises Refused where none came along."""
    version = whole(request.POST.get("version", ""))
    if not version:
        msg = "The form does not say which version you have read: open the change again."
        raise Refused(msg)
    return version


def text_of(request: DeskRequest, name: str) -> str:
    return request.POST.get(name, "").strip()


@step("Submitted: a second person will look at it.")
def submit(request: DeskRequest, change: Change) -> Change:
    return steps.submit_change(change, version=version_of(request), by=request.user, at=now())


@step("It is a draft again.")
def take_back(request: DeskRequest, change: Change) -> Change:
    return steps.take_back(change, by=request.user, at=now())


@step("Returned to its writers.")
def return_(request: DeskRequest, change: Change) -> Change:
    because = text_of(request, "because")
    return steps.return_change(change, because=because, by=request.user, at=now())


@step("Approved.")
def approve(request: DeskRequest, change: Change) -> Change:
    version, at = version_of(request), now()
    with transaction.atomic():
        if request.POST.get("has_read_hold"):
            read_holds(change, by=request.user, at=at)
        return steps.approve_change(change, version=version, by=request.user, at=at)


@step("Discarded. It can be taken up again.")
def discard(request: DeskRequest, change: Change) -> Change:
    because = text_of(request, "because")
    return steps.discard_change(change, because=because, by=request.user, at=now())


@step("It is a draft again.")
def restore(request: DeskRequest, change: Change) -> Change:
    return steps.restore_change(change, by=request.user, at=now())


@step("You have looked at this emergency publication.")
def review(request: DeskRequest, change: Change) -> Change:
    return steps.review_change(change, note=text_of(request, "note"), by=request.user, at=now())


@step("This draft brings back what was known before. Submit it for review.")
def undo(request: DeskRequest, change: Change) -> Change:
    return undo_change(change, because=text_of(request, "because"), by=request.user, at=now())


@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def emergency(request: DeskRequest, pk: int) -> Response:
    """A page of its own, so that nobody publishes without a second look by one press."""
    found = change_or_404(pk)
    if request.method != "POST":
        return emergency_page(
            request, found, steps.why_not(found, Step.PUBLISH_AT_ONCE, request.user)
        )
    try:
        publish_loudly(request, found)
    except REFUSALS as error:
        return emergency_page(request, change_or_404(pk), str(error), status_of(error))
    say(request, "Published without a second look. Another approver has to look at it now.")
    return redirect("policy:desk-change", pk=pk)


def publish_loudly(request: DeskRequest, change: Change) -> None:
    version, because, at = version_of(request), text_of(request, "because"), now()
    with transaction.atomic():
        if request.POST.get("has_read_hold"):
            read_holds(change, by=request.user, at=at)
        publish_emergency(change, version=version, because=because, by=request.user, at=at)


def emergency_page(
    request: DeskRequest, found: Change, refused: str = "", status: int = 200
) -> Response:
    context: dict[str, Any] = {**FRAME, **change_context(found, request.user), "refused": refused}
    context["because"] = text_of(request, "because")
    return render(request, "policy/desk/emergency.html", context, status=status)
