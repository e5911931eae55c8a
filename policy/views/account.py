"""A person's own account: what it may do, and what it lacks. allauth's pages do the rest."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policy.domain.roles import SECOND_FACTOR_FROM
from policy.http import AccountRequest
from policy.permissions import has_second_factor


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """Address and password, or single sign-on where a provider is named."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.SOCIALACCOUNT_PROVIDERS:
            url = reverse("openid_connect_login", args=[settings.OIDC_APP["provider_id"]])
            wanted = self.get_next_url()
            context["oidc_url"] = f"{url}?{urlencode({'next': wanted})}" if wanted else url
            context["oidc_name"] = settings.OIDC_NAME
        return context


@require_safe
@never_cache
def account(request: AccountRequest) -> HttpResponse:
    """Who one is here, what one may do, and how the account is kept."""
    needed = request.user.rank.rank >= SECOND_FACTOR_FROM.rank
    context = {"second_factor": has_second_factor(request.user), "needed": needed}
    return render(request, "account/account.html", context)


@require_safe
@never_cache
def second_factor(request: AccountRequest) -> HttpResponse:
    """What to do for who needs a second factor; once there is one, on to what was wanted."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    if has_second_factor(request.user):
        return redirect(wanted if safe else "policy:account")
    return render(request, "account/second_factor.html", {"wanted": wanted if safe else ""})


def set_password(_request: AccountRequest) -> HttpResponse:
    """A first password is set by a link to the account's mailbox, as a lost one is."""
    return redirect("account_reset_password")
