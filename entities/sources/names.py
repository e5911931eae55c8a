"""Names in a cell of the Entity List: where one ends, and what stands in its brackets."""

import re
from dataclasses import dataclass

from entities.sources.lexicon import (
    ADDRESS_WORD,
    COUNTRY,
    ENDS_IN_COUNTRY,
    INSTITUTION,
    KEEPS_STOP,
    LEGAL_FORM,
    LEGAL_FORMS,
    LOWER_CASE_ADDRESS,
    NO_STOP,
    PARENT_INSTITUTION,
)
from entities.sources.parsed import NameKind, ParsedName

# "a.k.a.", "f.k.a.", "d.b.a." and the like, with the comma that may follow.
MARK = (
    r"(?:(?<![\w.])[AaFfNn]\.\s?[Kk]\.\s?[Aa]\b\.?|(?<![\w.])[Dd]\.[Bb]\.[Aa]\b\.?|"
    r"\b(?:aka|fka|dba|DBA)\b|\b(?:also|formerly|now) known as\b|\bdoing business as\b)\s?,?"
)
_MARK = re.compile(MARK)
_GROUP = re.compile(rf"\s*\(\s*(?={MARK})(?P<inside>(?:[^()]|\([^()]*\))*)\)")
_GROUP_BREAK = re.compile(rf"\s*;\s*(?:and\s+)?|,?\s+(?={MARK})")
_LIST_BREAK = re.compile(rf",\s+(?!{LEGAL_FORM}(?:[\s,]|$))(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_ACRONYM = re.compile(r"\((?P<letters>[A-Z][A-Z0-9&/ -]{1,14})\)")
# In brackets at the end of a name these are places, no acronyms.
_NO_ACRONYM = frozenset({"HK", "UK", "US", "USA", "PRC", "UAE", "ROC"})
_STOP = re.compile(r"\.['’”\"]*(?:\s+|(?=\d))(?=\S)")
# An address that nothing sets apart: "Ltd. 5 Main Street", "Basil Okoye Office M-2, …".
_STREET_AFTER_FORM = re.compile(rf"(?<=\s)(?:{LEGAL_FORM})(?<=\.)\s+(?=\d)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\s+(?=(?:Office|Room|Suite|Flat|P\.?\s?O\.?\s?Box)\s+(?:No\.?\s*)?[A-Z#]?-?\d)"
)
_ENDS_IN_FORM = re.compile(rf"\b{LEGAL_FORM}\W*$", re.IGNORECASE)
_PLACE_AND_FORM = re.compile(rf"{COUNTRY}\s+{LEGAL_FORM}$", re.IGNORECASE)
_DASHES = "—–-"


@dataclass(frozen=True)
class Split:
    """A name and the address after it. ``evident`` says that the rest looks like one."""

    name: str
    address: str
    evident: bool


def clean_name(text: str) -> str:
    """A name without the punctuation of the list around it; "Co., Ltd." keeps its stop."""
    text = " ".join(text.split()).strip(f"{_DASHES} ,;:")
    if text.endswith("and"):
        text = re.sub(r"(?:[;,]\s*|\s)and$", "", text).rstrip(" ,;")
    if text.rstrip(".").endswith(")") and text.count(")") > text.count("("):
        text = text.rstrip(".").removesuffix(")")
    if text.endswith(".") and not KEEPS_STOP.search(text):
        text = text.rstrip(". ")
    return text


def looks_like_address(text: str) -> bool:
    """Whether a text has a digit, an address word or a country at its end."""
    return bool(re.search(r"\d", text) or ADDRESS_WORD.search(text) or ENDS_IN_COUNTRY.search(text))


def read_name(text: str, kind: NameKind) -> tuple[ParsedName, ...]:
    """The name in ``text``, then the names that stand in its brackets.

    "Sea Glass LLC (f.k.a., Bay Glass)" holds a name and a former name; the "(NTC)" at the
    end of "Northern Tin Company (NTC)" is its acronym and stays in the name, as printed.
    """
    groups = list(_GROUP.finditer(text)) if "(" in text else []
    outside = _GROUP.sub(" ", text) if groups else text
    names = [name for name in _split_marks(outside, kind) if name.text]
    for group in groups:
        names += read_group(group["inside"])
    acronyms = [_acronym(name.text) for name in names]
    return (*names, *(ParsedName(letters, "acronym") for letters in acronyms if letters))


def _split_marks(text: str, kind: NameKind) -> list[ParsedName]:
    """Two names for "A, a.k.a., B" inside one item; a mark in front of a name is dropped."""
    if not _MARK.search(text):
        return [ParsedName(clean_name(text), kind)]
    names, kinds = _MARK.split(text), [kind, *map(mark_kind, _MARK.findall(text))]
    if not clean_name(names[0]):
        names, kinds = names[1:], kinds[1:]
    pairs = zip(names, kinds, strict=True)
    return [ParsedName(clean_name(name), its_kind) for name, its_kind in pairs]


def mark_kind(mark: str) -> NameKind:
    """What a mark such as "f.k.a.," calls the name after it."""
    return "former" if mark.strip(" ,").lower().startswith("f") else "alias"


def read_group(text: str) -> list[ParsedName]:
    """The names of a bracket such as "a.k.a., A; a.k.a. B, f.k.a., C"."""
    items = [item for item in _GROUP_BREAK.split(text) if clean_name(item)]
    kind: NameKind = "alias"
    names = []
    for item in items:
        if mark := _MARK.match(item):
            kind = mark_kind(mark[0])
        listed = item[mark.end() :] if mark else item
        parts = [listed] if len(items) > 1 else _LIST_BREAK.split(listed)
        names += [ParsedName(clean_name(part), kind) for part in parts if clean_name(part)]
    return names


def _acronym(name: str) -> str:
    """The acronym that ends a name: capitals in brackets that its words can spell."""
    if not name.endswith((")", ").")) or name.endswith("))"):
        return ""
    found = _ACRONYM.search(name)
    if found is None:
        return ""
    letters = found["letters"].strip()
    if letters in _NO_ACRONYM or LEGAL_FORMS.fullmatch(letters):
        return ""
    rest = iter(name[: found.start()].casefold())
    spelled = re.sub(r"[^A-Z]", "", letters).casefold()
    return letters if all(letter in rest for letter in spelled) else ""


def pieces(text: str) -> list[str]:
    """``text`` cut at the commas outside brackets."""
    cut, depth, start = [], 0, 0
    balanced = text.count("(") == text.count(")")
    for position, char in enumerate(text):
        depth += balanced * ((char == "(") - (char == ")"))
        if char == "," and depth <= 0:
            cut.append(text[start:position].strip())
            start = position + 1
    return [*cut, text[start:].strip()]


def merge_forms(parts: list[str]) -> list[str]:
    """Pieces with legal forms joined to the name before them: "A Co.", "Ltd." is one."""
    merged: list[str] = []
    for part in parts:
        if merged and LEGAL_FORMS.fullmatch(part):
            merged[-1] += f", {part}"
        else:
            merged.append(part)
    return merged


def split_name(text: str, *, stops: bool = False) -> Split:
    """Split "Name, Co., Ltd., Room 1, City, Country" into name and address.

    With ``stops`` a full stop may end the name too ("Parus. 8 Mira Str."), as
    it does after the last of several aliases.
    """
    if stops and (found := _name_stop(text)):
        ahead = split_name(text[: found.start() + 1])
        rest = text[found.end() :]
        if not ahead.address and looks_like_address(rest):
            return Split(clean_name(ahead.name), rest, evident=True)
    parts = [piece for piece in pieces(text) if piece]
    name, *begun = _cut_first_piece(parts.pop(0)) if parts else ("",)
    if begun:
        return Split(clean_name(name), ", ".join((*begun, *parts)), evident=True)
    while parts:
        form = LEGAL_FORMS.match(parts[0])
        tail = parts[0][form.end() :] if form else ""
        if form and _begins_address(tail):
            name += f", {form[0]}"
            parts[0] = tail
            break
        if not form and not _belongs_to(name, parts[0], is_last=len(parts) == 1):
            break
        name += f", {parts.pop(0)}"
    address = ", ".join(parts)
    return Split(clean_name(name), address, looks_like_address(address))


def _cut_first_piece(piece: str) -> tuple[str, ...]:
    """A first piece in two, when its address begins without a comma; else in one."""
    name, semicolon, rest = piece.partition("; ")
    if semicolon and name.count("(") == name.count(")"):
        return name, rest
    for gap in (_STREET_AFTER_FORM, _OFFICE):
        if found := gap.search(piece):
            return piece[: found.end()].rstrip(), piece[found.end() :]
    return (piece,)


def _name_stop(text: str) -> re.Match[str] | None:
    """The first full stop that ends a name: not one of an initial or a legal form."""
    for found in _STOP.finditer(text):
        before = text[: found.start() + 1]
        if NO_STOP.search(before) or LEGAL_FORMS.match(text, found.end()):
            continue
        return found
    return None


def _begins_address(text: str) -> bool:
    return bool(re.match(r"[#\d]", text) or ADDRESS_WORD.match(text))


def _belongs_to(name: str, piece: str, *, is_last: bool) -> bool:
    """Whether a piece after a comma goes on with the name instead of beginning the address."""
    if piece.startswith("("):
        return True
    if piece[0].islower() and not LOWER_CASE_ADDRESS.match(piece) and not re.search(r"\d", piece):
        return True
    if _PLACE_AND_FORM.match(piece):
        return True
    if is_last or ADDRESS_WORD.search(piece) or ENDS_IN_COUNTRY.search(piece):
        return False
    ordinal_aside = re.sub(r"^\d+\w*\s", "", piece)
    if re.search(r"\d", re.sub(r"\([^)]*\)", "", ordinal_aside)):
        return False
    is_second_company = _ENDS_IN_FORM.search(piece) and _ENDS_IN_FORM.search(name)
    is_own_unit = INSTITUTION.search(piece) and PARENT_INSTITUTION.search(name)
    return bool(is_second_company or is_own_unit)
