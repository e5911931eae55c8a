"""Country groups on a day: for the map, its table, its slider, and one country."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from policy.models import Country, CountryGroup
from policy.queries.asof import Reading

# The day the AI Diffusion rule took effect: before it there were only Country Groups.
# 90 FR 4544, DATES.
DIFFUSION_EFFECTIVE = date(2025, 1, 13)


@dataclass(frozen=True)
class Placement:
    """A country and its groups on a day; None where the record states none."""

    country: Country
    diffusion: CountryGroup | None
    d5: CountryGroup | None

    @property
    def shown(self) -> CountryGroup | None:
        """The group that the map colours: the rule's once it is in effect, else D:5."""
        return self.diffusion or self.d5

    @property
    def group(self) -> str:
        return self.shown.group if self.shown else "none"

    @property
    def follows(self) -> bool:
        """Whether the group is derived from that of another destination."""
        return self.shown is not None and self.shown.derived_from_id is not None


@dataclass(frozen=True)
class GroupCount:
    """A group's destinations; ``followers`` are territories that are in it as their state is."""

    group: str
    label: str
    count: int
    followers: int = 0

    @property
    def note(self) -> str:
        """The followers in words, for a legend; empty if there are none."""
        if not self.followers:
            return ""
        if self.followers == 1:
            return "and 1 territory that follows its state"
        return f"and {self.followers} territories that follow their state"


def groups_as_of(reading: Reading) -> QuerySet[CountryGroup]:
    rows: QuerySet[CountryGroup] = CountryGroup.objects.as_of(reading.asof)
    return rows.select_related("source", "also", "derived_from")


def placements(reading: Reading) -> list[Placement]:
    """Every country with its groups on the day, by name."""
    found = {(g.country_id, g.scheme): g for g in groups_as_of(reading)}
    return [
        Placement(
            country=country,
            diffusion=found.get((country.key, CountryGroup.Scheme.DIFFUSION)),
            d5=found.get((country.key, CountryGroup.Scheme.D5)),
        )
        for country in Country.objects.select_related("parent").order_by("name")
    ]


def placement(country: Country, reading: Reading) -> Placement:
    found = {g.scheme: g for g in groups_as_of(reading).filter(country=country)}
    return Placement(
        country,
        diffusion=found.get(CountryGroup.Scheme.DIFFUSION),
        d5=found.get(CountryGroup.Scheme.D5),
    )


def count_groups(placed: list[Placement]) -> list[GroupCount]:
    """How many destinations each shown group holds, in the order of the groups' definition."""
    counts = Counter((p.group, p.follows) for p in placed)
    labels = dict(CountryGroup.Group.choices) | {"none": "In no group that the record states"}
    groups = [
        GroupCount(g, str(label), counts[g, False], counts[g, True]) for g, label in labels.items()
    ]
    return [group for group in groups if group.count or group.followers]


def history(country: Country, reading: Reading) -> list[CountryGroup]:
    """The known groups of a country that had begun by the asked day, newest first."""
    rows = CountryGroup.objects.known(reading.asof.revision).begun(reading.on)
    rows = rows.filter(country=country).select_related("source", "also", "derived_from")
    return list(rows.order_by("scheme", "-valid_from"))


def change_days(reading: Reading) -> list[date]:
    """The days on which some country's group changed, as known: the slider's stops."""
    rows = CountryGroup.objects.known(reading.asof.revision)
    begins = rows.filter(valid_from__isnull=False).values_list("valid_from", flat=True)
    ends = rows.filter(valid_until__isnull=False).values_list("valid_until", flat=True)
    return sorted({*begins, *ends})


def find_countries(text: str) -> QuerySet[Country]:
    """Countries whose name, key or other name is ``text``, else those that hold it."""
    exact = Country.objects.filter(
        Q(name__iexact=text) | Q(key__iexact=text) | Q(iso3__iexact=text)
    )
    if exact.exists():
        return exact
    folded = text.casefold()
    keys = [
        country.key
        for country in Country.objects.all()
        if any(folded == name.casefold() for name in country.other_names)
    ]
    if keys:
        return Country.objects.filter(key__in=keys)
    return Country.objects.filter(Q(name__icontains=text))


def slider_stops(reading: Reading) -> list[date]:
    """The first of each month that the record covers, and every day on which a group changed.

    Twelve months before the rule took effect are included, so that its coming can be seen.
    """
    changes = change_days(reading)
    last = max([reading.coverage_end or DIFFUSION_EFFECTIVE, *changes])
    first = DIFFUSION_EFFECTIVE.replace(year=DIFFUSION_EFFECTIVE.year - 1, day=1)
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    return sorted({*months, *(day for day in changes if day >= first), last})
