"""The queue: what waits for whom, filters, counts, exports, and what it costs."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.desk.drafts import start_change
from policy.actions.desk.emergency import publish_emergency
from policy.actions.desk.review import approve_change, return_change
from policy.domain.roles import Role
from policy.models import Change, Conflict, Proposal, Revision, Source, User
from policy.queries.desk import VIEWS
from tests.people import account, signed_in
from tests.policy.desk.world import AT, days, published, submitted, words
from tests.site_map import Shown, content_of, shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
BUDGET = 12


def page(user: User, address: str = "/desk/", status: int = 200) -> Shown:
    response = signed_in(user).get(address)
    assert response.status_code == status, response.status_code
    return shown(address, response)


def titles(user: User, view: str, query: str = "") -> list[str]:
    found = page(user, f"/desk/?view={view}{query}")
    return found.texts("//td[contains(@class, 'cell-title')]/a")


def propose(number: int = 1, kind: str = "date", subject: str = "2025-00636") -> Proposal:
    return Proposal.objects.create(
        key=f"{kind}:{subject}:{number}",
        kind=kind,
        subject_kind="document",
        subject_id=subject,
        title=f"Effective: {number} May 2027",
        evidence={"kind": "effective", "day": f"2027-05-{number:02}", "words": "effective May"},
        source=Source.objects.get(slug="the-rule"),
        revision=Revision.objects.latest(),
    )


def dispute(slug: str = "a-conflict") -> Conflict:
    return Conflict.objects.create(
        slug=slug,
        about="the effective day",
        one_says="1 May",
        other_says="2 May",
        governs="Neither yet.",
        source=Source.objects.get(slug="the-rule"),
        recorded=Revision.objects.latest(),
    )


def make_queue(team: Team) -> None:
    """One change in each view."""
    submitted(team, title="To be reviewed")
    start_change(words(title="Unfinished"), by=team["author"], at=AT)
    back = submitted(team, title="Sent back")
    return_change(back, because="Which page?", by=team["second"], at=AT)
    waiting = submitted(team, title="Later", publish_at=AT + timedelta(days=2))
    approve_change(waiting, version=1, by=team["second"], at=AT)
    urgent = start_change(words(title="Urgent"), by=team["other"], at=AT)
    publish_emergency(urgent, version=1, because="A court ordered it", by=team["other"], at=AT)


@pytest.mark.parametrize(
    ("who", "view", "expected"),
    [
        ("second", "waiting", ["To be reviewed"]),
        ("other", "waiting", ["To be reviewed"]),
        ("author", "waiting", []),
        ("analyst", "waiting", []),
        ("author", "mine", ["Unfinished", "Sent back"]),
        ("second", "mine", []),
        ("author", "submitted", ["To be reviewed"]),
        ("second", "submitted", []),
        ("analyst", "scheduled", ["Later"]),
        ("analyst", "emergencies", ["Urgent"]),
        ("author", "all", ["Urgent", "Later", "Sent back", "Unfinished", "To be reviewed"]),
    ],
)
def test_each_person_sees_what_is_theirs_in_each_view(
    team: Team, who: str, view: str, expected: list[str]
) -> None:
    make_queue(team)
    assert sorted(titles(team[who], view)) == sorted(expected)


def test_an_approver_who_wrote_a_part_does_not_find_it_waiting(team: Team) -> None:
    mine = start_change(words(title="Mine"), by=team["second"], at=AT)
    assert titles(team["second"], "mine") == ["Mine"]
    assert mine.author == team["second"]
    assert titles(team["second"], "waiting") == []


def test_the_counts_stand_beside_the_views(team: Team) -> None:
    make_queue(team)
    propose()
    dispute()
    tabs = page(team["second"]).texts("//nav[contains(@class, 'desk-tabs')]//a")
    assert tabs == [
        "Waiting for me 1",
        "My drafts 0",
        "Submitted by me 0",
        "Scheduled 1",
        "Emergencies 1",
        "Proposals 1",
        "Conflicts 1",
        "All changes 5",
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_view_says_so_and_leads_on(team: Team, view: str) -> None:
    found = page(team["second"], f"/desk/?view={view}")
    assert VIEWS[view][1] in found.main
    assert "All changes" in found.main


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("&q=review", ["To be reviewed"]),
        ("&q=REVIEWED+to", ["To be reviewed"]),
        ("&kind=date", ["To be reviewed"]),
        ("&kind=claim", []),
        ("&subject=ai-diffusion-comment", ["To be reviewed"]),
        ("&subject=none", []),
    ],
)
def test_the_address_holds_the_filters(team: Team, query: str, expected: list[str]) -> None:
    make_queue(team)
    assert titles(team["second"], "waiting", query) == expected
    if not expected:
        assert "Nothing here is like that" in page(team["second"], f"/desk/?q=1{query}").main


def test_proposals_and_conflicts_are_filtered_too(team: Team) -> None:
    propose(1)
    propose(2, kind="act")
    dispute()
    user = team["author"]
    assert titles(user, "proposals", "&kind=act") == ["Effective: 2 May 2027"]
    assert titles(user, "proposals", "&q=1+May") == ["Effective: 1 May 2027"]
    assert titles(user, "proposals", "&subject=none") == []
    assert titles(user, "conflicts", "&q=effective") == ["the effective day"]
    assert titles(user, "conflicts", "&q=other") == []


def test_an_unknown_view_is_the_first(team: Team) -> None:
    assert "Nothing waits for a second pair of eyes" in page(team["second"], "/desk/?view=x").main


def test_a_long_queue_has_pages(team: Team) -> None:
    for number in range(1, 62):
        propose(number)
    first = page(team["author"], "/desk/?view=proposals")
    assert len(first.rows) == 50
    second = page(team["author"], "/desk/?view=proposals&page=2")
    assert len(second.rows) == 11
    assert "51–61 of 61" in second.main


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_is_exported(team: Team, view: str) -> None:
    make_queue(team)
    propose()
    dispute()
    response = signed_in(team["second"]).get(f"/desk/?view={view}&format=csv")
    lines = content_of(response).splitlines()
    assert response["Content-Disposition"].startswith(f'attachment; filename="earmark-desk-{view}')
    expected = max(1, len(titles(team["second"], view)) + 1)
    assert len([line for line in lines if line.strip()]) >= expected


@pytest.mark.parametrize("view", VIEWS)
def test_the_queue_costs_the_same_however_long(
    team: Team, view: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        start_change(words(), by=team["second"], at=AT)
        submitted(team)
    make_queue(team)
    for number in range(1, 20):
        propose(number)
        dispute(f"conflict-{number}")
    client = signed_in(team["second"])
    with django_assert_max_num_queries(BUDGET):
        assert client.get(f"/desk/?view={view}").status_code == 200


def test_htmx_gets_the_list_alone(team: Team) -> None:
    make_queue(team)
    response = signed_in(team["second"]).get(
        "/desk/?view=waiting", headers={"HX-Request": "true", "HX-Target": "list"}
    )
    text = content_of(response)
    assert "<html" not in text
    assert "To be reviewed" in text


@pytest.mark.parametrize("role", [None, Role.READER])
def test_nobody_without_the_power_sees_the_desk(db: None, role: Role | None) -> None:
    client = signed_in(account(role)) if role else Client()
    for address in ("/desk/", "/desk/changes/1/", "/desk/proposals/1/", "/desk/holds/"):
        assert client.get(address).status_code in (302, 403)


def test_the_desk_is_neither_cached_nor_listed(team: Team) -> None:
    response = signed_in(team["author"]).get("/desk/")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_a_published_change_waits_for_nobody(team: Team) -> None:
    published(team)
    assert days()
    assert titles(team["second"], "waiting") == []
    assert Change.objects.count() == 1
