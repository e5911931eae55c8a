"""A row of Supplement No. 4 as it was published: readable, with its markup beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from entities.models import Listing

# The headings that the table prints, in the order in which a row is read.
HEADINGS = {
    "entity": "Entity",
    "requirement": "License requirement",
    "review_policy": "License review policy",
    "citation": "Federal Register citation",
}
LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*|\s*\n\s*")
# Emphasis and raised or lowered marks are read; any other markup is passed over.
RUN = re.compile(r"<(?P<tag>E|sup|sub)\b[^<>/]*>(?P<marked>[^<]*)</(?P=tag)>|<[^<>]*>")
READ_AS = {"E": "em", "sup": "sup", "sub": "sub"}


@dataclass(frozen=True)
class PublishedCell:
    """One cell: its heading as printed, its lines as text, and its markup as published."""

    heading: str
    lines: tuple[SafeString, ...]
    markup: str

    @property
    def has_markup(self) -> bool:
        return "<" in self.markup


def published_cells(listing: Listing) -> list[PublishedCell]:
    """The cells that the record holds of a listing's row, the country first."""
    country = PublishedCell("Country", (conditional_escape(listing.destination),), "")
    held: Mapping[str, str] = listing.raw
    cells = [published_cell(HEADINGS[name], held[name]) for name in HEADINGS if held.get(name)]
    return [country, *cells] if cells else []


def published_cell(heading: str, markup: str) -> PublishedCell:
    lines = (readable(line.strip()) for line in LINE_BREAK.split(markup))
    return PublishedCell(heading, tuple(line for line in lines if line), markup)


def readable(line: str) -> SafeString:
    """One line of a cell as safe HTML, which holds nothing but emphasis and marks."""
    parts: list[tuple[str | SafeString]] = []
    end = 0
    for found in RUN.finditer(line):
        parts.append((unescape(line[end : found.start()]),))
        if found["tag"]:
            tag = READ_AS[found["tag"]]
            parts.append((format_html(f"<{tag}>{{}}</{tag}>", unescape(found["marked"])),))
        end = found.end()
    parts.append((unescape(line[end:]),))
    return format_html_join("", "{}", parts)
