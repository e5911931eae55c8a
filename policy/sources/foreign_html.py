"""Markup that strangers wrote, as the plain text that a reader would have seen."""

import re
import unicodedata
from html.parser import HTMLParser

# What stands inside these was never meant to be read.
_UNSEEN = frozenset(
    {"script", "style", "template", "title", "head", "noscript", "iframe", "object"}
)
_BREAKS = frozenset(
    {"address", "article", "blockquote", "br", "div", "dd", "dl", "dt", "footer", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


class _Reader(HTMLParser):
    """Collects the text; elements that make a line of their own become line breaks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen.append(tag)
        self.break_line(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.break_line(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unseen:
            # What was opened inside it and never closed ends with it.
            del self.unseen[self.unseen.index(tag) :]
        self.break_line(tag)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)

    def break_line(self, tag: str) -> None:
        if tag in _BREAKS and not self.unseen:
            self.parts.append("\n")


def plain_text(markup: str) -> str:
    """The words of ``markup`` without elements, scripts, comments and invisible characters.

    The result is text, not markup: a "<" in it was printed as one, and whoever shows it on a
    page escapes it. Lines are kept where the markup broke them; other white space is one space.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    text = "".join(_visible(char) for char in "".join(reader.parts))
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def _visible(char: str) -> str:
    if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return char
    # A tab or a return parts words; a mark that nobody sees does not.
    return " " if char.isspace() else ""
