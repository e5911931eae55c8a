"""Pages of the history: of a fact, of a revision, of what one person wrote."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from policy.domain.versions import FieldChange, field_changes, pairs
from policy.models import Fact, HistoryEntry, Revision
from policy.models.chains import shape_of
from policy.queries.asof import Reading
from policy.queries.fact_names import FactKey, kinds, name_of, said_by, title_of, with_related

# A redline each: more would be slow to read and to make.
VERSIONS = 10
ENTRIES = 50
# What a byline shows of a revision.
WITH_PEOPLE = ("revision__seal", "revision__change__author", "revision__change__approved_by")


@dataclass(frozen=True)
class Writing:
    """One row that a revision put in the place of another; either may be missing."""

    before: Fact | None
    after: Fact | None
    changes: Sequence[FieldChange]

    @property
    def row(self) -> Fact | None:
        return self.after or self.before


@dataclass(frozen=True)
class Version:
    """What one revision made of a fact. ``because`` is the reason of what it closed."""

    revision: Revision
    writings: Sequence[Writing]
    entries: Sequence[HistoryEntry]
    because: str = ""


def known_entries(reading: Reading) -> QuerySet[HistoryEntry]:
    """The entries of revisions that the reader knows of."""
    return HistoryEntry.objects.filter(revision__lte=reading.revision_number)


def fact_page(fact: FactKey, reading: Reading, number: str | None) -> "Page[Any]":
    """One page of a fact's versions, the newest first; its objects are ``Version``s."""
    entries = known_entries(reading).filter(chain=fact.chain)
    numbers = entries.order_by("-revision").values_list("revision", flat=True).distinct()
    # Read at once: a count first would be one more query.
    page: Page[Any] = Paginator(list(numbers), VERSIONS).get_page(number)
    page.object_list = list(versions(fact, entries.filter(revision__in=page.object_list)))
    return page


def all_versions(fact: FactKey, reading: Reading) -> Iterable[Version]:
    """Every version of a fact that the reader knows of, for exports."""
    return versions(fact, known_entries(reading).filter(chain=fact.chain))


def versions(fact: FactKey, entries: QuerySet[HistoryEntry]) -> Iterable[Version]:
    by_revision: dict[int, list[HistoryEntry]] = defaultdict(list)
    for entry in entries.select_related(*WITH_PEOPLE).order_by("-revision", "position"):
        by_revision[entry.revision_id].append(entry)
    wanted = list(by_revision)
    rows = with_related(fact.rows.filter(Q(recorded__in=wanted) | Q(superseded__in=wanted)))
    inserted, closed = by_number(rows)
    for number, found in by_revision.items():
        written = writings(closed[number], inserted[number])
        because = next((entry.because for entry in found if entry.because), "")
        yield Version(found[0].revision, written, found, because)


def by_number(rows: Iterable[Fact]) -> tuple[defaultdict[int, list[Fact]], ...]:
    """Rows by the revision that recorded, and by the one that superseded them."""
    inserted: defaultdict[int, list[Fact]] = defaultdict(list)
    closed: defaultdict[int, list[Fact]] = defaultdict(list)
    for row in rows:
        inserted[row.recorded_id].append(row)
        if row.superseded_id:
            closed[row.superseded_id].append(row)
    return inserted, closed


def writings(closed: Sequence[Fact], inserted: Sequence[Fact]) -> list[Writing]:
    """Each row with the one whose place it takes, and the fields that read otherwise."""
    return [
        Writing(before, after, field_changes(told(before), told(after)))
        for before, after in pairs(closed, inserted, lambda row: row.span)
    ]


def told(row: Fact | None) -> dict[str, str]:
    return said_by(row) if row else {}


@dataclass(frozen=True)
class EntryLine:
    """One entry of a revision with the fact that it is about; None where the row is gone."""

    entry: HistoryEntry
    fact: Fact | None
    kind: str

    @property
    def name(self) -> str:
        return name_of(self.fact) if self.fact else ""

    @property
    def title(self) -> str:
        return title_of(self.fact) if self.fact else self.entry.chain


@dataclass
class RevisionPage:
    """A revision and one page of its entries, in the order in which they were written."""

    revision: Revision
    page: "Page[HistoryEntry]"
    lines: list[EntryLine] = field(default_factory=list)


def revision_page(revision: Revision, number: str | None) -> RevisionPage:
    entries = HistoryEntry.objects.filter(revision=revision).order_by("pk")
    page = Paginator(entries, ENTRIES).get_page(number)
    found = list(page.object_list)
    facts = facts_of(found, revision)
    lines = [EntryLine(e, facts.get(bytes(e.digest)), kind_of(e)) for e in found]
    return RevisionPage(revision, page, lines)


def kind_of(entry: HistoryEntry) -> str:
    model = kinds().get(entry.chain.partition(":")[0].rpartition(".")[2])
    return str(model._meta.verbose_name) if model else ""


def facts_of(entries: Sequence[HistoryEntry], revision: Revision) -> dict[bytes, Fact]:
    """The rows of a revision's entries by their digests, one query for each kind of fact."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        label, _, key = entry.chain.partition(":")
        by_kind[label.rpartition(".")[2]].append(key.partition("|")[0])
    found: dict[bytes, Fact] = {}
    for name, firsts in by_kind.items():
        model = kinds()[name]
        rows = model.objects.filter(Q(recorded=revision) | Q(superseded=revision))
        rows = rows.filter(**{f"{model.attname(model.key_fields[0])}__in": set(firsts)})
        found |= {shape_of(model).digest(row).whole: row for row in with_related(rows)}
    return found


def listed_revisions(reading: Reading, by: str = "") -> QuerySet[Revision]:
    """The revisions that the reader knows of, the newest first; of one person with ``by``.

    A change of the desk is the work of its author, of whoever wrote in it, and of its approver.
    """
    rows = Revision.objects.filter(number__lte=reading.revision_number).select_related("seal")
    if by:
        own = Q(by=by) | Q(change__author__name=by) | Q(change__approved_by__name=by)
        rows = rows.filter(own | Q(change__contributions__by__name=by)).distinct()
    return rows.select_related("change__author", "change__approved_by").order_by("-number")


def written_by(revisions: Sequence[Revision]) -> dict[int, int]:
    """How many facts each of the revisions wrote of, by number."""
    rows = HistoryEntry.objects.filter(revision__in=[r.number for r in revisions])
    counted = rows.order_by().values_list("revision").annotate(Count("chain", distinct=True))
    return dict(counted)
