"""Answers of the regulations.gov API, version 4, read field by field.

https://open.gsa.gov/api/regulationsgov/: JSON:API with ``data`` a list or one object, and
``attributes`` in each. Lists say less than the answer to one thing: a field that is missing
stays unknown (``UNKNOWN``), one that is null says that there is none. A broken item is a
problem, never a crash. Instants are UTC; most of them stand for Eastern days.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from policy.sources.foreign_html import plain_text
from policy.sources.inputs import InputFile
from policy.sources.safe_json import read_json
from policy.sources.safe_xml import Refused
from policy.sources.unknown import UNKNOWN, Bad, Unknown

Text = str | Unknown | None
Instant = datetime | Unknown | None
Flag = bool | Unknown | None
Number = int | Unknown | None


@dataclass(frozen=True)
class ApiDocket:
    """A docket as the API gives it. ``file`` is the answer that it stood in."""

    number: str
    file: str
    title: Text = UNKNOWN
    type: Text = UNKNOWN
    rin: Text = UNKNOWN
    modified: Instant = UNKNOWN


@dataclass(frozen=True)
class ApiPosted:
    """A document that stands in a docket; it may stand in others, each with an item of its own.

    ``comment_end`` is the last instant of an Eastern day, so its date in UTC is a day late.
    """

    number: str
    file: str
    docket: Text = UNKNOWN
    title: Text = UNKNOWN
    type: Text = UNKNOWN
    fr_number: Text = UNKNOWN
    posted: Instant = UNKNOWN
    comment_start: Instant = UNKNOWN
    comment_end: Instant = UNKNOWN
    open_for_comment: Flag = UNKNOWN
    withdrawn: Flag = UNKNOWN
    modified: Instant = UNKNOWN


@dataclass(frozen=True)
class ApiComment:
    """A comment; lists give little more than its number. ``text`` is without any markup."""

    number: str
    file: str
    docket: Text = UNKNOWN
    on_document: Text = UNKNOWN
    title: Text = UNKNOWN
    organization: Text = UNKNOWN
    first_name: Text = UNKNOWN
    last_name: Text = UNKNOWN
    posted: Instant = UNKNOWN
    received: Instant = UNKNOWN
    modified: Instant = UNKNOWN
    text: Text = UNKNOWN
    duplicates: Number = UNKNOWN
    withdrawn: Flag = UNKNOWN
    why_withdrawn: Text = UNKNOWN
    attachments: int = 0


@dataclass(frozen=True)
class Problem:
    """What could not be read: the item's number or place, the field, and why."""

    item: str
    field: str
    text: str
    reason: str


@dataclass
class Answer:
    """The items of one file in its order. ``total`` is how many the whole question has."""

    dockets: list[ApiDocket] = field(default_factory=list)
    documents: list[ApiPosted] = field(default_factory=list)
    comments: list[ApiComment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    total: int | None = None


Item = TypeVar("Item", ApiDocket, ApiPosted, ApiComment)
Fields = Mapping[str, tuple[tuple[str, ...], Callable[[Any], Any]]]
# The form of regulations.gov takes 5,000 characters; agencies enter longer ones.
LONGEST_TEXT = 200_000
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9_.-]{2,59}")
_NO_ANSWER = "The file is JSON, but no answer of regulations.gov."


def read_answer(file: InputFile) -> Answer:
    """Read one answer of the API.

    Raises ``Refused`` with a sentence for what is none, and for an answer that is an error.
    """
    value = read_json(file.data)
    answer = Answer()
    items = _items(value)
    answer.total = _total(value, answer)
    for place, item in enumerate(items, start=1):
        _read_item(item, file.name, place, answer, _attachments(value))
    return answer


def _items(value: Any) -> Sequence[Any]:
    if not isinstance(value, dict):
        raise Refused(_NO_ANSWER)
    if value.get("errors") or value.get("error"):
        raise Refused(f"regulations.gov answered with an error: {_error(value)}.")
    data = value.get("data")
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        return [data]
    # The specification shows one thing without "data" around it.
    if "data" not in value and {"id", "type", "attributes"} <= value.keys():
        return [value]
    raise Refused(_NO_ANSWER)


def _error(value: Mapping[str, Any]) -> str:
    """The words of the first error; the gate before the API has a form of its own."""
    errors = value.get("errors") or value["error"]
    first = errors[0] if isinstance(errors, list) else errors
    if not isinstance(first, dict):
        return str(first)[:200]
    words = [first.get(k) for k in ("status", "code", "title", "message", "detail")]
    return ", ".join(str(word).strip(" .")[:200] for word in words if word) or "without words"


def _total(value: Mapping[str, Any], answer: Answer) -> int | None:
    meta = value.get("meta")
    total = meta.get("totalElements") if isinstance(meta, dict) else None
    if total is None:
        return None
    try:
        return _count(total)
    except Bad as bad:
        answer.problems.append(Problem("meta", "totalElements", str(total)[:80], str(bad)))
        return None


def _attachments(value: Mapping[str, Any]) -> int:
    included = value.get("included")
    listed = included if isinstance(included, list) else []
    return sum(isinstance(one, dict) and one.get("type") == "attachments" for one in listed)


def _read_item(item: Any, file: str, place: int, answer: Answer, attachments: int) -> None:
    name = f"{file}, item {place}"
    if not isinstance(item, dict) or not isinstance(item.get("attributes"), dict):
        answer.problems.append(Problem(name, "", str(item)[:80], "is no object with attributes"))
        return
    try:
        number = _number_of(item.get("id"))
    except Bad as bad:
        answer.problems.append(Problem(name, "id", str(item.get("id"))[:80], str(bad)))
        return
    attributes = item["attributes"]
    match item.get("type"):
        case "dockets":
            values = _values(attributes, DOCKET, number, answer)
            answer.dockets.append(ApiDocket(number, file, **values))
        case "documents":
            values = _values(attributes, DOCUMENT, number, answer)
            answer.documents.append(ApiPosted(number, file, **values))
        case "comments":
            values = _values(attributes, COMMENT, number, answer)
            answer.comments.append(ApiComment(number, file, **values, attachments=attachments))
        case other:
            problem = Problem(number, "type", str(other)[:80], "is no docket, document or comment")
            answer.problems.append(problem)


def _values(
    attributes: Mapping[str, Any], fields: Fields, number: str, answer: Answer
) -> dict[str, Any]:
    """What the attributes say, field by field; what cannot be read stays unknown, and is noted."""
    values: dict[str, Any] = {}
    for name, (keys, read) in fields.items():
        for key in keys:
            if key not in attributes:
                continue
            try:
                values[name] = read(attributes[key])
            except Bad as bad:
                answer.problems.append(Problem(number, key, str(attributes[key])[:80], str(bad)))
            break
    return values


def _number_of(value: Any) -> str:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip().upper()):
        raise Bad("is no number of regulations.gov")
    return value.strip().upper()


def _docket(value: Any) -> str | None:
    return None if value is None or value == "" else _number_of(value)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Bad("is not text")
    return " ".join(plain_text(value).split()) or None


def _foreign(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Bad("is not text")
    if len(value) > LONGEST_TEXT:
        raise Bad("is longer than any comment")
    return plain_text(value) or None


def _instant(value: Any) -> datetime | None:
    """A UTC instant. A time without an offset could be either zone's, and is not guessed at."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Bad("is not an instant of the form 2025-05-16T03:59:59Z") from None
    if found.tzinfo is None:
        raise Bad("has no time zone")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise Bad("lies beyond the calendar") from None


def _flag(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise Bad("is neither true nor false")
    return value


def _count(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Bad("is not a number of things")
    return value


# Each of our fields: the API's names for it, the first of which that is there counts, and how
# it is read. The list calls "lastModifiedDate" what the answer to one thing calls "modifyDate".
_MODIFIED: Final = (("lastModifiedDate", "modifyDate"), _instant)
DOCKET: Final[Fields] = {
    "title": (("title",), _text),
    "type": (("docketType",), _text),
    "rin": (("rin",), _text),
    "modified": _MODIFIED,
}
DOCUMENT: Final[Fields] = {
    "docket": (("docketId",), _docket),
    "title": (("title",), _text),
    "type": (("documentType",), _text),
    "fr_number": (("frDocNum",), _text),
    "posted": (("postedDate",), _instant),
    "comment_start": (("commentStartDate",), _instant),
    "comment_end": (("commentEndDate",), _instant),
    "open_for_comment": (("openForComment",), _flag),
    "withdrawn": (("withdrawn",), _flag),
    "modified": _MODIFIED,
}
COMMENT: Final[Fields] = {
    "docket": (("docketId",), _docket),
    "on_document": (("commentOnDocumentId",), _docket),
    "title": (("title",), _text),
    "organization": (("organization",), _text),
    "first_name": (("firstName",), _text),
    "last_name": (("lastName",), _text),
    "posted": (("postedDate",), _instant),
    "received": (("receiveDate",), _instant),
    "modified": _MODIFIED,
    "text": (("comment",), _foreign),
    "duplicates": (("duplicateComments",), _count),
    "withdrawn": (("withdrawn",), _flag),
    "why_withdrawn": (("reasonWithdrawn",), _text),
}
