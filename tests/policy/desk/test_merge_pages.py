"""Two writers, and a record that moves: nothing is lost, and nobody wins unasked."""

from typing import Any

import pytest
from django.test import Client

from policy.actions.desk.drafts import Item, Words, start_change, words_of, write_change
from policy.actions.desk.merge import label_of, merged_words, what_differs, words_at
from policy.actions.desk.review import submit_change
from policy.actions.desk.since import beside_row, recorded_since
from policy.domain.merging import Side
from policy.models import Change, User
from tests.people import signed_in
from tests.policy.desk.test_edit_pages import form_data, opened, posted
from tests.policy.desk.world import AT, days, new_date, published, words
from tests.site_map import Shown, text_of

pytestmark = pytest.mark.django_db
Team = dict[str, User]
DAY = "item/date/1/day"


@pytest.fixture
def editor(team: Team) -> Client:
    return signed_in(team["author"])


def both_wrote(team: Team, client: Client, **typed: str) -> tuple[Change, Shown]:
    """A draft that Otto saved while Ada had it open, and what Ada's save then shows."""
    change = start_change(words(), by=team["author"], at=AT)
    data = form_data(opened(client, f"/desk/changes/{change.pk}/edit/"))
    theirs = words(new_date(day="2027-07-01"), why="Otto's reason")
    write_change(change, theirs, version=1, by=team["other"], at=AT)
    return change, posted(client, "/desk/save/", {**data, **typed}, status=409)


def merge_data(page: Shown, **choices: str) -> dict[str, Any]:
    """What a browser would send of the merge page, with choices by path."""
    data: dict[str, Any] = {}
    for field in page.all("//main//form//*[@name]"):
        kind, name = field.get("type"), str(field.get("name"))
        if kind == "radio" and field.get("checked") is None:
            continue
        data[name] = str(field.get("value") if field.tag == "input" else field.text or "")
    return data | {f"choose-{path}": side for path, side in choices.items()}


def cells(page: Shown) -> list[list[str]]:
    """The rows of the page's tables, cell by cell."""
    rows = page.all("//tbody/tr")
    return [[text_of(cell) for cell in row.xpath("./td | ./th")] for row in rows]


# --- the words of two


def test_every_difference_is_shown_with_its_field_and_who_alone_changed_it() -> None:
    base, theirs = words(), words(new_date(day="2027-07-01"), why="Theirs")
    mine = words(new_date(day="2027-08-01"), quote="Mine")
    found = what_differs(base, theirs, mine)
    assert {d.path: d.only_by for d in found} == {
        "why": Side.THEIRS, "quote": Side.MINE, DAY: None,
    }  # fmt: skip
    assert label_of(DAY) == "Date of a deadline, Day"
    assert label_of("item/date/2/@act") == "Date of a deadline 2, what it says"
    assert label_of("item/date/1") == "Date of a deadline"
    assert label_of("publish_at") == "Publish at"


@pytest.mark.parametrize(("side", "day"), [(Side.MINE, "2027-08-01"), (Side.THEIRS, "2027-07-01")])
def test_what_comes_of_both_is_what_was_chosen(side: Side, day: str) -> None:
    base, theirs = words(), words(new_date(day="2027-07-01"), why="Theirs")
    mine = words(new_date(day="2027-08-01"), quote="Mine")
    result = merged_words(base, theirs, mine, {DAY: side})
    assert (result.why, result.quote) == ("Theirs", "Mine")
    assert result.items[0].values["day"] == day
    assert result.items[0].values["deadline"] == "ai-diffusion-comment"


def test_a_box_that_one_checked_stays_a_box() -> None:
    mine = words(new_date(withdrawn=True))
    [difference] = what_differs(words(), words(), mine)
    assert (difference.base, difference.mine) == (None, "yes")
    assert merged_words(words(), words(), mine, {}).items[0].values["withdrawn"] is True


@pytest.mark.parametrize("side", [Side.MINE, Side.THEIRS])
def test_an_item_that_one_removed_and_one_changed_is_chosen_as_a_whole(side: Side) -> None:
    other = Item("milestone", "set", {"slug": "m", "title": "M"})
    base = words(new_date(), other)
    theirs, mine = words(new_date()), words(new_date(), Item("milestone", "set", {"slug": "m2"}))
    [difference] = what_differs(base, theirs, mine)
    assert (difference.path, difference.is_clash) == ("item/milestone/1", True)
    kinds = [item.kind for item in merged_words(base, theirs, mine, {difference.path: side}).items]
    assert kinds == (["date", "milestone"] if side is Side.MINE else ["date"])


def test_the_words_of_each_version_are_kept(team: Team) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    write_change(change, words(title="Second"), version=1, by=team["other"], at=AT)
    assert words_at(change, 1) == words()
    assert words_at(change, 2).title == "Second"
    assert words_at(change, 3) == Words("")


def test_an_instant_survives_the_merge(team: Team) -> None:
    base, theirs = words(publish_at=AT), words(publish_at=AT, title="Theirs")
    mine = words(publish_at=AT, why="Mine")
    assert merged_words(base, theirs, mine, {}).publish_at == AT


# --- the page


def test_a_save_over_anothers_shows_both_and_saves_nothing(team: Team, editor: Client) -> None:
    _change, page = both_wrote(team, editor, **{"item-0-day": "2027-08-01", "title": "Mine"})
    assert "Otto Other has changed this since you opened it" in page.main
    assert cells(page) == [
        ["Title", "Comments extended", "Comments extended", "Mine"],
        ["Why", "The extension says so.", "Otto's reason", "The extension says so."],
        [
            "Date of a deadline, Day both changed it",
            *("2027-06-16", "2027-07-01", "2027-08-01"),
        ],
    ]
    assert Change.objects.get().title == "Comments extended"
    assert words_of(Change.objects.get()).why == "Otto's reason"


def test_the_choice_is_saved_over_their_version(team: Team, editor: Client) -> None:
    change, page = both_wrote(team, editor, **{"item-0-day": "2027-08-01", "title": "Mine"})
    response = editor.post(f"/desk/changes/{change.pk}/merge/", merge_data(page, **{DAY: "mine"}))
    assert response.headers["Location"] == f"/desk/changes/{change.pk}/edit/"
    saved = Change.objects.get()
    assert (saved.version, saved.title, saved.why) == (3, "Mine", "Otto's reason")
    assert saved.items.get().values["day"] == "2027-08-01"
    assert set(saved.standing.writers) == {team["author"].pk, team["other"].pk}


def test_a_clash_without_a_choice_is_asked_again(team: Team, editor: Client) -> None:
    change, page = both_wrote(team, editor, **{"item-0-day": "2027-08-01"})
    url = f"/desk/changes/{change.pk}/merge/"
    again = posted(editor, url, merge_data(page), status=400)
    assert "Choose one of the two in every field that both of you wrote." in again.main
    assert Change.objects.get().version == 2
    assert editor.post(url, merge_data(again, **{DAY: "theirs"})).status_code == 302
    assert Change.objects.get().items.get().values["day"] == "2027-07-01"


def test_a_third_version_meanwhile_is_compared_anew(team: Team, editor: Client) -> None:
    change, page = both_wrote(team, editor, title="Mine")
    write_change(change, words(title="Third"), version=2, by=team["other"], at=AT)
    url = f"/desk/changes/{change.pk}/merge/"
    again = posted(editor, url, merge_data(page), status=409)
    assert ["Title both changed it", "Comments extended", "Third", "Mine"] in cells(again)
    assert Change.objects.get().title == "Third"
    assert editor.post(url, merge_data(again, title="mine")).status_code == 302
    assert Change.objects.get().title == "Mine"


def test_what_was_submitted_meanwhile_is_not_merged_into(team: Team, editor: Client) -> None:
    change, page = both_wrote(team, editor, title="Mine")
    submit_change(change, version=2, by=team["author"], at=AT)
    response = editor.post(f"/desk/changes/{change.pk}/merge/", merge_data(page))
    assert response.status_code == 302
    assert Change.objects.get().title == "Comments extended"


# --- the record has moved


def stale(team: Team) -> Change:
    """A draft of Ada's over a date that was published since."""
    change = start_change(words(new_date(day="2027-07-01")), by=team["author"], at=AT)
    published(team)
    return change


def test_what_was_recorded_since_stands_beside_ones_own(team: Team, editor: Client) -> None:
    change = stale(team)
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    assert "The record has changed under this change" in page.main
    assert ["Day", "2027-06-16", "2027-07-01"] in cells(page)
    # What stood before its days, and was only cut short, is not in the way.
    [newest] = recorded_since(change)
    assert [b.label for b in beside_row(change, newest)] == ["Day"]


def test_a_stale_change_is_refused_with_what_is_new(team: Team, editor: Client) -> None:
    change = stale(team)
    data = form_data(opened(editor, f"/desk/changes/{change.pk}/edit/"))
    page = posted(editor, "/desk/save/", {**data, "do": "submit"}, status=400)
    assert "has changed" in page.texts("//*[@role='alert']")[0]
    assert ["Day", "2027-06-16", "2027-07-01"] in cells(page)


def test_whoever_has_seen_it_builds_on_it(team: Team, editor: Client) -> None:
    change = stale(team)
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    [seen] = page.all("//input[@name='seen']")
    data = {"version": "1", "seen": str(seen.get("value"))}
    editor.post(f"/desk/changes/{change.pk}/build-on/", data)
    change.refresh_from_db()
    assert change.based_on == int(data["seen"])
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    assert "The record has changed under this change" not in page.main
    assert editor.post("/desk/save/", {**form_data(page), "do": "submit"}).status_code == 302
    change.refresh_from_db()
    assert change.state == "submitted"
    assert days()[-1] == "2026-11-20 2027-06-16"


def test_what_was_recorded_after_the_page_is_not_taken_as_seen(team: Team, editor: Client) -> None:
    change = stale(team)
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    [seen] = page.all("//input[@name='seen']")
    published(team, new_date(day="2027-09-01"))
    data = {"version": "1", "seen": str(seen.get("value"))}
    editor.post(f"/desk/changes/{change.pk}/build-on/", data)
    page = opened(editor, f"/desk/changes/{change.pk}/edit/")
    assert ["Day", "2027-09-01", "2027-07-01"] in cells(page)


@pytest.mark.parametrize("version", ["0", "9", "x"])
def test_building_on_asks_for_the_version_that_was_shown(
    team: Team, editor: Client, version: str
) -> None:
    change = stale(team)
    before = change.based_on
    editor.post(f"/desk/changes/{change.pk}/build-on/", {"version": version, "seen": "2"})
    change.refresh_from_db()
    assert change.based_on == before
