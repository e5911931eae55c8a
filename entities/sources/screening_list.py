"""The Consolidated Screening List, from trade.gov's CSV or JSON.

One row a party of one of the lists that it brings together. A field that the file does not
have is unknown (it is left out of ``fields``); one that is empty is empty. What the publisher
prints is kept as printed; only white space at the ends is dropped.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from entities.sources.parsed import Problem, Severity
from policy.domain.normal_form import normal_form
from policy.sources.inputs import InputFile
from policy.sources.safe_json import read_json
from policy.sources.safe_xml import Refused

MAX_BYTES = 120 * 1024 * 1024
# trade.gov's own columns; "id" in the JSON is "_id" in the CSV.
COLUMNS: Final = (
    "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order",
    "license_requirement", "license_policy", "call_sign", "vessel_type", "gross_tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "source_list_url",
    "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth",
    "source_information_url", "ids",
)  # fmt: skip
LISTS_OF_TEXT: Final = frozenset(
    {"programs", "alt_names", "citizenships", "dates_of_birth", "nationalities",
     "places_of_birth", "addresses", "ids"}
)  # fmt: skip
REQUIRED: Final = ("source", "name")
_CODE = re.compile(r"\((?P<code>[A-Z][A-Z-]{1,7})(?:\s+List)?\)")
_COUNTRY = re.compile(r"(?:^|,\s*)([A-Z]{2})\s*$")


@dataclass(frozen=True)
class ScreeningRow:
    """One party as one list names it. ``row`` counts from 1 in the file, the header apart."""

    row: int
    code: str
    list_name: str
    name: str
    fields: Mapping[str, Any]

    @property
    def number(self) -> str:
        """The publisher's own number; only some lists have one."""
        return str(self.fields.get("entity_number") or "")

    @property
    def alt_names(self) -> Sequence[str] | None:
        return self.fields.get("alt_names")

    @cached_property
    def countries(self) -> tuple[str, ...] | None:
        """ISO codes at the ends of the addresses, as printed; None if none are given."""
        addresses = self.fields.get("addresses")
        if addresses is None:
            return None
        found = (_COUNTRY.search(address) for address in addresses)
        return tuple(dict.fromkeys(match[1] for match in found if match))

    @cached_property
    def normal(self) -> Mapping[str, str]:
        """Each known field in normal form, as two printings of it compare."""
        return {key: _normal(value) for key, value in self.fields.items() if key not in CHURN}


# Addresses of web pages move without the list having changed.
CHURN: Final = frozenset({"source_list_url", "source_information_url"})


@dataclass(frozen=True)
class ScreeningList:
    """The rows of a file in its order, and the rows that could not be read."""

    rows: tuple[ScreeningRow, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each list, by its code."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.code] = found.get(row.code, 0) + 1
        return dict(sorted(found.items()))


def read_screening_list(file: InputFile) -> ScreeningList:
    """Read a whole list. Raises Refused with a sentence for what is no such list."""
    if len(file.data) > MAX_BYTES:
        msg = f"The file has more than {MAX_BYTES // 1024**2} MB, which no list has."
        raise Refused(msg)
    is_json = file.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    records = _json_records(file.data) if is_json else _csv_records(file.data)
    rows: list[ScreeningRow] = []
    problems: list[Problem] = []
    for place, record in enumerate(records, start=1):
        row = _row(place, record)
        if isinstance(row, ScreeningRow):
            rows.append(row)
        else:
            problems.append(row)
    if not rows:
        raise Refused("The file names nobody; a screening list without a party is no list.")
    return ScreeningList(tuple(rows), tuple(problems))


def _json_records(data: bytes) -> Iterable[Any]:
    value = read_json(data, max_bytes=MAX_BYTES)
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        records: list[Any] = value["results"]
        return records
    raise Refused("The file is JSON, but has no “results”, as trade.gov's list does.")


def _csv_records(data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"The file is not in UTF-8, the only encoding that is read: byte {error.start:,}."
        raise Refused(msg) from error
    if "\0" in text:
        raise Refused("The file is not a table: it holds bytes that no text has.")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if missing:
            msg = f"The file has no column “{missing[0]}”, as trade.gov's list does."
            raise Refused(msg)
        yield from reader
    except csv.Error as error:
        msg = f"The file is cut off or no CSV: {error}, in line {reader.line_num:,}."
        raise Refused(msg) from error


def _row(place: int, record: Any) -> ScreeningRow | Problem:
    if not isinstance(record, Mapping):
        return Problem(place, "row", str(record)[:80], "is no object", Severity.HIGH)
    if None in record or None in record.values():
        # A CSV row that is longer or shorter than the header: its cells may have shifted.
        extra = record.get(None)
        if extra is not None or _is_short(record):
            text = str(record.get("name") or "")[:80]
            return Problem(place, "row", text, "has another number of cells", Severity.HIGH)
    fields = {key: _value(key, record[key]) for key in COLUMNS if key in record}
    source, name = fields.pop("source", ""), fields.pop("name", "")
    if not source or not name:
        missing = "source" if not source else "name"
        return Problem(place, missing, str(name)[:80], "is missing", Severity.HIGH)
    return ScreeningRow(place, list_code(source), source, name, fields)


def _is_short(record: Mapping[Any, Any]) -> bool:
    """Whether a CSV row ends early: JSON has None for "none", but then no text beside it."""
    return record.get("source_information_url", "") is None and "_id" in record


def _value(key: str, value: Any) -> Any:
    if key in LISTS_OF_TEXT:
        return _texts(value)
    if value is None:
        return ""
    return " ".join(str(value).split())


def _texts(value: Any) -> list[str]:
    """The items of a list; the CSV sets semicolons between them."""
    if value is None:
        return []
    items = value if isinstance(value, list) else str(value).split(";")
    texts = (_text_of(item) for item in items)
    return [text for text in texts if text]


def _text_of(item: Any) -> str:
    """An address or a number of the JSON, set as the CSV sets it: its parts with commas."""
    if isinstance(item, Mapping):
        return ", ".join(" ".join(str(part).split()) for part in item.values() if part)
    return " ".join(str(item).split())


def list_code(source: str) -> str:
    """``EL`` of "Entity List (EL) - Bureau of Industry and Security"; else a slug of the name."""
    found = _CODE.search(source)
    if found:
        return found["code"]
    return re.sub(r"[^A-Z0-9]+", "-", source.upper()).strip("-")[:20]


def _normal(value: Any) -> str:
    if isinstance(value, list):
        return "\x1f".join(sorted(normal_form(item) for item in value))
    return normal_form(value)
