"""The acts of the record's own dates, as it is loaded and as an older database learns them."""

from importlib import import_module

import pytest
from django.apps import apps

from policy.models import Deadline, DeadlineDate
from tests.unguarded import lift_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
migration = import_module("policy.migrations.0008_deadline_kinds")


def acts() -> dict[tuple[str, str], str]:
    rows = DeadlineDate.objects.known(None).values_list("deadline__slug", "source__slug", "act")
    return {(slug, by): act for slug, by, act in rows}


@pytest.mark.parametrize(
    ("slug", "by", "act"),
    [
        ("ai-diffusion-comment", "2025-00636", "set"),
        ("foreign-direct-product-2024-comment", "2024-28270", "set"),
        ("foreign-direct-product-2024-comment", "2025-00711", "extended"),
        ("american-ai-exports-request-comment", "2025-21722", "extended"),
        ("semiconductor-manufacturing-2023-comment", "2023-27588", "extended"),
        ("due-diligence-2025-comment", "2025-02655", "corrected"),
        ("due-diligence-2025-correction-effective", "2025-02655", "set"),
        ("affiliates-stay-ends", "2025-19846", "set"),
        ("ic-designer-extension-2026-application", "2026-06851", "extended"),
    ],
)
def test_the_record_says_by_which_act_a_date_came(slug: str, by: str, act: str) -> None:
    assert acts()[slug, by] == act


def test_knows_the_act_of_every_date_that_readers_keep() -> None:
    kinds = [kind for kind in Deadline.Kind.values if Deadline(kind=kind).is_countdown]
    rows = DeadlineDate.objects.known(None).filter(deadline__kind__in=kinds, act="")
    assert list(rows.values_list("deadline__slug", flat=True)) == []


def test_a_database_of_before_learns_the_same_acts_so_that_a_load_tells_nothing_new() -> None:
    loaded = acts()
    lift_guards()
    DeadlineDate.objects.update(act="")
    migration.name_acts(apps, None)
    assert acts() == loaded
