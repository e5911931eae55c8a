"""What an audit of the desk found: slips that broke a page, and ways around what it promises."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from policy.actions.desk.drafts import Item, start_change, write_change
from policy.actions.desk.emergency import publish_emergency
from policy.actions.desk.holds import NotPossible, place_hold
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.publish import Stale, check_current
from policy.actions.desk.review import (
    Refused,
    approve_change,
    publish_at_once,
    review_change,
    submit_change,
)
from policy.actions.desk.subjects import subjects_of
from policy.models import Change, Revision, Rule, Threshold, User
from policy.permissions import NotPermitted
from tests.people import signed_in
from tests.policy.desk.world import AT, new_date, published, put, submitted, words

pytestmark = pytest.mark.django_db
Team = dict[str, User]
RULE = {"slug": "ai-diffusion", "title": "A rule", "short_title": "AI", "kind": "rule"}
CLAIM = {
    "slug": "c1",
    "claimant": "A press report",
    "text": "Three tiers",
    "verdict": "partly",
    "why": "A word of the press.",
    "valid_from": "2025-01-15",
}


@pytest.fixture
def editor(team: Team) -> Client:
    return signed_in(team["author"])


def emergency(team: Team, title: str = "Comments extended") -> Change:
    """An editor's draft that an approver publishes at once."""
    change = start_change(words(title=title), by=team["author"], at=AT)
    return publish_emergency(change, because="Now.", version=1, by=team["other"], at=AT)


def test_whoever_publishes_at_once_does_not_review_it_either(team: Team) -> None:
    change = emergency(team)
    with pytest.raises(Refused, match="You have a part in this change"):
        review_change(change, note="Fine.", by=team["other"], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(reviewed_by=team["other"], reviewed_at=AT)
    assert Revision.objects.get(change=change).people == ["Otto Other, as an emergency"]
    review_change(change, note="Fine.", by=team["second"], at=AT)


def test_an_emergency_is_mailed_whatever_its_title_holds(
    team: Team, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        emergency(team, "Comments\rBcc: nobody@example.org")
    [message] = mail.outbox
    assert message.subject == "Published without a second look: Comments Bcc: nobody@example.org"


def test_an_amendment_over_another_is_stale(team: Team) -> None:
    one = submitted(team, Item("new-rule", "amend", {**RULE, "summary": "What it says."}))
    published(team, Item("new-rule", "amend", {**RULE, "short_title": "Diffusion"}))
    with pytest.raises(Stale):
        approve_change(one, version=one.version, by=team["second"], at=AT)
    assert Rule.objects.get(slug="ai-diffusion").short_title == "Diffusion"


@pytest.mark.parametrize("lacks", ["why", "source"])
@pytest.mark.parametrize("step", [submit_change, publish_at_once])
def test_what_another_took_away_after_the_page_was_read_is_missed(
    team: Team, step: Callable[..., Change], lacks: str
) -> None:
    seen = start_change(words(), by=team["author"], at=AT)
    write_change(seen, words(**{lacks: ""}), version=1, by=team["second"], at=AT)
    with pytest.raises(BadValues) as refused:
        step(seen, version=2, by=team["other"], at=AT)
    assert list(refused.value.sentences) == [lacks]
    assert Change.objects.get().state == "draft"


@pytest.mark.parametrize("lacks", ["why", "source"])
def test_what_another_added_after_the_page_was_read_is_there(team: Team, lacks: str) -> None:
    seen = start_change(words(**{lacks: ""}), by=team["author"], at=AT)
    write_change(seen, words(), version=1, by=team["second"], at=AT)
    assert submit_change(seen, version=2, by=team["author"], at=AT).state == "submitted"


def test_nobody_builds_on_what_is_not_recorded_yet(team: Team, editor: Client) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    published(team, new_date(day="2027-07-01"))
    for seen in ("99999999", "9" * 30, "-1", "x"):
        editor.post(f"/desk/changes/{change.pk}/build-on/", {"version": "1", "seen": seen})
    change.refresh_from_db()
    assert change.based_on <= Revision.objects.latest().number


def test_an_analyst_does_not_write_over_what_only_an_editor_may(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    with pytest.raises(NotPermitted):
        write_change(
            change, words(Item("claim", "set", CLAIM)), version=1, by=team["analyst"], at=AT
        )
    assert change.items.get().kind == "date"


def test_taking_a_fact_away_touches_what_it_belongs_to(team: Team) -> None:
    rule = Rule.objects.get(slug="ai-diffusion")
    put(
        Threshold(
            slug="t", rule=rule, label="Chips", value="1", source=words_source(), valid_from=AT
        )
    )
    gone = Item("threshold", "retract", {"slug": "t", "valid_from": "2026-11-23"})
    change = start_change(words(gone), by=team["author"], at=AT)
    assert ("rule", "ai-diffusion") in subjects_of(change)


def words_source() -> Any:
    from policy.models import Source

    return Source.objects.get(slug="the-rule")


def test_a_hold_on_what_the_record_does_not_hold_is_refused(team: Team) -> None:
    for kind in ("rule", "deadline", "docket", "document", "country", "claim"):
        with pytest.raises(NotPossible, match="The record holds no"):
            place_hold((kind, "no-such-thing"), because="A case.", by=team["second"], at=AT)
    place_hold(("rule", "ai-diffusion"), because="A case.", by=team["second"], at=AT)


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("save", {"items": "1", "kind-0": "x", "do": "save"}),
        ("save", {"items": "1", "kind-0": "x", "do": "submit"}),
        ("save", {"items": "9" * 5000, "title": "T"}),
        ("save", {"items": "501", "title": "T"}),
        ("save", {"change": "9" * 5000, "version": "9" * 5000, "items": "0"}),
        ("autosave", {"items": "1", "kind-0": "x"}),
        ("check", {"items": "9" * 30}),
        ("changes/{pk}/merge", {"items": "1", "kind-0": "x"}),
        ("changes/{pk}/approve", {"version": "9" * 5000}),
        ("proposals/reject", {"proposal": "9" * 30, "because": "So."}),
        ("save", {"title": "A\0B", "items": "0"}),
    ],
)
def test_what_no_form_sends_gets_an_answer_and_changes_nothing(
    team: Team, address: str, posted: dict[str, str]
) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    client = signed_in(team["second"])
    client.raise_request_exception = False
    response = client.post(f"/desk/{address.format(pk=change.pk)}/", posted)
    assert response.status_code < 500
    assert Change.objects.get().state == "draft"


@pytest.mark.parametrize(
    "item",
    [
        new_date(last_day="9999-12-31"),
        new_date(last_day="2026-01-01"),
        Item("date", "restore", {"deadline": "ai-diffusion-comment", "revision": "9" * 20}),
        Item("closing", "set", {"day": "9999-12-31", "order": "x", "valid_from": "2026-12-24"}),
    ],
)
def test_a_draft_with_a_slip_is_opened_and_refused_with_a_sentence(
    team: Team, editor: Client, item: Item
) -> None:
    change = start_change(words(item), by=team["author"], at=AT)
    for page in ("", "edit/", "impact/"):
        assert editor.get(f"/desk/changes/{change.pk}/{page}").status_code < 500
    check_current(change)
    with pytest.raises(Exception, match=r"\."):
        submit_change(change, version=1, by=team["author"], at=AT)


def test_an_instant_beyond_every_clock_gets_a_sentence(editor: Client) -> None:
    data = {"title": "T", "items": "0", "publish_at": "9999-12-31 23:00"}
    response = editor.post("/desk/check/", {**data, "_field": "publish_at"})
    assert "later than any clock shows" in response.content.decode()


def test_a_form_of_many_things_keeps_them_all(team: Team, editor: Client) -> None:
    items = [new_date(day=f"2027-06-{n:02}", since=f"2026-12-{n:02}") for n in range(1, 29)]
    items += [new_date(day=f"2027-07-{n:02}", since=f"2027-01-{n:02}") for n in range(1, 29)]
    change = start_change(words(*items), by=team["author"], at=AT)
    from tests.policy.desk.test_edit_pages import form_data, opened

    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    editor.post("/desk/autosave/", {**data, "why": "Others."})
    change.refresh_from_db()
    assert (change.why, change.items.count()) == ("Others.", 56)
