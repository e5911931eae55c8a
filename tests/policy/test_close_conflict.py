"""``manage.py close_conflict``: listing what is open, closing with a name and a reason."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policy.actions.desk.conflicts import close_conflict
from policy.actions.desk.review import approve_change
from policy.domain.roles import Role
from policy.models import Change, Conflict, Event
from tests.instants import TODAY
from tests.people import account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def an_open_one() -> Conflict:
    found: Conflict | None = Conflict.objects.known(None).filter(is_open=True).first()
    assert found is not None
    return found


def test_without_a_name_it_lists_what_is_open_with_both_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("close_conflict")
    out, conflict = capsys.readouterr().out, an_open_one()
    assert f"{conflict.slug}: {conflict.about}" in out
    assert conflict.one_says in out
    assert conflict.other_says in out


def test_closing_keeps_both_values_once_a_second_person_approves() -> None:
    editor, second = account(), account(Role.APPROVER, name="Sue Second")
    before = an_open_one()
    call_command("close_conflict", before.slug, by=editor.email, governs="The print governs.")
    assert Conflict.objects.known(None).get(slug=before.slug).is_open
    change = Change.objects.get()
    approve_change(change, version=change.version, by=second, at=TODAY)
    after = Conflict.objects.known(None).get(slug=before.slug)
    assert (after.is_open, after.governs) == (False, "The print governs.")
    assert (after.one_says, after.other_says) == (before.one_says, before.other_says)
    assert after.recorded.by == "Ada Lovelace, approved by Sue Second"
    assert Event.objects.filter(revision=after.recorded).exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"governs": "The print."}, "Say who decides with --by"),
        ({"by": "ada.lovelace@example.org", "governs": " "}, "Say which of the two governs"),
        ({"by": "nobody@example.org", "governs": "So."}, "No account has the address"),
    ],
)
def test_a_decision_without_a_name_or_a_reason_is_refused(
    options: dict[str, str], sentence: str
) -> None:
    account()
    before = an_open_one()
    with pytest.raises(CommandError, match=sentence):
        call_command("close_conflict", before.slug, **options)
    assert Conflict.objects.known(None).get(slug=before.slug).is_open


def test_what_is_not_open_cannot_be_closed() -> None:
    by = account().email
    with pytest.raises(CommandError, match="No conflict nothing-of-that-name is open"):
        call_command("close_conflict", "nothing-of-that-name", by=by, governs="So.")


def test_the_lock_of_revisions_is_taken_before_the_conflict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whatever supersedes a conflict takes them in this order: the two must not wait for each other.
    editor, slug, before = account(), an_open_one().slug, ["nothing was asked"]
    with CaptureQueriesContext(connection) as queries:
        monkeypatch.setattr(
            "policy.actions.desk.conflicts.lock_revisions",
            lambda: before.__setitem__(0, str(queries.captured_queries)),
        )
        close_conflict(slug, governs="The print governs.", by=editor, at=TODAY)
    assert before[0] != "nothing was asked"
    assert "policy_conflict" not in before[0]
