"""The shapes of the world map, drawn beforehand by ``make_shapes`` and read once."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHAPES_FILE = Path(__file__).with_name("shapes.json")

WIDTH, HEIGHT = 1000, 442
VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"

# Dots of this radius, in view-box pixels, touch but do not cover each other.
DOT_RADIUS = 2.4

# What a reader should know of the drawing; the page prints it under the map.
BOUNDARY_NOTE = (
    "Boundaries are those that Natural Earth draws, which follows who holds the ground; they are"
    " not a statement of the law. The Crimea region is drawn on its own, as the EAR name it."
    " Antarctica and the Siachen Glacier are left out, and the so-called Donetsk and Luhansk"
    " People's Republics have no settled outline: their groups stand in the table. Places too"
    " small to see have a dot, moved aside a little where several would lie on one another."
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One place on the map: SVG path data (may be empty), and a dot if it is hard to see.

    ``key`` is that of the record's places. A shape has a path, a dot, or both.
    """

    key: str
    path: str
    dot: tuple[float, float] | None


@cache
def load_world() -> tuple[Shape, ...]:
    """Every drawn place in the order of drawing: large areas first, dots on top."""
    drawn = json.loads(SHAPES_FILE.read_text(encoding="utf-8"))
    return tuple(
        Shape(shape["key"], shape["path"], tuple(shape["dot"]) if shape["dot"] else None)
        for shape in drawn["shapes"]
    )


@cache
def drawn_keys() -> frozenset[str]:
    """The places that the map shows; the others stand only in the table."""
    return frozenset(shape.key for shape in load_world())
