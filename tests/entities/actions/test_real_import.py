"""The real Entity List of March and July 2026, imported on top of the starting record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoDbBlocker

from entities.actions.import_ecfr import import_ecfr
from entities.actions.import_report import ImportReport
from entities.models import Address, Entity, ListedUnder, Listing, ListingCitation, PartyName
from policy.models import Coverage, Event, Fact
from tests.shared_data import shared
from tests.starting_record import check_now, loaded_record

pytestmark = pytest.mark.django_db

SPRING, SUMMER = date(2026, 3, 25), date(2026, 7, 18)
ZHIPU_PAGE = (90, 4619)
KINDS: tuple[type[Fact], ...] = (Listing, ListedUnder, PartyName, Address, ListingCitation)


def read(day: date, hour: int) -> ImportReport:
    path = shared(f"ecfr/title-15_part-744_{day.isoformat()}.xml")
    return import_ecfr(
        data=path.read_bytes(),
        file_name=path.name,
        as_of=day,
        at=datetime(2026, 11, 23, hour, tzinfo=UTC),
        by="tests",
    )


@pytest.fixture(scope="module")
def imports(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[ImportReport, ImportReport]]:
    """The reports of both imports; the record holds what they wrote."""
    with loaded_record(django_db_blocker):
        reports = read(SPRING, 10), read(SUMMER, 11)
        check_now()
        yield reports


@pytest.fixture(autouse=True)
def imported(imports: object) -> None:
    """Every test here looks at the record after both."""


def test_the_report_counts_what_the_file_holds(
    imports: tuple[ImportReport, ImportReport],
) -> None:
    first, _ = imports
    assert (first.rows, first.listings, first.destinations) == (3415, 3411, 91)
    assert first.created + first.changed + first.unchanged == first.listings
    assert first.entities > first.listings


def test_the_entries_of_the_starting_record_are_the_same_entities(
    imports: tuple[ImportReport, ImportReport],
) -> None:
    first, _ = imports
    assert first.created == first.listings - 27
    assert (first.changed, first.ended, first.unchanged) == (0, 0, 27)
    volume, page = ZHIPU_PAGE
    cited = ListingCitation.objects.known(None).filter(volume=volume, page=page, position=0)
    assert cited.count() == len(set(cited.values_list("entity", flat=True)))
    assert Entity.objects.filter(slug__startswith="beijing-zhipu-huazhang").count() == 1


def test_no_two_listings_say_the_same() -> None:
    held = Listing.objects.known(None).in_force(SPRING)
    digests = list(held.values_list("digest", flat=True))
    assert len(digests) - len(set(digests)) <= 1, "one row stands twice in the file itself"


def test_the_summer_s_list_changes_nothing_and_confirms_all(
    imports: tuple[ImportReport, ImportReport],
) -> None:
    first, second = imports
    assert (second.created, second.changed, second.ended) == (0, 0, 0)
    assert second.unchanged == second.listings == first.listings
    for model in KINDS:
        assert not model.objects.filter(recorded=second.revision).exists()
        assert not model.objects.filter(superseded=second.revision).exists()
    assert not Event.objects.filter(revision=second.revision).exists()
    assert Coverage.objects.known(None).get(topic="entity-list").until == SUMMER
    assert Coverage.objects.known(first.revision).get(topic="entity-list").until == SPRING


def test_a_first_import_is_no_news(imports: tuple[ImportReport, ImportReport]) -> None:
    first, _ = imports
    events = Event.objects.filter(revision=first.revision)
    assert events.count() == first.created
    assert not events.filter(baseline=False).exists()


def test_every_fact_cites_the_snapshot_that_says_so() -> None:
    slug = "ecfr-744-supplement-4-2026-03-25"
    since = Listing.objects.known(None).exclude(entity__slug__contains="zhipu")
    assert since.filter(source__slug=slug).count() > 3300
    assert not Listing.objects.filter(source=None).exists()


def test_the_list_can_be_read_on_any_day_of_its_past() -> None:
    held = Listing.objects.known(None)
    on = [held.in_force(date(year, 12, 31)).count() for year in range(2014, 2027)]
    assert on == sorted(on)
    assert on[0] > 300
    assert on[-1] == 3411
    huawei = held.filter(name__startswith="Huawei Technologies Co").order_by("valid_from").first()
    assert huawei
    assert huawei.valid_from == date(2019, 5, 21)


def test_where_a_start_is_only_printed_as_publication_the_fact_says_so() -> None:
    held = Listing.objects.known(None).in_force(SUMMER)
    assert held.filter(reconstructed=False).count() >= 27
    assert not held.filter(valid_from__isnull=True, reconstructed=False).exists()
