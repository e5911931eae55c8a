"""Alias lists in a cell of the Entity List: "a.k.a., the following two aliases: …"."""

import re
from dataclasses import dataclass

from entities.sources.lexicon import NUMBERS, number
from entities.sources.names import (
    MARK,
    looks_like_address,
    mark_kind,
    merge_forms,
    pieces,
    read_name,
    split_name,
)
from entities.sources.parsed import ParsedName, Remark, Severity

_COUNT = rf"(?:\d+|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
# Every printed variant: "a.k.a., the following one alias:", "a.k.a, and the following two
# aliases:", "the three following aliases:", "the follow three aliases:", "a.k.a., the one
# alias:", "the following one entity:", "… aliases, and two subordinate institutions:".
INTRO = re.compile(
    rf"\b(?=[aftn\d])(?:(?P<mark>{MARK})\s*)?(?:(?:as|and|including)\s+)?"
    rf"(?:(?:the\s+)?follow(?:ing)?\s+)*(?:the\s+)?(?:(?P<count>{_COUNT})\s+)?(?:following\s+)?"
    r"(?:alias|aliases|aliaes|entity)\b[^:;\n—]*[:,]?",
    re.IGNORECASE,
)
_INLINE = re.compile(rf"{MARK}\s*")
_LIST_WORD = re.compile(r"\balia|\bentity", re.IGNORECASE)
_WITHIN_ITEM = re.compile(r"\s*;\s+(?!and\b|\()(?=\S)")
_DASH = re.compile(r"^\s*[—–-]\s*(?=\S)")
_GOES_ON = re.compile(r"(?:;|,)\s*(?:and)?\s*$|\band\s*$")


@dataclass(frozen=True)
class AliasList:
    """The names of a list, the lines after it, and what was odd."""

    names: tuple[ParsedName, ...]
    rest: str
    remarks: tuple[Remark, ...] = ()


def find_intro(text: str) -> re.Match[str] | None:
    """The words that open an alias list: with a mark, or at least with "following"."""
    if not _LIST_WORD.search(text):
        return None
    for found in INTRO.finditer(text):
        if found["mark"] or "follow" in found[0].lower():
            return found
    return None


def read_list(intro: re.Match[str]) -> AliasList:
    """Read the list after ``intro``; ``rest`` is the text of the addresses after it."""
    declared = number(intro["count"])
    lines = intro.string[intro.end() :].split("\n")
    if inline := lines[0].strip():
        items, last = _inline_items(inline, declared), 1
    else:
        items, last = _listed_items(lines, declared)
    rest = "\n".join(lines[last:])
    tail = ""
    if items and (not rest.strip(" \n.") or _GOES_ON.search(items[-1])):
        items[-1], tail = _cut_tail(items[-1])
    remarks = _count_remark(intro, declared, len(items))
    remarks += tuple(
        Remark(item, "one item of the list holds several names")
        for item in items
        if _WITHIN_ITEM.search(item)
    )
    single = [name for item in items for name in _WITHIN_ITEM.split(item)]
    names = [parsed for name in single for parsed in read_name(name, "alias")]
    return AliasList(tuple(names), f"{tail}\n{rest}", remarks)


def read_inline(text: str, at: re.Match[str]) -> AliasList:
    """Read "Name, a.k.a., Alias, Other Alias, Street 1, City" from the mark ``at`` on.

    Nothing in the print separates the aliases from the address; they end where a piece
    looks like an address.
    """
    line, _, rest = text[at.end() :].lstrip("\n").partition("\n")
    first, *others = merge_forms([piece for piece in pieces(line) if piece]) or [""]
    head = split_name(first, stops=True)
    if head.address:
        taken, address = [head.name], ", ".join([head.address, *others])
    else:
        taken, address = _alias_pieces([first, *others])
    kind = mark_kind(at[0])
    listed = taken if len(taken) > 1 else _persons(taken[0])
    names = [name for alias in listed for name in read_name(alias, kind)]
    remark = Remark(line, "aliases and address are not set apart in print; cut by rule of thumb")
    return AliasList(tuple(names), f"{address}\n{rest}", (remark,) if address else ())


def _alias_pieces(parts: list[str]) -> tuple[list[str], str]:
    """The leading pieces that are names, and the address that the others make."""
    taken = [parts.pop(0)]
    while parts and parts[0] and not _is_address(parts):
        taken.append(parts.pop(0))
    return taken, ", ".join(parts)


def find_inline(text: str) -> re.Match[str] | None:
    return _INLINE.search(text)


def _listed_items(lines: list[str], declared: int | None) -> tuple[list[str], int]:
    """Items on lines of their own, and the number of the line after the last.

    An item whose line ends with ";" or "and" is followed by another, even when the dash is
    missing, unless a blank line or something like an address follows. A list without any
    dash has as many lines as it announces.
    """
    items: list[str] = []
    undashed = 0 if any(_DASH.match(line) for line in lines) else declared or 0
    after, gap = 0, False
    for position, line in enumerate(lines):
        if not line.strip():
            gap = True
            continue
        goes_on = bool(items) and bool(_GOES_ON.search(items[-1])) and not gap
        is_item = _DASH.match(line) or len(items) < undashed
        if not is_item and not (goes_on and not looks_like_address(line)):
            break
        items.append(_DASH.sub("", line).strip())
        after, gap = position + 1, False
    return items, after


def _inline_items(line: str, declared: int | None) -> list[str]:
    """Items that follow the intro on its own line: "two aliases: A; and B. Address"."""
    items = []
    for _ in range(1, declared or 1):
        item, semicolon, rest = line.partition(";")
        if not semicolon:
            break
        items.append(item)
        line = rest.strip().removeprefix("and ")
    return [_DASH.sub("", item) for item in (*items, line)]


def _cut_tail(item: str) -> tuple[str, str]:
    """Cut an address off the last alias where no line break does."""
    split = split_name(item, stops=True)
    return (split.name, split.address) if split.address and split.evident else (item, "")


def _is_address(parts: list[str]) -> bool:
    """Whether an address begins with the first of ``parts``: a place before a country too."""
    is_city = len(parts) > 1 and looks_like_address(parts[1]) and not re.search(r"\d", parts[1])
    return looks_like_address(parts[0]) or (is_city and len(parts) == len(("city", "country")))


def _persons(alias: str) -> list[str]:
    """Two names for "Ann Lee and Tom Wu", one for "Institute of A and B"."""
    both = alias.split(" and ")
    is_pair = len(both) > 1 and all(len(name.split()) in (2, 3) for name in both)
    return both if is_pair else [alias]


def _count_remark(intro: re.Match[str], declared: int | None, found: int) -> tuple[Remark, ...]:
    words = " ".join(intro[0].split()).strip(" ,:")
    if declared is not None and declared != found:
        reason = f"the print announces {declared} aliases, {found} stand in the list"
        return (Remark(words, reason, Severity.MEDIUM),)
    return ()
