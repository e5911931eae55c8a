"""Writing facts: nothing is overwritten, and every earlier reading stays what it was."""

from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.actions import bulk
from policy.actions.facts import close_rows, insert_rows, reconcile_keys
from policy.actions.record_events import Notice, events_of
from policy.actions.revisions import new_revision
from policy.models import CountryGroup, Revision
from tests.policy.facts_world import (
    APR,
    AT,
    D5,
    ELSE,
    FEB,
    JAN,
    LISTED,
    MAR,
    group,
    group_on,
    make_places,
    put,
    source,
    spans,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
KEY = ("kh", CountryGroup.Scheme.D5.value)


@pytest.fixture
def places() -> None:
    make_places()


def revision(number: int = 0) -> AbstractContextManager[Revision]:
    return new_revision(
        by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT + timedelta(days=number)
    )


def test_a_fact_holds_from_its_first_day_up_to_its_last() -> None:
    put(group(JAN, MAR))
    assert group_on(JAN - timedelta(days=1)) is None
    assert group_on(JAN) == D5
    assert group_on(MAR - timedelta(days=1)) == D5
    assert group_on(MAR) is None


@pytest.mark.parametrize(
    ("start", "end", "after"),
    [
        (FEB, MAR, [(JAN, FEB, D5), (FEB, MAR, ELSE), (MAR, APR, D5)]),
        (JAN, FEB, [(JAN, FEB, ELSE), (FEB, APR, D5)]),
        (MAR, APR, [(JAN, MAR, D5), (MAR, APR, ELSE)]),
        (JAN, APR, [(JAN, APR, ELSE)]),
        (FEB, None, [(JAN, FEB, D5), (FEB, None, ELSE)]),
        (None, FEB, [(None, FEB, ELSE), (FEB, APR, D5)]),
        (None, None, [(None, None, ELSE)]),
        (APR, None, [(JAN, APR, D5), (APR, None, ELSE)]),
    ],
)
def test_what_stood_before_and_after_a_new_fact_stays(
    start: date | None, end: date | None, after: list[tuple[date | None, date | None, str]]
) -> None:
    put(group(JAN, APR))
    put(group(start, end, ELSE))
    assert spans() == after
    assert spans(known=1) == [(JAN, APR, D5)]


def test_a_correction_is_known_only_from_its_revision_on() -> None:
    put(group(JAN, None))
    put(group(FEB, None, ELSE))
    put(group(FEB, None, LISTED))
    assert [group_on(MAR, known) for known in (1, 2, 3, None)] == [D5, ELSE, LISTED, LISTED]
    assert [group_on(JAN, known) for known in (1, 2, 3, None)] == [D5] * 4


def test_saying_the_same_again_writes_no_row() -> None:
    put(group(JAN, None))
    assert not put(group(JAN, None))
    assert CountryGroup.objects.count() == 1


def test_another_source_for_the_same_is_another_fact() -> None:
    put(group(JAN, None))
    fact = group(JAN, None)
    fact.source = source("another-order")
    assert put(fact)
    assert [row.source.slug for row in CountryGroup.objects.known(None)] == ["another-order"]


def test_a_closed_row_says_why_and_by_which_revision() -> None:
    put(group(JAN, None))
    put(group(FEB, None, ELSE), because="The list was amended.")
    closed = CountryGroup.objects.get(superseded__isnull=False)
    assert (closed.recorded_id, closed.superseded_id) == (1, 2)
    assert closed.closed_because == "The list was amended."


def test_the_rest_of_a_split_fact_keeps_its_source_and_words() -> None:
    whole = group(JAN, None)
    whole.quote, whole.confidence = "in Country Group D:5", "high"
    put(whole)
    put(group(FEB, MAR, ELSE))
    rest = CountryGroup.objects.known(None).filter(group=D5)
    assert [(r.quote, r.confidence, r.recorded_id) for r in rest] == [
        ("in Country Group D:5", "high", 2)
    ] * 2


def to_the_month(start: date, end: date | None = None) -> CountryGroup:
    found = group(start, end)
    found.valid_from_precision = "month"
    return found


def firsts() -> list[str]:
    """The first days as they are known, in order of time."""
    rows = CountryGroup.objects.known(None).filter(country="kh")
    found = [row.since for row in sorted(rows, key=lambda row: row.span.sort_key)]
    return [since.iso if since else "" for since in found]


@pytest.mark.parametrize(
    ("cut", "after"),
    [
        ((FEB, MAR), ["2025-01", "2025-02-01", "2025-03-01"]),
        ((FEB, None), ["2025-01", "2025-02-01"]),
        ((None, FEB), ["", "2025-02-01"]),
        ((date(2024, 12, 1), FEB), ["2024-12-01", "2025-02-01"]),
    ],
)
def test_the_rest_of_a_vague_fact_begins_on_the_very_day_of_the_cut(
    cut: tuple[date | None, date | None], after: list[str]
) -> None:
    put(to_the_month(JAN))
    written = put(group(*cut, ELSE))
    assert firsts() == after
    with revision(8) as issued:
        told = events_of(written, lambda row: Notice("country", "kh", row.group), issued)
    assert [event.title for event in told] == [ELSE]


def test_to_learn_the_day_of_a_vague_fact_is_to_learn_something() -> None:
    put(to_the_month(JAN))
    assert put(group(JAN, None))
    assert firsts() == ["2025-01-01"]


def test_another_key_is_left_alone() -> None:
    put(group(JAN, None))
    put(group(JAN, None, ELSE, country="mo"))
    assert group_on(FEB) == D5
    assert group_on(FEB, country="mo") == ELSE
    assert not CountryGroup.objects.exclude(superseded=None).exists()


def test_reconciling_leaves_what_stands_and_replaces_the_rest() -> None:
    put(group(JAN, FEB))
    put(group(FEB, None, ELSE))
    with revision(5) as issued:
        written = reconcile_keys(
            CountryGroup,
            [group(JAN, FEB), group(FEB, None, LISTED)],
            keys={KEY},
            revision=issued,
            because="Corrected.",
        )
    assert [row.group for row in written.closed] == [ELSE]
    assert [row.group for row in written.inserted] == [LISTED]
    assert spans() == [(JAN, FEB, D5), (FEB, None, LISTED)]


def test_a_fact_found_never_to_have_been_true_is_closed_without_successor() -> None:
    put(group(JAN, None))
    never = "Never was in the group."
    with revision(5) as issued:
        reconcile_keys(CountryGroup, [], keys={KEY}, revision=issued, because=never)
    assert group_on(FEB) is None
    assert group_on(FEB, known=1) == D5
    assert CountryGroup.objects.get().closed_because == "Never was in the group."


def test_two_facts_wanted_for_one_day_are_refused_and_nothing_changes() -> None:
    put(group(JAN, None))
    wanted = [group(JAN, MAR), group(FEB, None, ELSE)]
    with pytest.raises(ValueError, match="overlap"), revision(5) as issued:
        reconcile_keys(CountryGroup, wanted, keys={KEY}, revision=issued, because="A mistake.")
    assert spans() == [(JAN, None, D5)]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
def test_many_rows_are_written_in_pieces(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(bulk.chunks, "__defaults__", (chunk,))
    put(group(JAN, FEB))
    put(group(FEB, MAR, ELSE))
    put(group(MAR, None, LISTED))
    rows = list(CountryGroup.objects.known(None))
    with revision(9) as issued:
        close_rows(rows, revision=issued, because="All at once.")
    assert not CountryGroup.objects.known(None).exists()


def test_inserted_rows_read_back_as_they_were() -> None:
    fact = group(JAN, None)
    fact.quote = "“Cambodia”, § 740.2 – 100 % of it"
    with revision() as fact.recorded:
        insert_rows([fact])
    (read,) = CountryGroup.objects.all()
    assert read.says_the_same_as(fact)
    assert (read.valid_from, read.valid_until, read.recorded_id) == (JAN, None, 1)


def test_inserting_nothing_asks_the_database_nothing() -> None:
    before = len(connection.queries_log)
    insert_rows([])
    assert len(connection.queries_log) == before


FIRST = date(2025, 1, 1)
LENGTH = 12
edges = st.integers(0, LENGTH)
writes = st.tuples(st.none() | edges, st.none() | edges, st.sampled_from([D5, ELSE, LISTED]))
Row = tuple[int | None, int | None, str]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def painted(line: list[str | None], write: Row) -> list[str | None]:
    """The reference: one value a day, painted over."""
    start, end, value = write
    return [
        value if (start or 0) <= at < (LENGTH if end is None else end) else old
        for at, old in enumerate(line)
    ]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        writes.filter(lambda w: w[0] is None or w[1] is None or w[0] < w[1]), min_size=1, max_size=6
    )
)
def test_any_chain_of_writes_reads_as_if_painted_day_by_day(chain: list[Row]) -> None:
    with transaction.atomic():
        line: list[str | None] = [None] * LENGTH
        lines = []
        for start, end, value in chain:
            put(
                group(
                    None if start is None else day(start), None if end is None else day(end), value
                )
            )
            line = painted(line, (start, end, value))
            lines.append(line)
        for number, expected in enumerate(lines, start=1):
            assert [group_on(day(at), known=number) for at in range(LENGTH)] == expected
        transaction.set_rollback(True)
