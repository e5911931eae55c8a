"""The map's plane geometry: decoding, projecting, simplifying, writing paths."""

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.map.geometry import (
    Point,
    centred,
    centroid,
    decode_arcs,
    equal_earth,
    join_arcs,
    kept_indexes,
    number_text,
    push_apart,
    ring_path,
    signed_area,
    unwrap,
)
from tests.policy.map.drawn import PATH, rings_of

SQUARE: list[Point] = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]

degrees = st.floats(-180, 180)
pixels = st.tuples(st.integers(0, 9990), st.integers(0, 4420)).map(lambda p: (p[0] / 10, p[1] / 10))
lines = st.lists(pixels, min_size=2, max_size=40)


def test_arcs_are_decoded_from_quantised_steps() -> None:
    topology = {
        "transform": {"scale": [0.5, 0.25], "translate": [-180, -90]},
        "arcs": [[[10, 20], [2, -4], [0, 8]]],
    }
    assert decode_arcs(topology) == [[(-175, -85), (-174, -86), (-174, -84)]]


def test_a_ring_runs_through_its_arcs_without_doubling_the_joints() -> None:
    arcs: list[list[Point]] = [[(0, 0), (1, 0), (1, 1)], [(0, 0), (0, 1), (1, 1)]]
    assert join_arcs([0, ~1], arcs) == [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]


def test_a_line_over_the_date_line_goes_on_beyond_180_degrees() -> None:
    line: list[Point] = [(179, 60), (-179, 61), (-170, 62), (178, 63)]
    assert [p[0] for p in unwrap(line)] == [179, 181, 190, 178]


@given(st.lists(st.tuples(degrees, st.floats(-90, 90)), min_size=1, max_size=30))
def test_unwrapping_leaves_no_jump_and_moves_by_whole_turns_only(line: list[Point]) -> None:
    unwrapped = unwrap(line)
    assert all(abs(b[0] - a[0]) <= 180 + 1e-9 for a, b in pairwise(unwrapped))
    for before, after in zip(line, unwrapped, strict=True):
        turns = (after[0] - before[0]) / 360
        assert abs(turns - round(turns)) < 1e-9
        assert after[1] == before[1]


@pytest.mark.parametrize(
    ("longitude", "relative"),
    [(11, 0), (0, -11), (-168, -179), (-170, 179), (190, 179), (180, 169), (-180, 169)],
)
def test_rings_lie_on_one_sheet_that_is_cut_in_the_bering_strait(
    longitude: float, relative: float
) -> None:
    [found] = centred([(longitude, 5)])
    assert found == pytest.approx((relative, 5))


def test_a_ring_is_moved_as_a_whole() -> None:
    ring = centred([(170, 60), (190, 60), (190, 70)])
    assert ring == [(159, 60), (179, 60), (179, 70)]


def test_the_projection_agrees_with_its_published_extent() -> None:
    # Savric, Patterson, Jenny (2019): the equator is 2.05458 times as long as the meridian.
    width, height = equal_earth((180, 0))[0], equal_earth((0, 90))[1]
    assert equal_earth((0, 0)) == (0, 0)
    assert width / height == pytest.approx(2.05458, abs=1e-4)


@given(st.floats(-179, 179), st.floats(-89, 89))
def test_the_projection_keeps_areas(longitude: float, latitude: float) -> None:
    step = 0.01
    corners = [(0, 0), (step, 0), (step, step), (0, step), (0, 0)]
    cell = [equal_earth((longitude + x, latitude + y)) for x, y in corners]
    top, bottom = math.radians(latitude + step), math.radians(latitude)
    on_globe = math.radians(step) * (math.sin(top) - math.sin(bottom))
    assert signed_area(cell) == pytest.approx(on_globe, rel=1e-3)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_the_projection_is_symmetric(longitude: float, latitude: float) -> None:
    x, y = equal_earth((longitude, latitude))
    assert equal_earth((-longitude, -latitude)) == pytest.approx((-x, -y))


def test_area_has_the_sign_of_the_ring_and_a_centre() -> None:
    assert signed_area(SQUARE) == 16
    assert signed_area(SQUARE[::-1]) == -16
    assert centroid(SQUARE) == (2, 2)


def test_a_ring_without_area_has_its_first_point_as_centre() -> None:
    assert centroid([(3, 1), (5, 1), (3, 1)]) == (3, 1)


def test_simplifying_drops_what_makes_no_triangle_worth_showing() -> None:
    line: list[Point] = [(0, 0), (5, 0.01), (10, 0), (15, 8), (20, 0)]
    assert kept_indexes(line, 1.0, at_least=2) == [0, 2, 3, 4]


def test_a_small_closed_line_keeps_a_triangle() -> None:
    ring: list[Point] = [(0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0)]
    assert len(kept_indexes(ring, 1.0, at_least=4)) == 4


@given(lines, st.floats(0, 500))
def test_simplifying_keeps_both_ends_and_the_order(line: list[Point], area: float) -> None:
    kept = kept_indexes(line, area, at_least=2)
    assert kept == sorted(set(kept))
    assert (kept[0], kept[-1]) == (0, len(line) - 1)


@given(lines, st.floats(0, 200), st.floats(0, 200))
def test_a_coarser_drawing_keeps_a_part_of_a_finer_one(
    line: list[Point], one: float, other: float
) -> None:
    fine, coarse = sorted((one, other))
    assert set(kept_indexes(line, coarse, 2)) <= set(kept_indexes(line, fine, 2))


@given(lines)
def test_simplifying_by_nothing_keeps_everything(line: list[Point]) -> None:
    assert kept_indexes(line, 0.0, at_least=2) == list(range(len(line)))


def test_dots_far_from_each_other_stay_where_they_are() -> None:
    points: list[Point] = [(0, 0), (10, 0), (0, 10)]
    assert push_apart(points, 5) == points


@given(st.lists(pixels, max_size=6))
def test_dots_are_moved_until_each_can_be_seen(points: list[Point]) -> None:
    moved = push_apart(points, 4.8, rounds=400)
    assert all(math.dist(a, b) > 4.5 for a, b in combinations(moved, 2))


def test_dots_in_one_spot_part_sideways() -> None:
    (left, y), (right, same) = push_apart([(5, 5), (5, 5)], 4, rounds=200)
    assert left < 5 < right
    assert y == same == 5


@pytest.mark.parametrize(
    ("tenths", "text"),
    [(0, "0"), (5, ".5"), (-5, "-.5"), (10, "1"), (-123, "-12.3"), (10000, "1000")],
)
def test_numbers_are_written_short(tenths: int, text: str) -> None:
    assert number_text(tenths) == text


def test_a_ring_is_written_in_relative_steps() -> None:
    assert ring_path(SQUARE) == "M4 0l0 4-4 0 0-4z"


def test_a_ring_too_small_to_have_an_area_is_not_written() -> None:
    assert ring_path([(1, 1), (1.01, 1.02), (1.02, 1), (1, 1)]) == ""


@given(st.lists(pixels, min_size=3, max_size=20, unique=True))
def test_a_written_ring_can_be_read_back(points: list[Point]) -> None:
    path = ring_path([*points, points[0]])
    assert PATH.fullmatch(path)
    [ring] = rings_of(path)
    assert sorted(ring) == sorted(points)
