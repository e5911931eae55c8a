"""The repacked list of 2026 in the shape in which trade.gov publishes it."""

import json
from pathlib import Path
from typing import Any

from policy.sources.inputs import InputFile


def unpacked(path: Path) -> InputFile:
    """trade.gov's JSON of the list: what was left out in packing is left out here too."""
    packed = json.loads(path.read_bytes())
    tables = packed["tables"]
    looked_up = {
        "s": ("source", tables["sources"]),
        "lr": ("license_requirement", tables["licenceRequirements"]),
        "lp": ("license_policy", tables["licencePolicies"]),
        "pg": ("programs", tables["programmes"]),
        "u": ("source_list_url", tables["urls"]),
    }
    plain = {
        "n": "name",
        "a": "alt_names",
        "t": "type",
        "e": "entity_number",
        "fr": "federal_register_notice",
    }
    results = [unpack(entry, looked_up, plain) for entry in packed["entries"]]
    data = json.dumps({"results": results}, ensure_ascii=False).encode()
    return InputFile("consolidated.json", data)


def unpack(entry: dict[str, Any], looked_up: dict[str, Any], plain: dict[str, str]) -> Any:
    row = {name: entry[key] for key, name in plain.items() if key in entry}
    row |= {name: table[entry[key]] for key, (name, table) in looked_up.items() if key in entry}
    if "pg" in entry:
        row["programs"] = [part.strip() for part in row["programs"].split(";")]
    if "c" in entry:
        row["addresses"] = [{"country": code} for code in entry["c"]]
    return row
