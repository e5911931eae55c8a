"""A part that is imported again and again, and the documents that may have amended it."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from hashlib import sha256

from policy.actions.revisions import new_revision
from policy.actions.sections import SectionsReport, import_sections
from policy.models import Document, DocumentFact, Revision, SectionText, Source
from policy.sources.ecfr_part import parse_part
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import read_xml
from tests.policy.sources.parts import part

AT = datetime(2026, 11, 23, 17, tzinfo=UTC)
SPRING, SUMMER, AUTUMN = date(2026, 3, 25), date(2026, 7, 18), date(2026, 10, 1)


def revise() -> AbstractContextManager[Revision]:
    return new_revision(by="tests", kind=Revision.Kind.IMPORT, reason="A test", at=AT)


def import_part(
    *sections: str, day: date = SPRING, number: str = "742", accept_losses: bool = False
) -> SectionsReport:
    data = part(number, *sections)
    with revise() as revision:
        return import_sections(
            parsed=parse_part(read_xml(data)),
            file=InputFile("part.xml", data),
            sha256=sha256(data).hexdigest(),
            as_of=day,
            revision=revision,
            accept_losses=accept_losses,
        )


def acts(report: SectionsReport) -> tuple[int, int, int, int]:
    return report.added, report.amended, report.removed, report.unchanged


def know_document(number: str, **values: object) -> DocumentFact:
    """A document that the record knows, in a revision of its own."""
    source = Source.objects.create(slug=number, kind=Source.Kind.FEDERAL_REGISTER, title=number)
    document = Document.objects.create(number=number, source=source)
    defaults: dict[str, object] = {"title": number, "valid_from": date(2025, 1, 1)}
    with revise() as revision:
        return DocumentFact.objects.create(
            document=document, source=source, recorded=revision, **defaults | values
        )


def text_on(day: date, identifier: str = "742.1", known: int | None = None) -> str | None:
    rows = SectionText.objects.known(known).in_force(day).filter(section__identifier=identifier)
    return rows.values_list("text", flat=True).first()
