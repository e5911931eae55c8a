"""A docket as of a day: its documents and comment periods, its rules, counts and comments."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter

from django.db.models import QuerySet

from policy.models import (
    CommentCount,
    DeadlineDate,
    Docket,
    DocketDocument,
    DocumentFact,
    Fact,
    Proposal,
    Reaction,
    Rule,
    Snapshot,
)
from policy.queries.asof import Reading
from policy.queries.deadlines import DatedDeadline, dated_deadlines


@dataclass(frozen=True)
class PostedDocument:
    """A document with what regulations.gov said of it before; ``current`` is in force."""

    current: DocketDocument
    history: tuple[DocketDocument, ...]

    @property
    def has_moved(self) -> bool:
        """Whether its comment period once ended otherwise."""
        return len({row.comment_end for row in self.history}) > 1


@dataclass(frozen=True)
class DocketReading:
    """What regulations.gov says of a docket: a part of a rule's page, and of the docket's."""

    docket: Docket
    documents: tuple[PostedDocument, ...]
    count: CommentCount | None

    @property
    def facts(self) -> list[Fact]:
        rows: list[Fact] = [row for one in self.documents for row in one.history]
        return [*rows, self.count] if self.count else rows

    @property
    def with_periods(self) -> list[PostedDocument]:
        """The documents on which comments are or were taken, last end first."""
        ends = [(one.current.comment_end, one) for one in self.documents]
        dated = [(end, one) for end, one in ends if end]
        return [one for _, one in sorted(dated, key=itemgetter(0), reverse=True)]


@dataclass(frozen=True)
class DocketPage:
    """Everything that a docket's page shows; ``held`` are the documents that have pages."""

    reading: DocketReading
    rules: list[Rule]
    deadlines: list[DatedDeadline]
    reactions: list[Reaction]
    questions: list[Proposal]
    held: frozenset[str]

    @property
    def facts(self) -> list[Fact]:
        dates: list[DeadlineDate] = [row for dated in self.deadlines for row in dated.history]
        return [*self.reading.facts, *dates, *self.reactions]


def docket_reading(docket: Docket, reading: Reading) -> DocketReading:
    """Two queries, however many documents there are."""
    rows = DocketDocument.objects.known(reading.asof.revision).begun(reading.on)
    rows = rows.filter(docket=docket).select_related("docket", "source", "also")
    chains = groupby(rows.order_by("number", "valid_from", "pk"), key=attrgetter("number"))
    documents = [posted(list(chain)) for _, chain in chains]
    counts = CommentCount.objects.as_of(reading.asof).filter(docket=docket)
    return DocketReading(
        docket=docket,
        documents=tuple(documents),
        count=counts.select_related("docket", "source").first(),
    )


def posted(rows: list[DocketDocument]) -> PostedDocument:
    """Rows of one document; one without a start comes first, whatever the database thinks."""
    ordered = sorted(rows, key=attrgetter("span.sort_key"))
    return PostedDocument(ordered[-1], tuple(ordered))


def docket_page(docket: Docket, reading: Reading) -> DocketPage:
    dates = [d for d in dated_deadlines(reading) if d.deadline.docket_id == docket.pk]
    said = docket_reading(docket, reading)
    return DocketPage(
        reading=said,
        rules=list(docket.rules.all()),
        deadlines=dates,
        reactions=list(comments_in(docket, reading)),
        questions=list(questions_about(docket, reading)),
        held=held_documents(said, reading),
    )


def held_documents(said: DocketReading, reading: Reading) -> frozenset[str]:
    """The Federal Register numbers in a docket whose documents had appeared by that day."""
    numbers = {one.current.fr_number for one in said.documents if one.current.fr_number}
    found = DocumentFact.objects.known(reading.asof.revision).begun(reading.on)
    found = found.filter(document__number__in=numbers)
    return frozenset(found.values_list("document__number", flat=True))


def comments_in(docket: Docket, reading: Reading) -> QuerySet[Reaction]:
    """The comments of organisations that stood on the asked day, newest first."""
    rows: QuerySet[Reaction] = Reaction.objects.as_of(reading.asof).filter(docket=docket)
    rows = rows.select_related("organization", "person", "rule", "source", "also")
    return rows.order_by("-valid_from", "slug")


def questions_about(docket: Docket, reading: Reading) -> QuerySet[Proposal]:
    rows = Proposal.objects.open(reading.asof.revision).filter(subject_kind="docket")
    rows = rows.filter(subject_id=docket.number).select_related("source")
    return rows.order_by("kind", "key")


def resume_from(topic: str = "regulations-gov") -> str | None:
    """The newest ``filter[lastModifiedDate][ge]`` that an import reached, Eastern wall time.

    None where nothing was imported: then everything is to be asked for.
    """
    counts = Snapshot.objects.filter(topic=topic).values_list("counts", flat=True)
    return max((c["next_filter"] for c in counts if c.get("next_filter")), default=None)
