"""What answers of regulations.gov come to for the followed dockets; nothing is written here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, TypeVar

from policy.domain.normal_form import normal_form
from policy.domain.regulations import docket_of
from policy.models import CommentCount, Docket, DocketDocument
from policy.sources.inputs import InputFile, read_named
from policy.sources.regulations import (
    Answer,
    ApiComment,
    ApiDocket,
    ApiPosted,
    read_answer,
)
from policy.sources.unknown import UNKNOWN

# The items that an answer may hold, each known by what its key function says of it.
Item = TypeVar("Item", ApiDocket, ApiPosted, ApiComment)
T = TypeVar("T")
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass
class RegulationsReport:
    """What an import read and did. ``revision`` is None if nothing was written.

    Of documents and comments each item is new, changed, unchanged, ended, skipped with a
    reason, or asked about; what could not be read stands among the problems beside it.
    ``next_filter`` continues after these answers: Eastern wall time.
    """

    files: int
    dockets: int = 0
    documents: int = 0
    comments: int = 0
    documents_new: int = 0
    documents_changed: int = 0
    documents_unchanged: int = 0
    comment_counts: int = 0
    periods_confirmed: int = 0
    periods_set: int = 0
    conflicts: int = 0
    reactions_new: int = 0
    reactions_changed: int = 0
    reactions_unchanged: int = 0
    reactions_ended: int = 0
    comments_asked_about: int = 0
    questions: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    next_filter: str | None = None
    revision: int | None = None

    def skip(self, item: str, file: str, reason: str) -> None:
        self.skipped.append({"item": item, "file": file, "reason": reason})


@dataclass(frozen=True)
class Total:
    """How many comments one answer counts in a docket."""

    docket: str
    count: int
    file: str


@dataclass
class Answers:
    """What all files say together: each thing once, its newest words before older ones."""

    dockets: list[ApiDocket] = field(default_factory=list)
    documents: list[ApiPosted] = field(default_factory=list)
    comments: list[ApiComment] = field(default_factory=list)
    totals: dict[str, Total] = field(default_factory=dict)

    @property
    def modified(self) -> Iterator[datetime]:
        instants = [d.modified for d in self.documents] + [c.modified for c in self.comments]
        return (instant for instant in instants if isinstance(instant, datetime))


def read_answers(
    files: Iterable[InputFile], followed: Iterable[str], report: RegulationsReport
) -> Answers:
    """Read every file. Raises Refused with the name of one that is no answer."""
    known, read = frozenset(followed), Answers()
    for file in files:
        answer = read_named(file, read_answer)
        report.problems += [{**asdict(p), "file": file.name} for p in answer.problems]
        read.dockets += answer.dockets
        read.documents += answer.documents
        read.comments += [in_docket(comment, known) for comment in answer.comments]
        if total := total_of(answer, file.name, known):
            read.totals[total.docket] = total
    report.dockets, report.documents = len(read.dockets), len(read.documents)
    report.comments = len(read.comments)
    return Answers(
        dockets=together(read.dockets, lambda docket: docket.number, report),
        documents=together(read.documents, lambda d: (d.number, d.docket), report),
        comments=together(read.comments, lambda comment: comment.number, report),
        totals=read.totals,
    )


def in_docket(comment: ApiComment, followed: Iterable[str]) -> ApiComment:
    """The comment with the docket that its number tells, where the answer names none."""
    if comment.docket:
        return comment
    return replace(comment, docket=docket_of(comment.number, followed) or comment.docket)


def total_of(answer: Answer, file: str, followed: Iterable[str]) -> Total | None:
    """The count of comments in a docket, where all that is listed belongs to one of them."""
    dockets = {in_docket(comment, followed).docket for comment in answer.comments}
    if answer.total is None or len(dockets) != 1:
        return None
    [docket] = dockets
    return Total(docket, answer.total, file) if isinstance(docket, str) else None


def together(
    items: Sequence[Item], key: Callable[[Item], object], report: RegulationsReport
) -> list[Item]:
    """Each thing once. What a newer answer leaves unsaid is taken from an older one."""
    found: dict[object, Item] = {}
    for item in sorted(items, key=lambda item: known(item.modified) or EARLIEST):
        older = found.get(key(item))
        if older is not None:
            report.skip(older.number, older.file, "stands again in another answer")
            item = replace(older, **said(item))  # noqa: PLW2901  # the two are one thing
        found[key(item)] = item
    return list(found.values())


def said(item: ApiDocket | ApiPosted | ApiComment) -> dict[str, Any]:
    """The fields of which an answer says something."""
    values = {f.name: getattr(item, f.name) for f in fields(item)}
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def known(value: T | object) -> T | None:
    """A value of an answer; None where it says that there is none, or nothing at all."""
    return None if value is UNKNOWN else value  # type: ignore[return-value]  # UNKNOWN is no T


@dataclass(frozen=True)
class Posting:
    """A document's fact as it should stand, without its source and revision."""

    item: ApiPosted
    docket: Docket
    held: DocketDocument | None
    values: dict[str, Any]
    since: date | None


def stated(item: ApiPosted) -> dict[str, Any]:
    """The columns of which an answer says something."""
    columns = ("title", "type", "fr_number", "comment_start", "comment_end", "withdrawn")
    values = {c: getattr(item, c) for c in columns if getattr(item, c) is not UNKNOWN}
    texts = {c: values[c] or "" for c in ("title", "type", "fr_number") if c in values}
    return values | texts


def differs(held: DocketDocument, values: dict[str, Any]) -> bool:
    """Whether an answer says otherwise; a title that is only set otherwise says the same."""
    title = values.get("title", held.title)
    others = any(getattr(held, c) != value for c, value in values.items() if c != "title")
    return others or normal_form(title) != normal_form(held.title)


def is_older(item: ApiPosted, held: DocketDocument) -> bool:
    if not isinstance(item.modified, datetime) or held.modified is None:
        return False
    return item.modified < held.modified


def held_documents(dockets: Iterable[Docket]) -> dict[tuple[str, str], DocketDocument]:
    """The newest row of each document in each docket."""
    rows = DocketDocument.objects.known(None).filter(docket__in=list(dockets))
    found: dict[tuple[str, str], DocketDocument] = {}
    for row in sorted(rows.select_related("docket"), key=attrgetter("span.sort_key")):
        found[row.docket.number, row.number] = row
    return found


def held_counts(dockets: Iterable[Docket]) -> dict[str, CommentCount]:
    rows = CommentCount.objects.known(None).filter(docket__in=list(dockets))
    return {row.docket.number: row for row in rows.select_related("docket").order_by("counted_at")}
