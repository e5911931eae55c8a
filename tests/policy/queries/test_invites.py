"""The calendar entry of a deadline: its SEQUENCE grows as the date moves, and never goes back."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from policy.domain.due import Gone, StatedDate
from policy.domain.partial_dates import Precision
from policy.models import Deadline
from policy.queries.asof import read_parameters
from policy.queries.due_dates import chains
from policy.queries.invites import DatedEntry, dated_entry
from tests.policy.alerts import world
from tests.policy.alerts.world import DUE, LOADED, eastern

pytestmark = pytest.mark.django_db

MARCH, APRIL = eastern(2025, 3, 3, 10), eastern(2025, 4, 7, 10)
JUNE_16 = date(2025, 6, 16)
GOVERNS = date(2025, 1, 15)


def entry(deadline: Deadline, at: datetime, on: str = "", known: str = "") -> DatedEntry | None:
    reading = read_parameters(on, known, now=at)
    return dated_entry(chains([deadline.slug])[deadline.slug], reading)


def held(deadline: Deadline, at: datetime, on: str = "", known: str = "") -> DatedEntry:
    found = entry(deadline, at, on, known)
    assert found
    return found


def test_a_date_that_never_moved_has_sequence_nought() -> None:
    found = held(world.comment_deadline(), MARCH)
    assert (found.day, found.sequence, found.stamp) == (DUE, 0, LOADED)
    assert not found.is_cancelled


def test_an_extension_keeps_the_entry_and_raises_its_sequence() -> None:
    deadline = world.comment_deadline()
    world.state(deadline, JUNE_16, at=MARCH, governs=date(2025, 3, 3))
    found = held(deadline, APRIL)
    assert (found.day, found.sequence, found.stamp) == (JUNE_16, 1, MARCH)


def test_an_extension_that_governs_later_moves_the_entry_on_that_day() -> None:
    deadline = world.comment_deadline()
    world.state(deadline, JUNE_16, at=MARCH, governs=date(2025, 4, 1))
    assert (held(deadline, MARCH).day, held(deadline, MARCH).sequence) == (DUE, 0)
    found = held(deadline, APRIL)
    assert (found.day, found.sequence) == (JUNE_16, 1)
    assert found.stamp == eastern(2025, 4, 1)


def test_a_date_that_comes_back_is_one_more_change() -> None:
    deadline = world.comment_deadline()
    world.state(deadline, JUNE_16, at=MARCH, governs=GOVERNS)
    world.state(deadline, DUE, at=APRIL, governs=GOVERNS)
    found = held(deadline, APRIL)
    assert (found.day, found.sequence) == (DUE, 2)


def test_a_chain_of_extensions_loaded_at_once_counts_each() -> None:
    deadline = world.comment_deadline()
    world.state(deadline, JUNE_16, governs=date(2025, 3, 3), baseline=True)
    assert held(deadline, APRIL, on="2025-02-01").sequence == 0
    assert held(deadline, APRIL).sequence == 1


def test_the_same_date_said_again_raises_nothing_but_is_stamped_anew() -> None:
    deadline = world.comment_deadline()
    world.state(deadline, DUE, at=MARCH, governs=GOVERNS, note="Corrected receipt.")
    found = held(deadline, APRIL)
    assert (found.sequence, found.stamp) == (0, MARCH)


@pytest.mark.parametrize(
    ("said", "day"),
    [({"withdrawn": True}, DUE), ({"day_precision": Precision.MONTH}, date(2025, 7, 1))],
    ids=["withdrawn", "known to the month"],
)
def test_a_day_that_stands_no_more_is_cancelled_where_it_stood(
    said: dict[str, Any], day: date
) -> None:
    deadline = world.comment_deadline()
    world.state(deadline, day, at=MARCH, governs=GOVERNS, **said)
    found = held(deadline, APRIL)
    assert found.is_cancelled
    assert (found.day, found.sequence) == (DUE, 1)


def test_a_deadline_removed_from_the_record_is_cancelled() -> None:
    deadline = world.comment_deadline()
    with world.revision(MARCH) as issued:
        deadline.dates.update(superseded=issued, closed_because="It was another rule's")
    found = held(deadline, APRIL)
    assert found.is_cancelled
    assert found.stated == StatedDate(gone=Gone.REMOVED)
    assert (found.day, found.sequence) == (DUE, 1)


@pytest.mark.parametrize("day", [None, date(2025, 5, 1)])
def test_a_day_that_was_never_known_has_no_entry(day: date | None) -> None:
    deadline = world.deadline()
    world.state(deadline, day, day_precision=Precision.MONTH)
    assert entry(deadline, APRIL) is None


def test_what_was_known_then_gives_the_entry_of_then() -> None:
    deadline = world.comment_deadline()
    world.state(deadline, JUNE_16, at=MARCH, governs=GOVERNS)
    found = held(deadline, APRIL, known="2025-02-01")
    assert (found.day, found.sequence) == (DUE, 0)


steps = st.lists(
    st.tuples(
        st.integers(0, 20),  # days since the step before
        st.integers(-30, 30),  # days from then on which it governs
        st.sampled_from([DUE, JUNE_16, date(2025, 7, 1), None]),
        st.booleans(),  # withdrawn
    ),
    max_size=5,
)


class Sequences(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def test_whatever_happens_a_moved_date_has_a_higher_sequence_and_none_has_a_lower(
        self, told: list[tuple[int, int, date | None, bool]]
    ) -> None:
        deadline, at = world.comment_deadline(), LOADED
        seen: list[DatedEntry] = [held(deadline, at)]
        for wait, ahead, day, withdrawn in told:
            for _ in range(wait):
                at += timedelta(days=1)
                seen.append(held(deadline, at))
            governs = at.date() + timedelta(days=ahead)
            world.state(deadline, day, at=at, governs=governs, withdrawn=withdrawn)
            seen.append(held(deadline, at))
        for before, after in pairwise(seen):
            assert after.sequence >= before.sequence
            assert after.stamp >= before.stamp
            if (before.day, before.at, before.is_cancelled) != (
                after.day,
                after.at,
                after.is_cancelled,
            ):
                assert after.sequence > before.sequence
