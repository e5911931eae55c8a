"""The drawing that is shipped: what is on it, where, and how heavy it is."""

import json
import math
from functools import cache
from itertools import combinations

import pytest

from policy.map.geometry import centred
from policy.map.make_shapes import to_pixels
from policy.map.world import (
    BOUNDARY_NOTE,
    DOT_RADIUS,
    HEIGHT,
    SHAPES_FILE,
    VIEW_BOX,
    WIDTH,
    Shape,
    drawn_keys,
    load_world,
)
from tests.policy.map.drawn import PATH, Point, covers, rings_of

SHAPES = {shape.key: shape for shape in load_world()}


@cache
def rings(key: str) -> list[list[Point]]:
    return rings_of(SHAPES[key].path)


def pixel(longitude: float, latitude: float) -> Point:
    return to_pixels(centred([(longitude, latitude)])[0])


def width_of(key: str) -> float:
    across = [x for ring in rings(key) for x, _ in ring]
    return max(across) - min(across)


def test_every_shape_has_a_path_or_a_dot_and_its_own_key() -> None:
    assert len(SHAPES) == len(load_world())
    assert all(shape.path or shape.dot for shape in load_world())


def test_the_world_is_read_once() -> None:
    assert load_world() is load_world()
    assert isinstance(load_world()[0], Shape)


def test_paths_are_plain_path_data() -> None:
    assert [key for key, shape in SHAPES.items() if not PATH.fullmatch(shape.path)] == []


def test_everything_lies_in_the_view_box() -> None:
    assert f"0 0 {WIDTH} {HEIGHT}" == VIEW_BOX
    points = [point for key in SHAPES for ring in rings(key) for point in ring]
    points += [shape.dot for shape in load_world() if shape.dot]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)


def test_the_view_box_has_no_wide_empty_edge() -> None:
    points = [point for key in SHAPES for ring in rings(key) for point in ring]
    points += [shape.dot for shape in load_world() if shape.dot]
    assert min(y for _, y in points) < 12
    assert max(y for _, y in points) > HEIGHT - 20


@pytest.mark.parametrize(
    ("key", "longitude", "latitude"),
    [
        ("us", -77.0, 39.0),
        ("us", -150.0, 65.0),
        ("ca", -75.5, 45.5),
        ("br", -47.9, -15.8),
        ("fr", 2.3, 48.9),
        ("gf", -53.2, 3.9),
        ("de", 13.4, 52.5),
        ("ru", 37.6, 55.8),
        ("ru", -173.0, 66.5),
        ("ua", 30.5, 50.4),
        ("ua-crimea", 34.2, 45.3),
        ("xk", 21.0, 42.6),
        ("so", 45.0, 3.0),
        ("so-somaliland", 45.0, 9.6),
        ("eh", -10.6, 26.2),
        ("cn", 116.4, 39.9),
        ("tw", 121.0, 24.0),
        ("kr", 127.5, 36.5),
        ("kh", 104.9, 12.5),
        ("my", 102.0, 4.0),
        ("au", 149.1, -35.3),
        ("nz", 175.5, -39.0),
        ("gl", -40.0, 72.0),
        ("sj", 16.0, 78.7),
    ],
)
def test_a_point_lies_in_the_place_that_it_belongs_to_and_in_no_other(
    key: str, longitude: float, latitude: float
) -> None:
    point = pixel(longitude, latitude)
    assert [other for other in SHAPES if covers(rings(other), point)] == [key]


def test_no_country_is_torn_apart_at_the_date_line() -> None:
    assert width_of("fj") < 20
    assert width_of("ru") < 0.5 * WIDTH


def test_neighbours_share_the_points_of_their_border() -> None:
    for one, other in (("fr", "de"), ("cn", "in"), ("us", "ca"), ("ua", "ua-crimea")):
        shared = {p for r in rings(one) for p in r} & {p for r in rings(other) for p in r}
        assert len(shared) >= 3, (one, other)


@pytest.mark.parametrize(
    "key", ["sg", "mo", "hk", "mt", "bh", "lu", "va", "mv", "tv", "gi", "um", "ps", "cy", "ky"]
)
def test_places_too_small_to_see_have_a_dot(key: str) -> None:
    assert SHAPES[key].dot is not None


@pytest.mark.parametrize("key", ["us", "ch", "si", "lb", "kw", "bn", "ae", "tw", "ua-crimea"])
def test_places_that_can_be_seen_or_nearly_so_are_drawn(key: str) -> None:
    assert SHAPES[key].path


def test_dots_lie_near_their_place_and_apart_from_each_other() -> None:
    where = {"sg": (103.8, 1.35), "hk": (114.1, 22.35), "mt": (14.4, 35.9), "bm": (-64.8, 32.3)}
    for key, (longitude, latitude) in where.items():
        dot = SHAPES[key].dot
        assert dot
        assert math.dist(dot, pixel(longitude, latitude)) < 3 * DOT_RADIUS
    dots = [shape.dot for shape in load_world() if shape.dot]
    assert min(math.dist(a, b) for a, b in combinations(dots, 2)) > 1.6 * DOT_RADIUS


def test_dots_are_drawn_over_areas() -> None:
    order = [shape.dot is not None for shape in load_world()]
    assert order == sorted(order)


def test_the_page_says_what_is_not_drawn() -> None:
    assert not {"aq", "ua-donetsk", "ua-luhansk"} & drawn_keys()
    for words in ("Crimea", "Antarctica", "Donetsk", "Luhansk", "Siachen", "not a statement"):
        assert words in BOUNDARY_NOTE


def test_the_file_is_light_and_names_its_source_and_licence() -> None:
    text = SHAPES_FILE.read_text(encoding="utf-8")
    assert len(text) < 150_000
    drawn = json.loads(text)
    assert "world-atlas 2.0.2" in drawn["source"]
    assert "Michael Bostock" in drawn["licence"]
