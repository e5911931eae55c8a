"""Undoing a change: by another one, which brings back what was known before."""

import pytest

from policy.actions.desk.drafts import Item, start_change
from policy.actions.desk.impact import impact_of
from policy.actions.desk.proposals import accept_proposals, reject_proposals
from policy.actions.desk.review import approve_change, discard_change, submit_change
from policy.actions.desk.undo import CannotUndo, kinds_by_model, undo_change, undo_of
from policy.models import (
    Change,
    DeadlineDate,
    FederalClosing,
    Organization,
    Proposal,
    Revision,
    Source,
    User,
)
from policy.permissions import NotPermitted
from tests.people import signed_in
from tests.policy.desk.impact_world import CASES, COUNTED, make_far_record
from tests.policy.desk.world import AT, contents, days, new_date, published, submitted, words
from tests.site_map import shown

pytestmark = pytest.mark.django_db
Team = dict[str, User]
BEFORE = ["2025-01-15 2025-05-15"]
FACTS = [name for name in CASES if name not in ("a new rule", "several at once")]


def undone(team: Team, change: Change) -> Change:
    """The draft that undoes it, submitted by the author and published by the second."""
    draft = undo_change(change, because="It was wrong.", by=team["author"], at=AT)
    draft = submit_change(draft, version=1, by=team["author"], at=AT)
    return approve_change(draft, version=1, by=team["second"], at=AT)


def in_force(revision: int | None) -> list[tuple[object, ...]]:
    """Every fact that the desk can write, as the record held it after a revision."""
    found: list[tuple[object, ...]] = []
    for model in kinds_by_model():
        for row in model.objects.known(revision):
            said = tuple(getattr(row, name) for name in model.statement_fields())
            found.append((model.__name__, row.valid_from, row.valid_until, *map(str, said)))
    return sorted(found, key=str)


def test_what_was_before_is_there_again_and_nothing_is_lost(team: Team) -> None:
    change = published(team)
    assert days() != BEFORE
    later = undone(team, change)
    assert days() == BEFORE
    assert later.undoes == change
    assert Revision.objects.filter(change__in=[change, later]).count() == 2
    assert DeadlineDate.objects.filter(day="2027-06-16").exists()


@pytest.mark.parametrize("case", FACTS)
def test_every_kind_of_fact_can_be_brought_back(team: Team, case: str) -> None:
    make_far_record(team)
    known = Revision.objects.latest().number
    before = in_force(known)
    change = published(team, *CASES[case])
    assert in_force(None) != before
    undone(team, change)
    assert in_force(None) == before


def test_an_undo_can_itself_be_undone(team: Team) -> None:
    change = published(team)
    after = days()
    again = undone(team, change)
    undone(team, again)
    assert days() == after


def test_counted_dates_that_a_closing_moved_come_back_with_it(team: Team) -> None:
    published(team, new_date("2026-12-24", **COUNTED))
    values = {"day": "2026-12-24", "order": "An order", "proclaimed": "2026-11-23"}
    before = days()
    change = published(team, Item("closing", "set", {**values, "valid_from": "2026-12-24"}))
    assert days() != before
    undone(team, change)
    assert days() == before
    assert not FederalClosing.objects.known(None).exists()


def test_it_is_refused_where_somebody_has_written_the_same_since(team: Team) -> None:
    change = published(team)
    published(team, new_date("2027-07-01", "2026-11-21", act="corrected"))
    before = contents()
    with pytest.raises(CannotUndo) as refused:
        undo_change(change, because="Wrong", by=team["author"], at=AT)
    assert str(refused.value).startswith(
        "Ada Author, approved by Sue Second has changed “Comments due: 15 May 2025” since, "
        "in revision 3: The extension says so."
    )
    assert contents() == before


def test_a_later_change_of_something_else_does_not_stand_against_it(team: Team) -> None:
    make_far_record(team)
    change = published(team, *CASES["a date moved"])
    published(team, *CASES["a group changed"])
    assert undo_of(change).refusals == ()


def test_what_was_made_new_stays_and_is_named(team: Team) -> None:
    org = Item("new-organization", "create", {"slug": "sia", "name": "SIA", "kind": "company"})
    change = published(team, org, new_date())
    found = undo_of(change)
    assert [item.kind for item in found.items] == ["date"]
    assert found.remains == (
        "Organisation “sia” stays: what has once had an address is never unmade.",
    )
    undone(team, change)
    assert days() == BEFORE
    assert Organization.objects.filter(slug="sia").exists()


def test_a_change_that_only_made_something_new_cannot_be_undone(team: Team) -> None:
    org = Item("new-organization", "create", {"slug": "sia", "name": "SIA", "kind": "company"})
    with pytest.raises(CannotUndo, match=r"no fact that could be brought back.*never unmade"):
        undo_change(published(team, org), because="Wrong", by=team["author"], at=AT)


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_only_what_was_published_is_undone(team: Team, state: str) -> None:
    change = (
        submitted(team) if state == "submitted" else start_change(words(), by=team["author"], at=AT)
    )
    with pytest.raises(CannotUndo, match="Only a published change can be undone"):
        undo_change(change, because="Wrong", by=team["author"], at=AT)


def test_it_is_undone_once_unless_the_first_draft_was_discarded(team: Team) -> None:
    change = published(team)
    draft = undo_change(change, because="Wrong", by=team["author"], at=AT)
    with pytest.raises(CannotUndo, match=f"Change {draft.pk} undoes it already; it is draft"):
        undo_change(change, because="Wrong", by=team["second"], at=AT)
    discard_change(draft, by=team["author"], at=AT)
    assert undo_change(change, because="Wrong", by=team["author"], at=AT).undoes == change


def test_an_undo_is_approved_by_a_second_person_too(team: Team) -> None:
    draft = undo_change(published(team), because="Wrong", by=team["second"], at=AT)
    answer = signed_in(team["second"]).post(f"/desk/changes/{draft.pk}/submit/", {"version": "1"})
    assert answer.status_code == 302
    answer = signed_in(team["second"]).post(f"/desk/changes/{draft.pk}/approve/", {"version": "1"})
    assert answer.status_code == 409
    assert "You are the author" in shown("", answer).text
    assert days() != BEFORE


def test_an_analyst_undoes_no_law(team: Team) -> None:
    with pytest.raises(NotPermitted):
        undo_change(published(team), because="Wrong", by=team["analyst"], at=AT)


def answering(team: Team) -> tuple[Proposal, Change]:
    """A date that an import read, and the change that took it up and was published."""
    asked = Proposal.objects.create(
        key="date:16",
        kind="date",
        subject_kind="deadline",
        subject_id="ai-diffusion-comment",
        title="Comments due: 16 June 2027",
        evidence={"day": "2027-06-16", "words": "until June 16, 2027"},
        source=Source.objects.get(slug="the-rule"),
        revision=Revision.objects.latest(),
    )
    change = start_change(words(), by=team["author"], at=AT, proposals=[asked])
    change = submit_change(change, version=1, by=team["author"], at=AT)
    return asked, approve_change(change, version=1, by=team["second"], at=AT)


def test_what_a_change_had_answered_is_asked_anew_and_says_why(team: Team) -> None:
    asked, change = answering(team)
    assert undo_of(change).remains == (
        f"Proposal {asked.pk}, “Comments due: 16 June 2027”, is asked anew.",
    )
    draft = undo_change(change, because="It was wrong.", by=team["author"], at=AT)
    assert impact_of(draft, at=AT).asked == (asked.title,)
    assert Proposal.objects.open().count() == 0
    draft = submit_change(draft, version=1, by=team["author"], at=AT)
    draft = approve_change(draft, version=1, by=team["second"], at=AT)
    anew = Proposal.objects.open().get()
    assert anew.revision.change == draft
    assert anew.evidence["words"] == asked.evidence["words"]
    assert anew.evidence["asked_anew"] == (
        f"Ada Author, approved by Sue Second undid change {change.pk}, which had answered it: "
        "It was wrong."
    )
    # What was open at an earlier moment, and how it was judged, stays what it was.
    asked.refresh_from_db()
    assert (asked.state, asked.closed) == ("accepted", change.revision)
    assert list(Proposal.objects.open(change.revision.number)) == []


def test_the_pages_of_both_proposals_lead_to_each_other(team: Team) -> None:
    asked, change = answering(team)
    undone(team, change)
    anew = Proposal.objects.open().get()
    editor = signed_in(team["author"])
    page = shown("", editor.get(f"/desk/proposals/{asked.pk}/")).main
    assert f"as proposal {anew.pk}, since its answer was undone open" in page
    page = shown("", editor.get(f"/desk/proposals/{anew.pk}/")).main
    assert f"Judged beforeas proposal {asked.pk}" in page
    assert f"undid change {change.pk}, which had answered it: It was wrong." in page


def test_undoing_the_undoing_answers_it_again_and_so_on(team: Team) -> None:
    _, change = answering(team)
    again = undone(team, undone(team, change))
    assert Proposal.objects.open().count() == 0
    assert Proposal.objects.latest("pk").closed == again.revision
    undone(team, again)
    assert Proposal.objects.open().count() == 1
    assert Proposal.objects.count() == 3


def test_a_question_asked_anew_can_be_taken_up_and_rejected(team: Team) -> None:
    _, change = answering(team)
    undone(team, change)
    anew = Proposal.objects.open().get()
    draft = accept_proposals([anew], by=team["author"], at=AT)
    assert draft.items.get().values["day"] == "2027-06-16"
    discard_change(draft, by=team["author"], at=AT)
    reject_proposals([anew], because="It is no date.", by=team["author"], at=AT)
    assert Proposal.objects.open().count() == 0


def test_the_button_leads_to_the_draft(team: Team) -> None:
    change = published(team)
    answer = signed_in(team["author"]).post(
        f"/desk/changes/{change.pk}/undo/", {"because": "It was wrong."}, follow=True
    )
    found = shown("", answer)
    assert "Undo: Comments extended" in found.main
    assert f"change {change.pk}: Comments extended" in found.main
    assert "as known after revision 1" in found.main
