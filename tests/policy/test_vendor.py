"""The database itself refuses two current facts of one key on one day, on either vendor."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from policy.models import CountryGroup
from policy.models.facts import Fact, fact_models
from policy.vendor import guard_name, install_overlap_guards
from tests.policy.actions.test_revisions import issue
from tests.policy.facts_world import APR, AT, D5, ELSE, FEB, JAN, MAR, group, make_places
from tests.unguarded import lift_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@pytest.fixture
def standing() -> None:
    """Cambodia is in the group from January to March."""
    make_places()
    fact = group(JAN, MAR)
    fact.recorded = issue(AT)
    fact.save()


def insert(start: date | None, end: date | None, country: str = "kh") -> CountryGroup:
    fact = group(start, end, ELSE, country)
    fact.recorded_id = 1
    with transaction.atomic():
        fact.save()
    return fact


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (JAN, MAR, True),
        (FEB, MAR, True),
        (FEB, None, True),
        (None, FEB, True),
        (None, None, True),
        (None, JAN, False),
        (MAR, None, False),
        (MAR, APR, False),
    ],
)
def test_a_second_current_fact_of_one_key_must_not_meet_the_first(
    start: date | None, end: date | None, refused: bool
) -> None:
    if refused:
        with pytest.raises(DatabaseError, match="no_overlap"):
            insert(start, end)
        assert CountryGroup.objects.count() == 1
    else:
        assert insert(start, end).pk


def test_another_key_may() -> None:
    assert insert(JAN, MAR, country="mo").pk


def test_a_superseded_fact_does_not_stand_in_the_way() -> None:
    CountryGroup.objects.update(superseded=issue(AT))
    assert insert(JAN, MAR).pk


def test_a_superseded_fact_may_be_written_beside_a_current_one() -> None:
    fact = group(JAN, MAR, ELSE)
    fact.recorded_id = fact.superseded_id = 1
    fact.save()
    assert CountryGroup.objects.known(None).get().group == D5


def test_moving_a_fact_into_another_s_days_is_refused() -> None:
    lift_guards()
    other = insert(MAR, APR)
    other.valid_from = FEB
    with pytest.raises(DatabaseError, match="no_overlap"), transaction.atomic():
        other.save()


def test_bringing_a_superseded_fact_back_over_a_current_one_is_refused() -> None:
    lift_guards()
    later = issue(AT)
    CountryGroup.objects.update(superseded=later)
    insert(JAN, MAR)
    with pytest.raises(DatabaseError, match="no_overlap"), transaction.atomic():
        CountryGroup.objects.filter(superseded=later).update(superseded=None)


def test_a_fact_in_its_own_days_does_not_stand_in_its_own_way() -> None:
    lift_guards()
    fact = CountryGroup.objects.get()
    fact.note = "Read from the table."
    fact.save()
    assert CountryGroup.objects.get().note == "Read from the table."


@pytest.mark.django_db(transaction=True)
def test_installing_the_guards_again_changes_nothing() -> None:
    install_overlap_guards()
    with pytest.raises(DatabaseError, match="no_overlap"):
        insert(JAN, MAR)


@pytest.mark.parametrize("model", fact_models(), ids=lambda model: model.__name__)
def test_every_kind_of_fact_has_its_guard(model: type[Fact]) -> None:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor], [model._meta.db_table])
        found = {row[0] for row in cursor.fetchall()}
    assert any(name.startswith(guard_name(model)) for name in found)
