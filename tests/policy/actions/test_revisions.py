"""Revisions: one at a time, in order, whatever the clock does."""

from datetime import datetime, timedelta

import pytest

from policy.actions.revisions import new_revision
from policy.models import CountryGroup, Revision
from tests.policy.facts_world import AT, D5, FEB, JAN, group, group_on, make_places, put

pytestmark = pytest.mark.django_db


def issue(at: datetime) -> Revision:
    with new_revision(by="an editor", kind=Revision.Kind.RECORD, reason="A test", at=at) as issued:
        return issued


def test_numbers_follow_one_another_from_one() -> None:
    assert [issue(AT + timedelta(hours=n)).number for n in range(3)] == [1, 2, 3]


def test_a_revision_says_who_when_and_why() -> None:
    issued = issue(AT)
    issued.refresh_from_db()
    assert (issued.by, issued.recorded_at, issued.reason) == ("an editor", AT, "A test")
    assert issued.get_kind_display() == "Starting record"


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=400)])
def test_a_clock_that_goes_back_never_puts_a_revision_before_an_earlier_one(
    back: timedelta,
) -> None:
    issue(AT)
    second = issue(AT - back)
    assert (second.number, second.recorded_at) == (2, AT)
    third = issue(AT + timedelta(seconds=1))
    assert third.recorded_at == AT + timedelta(seconds=1)


def test_nothing_remains_of_a_revision_that_fails() -> None:
    make_places()
    put(group(JAN, None))
    with (
        pytest.raises(RuntimeError, match="half way"),
        new_revision(by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT),
    ):
        CountryGroup.objects.update(superseded=1, closed_because="changed")
        raise RuntimeError("half way")
    assert Revision.objects.count() == 1
    assert CountryGroup.objects.get().closed_because == ""
    assert issue(AT + timedelta(days=1)).number == 2


def test_a_reading_as_known_at_an_instant_takes_the_last_revision_up_to_it() -> None:
    make_places()
    put(group(JAN, None))
    put(group(FEB, None, CountryGroup.Group.EVERYONE_ELSE))
    first, second = Revision.objects.all()
    between = first.recorded_at + (second.recorded_at - first.recorded_at) / 2
    upto = Revision.objects.filter(recorded_at__lte=between).latest()
    assert upto == first
    assert group_on(FEB, known=upto.number) == D5


def test_the_newest_is_the_highest_number_even_when_instants_are_equal() -> None:
    issue(AT)
    issue(AT)
    assert Revision.objects.latest().number == 2
    assert [revision.number for revision in Revision.objects.all()] == [1, 2]
    assert str(Revision.objects.latest()) == "revision 2"
