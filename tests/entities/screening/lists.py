"""Screening lists written by hand, in both of trade.gov's forms."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

from entities.actions.import_csl import ScreeningReport, import_csl
from entities.sources.screening_list import COLUMNS
from policy.sources.inputs import InputFile

NOW = datetime(2026, 10, 1, 14, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 9, 21), date(2026, 9, 22)
EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
DPL = "Denied Persons List (DPL) - Bureau of Industry and Security"
ZHIPU = "Beijing Zhipu Huazhang Technology Co., Ltd."


def party(name: str, source: str = SDN, **fields: Any) -> dict[str, Any]:
    return {"source": source, "name": name, **fields}


def small_list() -> list[dict[str, Any]]:
    return [
        party(
            ZHIPU,
            EL,
            alt_names=["Zhipu AI"],
            addresses=[{"address": "Floor 10, Building 9", "city": "Beijing", "country": "CN"}],
            federal_register_notice="90 FR 4617",
            start_date="2025-01-16",
            license_requirement="For all items subject to the EAR.",
        ),
        party("BANK OF SOMEWHERE", entity_number="15268", type="Entity", programs=["561-Related"]),
        party("ASH, I.", DPL, start_date="2003-06-19", end_date="2056-06-29"),
    ]


def as_json(rows: list[dict[str, Any]], name: str = "consolidated.json") -> InputFile:
    return InputFile(name, json.dumps({"results": rows}, ensure_ascii=False).encode())


def as_csv(rows: list[dict[str, Any]]) -> InputFile:
    """trade.gov's table: every column, lists set with semicolons."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["_id", *COLUMNS])
    writer.writeheader()
    for place, row in enumerate(rows):
        cells = {
            key: "; ".join(map(cell, v)) if isinstance(v, list) else v for key, v in row.items()
        }
        writer.writerow({"_id": str(place), **cells})
    return InputFile("consolidated.csv", out.getvalue().encode())


def cell(value: Any) -> str:
    """A cell as trade.gov's table sets it."""
    if isinstance(value, list):
        return "; ".join(map(cell, value))
    return ", ".join(value.values()) if isinstance(value, dict) else str(value)


def take_in(
    rows: list[dict[str, Any]], day: date = MONDAY, *, accept_losses: bool = False
) -> ScreeningReport:
    return import_csl(
        files=[as_json(rows)], as_of=day, at=NOW, by="tests", accept_losses=accept_losses
    )
