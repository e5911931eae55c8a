"""Nobody publishes their own words, through whichever door they try: SQL is the last of them."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from policy.actions.desk.drafts import start_change, write_change
from policy.actions.desk.review import Refused, approve_change, submit_change
from policy.actions.revisions import new_revision
from policy.models import Change, ChangeItem, Contribution, Revision, User
from tests.policy.desk.world import AT, days, published, submitted, words
from tests.site_map import url_names

pytestmark = pytest.mark.django_db
Team = dict[str, User]
ANY = "change"


def refused(sentence: str, sql: str, *values: Any) -> None:
    """The database says no, with the sentence, and nothing is changed."""
    before = list(Change.objects.order_by("pk").values())
    with (
        pytest.raises(IntegrityError, match=sentence),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
    assert list(Change.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("who", ["author", "other"])
def test_neither_author_nor_co_editor_approves(team: Team, who: str) -> None:
    change = start_change(words(), by=team["author"], at=AT)
    change = write_change(change, words(quote="longer"), version=1, by=team["other"], at=AT)
    change = submit_change(change, version=2, by=team["author"], at=AT)
    with pytest.raises(Refused):
        approve_change(change, version=2, by=team[who], at=AT)
    refused(
        "Nobody approves or reviews a change that they wrote",
        "UPDATE policy_change SET state = 'approved', approved_by_id = %s WHERE id = %s",
        team[who].pk,
        change.pk,
    )


def test_an_author_who_is_an_approver_approves_no_change_of_their_own(team: Team) -> None:
    change = start_change(words(), by=team["other"], at=AT)
    change = submit_change(change, version=1, by=team["other"], at=AT)
    with pytest.raises(Refused, match="You are the author"):
        approve_change(change, version=1, by=team["other"], at=AT)


@pytest.mark.parametrize(
    ("state", "others"),
    [("approved", ""), ("applied", ""), ("applied", ", is_emergency = TRUE")],
)
def test_a_submitted_change_is_not_waved_through(team: Team, state: str, others: str) -> None:
    change = submitted(team)
    refused(
        ANY,
        f"UPDATE policy_change SET state = '{state}'{others} WHERE id = %s",
        change.pk,
    )


def test_the_author_is_never_somebody_else(team: Team) -> None:
    change = submitted(team)
    refused(
        "The author of a change stays its author",
        "UPDATE policy_change SET author_id = %s WHERE id = %s",
        team["second"].pk,
        change.pk,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(author=team["second"])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("why", "another reason"),
        ("quote", "other words"),
        ("title", "another title"),
        ("version", 9),
        ("based_on", 99),
        ("source_id", None),
        ("is_emergency", True),
    ],
)
def test_what_was_submitted_stays_word_for_word(team: Team, column: str, value: Any) -> None:
    change = submitted(team)
    sql = f"UPDATE policy_change SET {column} = %s WHERE id = %s"
    refused("A change that was submitted stays as it is", sql, value, change.pk)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE policy_changeitem SET \"values\" = '{}' WHERE change_id = %s",
        "UPDATE policy_changeitem SET act = 'end' WHERE change_id = %s",
        "DELETE FROM policy_changeitem WHERE change_id = %s",
        'INSERT INTO policy_changeitem (change_id, position, kind, act, "values") '
        "VALUES (%s, 9, 'date', 'set', '{}')",
    ],
)
def test_what_a_submitted_change_writes_stays(team: Team, sql: str) -> None:
    change = submitted(team)
    refused("submitted change", sql, change.pk)
    assert ChangeItem.objects.filter(change=change).count() == 1


def test_an_approved_change_is_not_rewritten_before_it_is_published(team: Team) -> None:
    change = published(team, publish_at=AT.replace(year=2027))
    assert change.state == "approved"
    refused(ANY, "DELETE FROM policy_changeitem WHERE change_id = %s", change.pk)
    refused(ANY, "UPDATE policy_change SET quote = 'x' WHERE id = %s", change.pk)
    for someone in ("other", "author"):
        sql = "UPDATE policy_change SET approved_by_id = %s WHERE id = %s"
        refused(ANY, sql, team[someone].pk, change.pk)


@pytest.mark.parametrize("table", ["policy_change", "policy_contribution"])
def test_nothing_of_a_change_is_deleted(team: Team, table: str) -> None:
    submitted(team)
    refused(ANY, f"DELETE FROM {table}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.update(by=team["second"])


def test_nobody_becomes_a_writer_of_what_they_did_not_write(team: Team) -> None:
    """Nor is somebody else made one, so that they could not approve it."""
    change = submitted(team)
    wrote = Contribution(change=change, by=team["second"], at=AT, step="write", version=1)
    sentence = "Nobody writes in a submitted change"
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        wrote.save()


@pytest.mark.parametrize("state", ["none", "draft", "submitted"])
def test_the_desk_records_nothing_that_was_not_approved(team: Team, state: str) -> None:
    change: Change | None = None
    if state == "draft":
        change = start_change(words(), by=team["author"], at=AT)
    if state == "submitted":
        change = submitted(team)
    desk = Revision.Kind.DESK
    with (
        pytest.raises(IntegrityError, match="a second person has not approved"),
        new_revision(by="x", kind=desk, reason="by hand", at=AT, change=change),
    ):
        pass
    assert Revision.objects.count() == 1


def test_a_change_is_published_once(team: Team) -> None:
    change = published(team)
    with (
        pytest.raises(IntegrityError),
        new_revision(by="x", kind=Revision.Kind.DESK, reason="again", at=AT, change=change),
    ):
        pass
    with pytest.raises(Refused):
        approve_change(change, version=change.version, by=team["second"], at=AT)
    assert days() == ["2025-01-15 2025-05-15", "2026-11-20 2027-06-16"]


def test_a_change_does_not_begin_approved(team: Team) -> None:
    for state in ("approved", "applied", "submitted"):
        with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
            Change.objects.create(
                title="x",
                author=team["author"],
                created_at=AT,
                based_on=1,
                state=state,
                approved_by=team["second"],
            )


def test_there_is_no_other_editor() -> None:
    """Django's admin would be a door of its own, and the API only reads."""
    assert not apps.is_installed("django.contrib.admin")
    assert not [name for name in url_names() if name.startswith("admin:")]
