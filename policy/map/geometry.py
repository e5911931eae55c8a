"""Plane geometry for the map: TopoJSON arcs, the Equal Earth projection, simplification.

Points on the globe are (longitude, latitude) in degrees; points on the map are (x, y) in
the pixels of the view box, y downwards. Nothing here knows countries.
"""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Point = tuple[float, float]

# B. Savric, T. Patterson, B. Jenny: The Equal Earth map projection, International Journal
# of Geographical Information Science 33 (2019), 454-465, equations 7 and 8.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

# The map is cut at 169 degrees west, in the Bering Strait, so that no country is cut in two.
CENTRAL_MERIDIAN = 11.0
HALF_TURN = 180.0

# Less than this is no area: points that lie on one line, give or take rounding.
NO_AREA = 1e-12
FEWEST_CORNERS = 3


def equal_earth(point: Point) -> Point:
    """Project longitude (relative to the central meridian) and latitude; y upwards."""
    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    theta = math.asin(math.sqrt(3) / 2 * math.sin(latitude))
    slope = 9 * A4 * theta**8 + 7 * A3 * theta**6 + 3 * A2 * theta**2 + A1
    x = 2 * math.sqrt(3) * longitude * math.cos(theta) / (3 * slope)
    return x, A4 * theta**9 + A3 * theta**7 + A2 * theta**3 + A1 * theta


def decode_arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """The arcs of a quantised TopoJSON topology as points, deltas undone (TopoJSON 2.1.3)."""
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in deltas:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def join_arcs(indexes: Iterable[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """One ring from its arcs; ``~i`` is arc i run backwards (TopoJSON 2.1.4)."""
    ring: list[Point] = []
    for index in indexes:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points[1:] if ring else points)
    return ring


def unwrap(points: Sequence[Point]) -> list[Point]:
    """Longitudes made continuous, so that a line across 180 degrees does not jump back."""
    unwrapped: list[Point] = []
    turn = 0.0
    for index, (longitude, latitude) in enumerate(points):
        step = longitude - points[index - 1][0] if index else 0.0
        if abs(step) > HALF_TURN:
            turn -= math.copysign(2 * HALF_TURN, step)
        unwrapped.append((longitude + turn, latitude))
    return unwrapped


def centred(ring: Sequence[Point]) -> list[Point]:
    """An unwrapped ring relative to the central meridian, its middle on the map's one sheet."""
    middle = (min(p[0] for p in ring) + max(p[0] for p in ring)) / 2 - CENTRAL_MERIDIAN
    turns = math.floor((middle + HALF_TURN) / (2 * HALF_TURN))
    shift = CENTRAL_MERIDIAN + turns * 2 * HALF_TURN
    return [(longitude - shift, latitude) for longitude, latitude in ring]


def signed_area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def centroid(ring: Sequence[Point]) -> Point:
    """The centre of gravity of a closed ring; its first point if it has no area."""
    area = signed_area(ring)
    if abs(area) < NO_AREA:
        return ring[0]
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring))
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring))
    return x / (6 * area), y / (6 * area)


def kept_indexes(line: Sequence[Point], smallest: float, at_least: int) -> list[int]:
    """The points that simplification keeps: both ends, and what makes triangles that matter.

    M. Visvalingam, J. D. Whyatt: Line generalisation by repeated elimination of points, The
    Cartographic Journal 30 (1993), 46-51. ``smallest`` is an area in square pixels.
    """
    before = list(range(-1, len(line) - 1))
    after = list(range(1, len(line) + 1))
    alive = [True] * len(line)

    def weight(index: int) -> float:
        triangle = (line[before[index]], line[index], line[after[index]], line[before[index]])
        return abs(signed_area(triangle))

    heap = [(weight(i), i) for i in range(1, len(line) - 1)]
    current = {i: w for w, i in heap}
    heapq.heapify(heap)
    left = len(line)
    while heap and left > at_least:
        area, index = heapq.heappop(heap)
        if not alive[index] or area != current[index]:
            continue
        if area >= smallest:
            break
        alive[index] = False
        left -= 1
        before[after[index]], after[before[index]] = before[index], after[index]
        for neighbour in (before[index], after[index]):
            if 0 < neighbour < len(line) - 1:
                current[neighbour] = max(weight(neighbour), area)
                heapq.heappush(heap, (current[neighbour], neighbour))
    return [i for i, kept in enumerate(alive) if kept]


def push_apart(points: Sequence[Point], distance: float, rounds: int = 60) -> list[Point]:
    """Points moved until no two are much closer than ``distance``, each as little as it takes.

    Deterministic: of two points in one spot the earlier goes left.
    """
    moved = [list(p) for p in points]
    for _ in range(rounds):
        for i, one in enumerate(moved):
            for other in moved[i + 1 :]:
                dx, dy = other[0] - one[0], other[1] - one[1]
                gap = math.hypot(dx, dy)
                if gap >= distance:
                    continue
                ux, uy = (dx / gap, dy / gap) if gap > NO_AREA else (1.0, 0.0)
                step = (distance - gap) / 4
                one[0], one[1] = one[0] - ux * step, one[1] - uy * step
                other[0], other[1] = other[0] + ux * step, other[1] + uy * step
    return [(x, y) for x, y in moved]


def number_text(tenths: int) -> str:
    """A number given in tenths as SVG reads it, without a zero that it does not need."""
    whole, rest = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole or ''}.{rest}" if rest else f"{sign}{whole}"


def ring_path(ring: Sequence[Point]) -> str:
    """A closed ring as SVG path data in relative steps; empty if rounding leaves no area.

    Points are rounded before steps are taken, so that shared borders stay shared.
    """
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    corners = [p for i, p in enumerate(tenths) if p != tenths[i - 1]]
    if len(set(corners)) < FEWEST_CORNERS:
        return ""
    start_x, start_y = corners[0]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(corners)]
    texts = [number_text(value) for step in steps for value in step]
    run = "".join(t if t.startswith("-") or not i else f" {t}" for i, t in enumerate(texts))
    return f"M{number_text(start_x)} {number_text(start_y)}l{run}z"
