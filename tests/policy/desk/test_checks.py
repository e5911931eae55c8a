"""What a kind refuses beside the rest of the record is refused by whichever way it would come."""

from dataclasses import replace
from typing import Any

import pytest

from policy.actions.desk import publish
from policy.actions.desk.drafts import Item
from policy.actions.desk.kinds import BadValues, Kind, kind_of
from policy.actions.desk.review import submit_change
from policy.actions.desk.undo import undo_change
from policy.models import DeadlineDate, User
from tests.policy.desk.world import AT, contents, days, new_date, published, submitted

pytestmark = pytest.mark.django_db
Team = dict[str, User]
SENTENCE = "This cannot stand beside that."
RULE = {"slug": "ai-diffusion", "title": "A rule", "short_title": "Diffusion", "kind": "rule"}
DATE = {"deadline": "ai-diffusion-comment"}


def refusing(row: Any) -> None:
    assert row.pk, "what is asked about is written"
    if not (isinstance(row, DeadlineDate) and str(row.day) == "2027-06-16"):
        raise BadValues({"": SENTENCE})


def strict(slug: str) -> Kind:
    return replace(kind_of(slug), check=refusing)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "kind_of", strict)


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(
    "item",
    [
        new_date("2027-06-17"),
        Item("date", "restore", {**DATE, "revision": "0"}),
        Item("new-rule", "create", {**RULE, "slug": "another"}),
        Item("new-rule", "amend", RULE),
    ],
    ids=["new or revised", "brought back", "made", "amended"],
)
def test_every_way_to_write_is_checked(team: Team, item: Item) -> None:
    before = contents()["Rule"], days()
    if item.act == "restore":
        item = replace(item, values={**item.values, "revision": "1"})
        publish_unchecked(team)
        before = contents()["Rule"], days()
    with pytest.raises(BadValues, match=SENTENCE):
        submitted(team, item)
    assert (contents()["Rule"], days()) == before


def publish_unchecked(team: Team) -> None:
    """A date that the check lets pass, instead of the one that it does not."""
    published(team, Item("date", "retract", {**DATE, "unknown_start": "on"}))
    published(team, new_date("2027-06-16", "2025-01-15"))


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(
    "item",
    [
        Item("date", "end", {**DATE, "last_day": "2026-01-01"}),
        Item("date", "retract", {**DATE, "valid_from": "2026-01-01"}),
    ],
    ids=["ended", "retracted"],
)
def test_what_only_takes_away_is_not_asked(team: Team, item: Item) -> None:
    submitted(team, item)


def test_an_undoing_is_checked(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    change = published(team, new_date("2027-06-16", "2025-01-15"))
    monkeypatch.setattr(publish, "kind_of", strict)
    draft = undo_change(change, because="A slip.", by=team["author"], at=AT)
    with pytest.raises(BadValues, match=SENTENCE):
        submit_change(draft, version=1, by=team["author"], at=AT)
