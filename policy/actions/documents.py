"""Stubs: documents that are cited before the record knows them, and what becomes of them."""

from collections.abc import Iterable

from policy.actions.identities import note_identities
from policy.domain.citations import FrCitation
from policy.domain.partial_dates import day_text
from policy.models import Document, Revision, Source
from policy.queries.cited import Joins, KnownDocuments, stub_key
from policy.registry import learned_of_documents

# SQLite takes at most 32,766 variables in one statement.
CHUNK = 2000


def join_citations(citations: Iterable[FrCitation]) -> Joins:
    """Each citation's document; one that no known document's pages hold gets a stub.

    Call it inside the revision of an import.
    """
    known = KnownDocuments.now()
    unknown = {stub_key(c): c for c in citations if known.find(c) is None}
    return Joins(known, stubs_for(unknown))


def stubs_for(citations: dict[str, FrCitation]) -> dict[str, Document]:
    """The stubs of citations by their keys, made where there was none."""
    keys = list(citations)
    found: dict[str, Document] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Document.objects.filter(cited__in=keys[start : start + CHUNK])
        found |= {str(row.cited): row for row in rows.select_related("merged_into")}
    fresh = {key: citation for key, citation in citations.items() if key not in found}
    sources = Source.objects.bulk_create(stub_source(key, c) for key, c in fresh.items())
    note_identities(sources)
    made = Document.objects.bulk_create(
        Document(
            source=source,
            cited=key,
            cited_volume=citation.volume,
            cited_page=citation.page,
            cited_published=citation.published,
        )
        for source, (key, citation) in zip(sources, fresh.items(), strict=True)
    )
    note_identities(made)
    return found | {str(row.cited): row for row in made}


def stub_source(key: str, citation: FrCitation) -> Source:
    day = f", {day_text(citation.published)}" if citation.published else ""
    return Source(
        slug=key.lower(),
        kind=Source.Kind.FEDERAL_REGISTER,
        title=f"Federal Register document at {citation}{day} (number and title not held)",
        publisher="Federal Register",
        url=f"https://www.federalregister.gov/citation/{citation.volume}-FR-{citation.page}",
        citation=str(citation),
        published=citation.published,
    )


def adopt_stubs(*, revision: Revision) -> list[Document]:
    """Merge every stub into the document whose pages are now known to hold the cited one.

    Call it at the end of a revision that may have learned a document's pages, such as an
    import of the Federal Register. Several stubs may turn out to be one document. The stub
    stays, so that its address and what points to it go on to lead somewhere. Other apps then
    take in what was learned. Returns the stubs that were merged.
    """
    stubs = list(Document.objects.filter(number__isnull=True, merged_into__isnull=True))
    known = KnownDocuments.now() if stubs else KnownDocuments()
    merged = []
    for stub in stubs:
        fact = known.find(cited_by(stub))
        if fact:
            stub.merged_into, stub.merged = fact.document, revision
            merged.append(stub)
    Document.objects.bulk_update(merged, ["merged_into", "merged"], batch_size=500)
    note_identities(merged)
    learned_of_documents(revision)
    return merged


def cited_by(stub: Document) -> FrCitation:
    return FrCitation(stub.cited_volume or 0, stub.cited_page or 0, stub.cited_published)
