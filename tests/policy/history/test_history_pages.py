"""The pages of the history: a fact, a revision, a person, a page between two moments."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.facts import reconcile_keys
from policy.actions.revisions import new_revision
from policy.domain.roles import Role
from policy.models import Claim, CountryGroup, HistoryEntry, Organization, Revision, Seal, User
from policy.queries.incidents import open_incidents
from tests.people import account, signed_in
from tests.policy.desk import world as desk
from tests.policy.facts_world import AT, D5, ELSE, FEB, JAN, LISTED, group, make_places, put, source
from tests.policy.history.bent import execute, make_history
from tests.site_map import Shown, content_of, shown
from tests.unguarded import lift_guards

pytestmark = pytest.mark.django_db
KH = "/history/countrygroup:kh,d5/"


def page(path: str, status: int = 200, **query: str) -> Shown:
    url = f"{path}?{urlencode(query)}" if query else path
    response = Client().get(url)
    assert response.status_code == status
    return shown(url, response)


def csv(path: str, **query: str) -> list[str]:
    response = Client().get(path, {**query, "format": "csv"})
    return content_of(response).splitlines()


def test_a_fact_tells_who_when_and_why_with_before_and_after() -> None:
    make_history()
    found = page(KH)
    assert found.texts("//h1") == ["Cambodia, Country Group D:5"]
    newest, first = found.texts("//ol[contains(@class, 'history')]/li")
    assert "Revision 2 Starting record by tests A test Closed because: It left the group." in newest
    assert "[inserted:] up to and including 31 January 2025" in newest
    assert "[deleted:] Country Group D:5" in newest
    assert "[inserted:] Every other destination" in newest
    assert "Recorded Source: An order" in first or "Recorded" in first
    assert "Seal of the revision" in first
    assert Seal.objects.get(revision=1).hex in first


def test_a_fact_as_known_before_tells_only_what_was_known() -> None:
    make_history()
    then = (AT + timedelta(minutes=30)).isoformat()
    assert len(page(KH, known=then).texts("//ol[contains(@class, 'history')]/li")) == 1
    before = page(KH, known="2026-09-01")
    assert "Nothing was recorded yet" in before.main


def test_a_closing_without_a_successor_is_told() -> None:
    make_places()
    put(group(JAN, None))
    with new_revision(by="A. Editor", kind=Revision.Kind.RECORD, reason="Wrong", at=AT) as revision:
        keys = {("kh", "d5")}
        reconcile_keys(CountryGroup, [], keys=keys, revision=revision, because="Never so.")
    newest = page(KH).texts("//ol[contains(@class, 'history')]/li")[0]
    assert "Closed because: Never so." in newest
    assert "Closed, nothing took its place" in newest
    assert "[deleted:] Country Group D:5" in newest


def test_a_version_whose_rows_were_taken_away_says_so() -> None:
    make_history()
    lift_guards()
    execute("DELETE FROM policy_countrygroup WHERE recorded_id = 2")
    assert "Closed, nothing took its place" in page(KH).main
    execute("DELETE FROM policy_countrygroup WHERE country_id = 'kh'")
    assert page(KH, status=404).texts("//h1")


def make_versions(count: int) -> None:
    make_places()
    for number in range(count):
        fact = group(JAN, None, (D5, ELSE)[number % 2])
        fact.note = f"Reading {number} of the table."
        put(fact, because=f"Reason {number}.")


@pytest.mark.parametrize("count", [10, 60])
def test_the_history_of_a_fact_costs_at_most_six_queries(
    client: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_versions(count)
    open_incidents()
    with django_assert_max_num_queries(6):
        found = shown(KH, client.get(KH))
    assert f"{count} versions" in found.main


def test_a_long_history_is_told_page_by_page() -> None:
    make_versions(23)
    first, last = page(KH), page(KH, page="3")
    assert "[inserted:] 22 of the table" in first.main
    assert len(last.texts("//ol[contains(@class, 'history')]/li")) == 3
    assert first.all("//a[@id='page-after']")
    assert "Reading 0 of the table." in last.main
    assert page(KH, page="99").main == last.main


def test_the_history_of_a_fact_is_exported_field_by_field() -> None:
    make_history()
    head, *lines = csv(KH)
    assert head.lstrip("\ufeff").startswith("revision,recorded_at,by,reason,because,field,before")
    assert any("Group,Country Group D:5,Every other destination" in line for line in lines)


def test_a_revision_lists_what_it_recorded_and_closed_with_links() -> None:
    make_history()
    found = page("/history/revisions/2/")
    assert [row.split()[-3] for row in found.rows] != []
    assert len(found.rows) == 3
    assert sum("Closed It left the group." in row for row in found.rows) == 1
    assert "/history/countrygroup:kh,d5/" in {a.get("href") for a in found.all("//tbody//a")}
    assert Seal.objects.get(revision=2).hex in found.main


def test_a_revision_without_facts_says_so() -> None:
    make_history()
    put(group(JAN, FEB))
    assert "No fact was written" in page("/history/revisions/4/").main


def test_a_revision_whose_row_is_gone_says_so() -> None:
    make_history()
    lift_guards()
    execute("DELETE FROM policy_countrygroup WHERE recorded_id = 3")
    assert "policy.countrygroup:mo|d5: the row is gone" in page("/history/revisions/3/").main


def test_a_revision_that_is_not_known_yet_has_no_page() -> None:
    make_history()
    page("/history/revisions/3/", status=404, known=(AT + timedelta(minutes=30)).isoformat())


def test_a_revision_of_many_facts_is_told_page_by_page_within_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from policy.models import Country

    Country.objects.bulk_create(Country(key=f"k{n}", name=f"K{n}", kind="c") for n in range(60))
    with new_revision(by="tests", kind=Revision.Kind.IMPORT, reason="A list", at=AT) as revision:
        facts = [group(JAN, None, LISTED, f"k{n}") for n in range(60)]
        keys = {fact.key for fact in facts}
        reconcile_keys(CountryGroup, facts, keys=keys, revision=revision, because="")
    open_incidents()
    with django_assert_max_num_queries(8):
        found = shown("/", client.get("/history/revisions/1/"))
    assert len(found.rows) == 50
    assert len(page("/history/revisions/1/", page="2").rows) == 10
    assert len(csv("/history/revisions/1/")) == 61


def test_every_revision_stands_in_the_list_with_its_author_and_seal() -> None:
    make_history()
    found = page("/history/")
    assert [row.split(" ")[1] for row in found.rows] == ["3", "2", "1"]
    assert Seal.objects.get(revision=3).hex[:12] in found.rows[0]
    assert len(csv("/history/")) == 4


def at_the_desk(path: str, status: int = 200) -> Shown:
    """A page as an analyst sees it."""
    analyst = User.objects.filter(role="analyst").first() or account(Role.ANALYST, name="Ann")
    response = signed_in(analyst).get(path)
    assert response.status_code == status
    return shown(path, response)


def test_what_a_person_wrote_and_approved_stands_under_their_own_name() -> None:
    desk.make_record()
    team = desk.people()
    desk.published(team)
    for name in ("Ada Author", "Sue Second"):
        found = at_the_desk(f"/history/by/{name}/")
        assert len(found.rows) == 1
        assert "Ada Author, approved by Sue Second" in found.rows[0]
    links = at_the_desk("/history/").addresses
    assert [one for one in links if "/history/by/Sue%20Second/" in one]
    assert "/history/by/" not in Client().get("/history/").content.decode()
    assert Client().get("/history/by/Ada Author/").status_code == 302


def test_a_person_has_the_revisions_of_their_name_alone() -> None:
    make_history()
    with new_revision(by="A. / B.", kind=Revision.Kind.RECORD, reason="Nothing", at=AT):
        pass
    assert len(at_the_desk("/history/by/tests/").rows) == 3
    found = at_the_desk("/history/by/A.%20/%20B./")
    assert found.texts("//h1") == ["What A. / B. wrote"]
    assert len(found.rows) == 1
    at_the_desk("/history/by/nobody/", status=404)


CHANGES = "/history/changes/"


def between(start: int, end: int, path: str = "/tiers/kh/") -> Shown:
    """Between the hours of two revisions: number n is recorded n - 1 hours after the first."""
    times = {
        "from": (AT + timedelta(hours=start - 1)).isoformat(),
        "to": (AT + timedelta(hours=end - 1)).isoformat(),
    }
    return page(f"{CHANGES}?{urlencode({'about': path, **times})}")


def test_what_changed_on_a_page_between_two_moments() -> None:
    make_history()
    found = between(1, 2)
    assert "1 fact changed after revision 1 and by revision 2." in found.main
    assert "Cambodia, Country Group D:5" in found.main
    assert "[deleted:] Country Group D:5" in found.main
    assert "Nothing changed" in between(2, 3).main
    assert "1 fact changed" in between(2, 3, "/tiers/mo/").main


def test_what_came_and_went_between_the_two_is_not_told() -> None:
    make_places()
    put(group(JAN, None))
    put(group(JAN, None, LISTED))
    put(group(JAN, None, ELSE))
    found = between(1, 3)
    assert "Supplement" not in found.main
    assert "[inserted:] Every other destination" in found.main


def test_without_moments_it_tells_of_everything_known() -> None:
    make_history()
    assert "after revision 0 and by revision 3" in page(CHANGES, about="/tiers/kh/").main


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from": "soon"}, "“soon” in from is neither a day"),
        ({"to": "2026-10-01T12:00:00"}, "in to has no offset"),
        ({"from": "2026-10-02", "to": "2026-10-01"}, "the second moment lies before the first"),
        ({"about": "/no/such/page/"}, "“/no/such/page/” is no page of one rule"),
        ({"about": "/deadlines/"}, "“/deadlines/” is no page of one rule"),
        ({"about": "/rules/no-such-rule/"}, "is no page of one rule"),
        ({"about": "rules"}, "is no page of one rule"),
    ],
)
def test_what_cannot_be_shown_is_answered_with_a_sentence(
    query: dict[str, str], sentence: str
) -> None:
    make_history()
    asked = urlencode({"about": "/tiers/kh/", **query})
    assert sentence in page(f"{CHANGES}?{asked}").main


def test_the_address_may_be_called_page_as_people_would_write_it() -> None:
    make_history()
    response = Client().get(CHANGES, {"page": "/tiers/kh/", "from": "2026-09-01"})
    assert response.status_code == 302
    assert response["Location"] == f"{CHANGES}?about=%2Ftiers%2Fkh%2F&from=2026-09-01"


def test_many_changes_are_told_page_by_page() -> None:
    Organization.objects.create(slug="nvidia", name="NVIDIA", kind="company")
    claims = [claim(number) for number in range(23)]
    with new_revision(by="tests", kind=Revision.Kind.RECORD, reason="Claims", at=AT) as revision:
        reconcile_keys(Claim, claims, keys={c.key for c in claims}, revision=revision, because="")
    url = f"{CHANGES}?about=/organisations/nvidia/"
    first, second = page(url), page(f"{url}&page=2")
    assert "23 facts changed" in first.main
    assert len(first.texts("//ol[contains(@class, 'history')]/li")) == 20
    assert len(second.texts("//ol[contains(@class, 'history')]/li")) == 3
    assert len(csv(CHANGES, about="/organisations/nvidia/")) >= 24


def claim(number: int) -> Claim:
    """An unsaved one."""
    return Claim(
        slug=f"c{number}",
        claimant="NVIDIA",
        organization=Organization.objects.get(),
        text=f"Claim {number}",
        verdict=Claim.Verdict.OPINION,
        why="It says what it thinks.",
        source=source(),
    )


def test_without_a_page_it_asks_for_one() -> None:
    assert "Which page?" in page(CHANGES).main


def test_changes_are_exported_with_both_readings() -> None:
    make_history()
    lines = csv(CHANGES, about="/tiers/kh/")
    assert lines[0].lstrip("\ufeff").startswith("kind,fact,before,after,revision,by")
    assert any("countrygroup:kh,d5" in line for line in lines)


def test_no_page_of_the_history_writes() -> None:
    make_history()
    before = (HistoryEntry.objects.count(), Revision.objects.count())
    for path in (KH, CHANGES, "/history/", "/history/revisions/1/"):
        assert Client().post(path).status_code == 405
    assert (HistoryEntry.objects.count(), Revision.objects.count()) == before
    assert source().slug == "order"
