"""The Federal Register API's answers, read field by field.

https://www.federalregister.gov/developers/documentation/api/v1: a page of ``results``, which
is absent when empty, or one document. A field that was not asked for is missing from the
answer and stays unknown (``UNKNOWN``); one that is null says that there is none. A broken
document is a problem, never a crash. Dates are Eastern calendar days, as printed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from policy.sources.inputs import InputFile
from policy.sources.safe_json import read_json
from policy.sources.safe_xml import Refused
from policy.sources.unknown import UNKNOWN, Bad, Unknown

Text = str | Unknown | None
Day = date | Unknown | None
Number = int | Unknown | None
Texts = tuple[str, ...] | Unknown


@dataclass(frozen=True)
class ApiDocument:
    """One document as the API gives it. ``file`` is the answer that it stood in."""

    number: str
    title: str
    file: str
    published: Day = UNKNOWN
    type: Text = UNKNOWN
    action: Text = UNKNOWN
    abstract: Text = UNKNOWN
    dates: Text = UNKNOWN
    effective: Day = UNKNOWN
    comments_close: Day = UNKNOWN
    volume: Number = UNKNOWN
    start_page: Number = UNKNOWN
    end_page: Number = UNKNOWN
    rins: Texts = UNKNOWN
    dockets: Texts = UNKNOWN
    cfr_parts: Texts = UNKNOWN
    corrects: Text = UNKNOWN
    url: Text = UNKNOWN


@dataclass(frozen=True)
class DocumentProblem:
    """What could not be read: the document's number or place, the field, and why."""

    document: str
    field: str
    text: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """The documents of one file, in its order, and what could not be read."""

    documents: tuple[ApiDocument, ...]
    problems: tuple[DocumentProblem, ...]


_NUMBER = re.compile(r"(?:[A-Z]\d-)?[A-Z0-9]{2,4}-\d{1,6}")
_OF_URL = re.compile(r"/documents/(?P<number>[A-Z0-9-]+?)(?:\?|$|\.)")


def read_answer(file: InputFile) -> Answer:
    """Read one answer of the API, or a list of its documents.

    Raises ``Refused`` with a sentence for what is neither.
    """
    items = _items(read_json(file.data))
    documents: list[ApiDocument] = []
    problems: list[DocumentProblem] = []
    for place, item in enumerate(items, start=1):
        document = _read_document(item, file.name, place, problems)
        if document is not None:
            documents.append(document)
    return Answer(tuple(documents), tuple(problems))


def _items(value: Any) -> Sequence[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise Refused("The file is JSON, but holds no documents of the Federal Register.")
    if "errors" in value:
        raise Refused(f"The Federal Register answered with an error: {value['errors']}.")
    for key in ("results", "documents"):
        if isinstance(value.get(key), list):
            found: list[Any] = value[key]
            return found
    if "document_number" in value:
        return [value]
    if value.get("count") == 0:
        # An empty answer has no results at all.
        return []
    raise Refused("The file is JSON, but holds no documents of the Federal Register.")


def _read_document(
    item: Any, file: str, place: int, problems: list[DocumentProblem]
) -> ApiDocument | None:
    """The document, or None with the problem that makes it unusable noted."""
    name = f"{file}, document {place}"
    if not isinstance(item, dict):
        problems.append(DocumentProblem(name, "", str(item)[:80], "is no object"))
        return None
    if isinstance(item.get("document_number"), str):
        name = item["document_number"]
    values: dict[str, Any] = {"file": file}
    for field, (key, read) in FIELDS.items():
        if key not in item:
            continue
        try:
            values[field] = read(item[key])
        except Bad as bad:
            text = str(item[key])[:80]
            problems.append(DocumentProblem(name, key, text, str(bad)))
    missing = [FIELDS[f][0] for f in ("number", "title") if f not in values]
    if missing:
        noted = {problem.field for problem in problems if problem.document == name}
        for key in (key for key in missing if key not in noted):
            problems.append(DocumentProblem(name, key, "", "is missing"))
        return None
    return ApiDocument(**values)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Bad("is not text")
    return " ".join(value.split()) or None


def _paragraph(value: Any) -> str | None:
    """Text whose line breaks are kept: each line of DATES is a statement."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Bad("is not text")
    lines = (" ".join(line.split()) for line in value.splitlines())
    return "\n".join(line for line in lines if line) or None


def _required(value: Any) -> str:
    text = _text(value)
    if text is None:
        raise Bad("is empty")
    return text


def _document_number(value: Any) -> str:
    number = _required(value).upper()
    if not _NUMBER.fullmatch(number):
        raise Bad("is not a document number")
    return number


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Bad("is not a day of the form 2025-01-15") from None


def _number(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise Bad("is not a positive number")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Bad("is not a list")
    return tuple(dict.fromkeys(_required(item) for item in value))


def _cfr_parts(value: Any) -> tuple[str, ...]:
    """``15 CFR part 744`` for each reference; the API gives title and part apart."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Bad("is not a list")
    return tuple(dict.fromkeys(_cfr_part(item) for item in value))


def _cfr_part(item: Any) -> str:
    if not isinstance(item, Mapping) or not item.get("title"):
        raise Bad("names no title of the CFR")
    part = item.get("part")
    return f"{item['title']} CFR part {part}" if part else f"{item['title']} CFR"


def _corrected(value: Any) -> str | None:
    """The number of the document that this one corrects; the API gives its address."""
    if value is None:
        return None
    found = _OF_URL.search(_required(value))
    if found is None:
        raise Bad("is not the address of a document")
    return found["number"]


# Each of our fields: the API's name for it, and how it is read.
FIELDS: Final = {
    "number": ("document_number", _document_number),
    "title": ("title", _required),
    "published": ("publication_date", _day),
    "type": ("type", _text),
    "action": ("action", _text),
    "abstract": ("abstract", _text),
    "dates": ("dates", _paragraph),
    "effective": ("effective_on", _day),
    "comments_close": ("comments_close_on", _day),
    "volume": ("volume", _number),
    "start_page": ("start_page", _number),
    "end_page": ("end_page", _number),
    "rins": ("regulation_id_numbers", _texts),
    "dockets": ("docket_ids", _texts),
    "cfr_parts": ("cfr_references", _cfr_parts),
    "corrects": ("correction_of", _corrected),
    "url": ("html_url", _text),
}


def asked_fields() -> list[str]:
    """The names to ask the API for; what is not asked for is left out of its answers."""
    return [key for key, _ in FIELDS.values()]


def known_fields(document: ApiDocument) -> Iterator[tuple[str, Any]]:
    """The fields about which the answer says something, and what it says."""
    for field in fields(document):
        value = getattr(document, field.name)
        if value is not UNKNOWN:
            yield field.name, value
