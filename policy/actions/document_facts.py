"""What an answer of the Federal Register adds to a document's fact, and where they differ.

Nothing is asked of the database and nothing is saved here. Unknown never takes the place of
known, and what a person entered never gives way to a machine: where the two differ in a date,
a docket or a citation, that is a conflict.
"""

from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.domain.normal_form import normal_form
from policy.domain.partial_dates import day_text
from policy.models import DocumentFact
from policy.sources.federal_register import ApiDocument, known_fields

# Our column for each field of an answer.
COLUMNS: Mapping[str, str] = {
    "title": "title",
    "type": "type",
    "action": "action",
    "abstract": "abstract",
    "dates": "dates_text",
    "published": "published",
    "effective": "effective",
    "comments_close": "comments_close",
    "volume": "volume",
    "start_page": "start_page",
    "end_page": "end_page",
    "rins": "rins",
    "dockets": "agency_dockets",
    "cfr_parts": "cfr_parts",
    "corrects": "corrects",
}
# Where a difference is one of substance, and how it is named to readers.
SUBSTANCE: Mapping[str, str] = {
    "published": "the day of publication",
    "effective": "the effective day",
    "comments_close": "the end of the comment period",
    "volume": "the volume",
    "start_page": "the first page",
    "end_page": "the last page",
    "rins": "the RIN",
    "agency_dockets": "the agency docket",
    "corrects": "the document that it corrects",
}


@dataclass(frozen=True)
class Difference:
    """A column in which the record and an answer differ, with both values."""

    column: str
    recorded: Any
    answered: Any

    @property
    def about(self) -> str:
        return SUBSTANCE[self.column]


@dataclass(frozen=True)
class Merged:
    """The fact as it should stand now; ``fact`` is None if nothing is new."""

    fact: DocumentFact | None
    differences: tuple[Difference, ...] = ()


def stated(document: ApiDocument) -> dict[str, Any]:
    """What an answer says, by column; what it says nothing of is left out."""
    found: dict[str, Any] = {}
    for field, value in known_fields(document):
        if column := COLUMNS.get(field):
            found[column] = list(value) if isinstance(value, tuple) else value
    return {column: "" if is_no_text(column, value) else value for column, value in found.items()}


def is_no_text(column: str, value: Any) -> bool:
    field = DocumentFact._meta.get_field(column)
    return value is None and not getattr(field, "null", False)


def entered_columns(entered: DocumentFact | None) -> frozenset[str]:
    """The columns in which a person has entered something."""
    if entered is None:
        return frozenset()
    filled = (c for c in COLUMNS.values() if not says_nothing(getattr(entered, c)))
    return frozenset(filled)


def merge(held: DocumentFact, document: ApiDocument, *, by_hand: Collection[str]) -> Merged:
    """``by_hand``: the columns that a person entered; an answer does not change them."""
    merged = copy(held)
    changed = False
    differences: list[Difference] = []
    for column, value in stated(document).items():
        standing = getattr(held, column)
        if adds_nothing(standing, value):
            continue
        if column in by_hand and not is_refined_by(held, column, value):
            # A person may know what the data lack; only another value is a difference.
            if column in SUBSTANCE and not says_nothing(value):
                differences.append(Difference(column, standing, value))
            continue
        setattr(merged, column, value)
        if column == "published":
            merged.published_precision = "day"
        changed = True
    return Merged(merged if changed else None, tuple(differences))


def adds_nothing(standing: Any, value: Any) -> bool:
    """Whether a value is held already; that there is none is news where nothing was known."""
    if says_nothing(standing) and says_nothing(value):
        return standing is not None or value is None
    return same(standing, value)


def says_nothing(value: Any) -> bool:
    return value is None or value in ("", [])


def is_refined_by(held: DocumentFact, column: str, value: Any) -> bool:
    """Whether what is held is unknown, or known to the month and the value lies in it."""
    standing = getattr(held, column)
    if says_nothing(standing):
        return True
    if column == "published" and (on := held.published_on) and not on.is_exact:
        return bool(on.earliest <= value <= on.latest)
    return False


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same; texts may be set otherwise."""
    if isinstance(one, str) and isinstance(other, str):
        return normal_form(one) == normal_form(other)
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(normal_form, one)) == sorted(map(normal_form, other))
    return bool(one == other)


def words(value: Any) -> str:
    """A value as pages print it."""
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def conflict_words(held: DocumentFact, difference: Difference) -> Iterator[str]:
    """What the record says, what the answer says, and which governs until a person decides."""
    yield f"{words(difference.recorded)}, as the record has it from {held.source}."
    yield f"{words(difference.answered)}, in the data of the Federal Register."
    yield (
        "Not yet decided: the printed document governs, and a person has to look at it. Until "
        f"then the record shows {words(difference.recorded)}."
    )
