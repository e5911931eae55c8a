"""Reactions, organisations and claims as of a day."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from policy.models import Claim, Organization, Reaction
from policy.queries.asof import Reading


def reactions(reading: Reading) -> QuerySet[Reaction]:
    """Every statement made by the asked day, newest first."""
    rows: QuerySet[Reaction] = Reaction.objects.known(reading.asof.revision).begun(reading.on)
    rows = rows.select_related("organization", "person", "rule", "source", "also")
    return rows.order_by("-valid_from", "slug")


def claims(reading: Reading) -> QuerySet[Claim]:
    rows: QuerySet[Claim] = Claim.objects.known(reading.asof.revision).begun(reading.on)
    rows = rows.select_related("organization", "rule", "source", "also", "primary")
    return rows.order_by("valid_from", "slug")


@dataclass(frozen=True)
class StanceLine:
    """One organisation's statements in the order in which they were made."""

    organization: Organization
    reactions: tuple[Reaction, ...]

    @property
    def latest(self) -> Reaction:
        return self.reactions[-1]


def stance_lines(rows: QuerySet[Reaction]) -> list[StanceLine]:
    """Stance over time, one line an organisation, by name."""
    by_organization: dict[Organization, list[Reaction]] = defaultdict(list)
    for row in rows.order_by("valid_from", "slug"):
        by_organization[row.organization].append(row)
    lines = [StanceLine(o, tuple(made)) for o, made in by_organization.items()]
    return sorted(lines, key=lambda line: line.organization.name.casefold())
