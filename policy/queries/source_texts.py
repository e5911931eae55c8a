"""The texts of sources: what was stored, what the record holds, and whether a quote is there."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass

from policy.domain.quotes import Found, Piece, find_quote, pieces_of
from policy.models import (
    Change,
    DocumentFact,
    SectionText,
    Snapshot,
    SnapshotContent,
    Source,
    SourceText,
)
from policy.sources.safe_xml import read_xml

# Characters: a long rule has half a million, and a page has to stay one that opens.
LONGEST_TEXT = 1_000_000
# Paragraphs beside a quote that a page shows of a long text, and from which length on.
LONG, BESIDE = 60_000, 4_000
HowStored = SourceText.How


@dataclass(frozen=True)
class HeldText:
    """A text that the record holds of a source; ``key`` names it in a form."""

    key: str
    label: str
    how: str
    text: str


@dataclass(frozen=True)
class Beside:
    """The text of a source beside a quote, and what it holds of it."""

    source: Source | None
    stored: SourceText | None
    quote: str
    found: Found

    @property
    def pieces(self) -> list[Piece]:
        """The text with the quote marked; of a long one the stretch around the first place."""
        if self.stored is None:
            return []
        text = self.stored.text
        pieces = pieces_of(text, self.found.spans)
        return pieces if len(text) <= LONG else around(pieces)

    @property
    def is_missing(self) -> bool:
        """Whether the text is there and does not hold the quote: an approver is told."""
        return bool(self.stored and self.quote.strip() and not self.found.is_held)

    @property
    def sentence(self) -> str:
        """What is to be said of the quote, for a person."""
        if self.source is None:
            return "Choose a source, and its text stands here."
        if self.stored is None:
            return "The text of this source is not stored, so nobody can check the quote here."
        if not self.quote.strip():
            return "No words are quoted yet. Select them in the text."
        if not self.found.is_held:
            lacking = "; ".join(f"“{words}”" for words in self.found.missing)
            return f"Not in the text of the source: {lacking or 'the quote'}."
        times = self.found.times
        return f"Found {times} times in the text." if times > 1 else "Found in the text."


def around(pieces: list[Piece]) -> list[Piece]:
    """A long text cut to its beginning and what stands beside the first quoted words."""
    first = next((n for n, piece in enumerate(pieces) if piece.is_quoted), None)
    if first is None:
        return [Piece(pieces[0].text[:LONG] + "\n…", False)]
    before = pieces[first - 1].text if first else ""
    after = pieces[first + 1].text if first + 1 < len(pieces) else ""
    head = ("…\n" if len(before) > BESIDE else "") + before[-BESIDE:]
    tail = after[:BESIDE] + ("\n…" if len(after) > BESIDE else "")
    return [Piece(head, False), pieces[first], Piece(tail, False)]


def newest_text(source: Source) -> SourceText | None:
    return SourceText.objects.filter(source=source).order_by("pk").last()


def beside(source: Source | None, quote: str) -> Beside:
    """One query where there is a source, none where there is not."""
    stored = newest_text(source) if source else None
    return Beside(source, stored, quote, find_quote(quote, stored.text if stored else ""))


def beside_change(change: Change) -> Beside:
    """What whoever writes or approves a change sees beside it."""
    return beside(change.source, change.quote)


def held_texts(source: Source) -> list[HeldText]:
    """What the record holds of a source's words, which may be stored as its text."""
    return [*document_texts(source), *section_texts(source), *snapshot_texts(source)]


def document_texts(source: Source) -> Iterable[HeldText]:
    rows = DocumentFact.objects.known(None).filter(document__source=source)
    for row in rows.order_by("-valid_from")[:1]:
        parts = [row.title, row.action, row.dates_text, row.abstract]
        text = "\n\n".join(part for part in parts if part)
        label = "Title, action, DATES paragraph and abstract, as the Federal Register gives them"
        yield HeldText("document", label, HowStored.IMPORTED, text)


def section_texts(source: Source) -> Iterable[HeldText]:
    rows = SectionText.objects.known(None).filter(source=source).select_related("section")
    for row in rows.order_by("section__part", "section__position"):
        yield HeldText(f"section-{row.pk}", str(row.section), HowStored.IMPORTED, row.whole)


def snapshot_texts(source: Source) -> Iterable[HeldText]:
    snapshot = Snapshot.objects.filter(source=source).first()
    # Bytes before compression: a larger file has more words than a page can show.
    if snapshot is None or snapshot.size > LONGEST_TEXT:
        return
    held = SnapshotContent.objects.filter(snapshot=snapshot).first()
    if held is not None:
        text = words_of_file(gzip.decompress(bytes(held.gzipped)))
        yield HeldText("snapshot", f"The file {snapshot.file_name}", HowStored.FETCHED, text)


def words_of_file(data: bytes) -> str:
    """The words of a kept file: of XML without its tags, of anything else as it is."""
    if not data.lstrip().startswith(b"<"):
        return data.decode(errors="replace")
    lines = (" ".join(str(words).split()) for words in read_xml(data).itertext())
    return "\n".join(line for line in lines if line)
