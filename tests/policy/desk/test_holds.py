"""Legal holds: shown to staff, read before a change, lifted with a reason, never altered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from policy.actions.desk.drafts import contribute, start_change, write_change
from policy.actions.desk.holds import (
    KINDS,
    HoldUnread,
    NotPossible,
    holds_on,
    lift_hold,
    place_hold,
    read_holds,
)
from policy.actions.desk.review import (
    apply_change,
    approve_change,
    publish_at_once,
    publish_due,
    return_change,
    submit_change,
)
from policy.models import Change, LegalHold, LiftedHold, User
from policy.permissions import NotPermitted
from tests.people import signed_in
from tests.policy.desk.impact_world import CASES, make_far_record
from tests.policy.desk.world import AT, days, submitted, words
from tests.site_map import shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
DEADLINE, RULE = ("deadline", "ai-diffusion-comment"), ("rule", "ai-diffusion")
BEFORE = ["2025-01-15 2025-05-15"]


def hold(team: Team, subject: tuple[str, str] = DEADLINE) -> LegalHold:
    return place_hold(subject, because="A suit is pending.", by=team["second"], at=AT)


@pytest.mark.parametrize("subject", [DEADLINE, RULE])
def test_a_change_of_a_subject_under_hold_waits_until_it_is_read(
    team: Team, subject: tuple[str, str]
) -> None:
    hold(team, subject)
    change = submitted(team)
    with pytest.raises(HoldUnread, match=r"A suit is pending\..*Tick that you have read it"):
        approve_change(change, version=1, by=team["second"], at=AT)
    assert days() == BEFORE
    read_holds(change, by=team["second"], at=AT)
    approve_change(change, version=1, by=team["second"], at=AT)
    assert days() != BEFORE
    tick = change.contributions.get(step="read hold")
    assert (tick.by, tick.note) == (
        team["second"],
        f"hold 1 on {subject[0]} {subject[1]}: A suit is pending.".replace(
            "hold 1", f"hold {LegalHold.objects.get().pk}"
        ),
    )


@pytest.mark.parametrize("subject", [DEADLINE, RULE])
@pytest.mark.parametrize("door", ["approval", "emergency", "hour"])
def test_the_database_asks_for_the_tick_by_itself(
    team: Team, subject: tuple[str, str], door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy.actions.desk.review.check_holds", lambda _change: None)
    later = AT + timedelta(hours=2)

    def publish() -> None:
        if door == "emergency":
            publish_at_once(change, version=1, by=team["other"], at=AT)
        elif door == "approval":
            approve_change(change, version=1, by=team["second"], at=AT)
        else:
            apply_change(change, at=later)

    if door == "emergency":
        change = start_change(words(), by=team["other"], at=AT)
    else:
        change = submitted(team, publish_at=later if door == "hour" else None)
    if door == "hour":
        approve_change(change, version=1, by=team["second"], at=AT)
    others = [hold(team, ("country", "kh")), hold(team, subject)]
    sentence = "before somebody has said that they read it"
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        publish()
    assert days() == BEFORE
    # A tick of another hold is none of this one.
    tick = {"holds": [others[0].pk, others[1].pk * 10]}
    contribute(change, by=team["second"], at=AT, step="read hold", written=tick)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        publish()
    read_holds(change, by=team["second"], at=AT)
    publish()
    assert days() != BEFORE


def test_the_database_lets_a_lifted_hold_be(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy.actions.desk.review.check_holds", lambda _change: None)
    lift_hold(hold(team), because="The suit is over.", by=team["other"], at=AT)
    approve_change(submitted(team), version=1, by=team["second"], at=AT)
    assert days() != BEFORE


def test_a_submitted_change_says_what_it_touches_and_stands_by_it(team: Team) -> None:
    change = submitted(team)
    assert change.touches == "|deadline ai-diffusion-comment|rule ai-diffusion|"
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(touches="|")
    draft = start_change(words(), by=team["author"], at=AT)
    with pytest.raises(IntegrityError, match="says what it touches"), transaction.atomic():
        Change.objects.filter(pk=draft.pk).update(state="submitted")


def test_a_hold_elsewhere_stops_nothing(team: Team) -> None:
    hold(team, ("country", "kh"))
    approve_change(submitted(team), version=1, by=team["second"], at=AT)
    assert days() != BEFORE


def test_what_was_read_counts_for_that_version_and_that_hold_only(team: Team) -> None:
    hold(team)
    change = submitted(team)
    read_holds(change, by=team["second"], at=AT)
    change = return_change(change, because="Which page?", by=team["second"], at=AT)
    change = write_change(change, words(why="Page 3"), version=1, by=team["author"], at=AT)
    change = submit_change(change, version=2, by=team["author"], at=AT)
    with pytest.raises(HoldUnread):
        approve_change(change, version=2, by=team["second"], at=AT)
    read_holds(change, by=team["second"], at=AT)
    place_hold(RULE, because="Another suit", by=team["other"], at=AT)
    with pytest.raises(HoldUnread, match="Another suit"):
        approve_change(change, version=2, by=team["second"], at=AT)


def test_a_hold_placed_after_the_approval_stops_the_scheduled_publication(team: Team) -> None:
    later = AT + timedelta(hours=2)
    change = submitted(team, publish_at=later)
    approve_change(change, version=1, by=team["second"], at=AT)
    hold(team)
    assert publish_due(at=later) == 0
    change.refresh_from_db()
    assert change.state == "returned"
    assert "A legal hold stands" in change.contributions.latest("pk").note


def test_an_emergency_has_to_read_the_hold_too(team: Team) -> None:
    hold(team)
    change = start_change(words(), by=team["other"], at=AT)
    with pytest.raises(HoldUnread):
        publish_at_once(change, version=1, by=team["other"], at=AT)
    assert days() == BEFORE


def test_a_lifted_hold_stops_nothing_and_both_reasons_stay(team: Team) -> None:
    placed = hold(team)
    lifted = lift_hold(placed, because="The suit is over.", by=team["other"], at=AT)
    assert holds_on([DEADLINE]) == []
    approve_change(submitted(team), version=1, by=team["second"], at=AT)
    assert (lifted.hold.because, lifted.because) == ("A suit is pending.", "The suit is over.")
    with pytest.raises(NotPossible, match="lifted this hold already"):
        lift_hold(placed, because="Again", by=team["other"], at=AT)


@pytest.mark.parametrize("who", ["author", "analyst"])
def test_only_an_approver_places_lifts_and_reads(team: Team, who: str) -> None:
    placed = hold(team)
    change = submitted(team)
    for act in (
        lambda: place_hold(RULE, because="x", by=team[who], at=AT),
        lambda: lift_hold(placed, because="x", by=team[who], at=AT),
        lambda: read_holds(change, by=team[who], at=AT),
    ):
        with pytest.raises(NotPermitted, match="approve changes"):
            act()
    assert (LegalHold.objects.count(), LiftedHold.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("subject", "because", "sentence"),
    [
        (RULE, " ", "Say why the hold is placed"),
        (("rule", " "), "x", "Say what the hold is on"),
        (("mail", "1"), "x", "Say what the hold is on"),
    ],
)
def test_a_hold_says_on_what_and_why(
    team: Team, subject: tuple[str, str], because: str, sentence: str
) -> None:
    with pytest.raises(NotPossible, match=sentence):
        place_hold(subject, because=because, by=team["second"], at=AT)
    with pytest.raises(NotPossible, match="Say why the hold is lifted"):
        lift_hold(hold(team), because=" ", by=team["second"], at=AT)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hold_can_be_put_on_every_kind(
    team: Team, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy.actions.desk.holds.is_there", lambda *_subject: True)
    placed = hold(team, (kind, "x"))
    assert holds_on([(kind, "x"), ("rule", "none")]) == [placed]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM policy_legalhold",
        "UPDATE policy_legalhold SET because = 'x'",
        "DELETE FROM policy_liftedhold",
        "UPDATE policy_liftedhold SET because = 'x'",
    ],
)
def test_the_database_alters_no_hold(team: Team, sql: str) -> None:
    lift_hold(hold(team), because="Over", by=team["second"], at=AT)
    with (
        pytest.raises(IntegrityError, match="is kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_staff_see_the_hold_on_its_page_and_readers_do_not(team: Team, client: Client) -> None:
    hold(team, RULE)
    page = shown("", signed_in(team["analyst"]).get("/rules/ai-diffusion/"))
    assert "Legal hold on rule ai-diffusion A suit is pending." in page.main
    assert "Legal hold" not in shown("", client.get("/rules/ai-diffusion/")).main


def test_the_tick_beside_the_button_is_what_lets_it_through(team: Team) -> None:
    hold(team)
    change = submitted(team)
    client, address = signed_in(team["second"]), f"/desk/changes/{change.pk}/"
    page = shown(address, client.get(address))
    assert "I have read the hold" in page.main
    refused = client.post(f"{address}approve/", {"version": "1"})
    assert refused.status_code == 409
    assert not change.contributions.filter(step="read hold").exists()
    # A tick for a version that is not the newest is no tick.
    outdated = client.post(f"{address}approve/", {"version": "7", "has_read_hold": "1"})
    assert outdated.status_code == 409
    assert not change.contributions.filter(step="read hold").exists()
    passed = client.post(f"{address}approve/", {"version": "1", "has_read_hold": "1"})
    assert passed.status_code == 302
    trail = shown(address, client.get(address)).texts("//ol[@class='desk-trail']/li")
    assert any("Has read the legal hold by Sue Second" in turn for turn in trail)


def test_holds_are_placed_and_lifted_on_their_page(team: Team) -> None:
    client = signed_in(team["second"])
    said = {"kind": "rule", "id": "ai-diffusion", "because": "A suit"}
    assert client.post("/desk/holds/", {**said, "because": ""}).status_code == 409
    assert client.post("/desk/holds/", said).status_code == 302
    placed = LegalHold.objects.get()
    assert "A suit" in shown("", client.get("/desk/holds/")).main
    lift = f"/desk/holds/{placed.pk}/lift/"
    assert client.post(lift, {"because": ""}).status_code == 409
    assert client.post(lift, {"because": "Over"}).status_code == 302
    found = shown("", client.get("/desk/holds/"))
    assert "No hold stands" in found.main
    assert "lifted by Sue Second" in found.main


def test_an_editor_sees_the_holds_and_cannot_place_one(team: Team) -> None:
    hold(team)
    client = signed_in(team["author"])
    page = shown("", client.get("/desk/holds/"))
    assert "A suit is pending." in page.main
    assert page.all("//form[contains(@class, 'desk-place')]") == []
    said = {"kind": "rule", "id": "ai-diffusion", "because": "x"}
    assert client.post("/desk/holds/", said).status_code == 403
    assert LegalHold.objects.count() == 1


@pytest.mark.parametrize(
    ("case", "subject"),
    [
        ("a group changed", ("country", "kh")),
        ("a reaction", ("organization", "an-association")),
        ("a verdict", ("claim", "c1")),
        ("a stay", RULE),
        ("a date withdrawn", RULE),
        ("several at once", ("country", "kh")),
    ],
)
def test_every_way_in_which_a_change_touches_a_subject_counts(
    team: Team, case: str, subject: tuple[str, str]
) -> None:
    make_far_record(team)
    hold(team, subject)
    change = submitted(team, *CASES[case])
    with pytest.raises(HoldUnread):
        approve_change(change, version=1, by=team["second"], at=AT)
