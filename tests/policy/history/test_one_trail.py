"""Every action that writes leaves exactly one trail, or does nothing at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps

from entities.actions.import_csl import import_csl
from policy.actions.conflicts import open_conflicts
from policy.actions.desk.review import approve_change
from policy.actions.import_regulations import import_regulations
from policy.actions.load_record import load_record
from policy.models import (
    Change,
    Conflict,
    HistoryEntry,
    Provision,
    Revision,
    Rule,
    Seal,
    Source,
    User,
)
from policy.queries.verify import verify_history
from tests.entities.actions import lists
from tests.entities.screening.lists import MONDAY, NOW, TUESDAY, as_json, small_list
from tests.instants import RECORDED_AT, TODAY
from tests.policy.actions import parts_world
from tests.policy.actions.test_stays import EFFECTIVE, PLAIN, STAYED
from tests.policy.deadlines import test_recompute
from tests.policy.desk import world as desk
from tests.policy.dockets import test_comments
from tests.policy.dockets.answers import comment, one
from tests.policy.dockets.answers import docket as docket_answer
from tests.policy.documents import answers
from tests.policy.facts_world import FEB, JAN, group, make_places, put

pytestmark = pytest.mark.django_db


class HistoryIsFull(Exception):
    """What the tests have the history say."""


@dataclass(frozen=True)
class Action:
    """An action, and what has to stand before it, made in this order."""

    act: Callable[[], Any]
    before: tuple[Callable[[], Any], ...] = ()

    def prepare(self) -> None:
        for step in self.before:
            step()


def load() -> None:
    load_record(at=RECORDED_AT, by="tests")


def read_entities() -> None:
    lists.import_rows(*lists.LIST)


def read_list(*rows: dict[str, Any]) -> None:
    day = TUESDAY if rows else MONDAY
    file = as_json([*rows] or small_list(), f"{day}.json")
    import_csl(files=[file], as_of=day, at=NOW, by="tests", accept_losses=True)


def a_source() -> None:
    Source.objects.create(slug="s", kind=Source.Kind.OFFICIAL, title="A statement")


def differ() -> None:
    source = Source.objects.get(slug="s")
    values = {"about": "the day", "one_says": "10", "other_says": "13", "governs": "Neither."}
    with parts_world.revise() as revision:
        found = Conflict(slug="day", rule=None, source=source, valid_from=JAN, **values)
        open_conflicts([found], revision=revision)


def submit() -> None:
    desk.make_record()
    desk.submitted(desk.people())


def approve() -> None:
    change = Change.objects.get()
    second = User.objects.get(name="Sue Second")
    approve_change(change, version=change.version, by=second, at=TODAY)


def a_stay_is_known() -> None:
    rule = Rule.objects.create(slug="piers", title="Piers", short_title="Piers", kind="rule")
    Provision.objects.create(slug="p", rule=rule, label="Piers", cite="§ 742.1(a)(1)")
    parts_world.know_document("19846", volume=90, start_page=50857, effective=EFFECTIVE)
    parts_world.import_part(PLAIN)


def import_docket() -> None:
    files = [one(docket_answer()), one(comment(), name="comment.json")]
    import_regulations(files=files, at=RECORDED_AT, by="tests")


ACTIONS = {
    "load_record, first": Action(load),
    "import_ecfr, first": Action(read_entities, (lists.make_places,)),
    "import_ecfr, changed and ended": Action(
        lambda: lists.import_rows(lists.DOCK, lists.GROUP, day=lists.SUMMER),
        (lists.make_places, read_entities),
    ),
    "import_ecfr, into the past": Action(
        lambda: lists.import_rows(*lists.LIST, backfill=True),
        (lists.make_places, lambda: lists.import_rows(lists.DOCK, day=lists.SUMMER)),
    ),
    "import_csl, first": Action(read_list),
    "import_csl, changed and ended": Action(
        lambda: read_list({**small_list()[0], "programs": ["X"]}, small_list()[1]), (read_list,)
    ),
    "import_federal_register, first": Action(lambda: answers.take_in(answers.document())),
    "import_federal_register, changed": Action(
        lambda: answers.take_in(answers.document(comments_close_on="2026-12-24")),
        (lambda: answers.take_in(answers.document()),),
    ),
    "import_regulations": Action(import_docket, (test_comments.make_world,)),
    "approve_change": Action(approve, (submit,)),
    "open_conflicts": Action(differ, (a_source,)),
    "import_sections, first": Action(lambda: parts_world.import_part(PLAIN)),
    "stays": Action(
        lambda: parts_world.import_part(STAYED, day=parts_world.SUMMER), (a_stay_is_known,)
    ),
    "recompute_deadlines": Action(
        lambda: test_recompute.close(test_recompute.COUNTED), (test_recompute.count,)
    ),
    "set_portion": Action(
        lambda: put(group(FEB, None, "d5-or-macau")),
        (make_places, lambda: put(group(JAN, None))),
    ),
}
every_action = pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)


def everything() -> dict[str, list[Any]]:
    """Every row of every table of the project."""
    models = [m for m in apps.get_models() if m._meta.app_label in {"policy", "entities"}]
    return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in models}


def fail(*_args: object, **_options: object) -> None:
    raise HistoryIsFull


@every_action
@pytest.mark.parametrize(
    "part", ["policy.actions.history.append", "policy.actions.revisions.seal_revision"]
)
def test_what_cannot_be_written_into_the_history_is_not_written_at_all(
    action: Action, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    action.prepare()
    before = everything()
    monkeypatch.setattr(part, fail)
    with pytest.raises(HistoryIsFull):
        action.act()
    assert everything() == before


@every_action
def test_what_is_written_agrees_with_its_history_row_by_row(action: Action) -> None:
    action.prepare()
    faults = verify_history().findings
    entries, revisions = HistoryEntry.objects.count(), Revision.objects.count()
    action.act()
    assert HistoryEntry.objects.count() > entries
    assert Seal.objects.count() == Revision.objects.count() > revisions
    new = [fault for fault in verify_history().findings if fault not in faults]
    assert [str(fault) for fault in new] == []
