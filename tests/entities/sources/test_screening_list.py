"""The names read from the Entity List against those of the screening list, as a cross-check.

The screening list is made by others from the same rules: it drops accents, joins entries of
several destinations and has slips of its own, so agreement is a share and not a certainty.
"""

import json
import re
from collections import defaultdict
from functools import cache
from typing import Any

from entities.sources.supplement4 import ParsedListing, parse_supplement4
from policy.domain.normal_form import normal_form
from policy.sources.safe_xml import read_file, read_xml
from tests.shared_data import shared

INSIDE_ANOTHER = re.compile(
    r"\. Subordinate Institution - |\. Affiliated Entity: |, and subordinate entity ", re.IGNORECASE
)


@cache
def real_listings() -> tuple[ParsedListing, ...]:
    path = shared("ecfr/title-15_part-744_2026-07-18.xml")
    return parse_supplement4(read_xml(read_file(path))).listings


@cache
def screened() -> dict[str, list[dict[str, Any]]]:
    """Entity List rows of the screening list by the normal form of their names."""
    packed = json.loads(shared("csl/consolidated_2026-07-31.json").read_text())
    sources = packed["tables"]["sources"]
    found = defaultdict(list)
    for entry in packed["entries"]:
        if sources[entry["s"]].startswith("Entity List"):
            for name in {entry["n"], INSIDE_ANOTHER.split(entry["n"])[-1]}:
                found[normal_form(name)].append(entry)
    return found


def aliases(entry: dict[str, Any]) -> set[str]:
    return {normal_form(alias) for alias in entry.get("a", [])}


def test_the_primary_name_agrees_for_nearly_every_listing() -> None:
    agreed = sum(normal_form(listing.name) in screened() for listing in real_listings())
    assert agreed / len(real_listings()) >= 0.985


def test_nearly_every_alias_of_the_screening_list_is_found() -> None:
    found = expected = 0
    for listing in real_listings():
        names = {normal_form(name.text) for name in listing.names}
        entries = screened().get(normal_form(listing.name), [])
        if entries:
            nearest = max((aliases(entry) for entry in entries), key=lambda own: len(own & names))
            found += len(nearest & names)
            expected += len(nearest)
    assert expected > 5000
    assert found / expected >= 0.975


def test_nearly_every_party_named_inside_a_listing_is_a_row_of_the_screening_list() -> None:
    parties = [party for listing in real_listings() for party in listing.parties]
    agreed = sum(normal_form(party.name) in screened() for party in parties)
    assert (agreed, len(parties)) == (51, 56)
