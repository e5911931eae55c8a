"""The corner of every page that says who has signed in, and what it costs those who have not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from policy.domain.roles import Role
from policy.queries.incidents import open_incidents
from tests.people import account, signed_in
from tests.site_map import shown

pytestmark = pytest.mark.django_db

# A page that asks the database for little else.
PLAIN = "/subscribe/sent/"


def asked(client: Client) -> list[str]:
    """The statements that the page costs."""
    open_incidents()
    with CaptureQueriesContext(connection) as found:
        assert client.get(PLAIN).status_code == 200
    return [query["sql"] for query in found.captured_queries]


def test_a_reader_is_offered_to_sign_in_and_to_come_back(client: Client) -> None:
    page = shown("/", client.get("/rules/?on=2025-05-14"))
    (link,) = page.all("//a[@class='account']")
    assert link.text_content() == "Sign in"
    assert link.get("href") == "/account/sign-in/?next=%2Frules%2F%3Fon%3D2025-05-14"


def test_a_reader_costs_no_query_and_no_session_is_touched(client: Client) -> None:
    assert [sql for sql in asked(client) if "session" in sql or "user" in sql] == []
    response = client.get(PLAIN)
    assert response.cookies == {}
    assert not response.wsgi_request.session.accessed


def test_an_account_costs_two_queries_more(client: Client) -> None:
    assert len(asked(signed_in(account()))) == len(asked(client)) + 2


@pytest.mark.parametrize("path", [PLAIN, "/rules/", "/no-such-page/", "/rules/?on=nonsense"])
def test_caches_are_told_that_a_page_differs_by_cookie(path: str) -> None:
    visitor = Client().get(path)
    assert "Cookie" in visitor["Vary"]
    assert "private" not in visitor.headers.get("Cache-Control", "")
    member = signed_in(account()).get(path)
    assert "Cookie" in member["Vary"]
    assert "private" in member["Cache-Control"]


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/feeds/changes.atom"])
def test_what_programs_fetch_is_the_same_for_everybody(client: Client, path: str) -> None:
    assert "Cookie" not in client.get(path).headers.get("Vary", "")


@pytest.mark.parametrize(
    ("role", "doors"),
    [
        (Role.READER, ["Your account"]),
        (Role.ANALYST, ["Desk", "Your account"]),
        (Role.EDITOR, ["Desk", "Mails", "Your account"]),
        (Role.ADMINISTRATOR, ["Desk", "Mails", "People", "Your account"]),
    ],
)
def test_the_corner_says_who_one_is_and_what_one_can_open(role: Role, doors: list[str]) -> None:
    page = shown("/", signed_in(account(role)).get("/rules/"))
    assert page.texts("//span[@class='account__name']") == ["Ada Lovelace"]
    assert page.texts("//details[@class='account']//li") == doors
    assert role.value in page.texts("//details[@class='account']//p")[0]


def test_an_old_cookie_is_a_visitor_s(client: Client) -> None:
    client.cookies["sessionid"] = "long-gone"
    page = shown("/", client.get("/rules/"))
    assert page.texts("//a[@class='account']") == ["Sign in"]


def test_a_name_is_shown_as_text() -> None:
    page = shown("/", signed_in(account(name="<b>Ada</b>", email="a@example.org")).get("/rules/"))
    assert page.texts("//span[@class='account__name']") == ["<b>Ada</b>"]


def test_the_key_of_a_page_is_not_carried_to_the_way_in(client: Client) -> None:
    page = shown("/", client.get("/subscribe/manage/not-a-token/"))
    (link,) = page.all("//a[@class='account']")
    assert link.get("href") == "/account/sign-in/"


def test_the_way_in_follows_a_part_that_htmx_swaps_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list"}
    part = client.get("/rules/?q=chips", headers=headers).content.decode()
    (link,) = shown("/", client.get("/rules/?q=chips", headers=headers)).all("//a[@id='sign-in']")
    assert link.get("href") == "/account/sign-in/?next=%2Frules%2F%3Fq%3Dchips"
    assert link.get("data-hx-swap-oob") == "true"
    assert part.count("account__panel") == 0
    member = shown("/", signed_in(account()).get("/rules/?q=chips", headers=headers))
    assert member.all("//*[@id='sign-in'] | //*[@class='account']") == []
