"""Which Federal Register document a citation means: known by its pages, else a stub."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from policy.domain.citations import FrCitation
from policy.models import Document, DocumentFact


@dataclass(frozen=True)
class KnownDocuments:
    """The Federal Register documents of the record, to be found by volume and page."""

    facts: Sequence[DocumentFact] = ()
    by_volume: dict[int, list[DocumentFact]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.facts:
            if fact.volume:
                self.by_volume.setdefault(fact.volume, []).append(fact)

    @classmethod
    def now(cls) -> "KnownDocuments":
        """What the record knows at this moment."""
        return cls(list(DocumentFact.objects.known(None).select_related("document__source")))

    def find(self, citation: FrCitation) -> DocumentFact | None:
        """The one document whose pages hold the cited one, or None where that is not certain.

        Lists cite the amending page, not the first one, so a page joins by the document's
        page range, or by the pages known to be its own where its last page is not known. A
        citation that prints another day than that of publication names another document.
        """
        found = [
            fact
            for fact in self.by_volume.get(citation.volume, [])
            if fact.holds_page(citation.page) and same_day(fact, citation.published)
        ]
        return found[0] if len({fact.document.number for fact in found}) == 1 else None


def same_day(fact: DocumentFact, published: date | None) -> bool:
    known = fact.published and fact.published_precision == "day" and published
    return not known or fact.published == published


@dataclass(frozen=True)
class Joins:
    """Every citation of one import with the document that it means.

    ``stubs`` are by key; see ``stub_key``. Without them only known documents are found.
    """

    known: KnownDocuments = field(default_factory=KnownDocuments)
    stubs: dict[str, Document] = field(default_factory=dict)

    def fact(self, citation: FrCitation) -> DocumentFact | None:
        return self.known.find(citation)

    def document(self, citation: FrCitation) -> Document | None:
        """The known document, else the stub of the citation, else None."""
        fact = self.known.find(citation)
        return fact.document if fact else self.stubs.get(stub_key(citation))


def stub_key(citation: FrCitation) -> str:
    """The public id of a stub: ``90-FR-48193-2025-10-09``, without the day if none is printed.

    A citation printed with two days names two documents: the record cannot tell which is
    right.
    """
    day = f"-{citation.published.isoformat()}" if citation.published else ""
    return f"{citation.volume}-FR-{citation.page}{day}"


def find_document(public_id: str) -> Document | None:
    """The document of an address: by its number, or a stub by its key, or by page alone."""
    documents = Document.objects.select_related("source", "merged_into__source")
    found = documents.filter(number=public_id).first()
    found = found or documents.filter(cited=public_id).first()
    return found or documents.filter(cited__startswith=f"{public_id}-").order_by("cited").first()
