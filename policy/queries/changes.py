"""What changed in the facts of a page between two moments at which the record was known."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from policy.models import Fact, Revision
from policy.queries.fact_names import kind_name, name_of, title_of, with_related
from policy.queries.history import Writing, writings
from policy.queries.scopes import Scope


@dataclass(frozen=True)
class FactChange:
    """What one fact said at the earlier moment and says at the later one."""

    kind: str
    name: str
    title: str
    before: Sequence[Fact]
    after: Sequence[Fact]
    revision: Revision

    @cached_property
    def writings(self) -> Sequence[Writing]:
        """The redlines, made when they are shown: a page shows few of many changes."""
        return writings(self.before, self.after)


def changes_between(scope: Scope, earlier: int, later: int) -> Iterator[FactChange]:
    """The facts that stood otherwise after the revision ``later`` than after ``earlier``.

    What came and went again between the two is not told: both moments are without it.
    """
    for rows in scope.rows():
        touched = Q(recorded__gt=earlier, recorded__lte=later)
        touched |= Q(superseded__gt=earlier, superseded__lte=later)
        yield from changes_of(with_related(rows.filter(touched)), earlier, later)


def changes_of(rows: QuerySet[Any], earlier: int, later: int) -> Iterator[FactChange]:
    before: dict[Any, list[Fact]] = defaultdict(list)
    after: dict[Any, list[Fact]] = defaultdict(list)
    for row in rows.order_by("pk"):
        if stood(row, earlier):
            before[row.key].append(row)
        elif stood(row, later):
            after[row.key].append(row)
    for key in {**before, **after}:
        one = (after[key] or before[key])[0]
        revision = newest([row.recorded for row in after[key]] or closings(before[key]))
        said = (kind_name(type(one)), name_of(one), title_of(one))
        yield FactChange(*said, before[key], after[key], revision)


def stood(row: Fact, revision: int) -> bool:
    """Whether the record held a row after a revision."""
    open_then = row.superseded_id is None or row.superseded_id > revision
    return row.recorded_id <= revision and open_then


def closings(rows: Sequence[Fact]) -> list[Revision]:
    return [row.superseded for row in rows if row.superseded]


def newest(revisions: Sequence[Revision]) -> Revision:
    return max(revisions, key=lambda revision: revision.number)
