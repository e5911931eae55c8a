"""Draw ``shapes.json`` from the npm package world-atlas 2.0.2 (Natural Earth 4.1, ISC).

Run it only when the drawing is to change: ``python -m policy.map.make_shapes FOLDER``, where
FOLDER is the unpacked package. ``countries-50m.json`` gives the shapes and
``countries-10m.json`` the dots of places that the smaller file leaves out.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from policy.map.geometry import (
    Point,
    centred,
    centroid,
    decode_arcs,
    equal_earth,
    join_arcs,
    kept_indexes,
    push_apart,
    ring_path,
    signed_area,
    unwrap,
)
from policy.map.world import DOT_RADIUS, HEIGHT, SHAPES_FILE, WIDTH
from policy.sources.record_files import read_record_file

PLACES_FILE = Path(__file__).parents[1] / "record" / "places.yaml"

MARGIN = 4.0
SCALE = (WIDTH - 2 * MARGIN) / (2 * equal_earth((180.0, 0.0))[0])
TOP = equal_earth((0.0, 83.7))[1]

# Areas in square pixels of the view box, at which one pixel is some 1,300 square kilometres.
DETAIL = 0.2
SMALLEST_ISLAND = 0.6
SMALLEST_PATH = 1.0
DOT_BELOW = 8.0

Ring = list[Point]


class Box(NamedTuple):
    """A part of the globe in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


# Parts of a shape that ISO 3166-1 or the EAR treat as a place of their own. Natural Earth
# draws the Crimea region with Russia, the EAR name it "Crimea region of Ukraine".
PARTS: dict[str, tuple[tuple[str, Box], ...]] = {
    "Russia": (("ua-crimea", Box(32, 44, 37, 46.5)),),
    "France": (
        ("gf", Box(-55, 2, -51, 6)),
        ("gp", Box(-62, 15.8, -61, 16.6)),
        ("mq", Box(-61.3, 14.3, -60.7, 15)),
        ("re", Box(55, -22, 56, -20)),
        ("yt", Box(44.9, -13.2, 45.5, -12.4)),
    ),
    "Netherlands": (("bq", Box(-69, 12, -68, 12.5)), ("bq", Box(-63.5, 17.3, -62.9, 17.8))),
    "New Zealand": (("tk", Box(-173, -10, -171, -8)),),
    "Norway": (
        ("sj", Box(10, 74, 35, 81)),
        ("sj", Box(-10, 70, -7, 72)),
        ("bv", Box(3, -55, 4, -54)),
    ),
    "Indian Ocean Ter.": (("cx", Box(105, -11, 106.5, -10)), ("cc", Box(96, -13, 97.5, -11))),
}

# Shapes without an ISO number that the record has a place for.
NAMED = {"Kosovo": "xk", "Somaliland": "so-somaliland", "N. Cyprus": "cy-north"}

LEFT_OUT = {"aq"}


@dataclass(frozen=True)
class Polygon:
    """An outer ring and its holes, projected, and where on the globe it lies."""

    rings: tuple[Ring, ...]
    middle: Point

    @property
    def area(self) -> float:
        return abs(signed_area(self.rings[0]))


def to_pixels(point: Point) -> Point:
    """Degrees, the longitude relative to the central meridian, to view-box pixels."""
    x, y = equal_earth(point)
    return WIDTH / 2 + x * SCALE, MARGIN + (TOP - y) * SCALE


def simplified(arc: Sequence[Point]) -> Ring:
    """An arc with the points that matter at this size; a closed one keeps a triangle."""
    line = [to_pixels(p) for p in unwrap(arc)]
    closed = arc[0] == arc[-1]
    return [arc[i] for i in kept_indexes(line, DETAIL, at_least=4 if closed else 2)]


def read_polygons(topology: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Polygon]]:
    """Every polygon of the countries with the geometry that it belongs to."""
    arcs = [simplified(arc) for arc in decode_arcs(topology)]
    for geometry in topology["objects"]["countries"]["geometries"]:
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for indexes in parts:
            outer, *holes = (unwrap(join_arcs(ring, arcs)) for ring in indexes)
            rings = tuple([to_pixels(p) for p in centred(ring)] for ring in (outer, *holes))
            yield geometry, Polygon(rings, centroid(outer))


def key_of(geometry: Mapping[str, Any], middle: Point, by_number: Mapping[str, str]) -> str | None:
    """The place that a polygon shows; None if the record has no place for it."""
    name = geometry["properties"]["name"]
    for key, box in PARTS.get(name, ()):
        if box.holds(middle):
            return key
    return NAMED.get(name) or by_number.get(geometry.get("id", ""))


def by_place(topology: Mapping[str, Any], by_number: Mapping[str, str]) -> dict[str, list[Polygon]]:
    """The polygons of each place, largest first."""
    found: dict[str, list[Polygon]] = defaultdict(list)
    for geometry, polygon in read_polygons(topology):
        key = key_of(geometry, polygon.middle, by_number)
        if key and key not in LEFT_OUT:
            found[key].append(polygon)
    return {k: sorted(ps, key=lambda p: -p.area) for k, ps in found.items()}


def draw(key: str, polygons: Sequence[Polygon], *, dot_only: bool = False) -> dict[str, Any]:
    """One place as it is stored: path data, and a dot where the path is hard to see."""
    total = sum(p.area for p in polygons)
    shown = [p for i, p in enumerate(polygons) if not i or p.area >= SMALLEST_ISLAND]
    path = "".join(ring_path(ring) for p in shown for ring in p.rings)
    hidden = dot_only or total < SMALLEST_PATH
    dot = centroid(polygons[0].rings[0]) if hidden or total < DOT_BELOW else None
    return {"key": key, "path": "" if hidden else path, "dot": dot, "area": total}


def place_dots(shapes: list[dict[str, Any]]) -> None:
    """Move dots that would cover each other apart, and round them."""
    dotted = [shape for shape in shapes if shape["dot"]]
    for shape, (x, y) in zip(
        dotted, push_apart([s["dot"] for s in dotted], 2 * DOT_RADIUS), strict=True
    ):
        shape["dot"] = [round(x, 1), round(y, 1)]


def draw_world(folder: Path, by_number: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every place that the package knows, in the order of drawing."""
    coarse, fine = (
        by_place(json.loads((folder / name).read_text(encoding="utf-8")), by_number)
        for name in ("countries-50m.json", "countries-10m.json")
    )
    shapes = [draw(key, polygons) for key, polygons in coarse.items()]
    shapes += [draw(k, ps, dot_only=True) for k, ps in fine.items() if k not in coarse]
    shapes.sort(key=lambda s: (s["dot"] is not None, -s.pop("area"), s["key"]))
    place_dots(shapes)
    return shapes


def numbers_of_places() -> dict[str, str]:
    """ISO numeric code to place key, from the record."""
    places = read_record_file(PLACES_FILE.name, PLACES_FILE.read_bytes()).items
    return {p.data["iso_numeric"]: p.data["key"] for p in places if "iso_numeric" in p.data}


def text_of(shapes: Sequence[Mapping[str, Any]], licence: str) -> str:
    """One shape a line, so that a change can be read in a diff; the licence goes with them."""
    lines = ",\n".join(json.dumps(s, separators=(",", ":")) for s in shapes)
    source = "npm world-atlas 2.0.2 (ISC), drawn from Natural Earth 4.1 (public domain)"
    head = f'"source": {json.dumps(source)},\n"licence": {json.dumps(licence)}'
    return f'{{{head},\n"shapes": [\n{lines}\n]}}\n'


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1 or not (folder := Path(arguments[0])).is_dir():
        sys.stderr.write("usage: python -m policy.map.make_shapes FOLDER\n")
        return 2
    shapes = draw_world(folder, numbers_of_places())
    text = text_of(shapes, (folder / "LICENSE").read_text(encoding="utf-8").strip())
    SHAPES_FILE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(shapes)} places, {len(text):,} bytes, view box height {HEIGHT}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
