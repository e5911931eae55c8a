"""The tier map with its time slider, and one country's groups."""

from datetime import date

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from policy.exports import Columns, csv_response, facts_csv, wants_csv
from policy.http import ReadingRequest, Response
from policy.map.world import BOUNDARY_NOTE, DOT_RADIUS, VIEW_BOX, drawn_keys, load_world
from policy.models import Country
from policy.queries.rules import rule_status_of_scheme
from policy.queries.tiers import (
    DIFFUSION_EFFECTIVE,
    Placement,
    change_days,
    count_groups,
    history,
    placement,
    placements,
    slider_stops,
)
from policy.views.render import render

COLUMNS: Columns[Placement] = {
    "country": lambda p: p.country.name,
    "key": lambda p: p.country.key,
    "group": lambda p: p.shown.get_group_display() if p.shown else "none stated",
    "since": lambda p: (
        (p.shown.since.iso if p.shown.since else "before first source") if p.shown else ""
    ),
    "derived_from": lambda p: p.shown.derived_from if p.shown else "",
    "country_group_d5": lambda p: "yes" if p.d5 else "no",
    "source": lambda p: p.shown.source if p.shown else "",
}


@require_safe
def tiers(request: ReadingRequest) -> Response:
    stops = slider_stops(request.reading)
    if (step := request.GET.get("step", "")).isdecimal():
        return redirect(address_of_step(request, stops[min(int(step), len(stops) - 1)]))
    placed = placements(request.reading)
    if wants_csv(request):
        return csv_response("tiers", COLUMNS, placed, request.reading)
    chosen = request.GET.get("group", "")
    context = {
        "placed": [p for p in placed if not chosen or p.group == chosen],
        "shapes": map_shapes(placed),
        "undrawn": [p for p in placed if p.country.key not in drawn_keys()],
        "boundary_note": BOUNDARY_NOTE,
        "view_box": VIEW_BOX,
        "dot_radius": DOT_RADIUS,
        "legend": legend(request, placed),
        "group": chosen,
        "stops": stops,
        "step": nearest_step(stops, request.reading.on),
        "last_step": len(stops) - 1,
        "changes": change_days(request.reading),
        "before_tiers": request.reading.on < DIFFUSION_EFFECTIVE,
        "diffusion_effective": DIFFUSION_EFFECTIVE,
        "statuses": rule_status_of_scheme(request.reading),
    }
    return render(request, "policy/tiers.html", context, part="map")


def legend(request: ReadingRequest, placed: list[Placement]) -> list[dict[str, object]]:
    """The groups of the day with their numbers, each leading to its part of the table."""
    parameters = request.GET.copy()
    items = []
    for group in count_groups(placed):
        parameters["group"] = group.group
        url = f"?{parameters.urlencode()}#table"
        items.append(
            {
                "slug": group.group,
                "label": group.label,
                "count": group.count,
                "note": group.note,
                "url": url,
            }
        )
    return items


def address_of_step(request: ReadingRequest, day: date) -> str:
    """The page's address on a slider stop; the reader's other choices are kept."""
    parameters = request.GET.copy()
    parameters.pop("step")
    parameters["on"] = day.isoformat()
    return f"{request.path}?{parameters.urlencode()}"


def nearest_step(stops: list[date], on: date) -> int:
    """The index of the last stop on or before the day."""
    return max((i for i, stop in enumerate(stops) if stop <= on), default=0)


def map_shapes(placed: list[Placement]) -> list[dict[str, object]]:
    """Every drawn shape with the placement of the country that it shows."""
    by_key = {p.country.key: p for p in placed}
    return [
        {"shape": shape, "placement": by_key[shape.key]}
        for shape in load_world()
        if shape.key in by_key
    ]


@require_safe
def country(request: ReadingRequest, key: str) -> Response:
    found = get_object_or_404(Country.objects.select_related("parent"), key=key)
    groups = history(found, request.reading)
    if wants_csv(request):
        return facts_csv(f"country-{key}", groups, request.reading)
    context = {
        "country": found,
        "placement": placement(found, request.reading),
        "history": groups,
        "statuses": rule_status_of_scheme(request.reading),
        "before_tiers": request.reading.on < DIFFUSION_EFFECTIVE,
        "diffusion_effective": DIFFUSION_EFFECTIVE,
        "territories": found.territories.all(),
    }
    return render(request, "policy/country.html", context, part="panel", moves=False)
