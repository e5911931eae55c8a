"""Subscribing the address of a team, by an account holder whom the confirmation names."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policy.actions.alerts.subscribe import subscribe_team
from policy.clock import now
from policy.domain.leads import LEADS
from policy.forms import SubscribeForm
from policy.http import AccountRequest
from policy.queries.subjects import Followed
from policy.views.subscriptions import PAGE, asked_subject, may_be_asked, page_of
from policy.views.throttle import is_within_limit
from policy.views.unlisted import FRAME

PER_ACCOUNT = 50
TOO_MANY = "You have asked for many teams in the last hour. Please try again later."


class TeamForm(SubscribeForm):
    """A wish for mail to an address that several people read."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own forms
        self.fields["email"].label = "Address of the team"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def team(request: AccountRequest) -> HttpResponse:
    """The form for one subject: ``?subject=rule&id=ai-diffusion``."""
    subject, status = asked_subject(request), 200
    form = TeamForm(initial={"leads": [lead.code for lead in LEADS]})
    if request.method == "POST":
        form = TeamForm(request.POST)
        who = str(request.user.pk)
        if form.is_valid():
            if is_within_limit("team", who, limit=PER_ACCOUNT, per=timedelta(hours=1)):
                keep_request(form, subject, by=str(request.user))
                return redirect("policy:subscribe-sent")
            form.add_error(None, TOO_MANY)
            status = 429
    context = {**FRAME, **page_of(subject, form), "team": True}
    return render(request, PAGE, context, status=status)


def keep_request(form: TeamForm, subject: Followed, *, by: str) -> None:
    """Queue the confirmation; an address that was asked too often today is left alone."""
    found = form.cleaned_data
    if may_be_asked(found["email"]):
        subscribe_team(
            email=found["email"],
            by=by,
            subject=subject,
            leads=found["leads"],
            how=form.how,
            at=now(),
        )
