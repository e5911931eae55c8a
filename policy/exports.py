"""Tables as CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, StreamingHttpResponse

from policy.models import Fact
from policy.queries.asof import Reading

R = TypeVar("R")
Columns = Mapping[str, Callable[[R], Any]]

# Spreadsheets run a cell that begins with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# The columns that end every row: with them an export can be made again, and checked.
POINT = ("on", "known")


def safe_cell(value: object) -> str:
    """The text of a cell; one that a spreadsheet would run as a formula gets a leading quote."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Echo:
    """A file that hands each written line back, so that the response can stream it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Columns[R], rows: Iterable[R], reading: Reading) -> Iterator[str]:
    """The lines of a table; the point in both times that it holds stands in every row."""
    writer = csv.writer(_Echo())
    point = [reading.pinned.get(name, "") for name in POINT]
    # Excel reads UTF-8 only after a byte order mark.
    yield "\ufeff" + str(writer.writerow([*columns, *POINT]))
    for row in rows:
        cells = (safe_cell(value(row)) for value in columns.values())
        yield str(writer.writerow([*cells, *point]))


def csv_response(
    name: str, columns: Columns[R], rows: Iterable[R], reading: Reading
) -> StreamingHttpResponse:
    """A download whose file name says which point in time it holds."""
    known = f"-known-{reading.known_value}" if reading.known_value else ""
    response = StreamingHttpResponse(
        csv_lines(columns, rows, reading), content_type="text/csv; charset=utf-8"
    )
    file_name = f"earmark-{name}-on-{reading.on.isoformat()}{known}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def wants_csv(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv"


FACT_COLUMNS: Columns[Fact] = {
    "kind": lambda fact: fact._meta.verbose_name,
    "statement": str,
    "valid_from": lambda fact: fact.since.iso if fact.since else "",
    "valid_until": lambda fact: fact.valid_until,
    "source": lambda fact: str(fact.source),
    "source_title": lambda fact: fact.source.title,
    "source_url": lambda fact: fact.source.url,
    "quote": lambda fact: fact.quote,
    "note": lambda fact: fact.note,
    "confidence": lambda fact: fact.confidence,
    "recorded_revision": lambda fact: fact.recorded_id,
}


def facts_csv(name: str, facts: Iterable[Fact], reading: Reading) -> StreamingHttpResponse:
    """Facts of any kinds, one a row, with what they cite."""
    return csv_response(name, FACT_COLUMNS, facts, reading)
