"""The kinds of dates, and the acts that an older database learns of its dates."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from policy.models import Deadline, DeadlineDate, Document, Rule, RuleDocument, Source
from tests.policy.alerts.world import deadline, rule, source, state
from tests.unguarded import lift_guards

pytestmark = pytest.mark.django_db
migration = import_module("policy.migrations.0008_deadline_kinds")


def acts() -> dict[tuple[str, str], str]:
    rows = DeadlineDate.objects.known(None).values_list("deadline__slug", "source__slug", "act")
    return {(slug, by): act for slug, by, act in rows}


def published(found: Rule) -> Rule:
    found.document = Document.objects.create(number="2025-00636", source=source())
    found.save()
    return found


def other(slug: str) -> Source:
    return source(slug, slug, "Another document")


@pytest.mark.parametrize(
    ("role", "act"), [("extends", "extended"), ("corrects", "corrected"), ("explains", "")]
)
def test_what_a_document_does_to_the_rule_is_what_it_did_to_a_later_date(
    role: str, act: str
) -> None:
    published(rule())
    state(deadline(), date(2025, 5, 15))
    later = state(deadline(), date(2025, 6, 15), by=other("2025-09999"), governs=date(2025, 3, 1))
    RuleDocument.objects.create(
        rule=rule(),
        document_source=later.source,
        role=role,
        source=later.source,
        recorded=DeadlineDate.objects.latest("pk").recorded,
    )
    lift_guards()
    DeadlineDate.objects.update(act="")
    migration.name_acts(apps, None)
    found = acts()
    assert found["ai-diffusion-comment", "2025-00636"] == "set"
    assert found["ai-diffusion-comment", "2025-09999"] == act


def test_a_first_date_of_another_document_stays_unnamed_and_a_withdrawal_does_not() -> None:
    published(rule())
    state(deadline(), date(2025, 5, 15), by=other("2025-09999"))
    state(deadline(), None, governs=date(2025, 3, 1), withdrawn=True)
    lift_guards()
    migration.name_acts(apps, None)
    found = acts()
    assert found["ai-diffusion-comment", "2025-09999"] == ""
    assert found["ai-diffusion-comment", "2025-00636"] == "withdrawn"


def test_what_only_regulations_gov_gave_is_no_longer_called_printed() -> None:
    note = migration.NOTE
    state(deadline(), date(2025, 5, 15), note=note, by=other("regulations-gov-bis"))
    printed = deadline("other-comment")
    state(printed, date(2025, 5, 15), note="As printed.")
    lift_guards()
    migration.name_acts(apps, None)
    found = DeadlineDate.objects.values_list("deadline__slug", "basis", "note")
    assert set(found) == {
        ("ai-diffusion-comment", "reported", ""),
        ("other-comment", "printed", "As printed."),
    }
    assert acts()["ai-diffusion-comment", "regulations-gov-bis"] == "set"


COUNTDOWNS = {
    "public-inspection": False,
    "filed": False,
    "published": False,
    "effective": True,
    "comment": True,
    "compliance": True,
    "stay-ends": True,
    "application": True,
    "registration": True,
    "hearing": True,
    "information-collection": True,
    "expiry": True,
}


@pytest.mark.parametrize("kind", Deadline.Kind.values)
def test_what_readers_act_on_is_counted_down_and_what_merely_happened_is_not(kind: str) -> None:
    assert Deadline(kind=kind).is_countdown == COUNTDOWNS[kind]


def test_a_rule_has_several_dates_of_a_kind_each_for_its_provision_or_scope() -> None:
    of = rule()
    for slug, scope in (("one", "instruction 5"), ("two", "instructions 7 through 9")):
        Deadline.objects.create(slug=slug, kind="effective", label="E", rule=of, scope=scope)
    assert of.deadlines.filter(kind="effective").count() == 2
