"""Drawing the shapes from a package: shown on a globe of four squares."""

import json
from pathlib import Path
from typing import Any

import pytest

from policy.map import make_shapes
from policy.map.make_shapes import PARTS, Box, draw_world, key_of, main, numbers_of_places
from tests.policy.map.drawn import covers, rings_of

NUMBERS = {"001": "aa", "002": "bb", "010": "aq", "643": "ru", "004": "isle"}


def square(west: int, south: int, size: int) -> list[list[int]]:
    """A closed square as quantised steps."""
    return [[west, south], [0, size], [size, 0], [0, -size], [-size, 0]]


def geometry(name: str, *arcs: int, number: str = "") -> dict[str, Any]:
    found = {"type": "MultiPolygon", "arcs": [[[a]] for a in arcs], "properties": {"name": name}}
    return found | ({"id": number} if number else {})


def topology(arcs: list[list[list[int]]], geometries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
    }


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Russia in two pieces, one of them where Crimea lies; an island; Antarctica; Kosovo."""
    coarse = topology(
        [
            square(60, 50, 20),
            square(33, 45, 1),
            square(0, 70, 1),
            square(0, -80, 9),
            square(21, 42, 1),
            square(-20, 20, 5),
        ],
        [
            geometry("Russia", 0, 1, number="643"),
            geometry("Isle", 2, number="004"),
            geometry("Antarctica", 3, number="010"),
            geometry("Kosovo", 4),
            geometry("Nowhere", 5),
        ],
    )
    fine = topology(
        [square(100, -10, 1), square(60, 50, 10)],
        [geometry("Atoll", 0, number="001"), geometry("Russia", 1, number="643")],
    )
    (tmp_path / "countries-50m.json").write_text(json.dumps(coarse))
    (tmp_path / "countries-10m.json").write_text(json.dumps(fine))
    (tmp_path / "LICENSE").write_text("Copyright of the package\n")
    return tmp_path


@pytest.fixture
def drawn(package: Path) -> dict[str, dict[str, Any]]:
    return {shape["key"]: shape for shape in draw_world(package, NUMBERS)}


def test_places_are_found_by_number_by_name_and_by_part(drawn: dict[str, Any]) -> None:
    assert set(drawn) == {"ru", "ua-crimea", "isle", "xk", "aa"}


def test_a_shape_that_the_record_has_no_place_for_is_left_out(drawn: dict[str, Any]) -> None:
    assert not {"aq", None} & set(drawn)


def test_the_crimea_region_is_cut_out_of_the_shape_that_holds_it(drawn: dict[str, Any]) -> None:
    assert len(rings_of(drawn["ru"]["path"])) == 1
    assert len(rings_of(drawn["ua-crimea"]["path"])) == 1


def test_a_large_place_has_no_dot_and_a_small_one_has_both(drawn: dict[str, Any]) -> None:
    assert drawn["ru"]["dot"] is None
    x, y = drawn["isle"]["dot"]
    assert covers(rings_of(drawn["isle"]["path"]), (x, y))


def test_a_place_only_in_the_finer_file_is_a_dot(drawn: dict[str, Any]) -> None:
    assert drawn["aa"]["path"] == ""
    assert drawn["aa"]["dot"] is not None


def test_dots_are_drawn_last_and_large_places_first(package: Path) -> None:
    shapes = draw_world(package, NUMBERS)
    assert [bool(shape["dot"]) for shape in shapes] == [False, True, True, True, True]
    assert shapes[0]["key"] == "ru"


def test_drawing_twice_gives_the_same(package: Path) -> None:
    assert draw_world(package, NUMBERS) == draw_world(package, NUMBERS)


@pytest.mark.parametrize(
    ("name", "point", "key"),
    [
        ("France", (-53.2, 3.9), "gf"),
        ("France", (2.5, 46.6), "fr"),
        ("France", (45.1, -12.8), "yt"),
        ("Norway", (15.8, 78.6), "sj"),
        ("Norway", (-8.4, 71.0), "sj"),
        ("Norway", (13.9, 64.2), "fr"),
        ("Netherlands", (-63.0, 17.5), "bq"),
        ("Russia", (34.35, 45.31), "ua-crimea"),
        ("Somaliland", (46.0, 9.7), "so-somaliland"),
        ("Siachen Glacier", (77.2, 35.4), None),
    ],
)
def test_parts_of_a_shape_may_be_places_of_their_own(
    name: str, point: tuple[float, float], key: str | None
) -> None:
    number = "" if key is None else "250"
    found = key_of({"id": number, "properties": {"name": name}}, point, {"250": "fr"})
    assert found == key


@pytest.mark.parametrize(
    ("point", "held"), [((1, 1), True), ((0, 0), True), ((2, 2), True), ((2.1, 1), False)]
)
def test_a_box_holds_its_edges(point: tuple[float, float], held: bool) -> None:
    assert Box(0, 0, 2, 2).holds(point) is held


def test_every_box_is_the_right_way_round() -> None:
    boxes = [box for parts in PARTS.values() for _, box in parts]
    assert all(box.west < box.east and box.south < box.north for box in boxes)


def test_the_record_gives_every_iso_number() -> None:
    numbers = numbers_of_places()
    assert numbers["036"] == "au"
    assert numbers["578"] == "no"


def test_the_command_writes_the_file_with_the_licence(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "shapes.json"
    monkeypatch.setattr(make_shapes, "SHAPES_FILE", target)
    monkeypatch.setattr(make_shapes, "numbers_of_places", lambda: NUMBERS)
    assert main([str(package)]) == 0
    written = json.loads(target.read_text())
    assert written["licence"] == "Copyright of the package"
    assert len(written["shapes"]) == 5


@pytest.mark.parametrize("arguments", [[], ["no such folder"], ["one", "two"]])
def test_the_command_says_how_it_is_used(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err
