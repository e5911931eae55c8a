"""A country whose group changes: the smallest record there is."""

from datetime import UTC, date, datetime, timedelta

from policy.actions.facts import Written, set_portion
from policy.actions.revisions import new_revision
from policy.models import Country, CountryGroup, Revision, Source

AT = datetime(2026, 10, 1, 12, tzinfo=UTC)
JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))
D5 = CountryGroup.Group.D5
ELSE = CountryGroup.Group.EVERYONE_ELSE
LISTED = CountryGroup.Group.SUPPLEMENT_5_A


def make_places() -> None:
    for key, name in (("kh", "Cambodia"), ("mo", "Macau")):
        Country.objects.create(key=key, name=name, kind="country")


def source(slug: str = "order") -> Source:
    found, _ = Source.objects.get_or_create(
        slug=slug, defaults={"kind": Source.Kind.FEDERAL_REGISTER, "title": "An order"}
    )
    return found


def group(
    start: date | None, end: date | None, value: str = D5, country: str = "kh"
) -> CountryGroup:
    """An unsaved fact."""
    return CountryGroup(
        country_id=country,
        scheme=CountryGroup.Scheme.D5,
        group=value,
        valid_from=start,
        valid_until=end,
        source=source(),
    )


def put(fact: CountryGroup, because: str = "The order says so.") -> Written[CountryGroup]:
    """Put a fact in force, in a revision of its own."""
    number = Revision.objects.count()
    with new_revision(
        by="tests", kind=Revision.Kind.RECORD, reason="A test", at=AT + timedelta(hours=number)
    ) as revision:
        return set_portion(fact, revision=revision, because=because)


def group_on(day: date, known: int | None = None, country: str = "kh") -> str | None:
    rows = CountryGroup.objects.known(known).in_force(day).filter(country=country)
    return rows.values_list("group", flat=True).first()


def spans(known: int | None = None) -> list[tuple[date | None, date | None, str]]:
    """The rows of Cambodia that stood after a revision, in order of time."""
    rows = CountryGroup.objects.known(known).filter(country="kh")
    found = rows.values_list("valid_from", "valid_until", "group")
    return sorted(found, key=lambda row: row[0] or date.min)
