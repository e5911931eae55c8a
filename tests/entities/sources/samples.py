"""Small parts 744 for tests, built from rows of five cells, and a check that no word is lost."""

import re
from collections import Counter
from pathlib import Path

from entities.sources.lexicon import NUMBERS
from entities.sources.parsed import ParsedListing, PartyCell
from entities.sources.supplement4 import Supplement4, parse_supplement4
from policy.sources.safe_xml import read_file, read_xml

GOLDEN = Path(__file__).parent / "golden"

WORD = re.compile(r"\w+")
# Words that set names and addresses apart and are no part of either.
MARKERS = frozenset(
    (
        *("a", "k", "f", "n", "b", "d", "aka", "fka", "dba", "also", "known", "as", "formerly"),
        *("the", "following", "follow", "include", "including", "to", "and", "apply", "for"),
        *("alias", "aliases", "aliaes", "entity", "entities", "named", "affiliated"),
        *("subordinate", "institution", "institutions", "address", "addresses", "alt"),
        *NUMBERS,
    )
)
LABEL = re.compile(r"Addresses for [^:]+:|following \d+|\band(?=\d|[A-Z])")

ENTITY = "Sea Glass LLC, 5 Bay Road, Baku."
REQUIREMENT = "For all items subject to the EAR. (See § 744.11 of the EAR)"
POLICY = "Presumption of denial"
CITATION = "90 FR 4619, 1/16/25."


def sample(name: str) -> Supplement4:
    """A file of the golden folder, read."""
    return parse_supplement4(read_xml(read_file(GOLDEN / name), expect_root="DIV5"))


def row(
    country: str = " ",
    entity: str = ENTITY,
    requirement: str = REQUIREMENT,
    policy: str = POLICY,
    citation: str = CITATION,
) -> str:
    cells = (country, entity, requirement, policy, citation)
    return "<TR>" + "".join(f"<TD>{cell}</TD>" for cell in cells) + "</TR>"


def part744(*rows: str, footnotes: str = "") -> bytes:
    """The XML of a part 744 whose Supplement No. 4 has ``rows``."""
    return (
        '<?xml version="1.0"?><DIV5 N="744" TYPE="PART"><HEAD>PART 744</HEAD>'
        '<DIV9 N="Supplement No. 4 to Part 744" TYPE="APPENDIX"><TABLE>'
        "<THEAD><TR><TH>Country</TH></TR></THEAD>"
        f"<TBODY>{''.join(rows)}</TBODY>{footnotes}</TABLE></DIV9></DIV5>"
    ).encode()


def parse(*rows: str) -> Supplement4:
    return parse_supplement4(read_xml(part744(*rows)))


def words(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in WORD.findall(text.casefold()))


def lost_words(text: str, read: PartyCell | ParsedListing) -> list[str]:
    """Words of a cell that stand in no name, address, party or note and mark nothing."""
    kept = [read.parent, *read.addresses, *read.cross_references, *read.scope]
    for party in (read, *read.parties):
        kept += [*party.addresses, *(name.text for name in party.names if name.kind != "acronym")]
    missing = words(LABEL.sub(" ", text)) - words(*kept)
    return sorted(word for word in missing if word not in MARKERS)
