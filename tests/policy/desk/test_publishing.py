"""A change from its first word to the record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from policy.actions.desk.drafts import Item, NotWritable, Outdated, start_change, write_change
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.publish import SaysNothing, Stale
from policy.actions.desk.review import (
    Refused,
    approve_change,
    discard_change,
    publish_at_once,
    publish_due,
    restore_change,
    return_change,
    review_change,
    submit_change,
    take_back,
)
from policy.actions.revisions import new_revision
from policy.domain.roles import Role
from policy.models import (
    Change,
    Contribution,
    DeadlineDate,
    Event,
    FederalClosing,
    Organization,
    Revision,
    User,
)
from policy.permissions import NotPermitted
from tests.people import signed_in
from tests.policy.desk.world import AT, contents, days, new_date, published, submitted, words
from tests.site_map import shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
BEFORE = ["2025-01-15 2025-05-15"]
CLOSING = {
    "day": "2026-12-24",
    "valid_from": "2026-12-24",
    "order": "An executive order",
    "proclaimed": "2026-11-23",
}
AFTER = ["2025-01-15 2025-05-15", "2026-11-20 2027-06-16"]


def test_what_is_approved_stands_in_the_record_with_its_source_and_both_names(team: Team) -> None:
    change = published(team)
    assert days() == AFTER
    row = DeadlineDate.objects.known(None).get(valid_from="2026-11-20")
    assert (row.source.slug, row.quote) == ("the-extension", "the comment period is extended")
    revision = Revision.objects.get(change=change)
    assert revision.by == "Ada Author, approved by Sue Second"
    assert (revision.kind, revision.reason) == ("desk", "The extension says so.")
    [event] = Event.objects.filter(revision=revision)
    assert event.title == "AI: Comments due moved from 15 May 2025 to 16 June 2027"
    steps = change.contributions.values_list("step", "by__name")
    assert list(steps) == [
        ("write", "Ada Author"),
        ("submit", "Ada Author"),
        ("approve", "Sue Second"),
        ("apply", "Sue Second"),
    ]


def test_a_draft_and_a_submitted_change_are_not_in_the_record(team: Team) -> None:
    submitted(team)
    assert days() == BEFORE
    assert Revision.objects.count() == 1


def test_a_returned_change_is_written_again_and_submitted_again(team: Team) -> None:
    change = submitted(team)
    returned = return_change(change, because="Which page?", by=team["second"], at=AT)
    assert returned.state == "returned"
    assert returned.contributions.latest("pk").note == "Which page?"
    again = write_change(
        returned, words(why="Page 3."), version=returned.version, by=team["author"], at=AT
    )
    again = submit_change(again, version=again.version, by=team["author"], at=AT)
    approve_change(again, version=again.version, by=team["second"], at=AT)
    assert days() == AFTER


def test_a_change_is_not_returned_without_a_reason(team: Team) -> None:
    with pytest.raises(Refused, match="Say what is to be changed"):
        return_change(submitted(team), because=" ", by=team["second"], at=AT)


def test_nobody_loses_what_another_wrote_meanwhile(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    theirs = write_change(change, words(title="Theirs"), version=1, by=team["other"], at=AT)
    with pytest.raises(Outdated, match=r"Otto Other has changed this since you opened it") as found:
        write_change(change, words(title="Mine"), version=1, by=team["author"], at=AT)
    assert found.value.change.title == "Theirs"
    assert Change.objects.get().title == "Theirs"
    assert theirs.version == 2


def test_saving_the_same_words_again_is_no_write(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    before = contents()
    assert write_change(change, words(), version=1, by=team["author"], at=AT).version == 1
    assert contents() == before


def test_a_submitted_change_is_not_written(team: Team) -> None:
    change = submitted(team)
    with pytest.raises(NotWritable, match="This change is submitted and stays as it is"):
        write_change(change, words(title="New"), version=1, by=team["author"], at=AT)


def test_a_change_that_was_written_since_is_not_approved_unseen(team: Team) -> None:
    change = submitted(team)
    with pytest.raises(Refused, match="look at it again first"):
        approve_change(change, version=change.version + 1, by=team["second"], at=AT)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [({"why": " "}, "Say why"), ({"source": ""}, "Every fact cites a source")],
)
def test_nothing_is_submitted_without_reason_and_source(
    team: Team, missing: dict[str, str], sentence: str
) -> None:
    change = start_change(words(**missing), by=team["author"], at=AT)
    with pytest.raises(BadValues, match=sentence):
        submit_change(change, version=1, by=team["author"], at=AT)


@pytest.mark.parametrize(
    ("item", "field", "sentence"),
    [
        (new_date(day="2026-02-30"), "day", "“2026-02-30” is not a day of the calendar."),
        (new_date(day="May"), "day", "“May” is not a date; write it as 2025-05-14, or"),
        (new_date(deadline="none"), "deadline", "The record holds no deadline “none”; choose one."),
        (new_date(since=""), "valid_from", "Give the first day, or say that it is not known."),
        (new_date(last_day="2026-11-01"), "last_day", "The last day lies before the first one."),
        (new_date(basis="guess"), "basis", "Select a valid choice."),
        (Item("date", "end", {"deadline": "ai-diffusion-comment"}), "last_day", "Give the last"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_changes_nothing(
    team: Team, item: Item, field: str, sentence: str
) -> None:
    change = start_change(words(item), by=team["author"], at=AT)
    before = contents()
    with pytest.raises(BadValues) as refused:
        submit_change(change, version=1, by=team["author"], at=AT)
    assert refused.value.sentences[field].startswith(sentence)
    assert contents() == before


def test_what_the_record_says_already_is_not_published_again(team: Team) -> None:
    published(team)
    again = start_change(words(), by=team["author"], at=AT)
    with pytest.raises(SaysNothing, match="The record says all of this already"):
        submit_change(again, version=1, by=team["author"], at=AT)


def test_a_change_over_a_fact_that_was_changed_meanwhile_is_stale(team: Team) -> None:
    slow = submitted(team, new_date(day="2027-07-01"))
    published(team)
    with pytest.raises(Stale, match="Ada Author, approved by Sue Second has changed"):
        approve_change(slow, version=slow.version, by=team["second"], at=AT)
    assert days() == AFTER
    seen = Revision.objects.latest().number
    back = take_back(slow, by=team["author"], at=AT)
    back = write_change(
        back,
        words(new_date(day="2027-07-01")),
        version=back.version,
        by=team["author"],
        at=AT,
        based_on=seen,
    )
    back = submit_change(back, version=back.version, by=team["author"], at=AT)
    approve_change(back, version=back.version, by=team["second"], at=AT)
    assert days() == ["2025-01-15 2025-05-15", "2026-11-20 2027-07-01"]


def test_an_end_and_a_retraction_leave_what_stood_around_them(team: Team) -> None:
    published(team)
    end = Item("date", "end", {"deadline": "ai-diffusion-comment", "last_day": "2026-12-31"})
    published(team, end)
    last = DeadlineDate.objects.known(None).get(valid_from="2026-11-20")
    assert str(last.last_day) == "2026-12-31"
    gone = {"deadline": "ai-diffusion-comment", "valid_from": "2026-11-20"}
    published(team, Item("date", "retract", gone), why="It was never printed.")
    assert days() == BEFORE
    closed = DeadlineDate.objects.filter(valid_from="2026-11-20").latest("recorded_id")
    assert closed.closed_because == "It was never printed."


def test_undoing_is_a_change_that_restores_what_was_known_before(team: Team) -> None:
    published(team)
    back = Item("date", "restore", {"deadline": "ai-diffusion-comment", "revision": 1})
    published(team, back, why="The extension was withdrawn before it was published.")
    assert days() == BEFORE
    assert DeadlineDate.objects.known(2).filter(day="2027-06-16").exists()


def test_several_things_are_published_together_or_not_at_all(team: Team) -> None:
    org = Item("new-organization", "create", {"slug": "sia", "name": "SIA", "kind": "association"})
    said = {
        "slug": "sia-on-ai",
        "organization": "sia",
        "title": "Deeply disappointed",
        "stance": "opposes",
        "valid_from": "2025-01-13",
    }
    published(team, org, Item("reaction", "set", {**said, "rule": "ai-diffusion"}))
    assert Organization.objects.get().reactions.get().title == "Deeply disappointed"
    wrong = Item("reaction", "set", {**said, "slug": "second", "stance": "shouts"})
    before = contents()
    with pytest.raises(BadValues):
        submitted(team, new_date(), wrong)
    assert contents() | {"Change": 0, "Contribution": 0} == before | {
        "Change": 0,
        "Contribution": 0,
    }


def test_a_name_that_is_taken_is_refused_with_a_sentence(team: Team) -> None:
    again = {"slug": "ai-diffusion", "title": "x", "short_title": "x", "kind": "rule"}
    with pytest.raises(BadValues) as refused:
        submitted(team, Item("new-rule", "create", again))
    assert "already exists" in refused.value.sentences["slug"]


def test_an_analyst_drafts_what_is_said_and_no_law(team: Team) -> None:
    claim = {
        "slug": "c1",
        "claimant": "A press report",
        "text": "Three tiers",
        "verdict": "partly",
        "why": "“Tier” is the press's word.",
        "valid_from": "2025-01-15",
    }
    start_change(words(Item("claim", "set", claim)), by=team["analyst"], at=AT)
    with pytest.raises(NotPermitted, match="draft changes to the record"):
        start_change(words(), by=team["analyst"], at=AT)


def test_a_scheduled_change_waits_for_its_instant(team: Team) -> None:
    later = AT + timedelta(hours=3)
    published(team, publish_at=later)
    assert publish_due(at=later - timedelta(seconds=1)) == 0
    assert days() == BEFORE
    assert publish_due(at=later) == 1
    assert publish_due(at=later) == 0
    assert days() == AFTER


def test_a_scheduled_change_that_went_stale_returns_to_its_writers(team: Team) -> None:
    later = AT + timedelta(hours=3)
    waiting = published(team, new_date(day="2027-07-01"), publish_at=later)
    published(team)
    assert publish_due(at=later) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approved_by) == ("returned", None)
    assert "It could not be published" in waiting.contributions.latest("pk").note
    assert days() == AFTER


def gone(user: User) -> None:
    user.is_active = False
    user.save()


def demoted(user: User) -> None:
    user.role = Role.EDITOR.value
    user.save()


@pytest.mark.parametrize("loses", [gone, demoted])
def test_nothing_is_published_at_its_hour_once_its_approver_may_approve_no_more(
    team: Team, loses: Callable[[User], None]
) -> None:
    later = AT + timedelta(hours=3)
    change = published(team, publish_at=later)
    loses(team["second"])
    assert publish_due(at=later) == 0
    assert days() == BEFORE
    change.refresh_from_db()
    assert (change.state, change.approved_by) == ("returned", None)
    sentence = "Sue Second approved it and may no longer approve changes: submit it again."
    assert sentence in change.contributions.latest("pk").note


def test_the_database_records_nothing_for_an_approver_who_may_approve_no_more(team: Team) -> None:
    change = published(team, publish_at=AT + timedelta(hours=3))
    demoted(team["second"])
    desk = Revision.Kind.DESK
    with (
        pytest.raises(IntegrityError, match="a second person has not approved"),
        new_revision(by="x", kind=desk, reason="by hand", at=AT, change=change),
    ):
        pass


def test_what_an_author_wrote_before_they_left_is_published(team: Team) -> None:
    later = AT + timedelta(hours=3)
    published(team, publish_at=later)
    gone(team["author"])
    assert publish_due(at=later) == 1
    assert days() == AFTER


def test_what_the_clock_does_stands_in_nobody_s_name(team: Team) -> None:
    later = AT + timedelta(hours=3)
    returned = published(team, new_date(day="2027-07-01"), publish_at=later)
    done = published(team, Item("closing", "set", CLOSING), publish_at=later)
    published(team)
    publish_due(at=later)
    client = signed_in(team["author"])
    for change, step in ((returned, "Returned"), (done, "Published")):
        assert change.contributions.latest("pk").by is None
        page = shown("", client.get(f"/desk/changes/{change.pk}/"))
        assert f"{step} by Earmark, at the scheduled hour" in page.main


def test_whoever_counts_on_a_publication_is_told_that_it_did_not_take_place(
    team: Team, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    later = AT + timedelta(hours=3)
    change = published(team, publish_at=later)
    published(team, new_date(day="2027-07-01"))
    with django_capture_on_commit_callbacks(execute=True):
        publish_due(at=later)
    [sent] = mail.outbox
    assert sent.bcc == [team["author"].email, team["second"].email]
    assert sent.subject == "Not published: Comments extended"
    assert "It could not be published: " in sent.body
    assert f"/desk/changes/{change.pk}/" in sent.body
    page = shown("", signed_in(team["author"]).get(f"/desk/changes/{change.pk}/"))
    [told] = page.texts("//div[contains(@class, 'notice--warning')]")
    assert "Returned by Earmark, at the scheduled hour" in told
    assert "It could not be published: " in told


def test_the_database_lets_nobody_write_in_the_name_of_the_clock(team: Team) -> None:
    change = submitted(team)
    for step in ("submit", "approve", "write", "discard", "read hold"):
        with (
            pytest.raises(IntegrityError, match=r"somebody did|Nobody writes"),
            transaction.atomic(),
        ):
            Contribution.objects.create(change=change, by=None, at=AT, step=step, version=1)


def test_an_emergency_is_published_by_one_and_reviewed_by_another(team: Team) -> None:
    change = start_change(words(), by=team["other"], at=AT)
    change = publish_at_once(change, version=1, by=team["other"], at=AT)
    assert days() == AFTER
    assert change.revision.by == "Otto Other, as an emergency"
    assert list(Change.objects.waiting()) == [change]
    with pytest.raises(Refused, match="You are the author"):
        review_change(change, note="Fine", by=team["other"], at=AT)
    review_change(change, note="The order says so.", by=team["second"], at=AT)
    assert not Change.objects.waiting().exists()


def test_an_editor_publishes_nothing_at_once(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    with pytest.raises(Refused, match="Only an approver"):
        publish_at_once(change, version=1, by=team["author"], at=AT)
    assert days() == BEFORE


def test_a_discarded_draft_comes_back(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    discarded = discard_change(change, by=team["author"], at=AT, because="A mistake")
    assert discarded.state == "discarded"
    assert restore_change(discarded, by=team["author"], at=AT).state == "draft"


def test_a_closing_counts_open_computed_dates_anew(team: Team) -> None:
    counted = {"basis": "computed", "counted_from": "2026-11-24", "counted_days": "30"}
    published(team, new_date(day="2026-12-24", **counted))
    values = {"day": "2026-12-24", "order": "An executive order", "proclaimed": "2026-11-23"}
    published(team, Item("closing", "set", {**values, "valid_from": "2026-12-24"}))
    closing = FederalClosing.objects.known(None).get()
    assert str(closing.valid_until) == "2026-12-25"
    newest = DeadlineDate.objects.known(None).latest("valid_from")
    assert (str(newest.day), newest.act) == ("2026-12-28", "recomputed")
