"""Who may open which page: every URL name of the site against every role.

The table is written out, not computed: whoever adds a page says here, too, who may open it.
"""

import re
from collections.abc import Iterator

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from policy.domain.roles import Role
from policy.permissions import POWERS
from tests.people import account, signed_in
from tests.shared_data import ROOT
from tests.site_map import url_names

pytestmark = pytest.mark.django_db

# The least that opens a page; whoever has more may, too.
EVERYBODY = """
api-1:api-root api-1:deadline api-1:deadlines api-1:entities api-1:entity api-1:openapi-json
api-1:openapi-view api-1:reactions api-1:rule api-1:rules api-1:screening api-1:tier api-1:tiers
entities:compare entities:entity entities:list lists:cross_check lists:entry lists:lists
policy:home policy:search policy:rules policy:rule policy:section policy:document
policy:documents policy:docket policy:questions policy:deadline policy:deadlines policy:tiers
policy:country policy:reactions policy:organization policy:claims policy:source policy:sources
policy:history policy:history-fact policy:history-revision policy:history-changes
policy:dossier-rule dossiers:entity
policy:health policy:feed policy:feed-changes policy:feed-deadlines policy:calendar-deadline
policy:calendar-deadlines policy:calendar-feed policy:calendar-link policy:calendar-new
policy:calendar-revoke policy:subscribe policy:subscribe-check policy:subscribe-sent
policy:subscription-answer policy:subscription-clock policy:subscription-confirm
policy:subscription-leads policy:subscription-resume policy:subscriptions
policy:subscriber-erase policy:subscriber-erased policy:unsubscribe policy:unsubscribe-all
account_login account_logout account_inactive account_reset_password
account_reset_password_done account_reset_password_from_key
account_reset_password_from_key_done mfa_authenticate openid_connect_login
openid_connect_callback socialaccount_login_cancelled socialaccount_login_error
"""
READER = """
policy:subscribe-team
policy:account policy:second-factor account_reauthenticate account_change_password
account_set_password mfa_index mfa_activate_totp mfa_deactivate_totp mfa_reauthenticate
mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
"""
ANALYST = """
policy:desk policy:desk-change policy:desk-impact policy:desk-proposal policy:desk-conflict
policy:desk-holds policy:history-person policy:desk-submit policy:desk-take-back
policy:desk-discard policy:desk-restore
policy:desk-new policy:desk-save policy:desk-check policy:desk-autosave policy:desk-edit
policy:desk-merge policy:desk-build-on policy:desk-pick policy:desk-source-new policy:desk-source
policy:desk-source-fetch
"""
EDITOR = """
policy:staff-mails policy:staff-mail policy:staff-resend policy:staff-cancel
policy:desk-accept policy:desk-reject policy:desk-undo entities:split
"""
APPROVER = """
policy:desk-approve policy:desk-return policy:desk-review policy:desk-emergency policy:desk-lift
"""
ADMINISTRATOR = """
policy:people policy:people-new policy:person policy:person-role policy:person-deactivate
policy:person-reactivate policy:person-second-factor policy:person-link
"""

WRITTEN = [EVERYBODY, READER, ANALYST, EDITOR, APPROVER, ADMINISTRATOR]
LISTS = [names.split() for names in WRITTEN]
LEAST = {name: rank for rank, names in enumerate(LISTS) for name in names}
# One ends the session in which the next page is opened; the other sends to sign in whoever has
# not just given a password. tests/policy/accounts/test_sign_in.py opens both.
NOT_VISITED = ("account_logout", "mfa_authenticate")
# Where whoever may look may not all write: placing a hold is for approvers.
WRITING = {"policy:desk-conflict": 3, "policy:desk-holds": 4}
WHO: list[Role | None] = [None, *Role]
# A value for each part of an address; what it names need not be there to be refused.
VALUES = {
    "int": "1",
    "path": "x",
    "slug": "x",
    "str": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def addresses(resolver: URLResolver, prefix: str, space: str) -> Iterator[tuple[str, str]]:
    """Each URL name with an address of it."""
    for pattern in resolver.url_patterns:
        route = prefix + example(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", "/" + route
        else:
            named = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, route, space + named)


def example(route: str) -> str:
    """A route with its parts filled in, whether it is written as a path or as a pattern."""
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "x", route).strip("^$")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda part: VALUES[part[1] or "str"], route)


ADDRESSES = dict(addresses(get_resolver(), "", ""))
CELLS = [(name, role) for name in LEAST for role in WHO]


def ids(value: object) -> str:
    return str(value or "visitor")


def is_refused(response: HttpResponseBase) -> bool:
    """Sent away to sign in, or told that the account may not."""
    to_sign_in = response.get("Location", "").split("?")[0] == "/account/sign-in/"
    sentence = b"and your account is a" in getattr(response, "content", b"")
    return (response.status_code == 302 and to_sign_in) or (
        response.status_code == 403 and sentence
    )


def test_the_table_names_every_address_of_the_site_once() -> None:
    assert sorted(name for names in LISTS for name in names) == sorted(set(url_names()))
    assert ADDRESSES.keys() == LEAST.keys()


@pytest.fixture
def client_of(request: pytest.FixtureRequest) -> Client:
    role: Role | None = request.param
    return signed_in(account(role)) if role else Client()


@pytest.mark.parametrize("client_of", WHO, indirect=True, ids=ids)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_opens_the_pages_of_the_table_and_no_others(
    client_of: Client, request: pytest.FixtureRequest, method: str
) -> None:
    role = request.node.callspec.params["client_of"]
    client_of.raise_request_exception = False
    found = {
        name: is_refused(getattr(client_of, method)(address))
        for name, address in ADDRESSES.items()
        if name not in NOT_VISITED
    }
    least = LEAST | WRITING if method == "post" else LEAST
    expected = {name: least[name] > WHO.index(role) for name in found}
    assert {name for name in found if found[name] != expected[name]} == set()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR])
def test_without_a_second_factor_an_editor_opens_only_what_a_reader_does(role: Role) -> None:
    client = signed_in(account(role, second_factor=False))
    client.raise_request_exception = False
    for name, rank in LEAST.items():
        if rank <= 1 or rank > WHO.index(role):
            continue
        response = client.get(ADDRESSES[name])
        assert response.status_code == 302, name
        assert response["Location"].startswith("/account/second-factor/needed/?next=%2F"), name


def test_a_reader_and_an_analyst_need_no_second_factor() -> None:
    client = signed_in(account(Role.ANALYST, second_factor=False))
    for name in READER.split():
        assert "needed/?next" not in client.get(ADDRESSES[name]).headers.get("Location", ""), name


def test_an_address_that_the_table_lacks_is_closed_to_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(POWERS, "policy:home")
    for client in (Client(), signed_in(account(Role.ADMINISTRATOR))):
        response = client.get("/")
        assert response.status_code == 403
        assert b"nothing says yet who may open it" in response.content


def test_no_page_decides_by_itself_who_may_open_it() -> None:
    """Roles are asked in the middleware, and once more where a write is made.

    The desk's frame asks again what each of its views names; the table above is of both.
    """
    asking = re.compile(r"login_required|is_authenticated|check_power\(|has_power\(|user_passes")
    places = [*ROOT.glob("*/views/**/*.py"), *ROOT.glob("*/urls*.py"), ROOT / "policy/api.py"]
    assert [path.name for path in places if asking.search(path.read_text())] == []
