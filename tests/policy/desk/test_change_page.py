"""A change on its page: what it writes beside what is there, its trail, and its buttons."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.desk.drafts import Item, start_change, write_change
from policy.actions.desk.emergency import publish_emergency
from policy.actions.desk.review import (
    approve_change,
    discard_change,
    return_change,
    review_change,
)
from policy.models import Change, User
from tests.people import signed_in
from tests.policy.desk.impact_world import CASES, make_far_record, reaction
from tests.policy.desk.world import AT, contents, days, new_date, published, submitted, words
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
BUDGET = 26


def address(change: Change, step: str = "") -> str:
    return f"/desk/changes/{change.pk}/{step}{'/' if step else ''}"


def page(user: User, change: Change, step: str = "", status: int = 200) -> Shown:
    response = signed_in(user).get(address(change, step))
    assert response.status_code == status, response.status_code
    return shown(address(change, step), response)


def in_state(team: Team, state: str) -> Change:
    """A change by the author, in a state; an emergency is by the other approver."""
    if state in ("emergency", "reviewed"):
        return emergency(team, is_reviewed=state == "reviewed")
    if state == "applied":
        return published(team)
    if state == "approved":
        change = submitted(team, publish_at=AT + timedelta(days=1))
        return approve_change(change, version=1, by=team["second"], at=AT)
    if state in ("submitted", "returned"):
        change = submitted(team)
        if state == "returned":
            change = return_change(change, because="Which page?", by=team["second"], at=AT)
        return change
    change = start_change(words(), by=team["author"], at=AT)
    return change if state == "draft" else discard_change(change, by=team["author"], at=AT)


def emergency(team: Team, *, is_reviewed: bool) -> Change:
    change = start_change(words(), by=team["other"], at=AT)
    because = "A court ordered it"
    change = publish_emergency(change, version=1, because=because, by=team["other"], at=AT)
    return review_change(change, note="", by=team["second"], at=AT) if is_reviewed else change


OPEN, SHUT = True, False
WRITERS = {"Submit for review": OPEN, "Discard": OPEN}
# By state and person: which buttons are there, and whether they can be pressed.
TRUTH: dict[tuple[str, str], dict[str, bool]] = {
    ("draft", "author"): {**WRITERS, "Publish as an emergency": SHUT},
    ("draft", "second"): {**WRITERS, "Publish as an emergency": OPEN},
    ("draft", "analyst"): {
        "Submit for review": SHUT,
        "Discard": SHUT,
        "Publish as an emergency": SHUT,
    },
    ("returned", "author"): {**WRITERS, "Publish as an emergency": SHUT},
    ("returned", "second"): {**WRITERS, "Publish as an emergency": OPEN},
    ("submitted", "author"): {
        "Take it back": OPEN,
        "Return to its writers": SHUT,
        "Approve": SHUT,
    },
    ("submitted", "second"): {
        "Take it back": OPEN,
        "Return to its writers": OPEN,
        "Approve": OPEN,
    },
    ("submitted", "analyst"): {
        "Take it back": SHUT,
        "Return to its writers": SHUT,
        "Approve": SHUT,
    },
    ("approved", "author"): {"Return to its writers": SHUT},
    ("approved", "second"): {"Return to its writers": OPEN},
    ("discarded", "author"): {"Take it up again": OPEN},
    ("discarded", "analyst"): {"Take it up again": SHUT},
    ("applied", "author"): {"Undo": OPEN},
    ("applied", "second"): {"Undo": OPEN},
    ("applied", "analyst"): {},
    ("emergency", "other"): {"I have looked at it": SHUT, "Undo": OPEN},
    ("emergency", "second"): {"I have looked at it": OPEN, "Undo": OPEN},
    ("emergency", "author"): {"I have looked at it": SHUT, "Undo": OPEN},
    ("reviewed", "second"): {"Undo": OPEN},
}


def buttons(found: Shown) -> dict[str, bool]:
    """The buttons of the steps by their label, and whether they can be pressed."""
    steps = "//section[contains(@class, 'desk-steps')]"
    pressed = {
        str(b.text_content()).strip(): b.get("disabled") is None
        for b in found.all(f"{steps}//button")
    }
    links = [
        label.removesuffix(" …")
        for label in found.texts(f"{steps}//a[contains(@href, 'emergency')]")
    ]
    return pressed | dict.fromkeys(links, OPEN)


@pytest.mark.parametrize(("state", "who"), TRUTH, ids=[" ".join(k) for k in TRUTH])
def test_each_person_sees_the_steps_that_are_theirs(team: Team, state: str, who: str) -> None:
    found = page(team[who], in_state(team, state))
    assert buttons(found) == TRUTH[state, who]


@pytest.mark.parametrize(
    ("state", "who", "sentence"),
    [
        ("submitted", "author", "Only an approver may do this."),
        ("emergency", "other", "You are the author of this change"),
        ("draft", "analyst", "Your role may not write changes of this kind."),
    ],
)
def test_a_step_that_is_not_theirs_says_why(
    team: Team, state: str, who: str, sentence: str
) -> None:
    assert sentence in page(team[who], in_state(team, state)).main


def test_a_co_editor_reads_that_another_person_has_to_look(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    write_change(change, words(quote="longer"), version=1, by=team["other"], at=AT)
    signed_in(team["author"]).post(address(change, "submit"), {"version": "2"})
    found = page(team["other"], change)
    assert buttons(found)["Approve"] is SHUT
    assert "You have a part in this change: another person has to look" in found.main


def test_values_stand_side_by_side_with_their_days(team: Team) -> None:
    found = page(team["second"], submitted(team))
    assert "Day 15 May 2025 2027-06-16".replace("15 May 2025", "2025-05-15") in found.rows
    assert "In force 2025-01-15 to further notice 2026-11-20 to further notice" in found.rows
    assert "How it is known Printed the same" in found.rows
    assert "the comment period is extended" in found.main
    assert "The extension says so." in found.main


def test_after_publication_before_is_still_what_was_there_before(team: Team) -> None:
    change = published(team)
    published(team, new_date("2027-08-01", "2026-11-21"))
    assert "Day 2025-05-15 2027-06-16" in page(team["second"], change).rows


def test_long_texts_are_shown_as_a_redline(team: Team) -> None:
    make_far_record(team)
    long = "The rule harms the industry, and it does so without any input of the industry at all."
    published(team, reaction(summary=long))
    change = submitted(team, reaction(summary=long.replace("harms", "helps")))
    found = page(team["second"], change)
    assert found.texts("//div[@class='redline']//del") == ["[deleted:] harms"]
    assert found.texts("//div[@class='redline']//ins") == ["[inserted:] helps"]


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_change_has_a_page(team: Team, case: str) -> None:
    make_far_record(team)
    found = page(team["second"], submitted(team, *CASES[case]))
    assert found.texts("//h3")
    assert "In force" in found.main


def test_an_unfinished_draft_says_what_is_wrong_beside_the_field(team: Team) -> None:
    change = start_change(words(new_date(day="May", deadline="none")), by=team["author"], at=AT)
    found = page(team["author"], change)
    assert "“May” is not a date" in found.main
    assert "The record holds no deadline “none”" in found.main


def test_the_trail_tells_what_was_written_each_time(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    write_change(change, words(why="Page 3 says so."), version=1, by=team["other"], at=AT)
    found = page(team["author"], change)
    turns = found.texts("//ol[@class='desk-trail']/li")
    assert len(turns) == 2
    assert "Written by Otto Other" in turns[1]
    assert "WhyThe extension says so. Page 3 says so." in turns[1]
    assert "1 field written" in turns[1]


def test_a_scheduled_change_shows_both_clocks(team: Team) -> None:
    found = page(team["second"], in_state(team, "approved"))
    assert "24 November 2026, 10:00 Eastern (15:00 UTC)" in found.main


def test_the_impact_is_loaded_into_the_page_and_has_a_page_of_its_own(team: Team) -> None:
    change = submitted(team)
    [link] = page(team["second"], change).by_id("impact").xpath(".//a")
    assert link.get("data-hx-get") == link.get("href") == address(change, "impact")
    assert link.get("data-hx-trigger") == "load"
    whole = page(team["second"], change, "impact")
    assert "moved from 15 May 2025 to 16 June 2027" in whole.main
    swapped = signed_in(team["second"]).get(
        address(change, "impact"), headers={"HX-Request": "true", "HX-Target": "impact"}
    )
    assert "<html" not in swapped.content.decode()
    assert "16 June 2027" in swapped.content.decode()


def test_an_impact_that_cannot_be_is_a_sentence(team: Team) -> None:
    change = start_change(words(new_date(day="May")), by=team["author"], at=AT)
    before = contents()
    found = page(team["author"], change, "impact")
    assert "It cannot be published as it stands" in found.main
    assert contents() == before


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "applied", "emergency"])
def test_a_change_costs_no_more_than_its_budget(
    team: Team, state: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    change, client = in_state(team, state), signed_in(team["second"])
    with django_assert_max_num_queries(BUDGET):
        assert client.get(address(change)).status_code == 200


@pytest.mark.parametrize("step", ["", "impact", "emergency"])
def test_a_change_that_is_not_there_is_not_found(team: Team, step: str) -> None:
    tail = f"{step}/" if step else ""
    assert signed_in(team["second"]).get(f"/desk/changes/99/{tail}").status_code == 404


STEPS = ("submit", "take-back", "return", "approve", "discard", "restore", "review", "undo")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_never_taken_by_following_a_link(team: Team, step: str) -> None:
    change = submitted(team)
    assert signed_in(team["second"]).get(address(change, step)).status_code == 405


@pytest.mark.parametrize("step", STEPS)
def test_a_step_wants_the_token_of_a_form(team: Team, step: str) -> None:
    change, client = submitted(team), Client(enforce_csrf_checks=True)
    client.force_login(team["second"])
    before = contents()
    assert client.post(address(change, step), {"version": "1"}).status_code == 403
    assert contents() == before


def test_the_way_from_draft_to_published_by_buttons_alone(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    author, second = signed_in(team["author"]), signed_in(team["second"])
    assert author.post(address(change, "submit"), {"version": "1"}).status_code == 302
    assert second.post(address(change, "return"), {"because": "Which page?"}).status_code == 302
    assert author.post(address(change, "submit"), {"version": "1"}).status_code == 302
    assert author.post(address(change, "take-back")).status_code == 302
    assert author.post(address(change, "discard"), {"because": "Later"}).status_code == 302
    assert author.post(address(change, "restore")).status_code == 302
    assert author.post(address(change, "submit"), {"version": "1"}).status_code == 302
    answer = second.post(address(change, "approve"), {"version": "1"}, follow=True)
    assert "Approved." in answer.content.decode()
    assert days()[-1] == "2026-11-20 2027-06-16"


@pytest.mark.parametrize(
    ("state", "who", "step", "data", "status", "sentence"),
    [
        ("draft", "author", "submit", {"version": "7"}, 409, "was written since you opened it"),
        ("draft", "author", "submit", {}, 409, "does not say which version"),
        ("draft", "author", "submit", {"version": "x"}, 409, "does not say which version"),
        ("submitted", "second", "approve", {"version": "7"}, 409, "look at it again first"),
        ("submitted", "second", "return", {"because": " "}, 409, "Say what is to be changed"),
        ("applied", "second", "approve", {"version": "1"}, 409, "This change is applied"),
        ("applied", "author", "undo", {"because": ""}, 409, "Say why it is undone"),
        ("draft", "second", "undo", {"because": "x"}, 409, "Only a published change"),
        ("emergency", "other", "review", {}, 409, "You are the author"),
        ("draft", "second", "emergency", {"version": "1"}, 409, "Say why it cannot wait"),
        ("submitted", "author", "approve", {"version": "1"}, 403, "Only an approver"),
        ("draft", "author", "emergency", {"version": "1"}, 403, "Only an approver"),
        ("applied", "analyst", "undo", {"because": "x"}, 403, "draft changes to the record"),
    ],
)
def test_a_refused_step_is_a_sentence_and_changes_nothing(  # noqa: PLR0917
    team: Team, state: str, who: str, step: str, data: dict[str, str], status: int, sentence: str
) -> None:
    change = in_state(team, state)
    before = contents()
    answer = signed_in(team[who]).post(address(change, step), data)
    assert answer.status_code == status
    assert sentence in shown("", answer).text
    assert contents() == before


def test_what_cannot_be_read_answers_400(team: Team) -> None:
    change = start_change(words(new_date(day="May")), by=team["author"], at=AT)
    answer = signed_in(team["author"]).post(address(change, "submit"), {"version": "1"})
    assert answer.status_code == 400
    assert "“May” is not a date" in shown("", answer).text


def test_a_stale_change_says_who_changed_what(team: Team) -> None:
    change = submitted(team, new_date("2027-07-01"))
    published(team)
    answer = signed_in(team["second"]).post(address(change, "approve"), {"version": "1"})
    assert answer.status_code == 409
    assert "Ada Author, approved by Sue Second has changed" in shown("", answer).text


def test_a_change_of_nothing_new_says_so(team: Team) -> None:
    again = Item(new_date().kind, "set", dict(new_date().values))
    published(team)
    change = start_change(words(again), by=team["author"], at=AT)
    answer = signed_in(team["author"]).post(address(change, "submit"), {"version": "1"})
    assert answer.status_code == 409
    assert "The record says all of this already" in shown("", answer).text
