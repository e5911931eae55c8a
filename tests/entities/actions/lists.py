"""A small Entity List, printed again and again, and the calls that import it."""

from datetime import UTC, date, datetime

from django.db.models import Model

from entities.actions.import_ecfr import import_ecfr
from entities.actions.import_report import ImportReport
from entities.models import Address, Entity, Listing, ListingCitation, ListTerm, PartyName
from policy.models import Country, Coverage, Event, Revision, Snapshot, SnapshotContent, Source
from tests.entities.sources.samples import part744, row

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
SPRING = date(2026, 3, 25)
SUMMER = date(2026, 7, 18)
WRITTEN: tuple[type[Model], ...] = (
    *(Revision, Source, Snapshot, SnapshotContent, Coverage, Event),
    *(Entity, Listing, PartyName, Address, ListingCitation, ListTerm),
)

GLASS = row("AZERBAIJAN", "Sea Glass LLC, a.k.a., the following one alias:<br/>—SGL.<br/>5 Bay Rd.")
DOCK = row("BELIZE", "Dry Dock Ltd., 2 Harbor Street, Belize City.", citation="85 FR 1, 1/2/20.")
# The same company again: a name identifies nobody.
TWIN = row(" ", "Dry Dock Ltd., 9 Hill Street, Belmopan.", citation="87 FR 77, 3/4/22.")
GROUP = row(
    "BELIZE",
    "Great River Academy, and one subordinate institution:<br/>"
    "Subordinate institution<br/>23rd Research Institute.",
    citation="83 FR 37427, 8/1/18.",
)
LIST = (GLASS, DOCK, TWIN)


def make_places() -> None:
    for key, name, printed in (("az", "Azerbaijan", "AZERBAIJAN"), ("bz", "Belize", "BELIZE")):
        Country.objects.create(key=key, name=name, kind="country", entity_list_names=[printed])


def import_rows(
    *rows: str, day: date = SPRING, footnotes: str = "", backfill: bool = False
) -> ImportReport:
    """Import a list of ``rows`` as the eCFR would serve it for ``day``."""
    return import_bytes(part744(*rows, footnotes=footnotes), day=day, backfill=backfill)


def import_bytes(
    data: bytes,
    *,
    day: date = SPRING,
    at: datetime = NOW,
    backfill: bool = False,
    accept_losses: bool = False,
) -> ImportReport:
    return import_ecfr(
        data=data,
        file_name="part744.xml",
        as_of=day,
        at=at,
        by="tests",
        backfill=backfill,
        accept_losses=accept_losses,
    )


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.ended, report.unchanged


def everything() -> dict[str, int]:
    """How many rows each table that an import writes has."""
    return {model.__name__: model._default_manager.count() for model in WRITTEN}


def listed(on: date, known: int | None = None) -> list[str]:
    """Names in force on a day, as known after a revision."""
    rows = Listing.objects.known(known).in_force(on)
    return sorted(rows.values_list("name", flat=True))


def addresses(slug: str, on: date) -> set[str]:
    rows = Address.objects.known(None).in_force(on).filter(entity__slug=slug)
    return set(rows.values_list("text", flat=True))
