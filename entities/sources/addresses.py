"""Addresses in a cell of the Entity List: where one ends and the next begins."""

import re

from entities.sources.lexicon import COUNTRY

_LABEL = re.compile(
    r"\(?\b(?:(?:alt(?:ernate)?\.?\s+)?address(?:es)?(?:\s+for\s+[^:;\n]{1,80})?)\s*:\s*",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\b\w(?:\.\w)+\.$")
# A semicolon ends an address. A bare "and" does so only after a country, perhaps with a
# postcode ("…, Germany, and Am Hafen 24"); "Building 1 and Building 2" stays whole.
_BREAK = re.compile(
    rf"\s*;\s*(?:and\b[\s,]*|and(?=[\dA-Z]))?|"
    rf"(?<=\W)(?P<country>{COUNTRY}\.?(?:[.\s,]+[\w-]*\d[\w-]*)?(?:\.?\s*\([^()]*\))?)"
    rf"[.\s,]*\s+and\s+(?=[\dA-Z#])"
)


def split_addresses(text: str) -> tuple[str, ...]:
    """Cut ``text`` into its addresses. What cannot be cut surely stays in one piece.

    Line breaks are white space, except that one before a label ("Alt Address:") ends the
    address above it. Semicolons in brackets cut nothing.
    """
    if "ddress" in text:
        text = _LABEL.sub("; ", text)
    text = " ".join(text.split())
    return tuple(address for part in _outer_parts(text) if (address := clean_address(part)))


def clean_address(text: str) -> str:
    """An address without the punctuation of the list around it."""
    text = " ".join(text.split()).strip(" ,;:—")
    if text.endswith("and"):
        text = re.sub(r"[.\s,;]*[;,]\s*and$", "", text)
    if text.count(")") > text.count("("):
        text = text.rstrip(".").removesuffix(")")
    if text.endswith(".") and _ABBREVIATION.search(text):
        return text
    return text.rstrip(". ,")


def _outer_parts(text: str) -> list[str]:
    """``text`` cut at the breaks outside brackets."""
    parts, start = [], 0
    for found in _BREAK.finditer(text):
        end = found.end("country") if found["country"] else found.start()
        before = text[start:end]
        if before.count("(") <= before.count(")"):
            parts.append(before)
            start = found.end()
    return [*parts, text[start:]]
