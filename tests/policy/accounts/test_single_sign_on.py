"""Single sign-on, where a provider of OpenID Connect is named: which accounts it opens."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from pytest_django.fixtures import Settings

from policy.domain.roles import Role
from policy.models import User
from tests.config.test_settings import read
from tests.people import account, code, signed_in
from tests.policy.accounts.provider import CLIENT, CODE, SECRET, Provider, running
from tests.site_map import shown

pytestmark = pytest.mark.django_db

SIGN_IN, SSO = "/account/sign-in/", "/account/sign-in/sso/"
ADA = {"sub": "42", "email": "ada.lovelace@example.org", "email_verified": True}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with running() as found:
        app = {
            **settings.OIDC_APP,
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {**settings.OIDC_APP["settings"], "server_url": found.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        settings.OIDC_NAME = "Example Directory"
        found.person = dict(ADA)
        yield found


def come_back(client: Client, provider: Provider, url: str = SSO, answer: str = CODE) -> str:
    """To the provider and back as a browser goes; where that leads."""
    there = urlsplit(client.get(url)["Location"])
    assert f"{there.scheme}://{there.netloc}" == provider.url
    sent = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert sent["redirect_uri"] == "http://testserver/account/sign-in/sso/back/"
    provider.challenge = sent["code_challenge"]
    response = client.get(f"{SSO}back/", {"code": answer, "state": sent["state"]})
    if response.status_code != 302:
        return " ".join(shown(SSO, response).texts("//h1"))
    return str(response["Location"])


def test_without_a_provider_there_is_no_such_way_in(client: Client) -> None:
    assert "Sign in with" not in shown(SIGN_IN, client.get(SIGN_IN)).main
    assert client.get(SSO).status_code == 404
    assert client.get(f"{SSO}back/").status_code == 404


def test_an_account_is_opened_by_the_address_that_the_provider_vouches_for(
    client: Client, provider: Provider
) -> None:
    user = account(Role.READER, second_factor=False)
    page = shown(SIGN_IN, client.get(f"{SIGN_IN}?next=%2Frules%2F"))
    (link,) = page.all("//main//a[starts-with(text(), 'Sign in with')]")
    assert link.text_content() == "Sign in with Example Directory"
    assert come_back(client, provider, str(link.get("href"))) == "/rules/"
    assert shown("/", client.get("/account/")).texts("//h1") == ["Ada Lovelace"]
    held = SocialAccount.objects.get()
    assert (held.user, held.uid, held.provider) == (user, "42", "sso")
    assert not SocialToken.objects.exists()
    user.refresh_from_db()
    assert user.has_usable_password()


def test_the_second_factor_is_asked_for_all_the_same(client: Client, provider: Provider) -> None:
    account(Role.EDITOR)
    assert come_back(client, provider) == "/account/sign-in/code/"
    assert client.get("/staff/mails/").status_code == 302
    client.post("/account/sign-in/code/", {"code": code()})
    assert client.get("/staff/mails/").status_code == 200


@pytest.mark.parametrize(
    "person",
    [
        {"email": "stranger@example.org"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": ""},
    ],
    ids=str,
)
def test_nobody_gets_an_account_or_another_s_by_it(
    client: Client, provider: Provider, person: dict[str, object]
) -> None:
    account(Role.READER, second_factor=False)
    provider.person.update(person)
    assert come_back(client, provider) == "There is no account for you here"
    assert client.get("/account/").status_code == 302
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_a_deactivated_account_is_not_opened(client: Client, provider: Provider) -> None:
    account(Role.READER, second_factor=False)
    User.objects.update(is_active=False)
    assert come_back(client, provider) == "/account/inactive/"
    assert client.get("/account/").status_code == 302


def test_a_code_that_the_provider_does_not_know_opens_nothing(
    client: Client, provider: Provider
) -> None:
    account(Role.READER, second_factor=False)
    assert come_back(client, provider, answer="guessed") == (
        "Signing in by the other site has failed"
    )
    assert client.get("/account/").status_code == 302


def test_an_answer_that_nobody_asked_for_opens_nothing(client: Client, provider: Provider) -> None:
    account(Role.READER, second_factor=False)
    response = client.get(f"{SSO}back/", {"code": CODE, "state": "made up"})
    assert "has failed" in shown(SSO, response).main
    assert "/token" not in provider.asked


def test_an_account_is_not_joined_to_another_s_sign_on_by_hand(provider: Provider) -> None:
    client = signed_in(account(Role.READER, name="Eve"))
    there = come_back(client, provider, f"{SSO}?process=connect")
    assert there == "Signing in by the other site has failed"
    assert not SocialAccount.objects.exists()


def test_settings_name_the_provider(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "SOCIALACCOUNT_PROVIDERS",
        OIDC_URL="https://login.example",
        OIDC_CLIENT_ID="c",
        OIDC_SECRET="s",  # noqa: S106
        OIDC_NAME="Example Directory",
    )
    (app,) = found["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["name"], app["client_id"], app["secret"]) == ("Example Directory", "c", "s")
    assert app["settings"]["server_url"] == "https://login.example"
    without = read(tmp_path, "SOCIALACCOUNT_PROVIDERS")
    assert without == {"SOCIALACCOUNT_PROVIDERS": {}}
