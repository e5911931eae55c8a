"""A cell of the column "Entity" read into names, addresses and the parties named in it."""

import re
from dataclasses import dataclass, replace

from entities.sources.addresses import split_addresses
from entities.sources.aliases import AliasList, find_inline, find_intro, read_inline, read_list
from entities.sources.lexicon import number
from entities.sources.names import (
    clean_name,
    looks_like_address,
    read_name,
    split_name,
)
from entities.sources.parsed import ParsedName, ParsedParty, PartyCell, Remark, Severity

_CROSS_REFERENCE = re.compile(
    r"\(\s*(?P<words>(?:see|for alternate)\b(?:[^()\n]|\([^()\n]*\))*)\)?\s*\.?",
    re.IGNORECASE,
)
_PARENT = re.compile(r"^(?P<parent>[^\n:]+?) subordinate institution:\s*", re.IGNORECASE)
_PARTY_HEADER = re.compile(r"^\s*Subordinate institution\b[ \t]*:?\s*", re.I | re.M)
_AFFILIATES_HEADER = re.compile(r"^\s*Affiliated entities:\s*", re.I | re.M)
_SUBORDINATES = re.compile(
    r"[;,]?\s*and\s+the\s+following\s+(?P<count>[\w-]+)\s+subordinate\s+entities:\s*"
)
_FOLLOWING_ENTITIES = re.compile(r"^The following (?P<name>[^:\n]+?) entities:\s*")
_TO_INCLUDE = re.compile(
    r",?\s*(?:and\s+)?to\s+include\s+the\s+following\s+"
    r"(?:addresses\s+and\s+the\s+following\s+(?P<count>[\w-]+)\s+affiliated\s+entities:|"
    r"subordinate\b[.:]?)\s*"
)
_SHARED_ADDRESSES = re.compile(r"The following addresses apply to [^:]*:", re.IGNORECASE)
_DECLARED = re.compile(r"(?P<count>\b[\w-]{1,12})\s+subordinate\s+institutions?\b")
_SCOPE = re.compile(
    r"[,;]\s*(?P<words>(?:including the(?! (?:named|following))|and any)\b[^\n]*?|"
    r"\(all of (?:the )?preceding [^()]*\))(?=\s*\bAll address|\n|$)"
)
# A cell without any of these words names one party.
_SEVERAL_PARTIES = ("ubordinate", "ffiliated entities", "to include", "The following")
_ADDRESS_GROUP = re.compile(r",?\s*\(\s*Address:\s*(?P<inside>[^()]*)\)")
# "'Parus;' JSC" closes its quotation a sign too late.
_STOP_IN_QUOTES = re.compile(r"(;)(['’”\"])(?=\s|$)")
_ITEM_END = re.compile(r"\s*[;,]\s*(?:and)?\s*$")
# A dash after a colon or a semicolon opens an item although no line break precedes it.
_DASH_IN_LINE = re.compile(r"(?<=[:;])[ \t]*—|(?:(?<=:)|(?<=; and))[ \t]*-[ \t]*(?=\w)")


# Names, the text of the addresses, and what was odd.
Reading = tuple[tuple[ParsedName, ...], str, tuple[Remark, ...]]


@dataclass(frozen=True)
class Block:
    """One party's part of a cell."""

    names: tuple[ParsedName, ...]
    addresses: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def name(self) -> str:
        return self.names[0].text if self.names else ""

    def as_party(self, shared: tuple[str, ...] = ()) -> ParsedParty:
        return ParsedParty(self.name, self.names, self.addresses or shared)


def parse_party_cell(text: str) -> PartyCell:
    """Read a cell, given as text with line breaks (``table.cell_text`` or a copy of a page).

    No word is dropped: what cannot be split stays in a name or an address, and a remark
    says so. Raises nothing; an unreadable cell comes back with what was understood.
    """
    text = _tidy(text)
    references = tuple(clean_name(found["words"]) for found in _CROSS_REFERENCE.finditer(text))
    scope = tuple(_without_and(found["words"]) for found in _SCOPE.finditer(text))
    text = _SCOPE.sub("\n", _CROSS_REFERENCE.sub("", text))
    parent = _PARENT.match(text)
    cell = _read_parts(text[parent.end() :].lstrip("—- ") if parent else text)
    return PartyCell(
        name=cell.name,
        names=cell.names,
        addresses=cell.addresses,
        parties=cell.parties,
        cross_references=references,
        scope=scope,
        parent=parent["parent"] if parent else "",
        remarks=cell.remarks,
    )


def _tidy(text: str) -> str:
    """Single spaces, and a line break before each dash that opens an item of a list."""
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    text = _STOP_IN_QUOTES.sub(r"\2\1", text)
    return _DASH_IN_LINE.sub("\n—", text)


def _without_and(words: str) -> str:
    return " ".join(words.split()).removeprefix("and ").rstrip(" .")


def _read_parts(text: str) -> PartyCell:
    if not any(word in text for word in _SEVERAL_PARTIES):
        main = read_block(text)
        return PartyCell(main.name, main.names, main.addresses, remarks=main.remarks)
    if found := _FOLLOWING_ENTITIES.match(text):
        main = Block((ParsedName(clean_name(found["name"]) + " entities"),), ())
        return _assemble(main, _read_items(text[found.end() :]), None)
    if found := _SUBORDINATES.search(text):
        main = read_block(text[: found.start()])
        return _assemble(main, _read_items(text[found.end() :]), number(found["count"]))
    return _read_headed(text)


def _read_headed(text: str) -> PartyCell:
    """A cell whose parties, if it names any, stand under headings."""
    remarks: list[Remark] = []
    declared = None
    for clause in _TO_INCLUDE.finditer(text):
        declared = number(clause["count"]) or declared
        if not clause["count"]:
            remarks.append(Remark(clause[0].strip(" ,"), "these words name no party"))
    text = _TO_INCLUDE.sub(".\n\n", text)
    shared, text = _take_shared_addresses(text)
    text, affiliates = _cut(text, _AFFILIATES_HEADER)
    main_text, *party_texts = _PARTY_HEADER.split(text)
    if found := _DECLARED.search(main_text):
        declared = number(found["count"]) or declared
    main = read_block(main_text)
    main = replace(main, addresses=main.addresses + shared, remarks=(*main.remarks, *remarks))
    parties = [read_block(part) for part in party_texts] + _read_affiliates(affiliates)
    if parties and not main.addresses and not any(p.addresses for p in parties[:-1]):
        main, parties = _give_addresses_to_main(main, parties)
    return _assemble(main, parties, declared, shared)


def _cut(text: str, header: re.Pattern[str]) -> tuple[str, str]:
    before, *after = header.split(text, maxsplit=1)
    return before, after[0] if after else ""


def _take_shared_addresses(text: str) -> tuple[tuple[str, ...], str]:
    before, after = _cut(text, _SHARED_ADDRESSES)
    return split_addresses(after), before


def _give_addresses_to_main(main: Block, parties: list[Block]) -> tuple[Block, list[Block]]:
    """Addresses after the last of several parties are those of the listing."""
    *others, last = parties
    if not last.addresses:
        return main, parties
    remark = Remark(
        last.addresses[0], "addresses after the last party are read as those of the whole listing"
    )
    main = replace(main, addresses=last.addresses, remarks=(*main.remarks, remark))
    return main, [*others, replace(last, addresses=())]


def _assemble(
    main: Block, parties: list[Block], declared: int | None, shared: tuple[str, ...] = ()
) -> PartyCell:
    remarks = [*main.remarks, *(remark for party in parties for remark in party.remarks)]
    if declared is not None and declared != len(parties):
        reason = f"the print announces {declared} parties, {len(parties)} are named"
        remarks.append(Remark(main.name, reason, Severity.MEDIUM))
    return PartyCell(
        name=main.name,
        names=main.names,
        addresses=main.addresses,
        parties=tuple(party.as_party(shared) for party in parties),
        remarks=tuple(remarks),
    )


def _read_affiliates(text: str) -> list[Block]:
    """A block in which each line is a party, but for alias lists and the address after one."""
    blocks: list[list[str]] = []
    in_list = False
    for line in filter(None, text.split("\n")):
        is_item = line.startswith("—")
        follows_list = in_list and not is_item
        goes_on = follows_list and blocks[-1][-1].rstrip().endswith((";", "; and"))
        needs_address = follows_list and not goes_on and not looks_like_address(blocks[-1][-1])
        if blocks and (is_item or goes_on or needs_address):
            blocks[-1].append(line)
        else:
            blocks.append([line])
        in_list = is_item or goes_on or find_intro(line) is not None
    return [read_block("\n".join(lines)) for lines in blocks]


def _read_items(text: str) -> list[Block]:
    """A list of parties by dashes, some of which have alias lists by dashes of their own."""
    blocks: list[list[str]] = []
    aliases = 0
    for line in filter(None, text.split("\n")):
        if line.startswith("—") and not aliases:
            blocks.append([_ITEM_END.sub("", line.removeprefix("—"))])
        elif blocks:
            blocks[-1].append(line)
            aliases -= line.startswith("—")
        if intro := find_intro(line):
            aliases = number(intro["count"]) or 1
    return [read_block("\n".join(lines)) for lines in blocks]


def read_block(text: str) -> Block:
    """Read the part of a cell that is about one party."""
    text = text.strip()
    in_brackets = [found["inside"] for found in _ADDRESS_GROUP.finditer(text)]
    text = _ADDRESS_GROUP.sub("", text)
    if intro := find_intro(text):
        names, rest, remarks = _with_aliases(text[: intro.start()], read_list(intro))
    elif (mark := find_inline(text)) and not text[: mark.start()].endswith("("):
        names, rest, remarks = _with_aliases(text[: mark.start()], read_inline(text, mark))
    else:
        names, rest, remarks = _read_plain(text)
    addresses = [address for part in (*in_brackets, rest) for address in split_addresses(part)]
    return Block(names, tuple(addresses), remarks)


def _with_aliases(head: str, listed: AliasList) -> Reading:
    return read_name(head, "name") + listed.names, listed.rest, listed.remarks


def _read_plain(text: str) -> Reading:
    """Name and address without a list of aliases, with or without a line break between."""
    first, _, rest = text.partition("\n")
    split = split_name(first)
    ends_name = not split.evident and (rest and first.rstrip().endswith((",", ".")))
    if ends_name or not split.address:
        return read_name(first, "name"), rest, ()
    unsure = Remark(first, "nothing but a comma tells the name from the address")
    remarks = () if split.evident else (unsure,)
    return read_name(split.name, "name"), f"{split.address}\n{rest}", remarks
