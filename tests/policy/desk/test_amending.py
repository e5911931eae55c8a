"""What a rule, a docket or an organisation is called: amended by two people, kept, and undone."""

import pytest
from django.test import Client

from policy.actions.desk.drafts import Item
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.publish import SaysNothing, Stale
from policy.actions.desk.review import approve_change, submit_change
from policy.actions.desk.undo import CannotUndo, undo_change
from policy.actions.revisions import new_revision
from policy.models import Change, Event, Particulars, Revision, Rule, User
from policy.queries.verify import verify_history
from tests.people import signed_in
from tests.policy.desk.test_edit_pages import form_data, opened
from tests.policy.desk.world import AT, published, submitted

pytestmark = pytest.mark.django_db
Team = dict[str, User]
RULE = {"slug": "ai-diffusion", "title": "A rule", "short_title": "AI", "kind": "rule"}


def renamed(short_title: str = "Diffusion", **others: str) -> Item:
    return Item("new-rule", "amend", {**RULE, "short_title": short_title, **others})


def rule() -> Rule:
    return Rule.objects.get(slug="ai-diffusion")


def told() -> list[str]:
    """What the rule was called, the newest last."""
    rows = Particulars.objects.order_by("pk")
    return [row.values["short_title"] for row in rows]


def test_an_identity_reads_as_two_people_say_and_what_it_said_is_kept(team: Team) -> None:
    published(team, renamed(), why="So does the Register call it.")
    assert rule().short_title == "Diffusion"
    assert told() == ["AI", "Diffusion"]
    now = Particulars.objects.known(None).get()
    assert (now.source.slug, now.recorded.by) == (
        "the-extension",
        "Ada Author, approved by Sue Second",
    )
    assert verify_history().findings == []
    event = Event.objects.latest("pk")
    assert (event.subject_kind, event.subject_id) == ("rule", "ai-diffusion")


def test_a_draft_changes_nothing_and_its_rehearsal_leaves_nothing(team: Team) -> None:
    submitted(team, renamed())
    assert rule().short_title == "AI"
    assert told() == []


def save_rule(**said: str) -> None:
    with new_revision(at=AT, by="load_record", kind=Revision.Kind.RECORD, reason="record"):
        row = rule()
        for name, value in said.items():
            setattr(row, name, value)
        row.save()


def test_what_is_kept_for_the_first_time_is_no_change_to_what_is_amended(team: Team) -> None:
    change = submitted(team, renamed())
    save_rule()
    approve_change(change, version=change.version, by=team["second"], at=AT)
    assert rule().short_title == "Diffusion"


def test_what_a_record_file_says_meanwhile_is_looked_at_before_it_is_amended(team: Team) -> None:
    save_rule()
    change = submitted(team, renamed())
    save_rule(title="A rule with its whole name")
    with pytest.raises(Stale, match="load_record has changed AI since"):
        approve_change(change, version=change.version, by=team["second"], at=AT)
    assert rule().short_title == "AI"


def test_a_second_amendment_supersedes_the_first(team: Team) -> None:
    published(team, renamed())
    published(team, renamed("Diffusion rule"))
    assert rule().short_title == "Diffusion rule"
    assert told() == ["AI", "Diffusion", "Diffusion rule"]


@pytest.mark.parametrize("names", [["Diffusion"], ["Diffusion", "Diffusion rule"]])
def test_undoing_gives_back_what_it_was_called_before(team: Team, names: list[str]) -> None:
    changes = [published(team, renamed(name)) for name in names]
    undone(team, changes[-1])
    assert rule().short_title == ["AI", *names][-2]
    assert verify_history().findings == []


def undone(team: Team, change: Change) -> Change:
    draft = undo_change(change, because="A slip.", by=team["author"], at=AT)
    draft = submit_change(draft, version=draft.version, by=team["author"], at=AT)
    return approve_change(draft, version=draft.version, by=team["second"], at=AT)


def load(short_title: str) -> None:
    """What loading a corrected file of the record does to the rule."""
    Rule.objects.filter(slug="ai-diffusion").update(short_title=short_title)


def test_what_a_file_said_meanwhile_is_kept_and_comes_back(team: Team) -> None:
    published(team, renamed())
    load("AI framework")
    change = published(team, renamed("Diffusion rule"))
    assert told() == ["AI", "Diffusion", "AI framework", "Diffusion rule"]
    undone(team, change)
    assert rule().short_title == "AI framework"
    assert told()[-1] == "AI framework"
    assert verify_history().findings == []


def test_what_a_file_said_first_comes_back_too(team: Team) -> None:
    load("AI framework")
    change = published(team, renamed())
    assert told() == ["AI framework", "Diffusion"]
    again = undone(team, change)
    assert rule().short_title == "AI framework"
    undone(team, again)
    assert rule().short_title == "Diffusion"
    assert told() == ["AI framework", "Diffusion", "AI framework", "Diffusion"]


def test_an_amendment_is_not_undone_over_what_a_file_has_said_since(team: Team) -> None:
    change = published(team, renamed())
    load("AI framework")
    with pytest.raises(CannotUndo, match="reads otherwise by now, and not by the desk"):
        undone(team, change)
    assert rule().short_title == "AI framework"
    again = published(team, renamed("AI"))
    with pytest.raises(CannotUndo) as refused:
        undone(team, change)
    assert "has changed" in str(refused.value)
    assert "by now" not in str(refused.value)
    undone(team, again)
    assert rule().short_title == "AI framework"


def test_an_undone_amendment_is_told_to_readers_and_shown_as_one(team: Team) -> None:
    change = undone(team, published(team, renamed()))
    assert Event.objects.filter(revision__change=change, subject_id="ai-diffusion").exists()
    page = opened(signed_in(team["author"]), f"/desk/changes/{change.pk}/")
    assert "Short title Diffusion AI" in page.rows


@pytest.mark.parametrize(
    ("values", "field"),
    [({"slug": "no-such-rule"}, "slug"), ({"short_title": ""}, "short_title")],
)
def test_what_cannot_be_amended_gets_a_sentence(
    team: Team, values: dict[str, str], field: str
) -> None:
    with pytest.raises(BadValues) as refused:
        submitted(team, renamed(**{"short_title": "X", **values}))
    assert field in refused.value.sentences


def test_the_same_words_are_no_amendment(team: Team) -> None:
    with pytest.raises(SaysNothing):
        submitted(team, renamed("AI"))


def test_the_form_begins_with_what_it_is_called_and_the_change_shows_both(team: Team) -> None:
    editor = signed_in(team["author"])
    page = opened(editor, "/desk/new/?kind=new-rule&of=ai-diffusion")
    data = form_data(page)
    assert (data["act-0"], data["item-0-short_title"]) == ("amend", "AI")
    change = submitted(team, renamed())
    shown = opened(editor, f"/desk/changes/{change.pk}/")
    assert "Short title AI Diffusion" in shown.rows
    approve_change(change, version=change.version, by=team["second"], at=AT)
    assert "Short title AI Diffusion" in opened(editor, f"/desk/changes/{change.pk}/").rows


def test_the_page_of_a_rule_leads_editors_to_its_form_and_nobody_else(team: Team) -> None:
    address = "/desk/new/?kind=new-rule&amp;of=ai-diffusion"
    assert address in signed_in(team["author"]).get("/rules/ai-diffusion/").content.decode()
    assert "desk/new" not in Client().get("/rules/ai-diffusion/").content.decode()
