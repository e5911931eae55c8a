"""The read-only JSON of the policy pages: the same queries, the same two parameters.

Days are Eastern calendar days, spans are half-open, instants are UTC. Null is "not known".
"""

from types import SimpleNamespace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Query, Router
from ninja.errors import HttpError
from ninja.pagination import PageNumberPagination, paginate

from policy.api_schemas import (
    DeadlineDetailOut,
    DeadlineOut,
    Faults,
    PointInTime,
    Problem,
    ReactionOut,
    RuleDetailOut,
    RuleOut,
    TierDetailOut,
    TierOut,
)
from policy.http import ReadingRequest
from policy.models import Country, Deadline, Reaction, Rule
from policy.queries.deadlines import (
    DatedDeadline,
    Receipts,
    dated_deadline,
    dated_deadlines,
    receipts_of,
)
from policy.queries.rules import RuleLine, rule_lines, rule_page
from policy.queries.tiers import Placement, history, placement, placements
from policy.queries.voices import reactions as reactions_as_of

router = Router()
PER_PAGE = 100
# Far beyond any list; a larger offset does not fit a database's integers.
MOST_PAGES = 100_000
PROBLEMS: dict[int, Any] = {400: Problem, 422: Faults}
M = TypeVar("M", bound=Model)


class Pages(PageNumberPagination):
    """Pages of a list, from 1; a page past the end is empty."""

    class Input(PageNumberPagination.Input):
        page: int = Field(1, ge=1, le=MOST_PAGES)


def one(rows: "QuerySet[M]", what: str, **key: str) -> M:
    """The row with the key. Raises HttpError 404 with a sentence where there is none."""
    found = rows.filter(**key).first()
    if found is None:
        raise HttpError(404, f"The record holds no {what} “{'/'.join(key.values())}”.")
    return found


@router.get("/rules", response={200: list[RuleOut], **PROBLEMS}, summary="Rules")
@paginate(Pages, page_size=PER_PAGE)
def rules(request: ReadingRequest, point: Query[PointInTime], q: str = "") -> list[RuleLine]:
    """Rules whose document had appeared by ``on``; ``q``: words of the title, or a number."""
    return [line for line in rule_lines(request.reading, Rule.objects.all()) if line.matches(q)]


@router.get(
    "/rules/{slug}", response={200: RuleDetailOut, **PROBLEMS, 404: Problem}, summary="One rule"
)
def rule(request: ReadingRequest, slug: str, point: Query[PointInTime]) -> Any:
    """A rule with its provisions on both axes, its dates and the reactions to it."""
    found = one(Rule.objects.select_related("docket"), "rule", slug=slug)
    return rule_page(found, request.reading)


@router.get("/deadlines", response={200: list[DeadlineOut], **PROBLEMS}, summary="Deadlines")
@paginate(Pages, page_size=PER_PAGE)
def deadlines(
    request: ReadingRequest, point: Query[PointInTime], q: str = "", kind: str = ""
) -> list[DatedDeadline]:
    """Every date that a document had set by ``on``, earliest first."""
    return [
        dated
        for dated in dated_deadlines(request.reading)
        if kind in ("", dated.deadline.kind) and dated.matches(q)
    ]


@router.get(
    "/deadlines/{slug}",
    response={200: DeadlineDetailOut, **PROBLEMS, 404: Problem},
    summary="One deadline",
)
def deadline(request: ReadingRequest, slug: str, point: Query[PointInTime]) -> Any:
    """A date with the receipt of how it came about."""
    every = Deadline.objects.select_related("rule", "docket", "provision")
    found = one(every, "deadline", slug=slug)
    dated = dated_deadline(found, request.reading)
    if not dated.history:
        raise HttpError(404, f"No document had set the date “{slug}” by the day asked for.")
    receipts = receipts_of(dated.current, request.reading) if dated.current else Receipts()
    return SimpleNamespace(
        deadline=found,
        current=dated.current,
        history=dated.history,
        told=dated.told,
        on=dated.on,
        days_left=dated.days_left,
        receipts={basis: found.as_json() for basis, found in receipts.by_basis.items()},
    )


@router.get("/tiers", response={200: list[TierOut], **PROBLEMS}, summary="Country groups")
@paginate(Pages, page_size=PER_PAGE)
def tiers(
    request: ReadingRequest, point: Query[PointInTime], q: str = "", group: str = ""
) -> list[Placement]:
    """Every destination with its groups on the day."""
    return [
        placed
        for placed in placements(request.reading)
        if q.casefold() in placed.country.name.casefold() and group in ("", placed.group)
    ]


@router.get(
    "/tiers/{key}",
    response={200: TierDetailOut, **PROBLEMS, 404: Problem},
    summary="One destination",
)
def tier(request: ReadingRequest, key: str, point: Query[PointInTime]) -> Any:
    """A destination's groups on the day, and how they came about."""
    country = one(Country.objects.all(), "destination", key=key.lower())
    placed = placement(country, request.reading)
    return SimpleNamespace(
        country=country,
        diffusion=placed.diffusion,
        d5=placed.d5,
        history=history(country, request.reading),
    )


@router.get("/reactions", response={200: list[ReactionOut], **PROBLEMS}, summary="Reactions")
@paginate(Pages, page_size=PER_PAGE)
def reactions(
    request: ReadingRequest,
    point: Query[PointInTime],
    q: str = "",
    rule: str = "",
    stance: str = "",
) -> QuerySet[Reaction]:
    """Statements of organisations made by the day, newest first."""
    found = reactions_as_of(request.reading)
    if q:
        found = found.filter(organization__name__icontains=q)
    if rule:
        found = found.filter(rule__slug=rule)
    return found.filter(stance=stance) if stance else found
