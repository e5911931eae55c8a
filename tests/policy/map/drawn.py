"""Reading SVG path data back: what the tests of the map need to look at a drawing."""

import re
from collections.abc import Sequence

Point = tuple[float, float]

SUBPATH = re.compile(r"M(\S+) (\S+?)l([^Mz]+)z")
NUMBER = re.compile(r"-?(?:\d+\.\d|\.\d|\d+)")
PATH = re.compile(r"(?:M-?[\d.]+ -?[\d.]+l[-\d. ]+z)*")


def rings_of(path: str) -> list[list[Point]]:
    """The rings of path data as absolute points, each without its closing point."""
    rings = []
    for start_x, start_y, steps in SUBPATH.findall(path):
        x, y = float(start_x), float(start_y)
        ring = [(x, y)]
        numbers = [float(n) for n in NUMBER.findall(steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = round(x + dx, 1), round(y + dy, 1)
            ring.append((x, y))
        rings.append(ring)
    return rings


def covers(rings: Sequence[Sequence[Point]], point: Point) -> bool:
    """Whether a point lies inside, by counting crossed edges; a hole is outside."""
    px, py = point
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax:
                inside = not inside
    return inside
