"""A dossier as a PDF that can be searched, whatever script its names are in.

The fonts are embedded, so that 智谱 is printed where no Chinese font is installed. The file
bears no moment of its making: the same dossier gives the same bytes.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import fontpkg_noto_sans
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from policy.domain.partial_dates import day_text
from policy.queries.dossier import Dossier

# The first has the letters of Europe, the second those of China.
FONT, CHINESE = "noto", "noto-chinese"
LETTERS = fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf"
# Of a file whose record holds no revision yet; a date has to stand there.
NO_REVISION = datetime(1970, 1, 1, tzinfo=UTC)
SOFT, INK, ACCENT = (90, 90, 96), (20, 20, 24), (150, 30, 25)
HEADING, TITLE, TEXT, SMALL = 18.0, 12.0, 9.5, 7.5
LINE = 1.45


class Pages(FPDF):
    """A4 pages whose foot names the dossier, its checksum and the page."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__()
        self.dossier = dossier
        self.add_font(FONT, "", LETTERS)
        self.add_font(CHINESE, "", sans_path())
        self.set_fallback_fonts([CHINESE], exact_match=False)
        self.set_title(f"Earmark dossier: {dossier.subject.scope.title}")
        self.set_lang("en")
        made = dossier.revision.recorded_at if dossier.revision else NO_REVISION
        self.set_creation_date(made.astimezone(UTC))
        self.set_margins(18, 16, 18)
        self.set_auto_page_break(True, 20)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.write_line(f"SHA-256 of the JSON {self.dossier.checksum}", SMALL, SOFT)
        self.write_line(f"{self.dossier.subject.id} · page {self.page_no()}", SMALL, SOFT)

    def write_line(
        self, text: str, size: float = TEXT, colour: tuple[int, int, int] = INK, indent: float = 0
    ) -> None:
        self.set_font(FONT, size=size)
        self.set_text_color(*colour)
        self.set_x(self.l_margin + indent)
        height = size * LINE / self.k
        self.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def pdf_of(dossier: Dossier) -> bytes:
    """The whole dossier as a PDF."""
    pages = Pages(dossier)
    write_head(pages, dossier)
    kind = ""
    for fact in dossier.facts:
        if fact["kind"] != kind:
            kind = fact["kind"]
            pages.ln(4)
            pages.write_line(kind, TITLE, ACCENT)
        write_fact(pages, fact)
    return bytes(pages.output())


def write_head(pages: Pages, dossier: Dossier) -> None:
    said = dossier.said
    pages.write_line(f"Dossier of the {said['subject']['kind']}", SMALL, ACCENT)
    pages.write_line(said["subject"]["title"], HEADING)
    pages.write_line(f"Read for {day(said['on'])}; Eastern calendar days.", TEXT, SOFT)
    if said["revision"] is None:
        pages.write_line("The record held no revision at the moment asked for.")
        return
    revision = said["revision"]
    pages.write_line(
        f"As known after revision {revision['number']} of {revision['recorded_at']}, by "
        f"{revision['by']}: {revision['reason']}"
    )
    pages.write_line(f"Seal of the revision: {revision['seal']}", SMALL, SOFT)
    pages.write_line(f"SHA-256 of the JSON: {dossier.checksum}", SMALL, SOFT)
    pages.write_line(f"{len(dossier.facts)} facts. Not legal advice.", SMALL, SOFT)


def write_fact(pages: Pages, fact: Mapping[str, Any]) -> None:
    pages.ln(2.5)
    pages.write_line(fact["title"], TEXT + 1)
    for text in lines_of(fact):
        pages.write_line(text, TEXT, INK, indent=4)
    for text in history_of(fact):
        pages.write_line(text, SMALL, SOFT, indent=4)


def lines_of(fact: Mapping[str, Any]) -> Iterator[str]:
    start, end = fact["valid_from"], fact["valid_until"]
    since = f"from {day(start)}" if start else "since before the first source"
    until = f" up to, and not including, {day(end)}" if end else ""
    yield f"In force {since}{until}{'' if fact['in_force'] else ' (not on the day read for)'}"
    for label, text in fact["says"].items():
        yield f"{label}: {text}"
    for name in ("source", "also"):
        if source := fact[name]:
            words = filter(None, (source["citation"], source["title"], source["url"]))
            yield f"{name.capitalize()}: {' · '.join(words)}"
    for name in ("quote", "note", "confidence"):
        if fact[name]:
            yield f"{name.capitalize()}: {fact[name]}"


def history_of(fact: Mapping[str, Any]) -> Iterator[str]:
    recorded = fact["recorded"]
    yield (
        f"Recorded by revision {recorded['number']} of {recorded['recorded_at']}, by "
        f"{recorded['by']}: {recorded['reason']}"
    )
    for entry in fact["history"]:
        because = f" because: {entry['because']}" if entry["because"] else ""
        yield (
            f"{entry['position']}. {entry['act']} by revision {entry['revision']}{because}, "
            f"hash {entry['hash']}"
        )


def day(text: str) -> str:
    return day_text(datetime.fromisoformat(text).date())
