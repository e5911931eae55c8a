"""Both forms of the list, read alike: unknown, empty and broken are three things."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.sources.screening_list import list_code, read_screening_list
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused
from tests.entities.repacked_list import unpacked
from tests.entities.screening.lists import DPL, EL, SDN, ZHIPU, as_csv, as_json, party, small_list
from tests.shared_data import shared


def test_table_and_json_say_the_same() -> None:
    table, answer = (
        read_screening_list(as_csv(small_list())),
        read_screening_list(as_json(small_list())),
    )
    assert [(r.code, r.name, r.countries) for r in table.rows] == [
        (r.code, r.name, r.countries or ()) for r in answer.rows
    ]
    assert table.rows[0].alt_names == answer.rows[0].alt_names == ["Zhipu AI"]
    assert table.rows[0].countries == ("CN",)
    assert table.problems == answer.problems == ()


def test_a_missing_field_is_unknown_and_an_empty_one_is_none() -> None:
    [row] = read_screening_list(as_json([party("A", addresses=[], remarks="")])).rows
    assert row.fields == {"addresses": [], "remarks": ""}
    assert row.alt_names is None
    assert row.countries == ()
    [bare] = read_screening_list(as_json([party("A")])).rows
    assert bare.countries is None


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (EL, "EL"),
        (SDN, "SDN"),
        (DPL, "DPL"),
        ("Military End User (MEU) List - Bureau of Industry and Security", "MEU"),
        ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "NS-MBS"),
        ("A new list", "A-NEW-LIST"),
    ],
)
def test_a_list_is_known_by_its_code(source: str, code: str) -> None:
    assert list_code(source) == code


@pytest.mark.parametrize(
    ("addresses", "countries"),
    [
        (["19 Luysi St., Borisov, 222512, BY"], ("BY",)),
        (["CN"], ("CN",)),
        (["Suite 1, HK", "Suite 2, CN", "Suite 3, HK"], ("HK", "CN")),
        (["IN THE CITY OF NOWHERE"], ()),
        ([{"address": "1 Way", "city": None, "country": "SG"}], ("SG",)),
    ],
)
def test_countries_are_read_off_the_ends_of_addresses(
    addresses: list[Any], countries: tuple[str, ...]
) -> None:
    [row] = read_screening_list(as_json([party("A", addresses=addresses)])).rows
    assert row.countries == countries


@pytest.mark.parametrize(
    ("row", "cell", "reason"),
    [
        ({"name": "A"}, "source", "is missing"),
        ({"source": SDN, "name": " "}, "name", "is missing"),
        ({"source": SDN, "name": None}, "name", "is missing"),
        ("A", "row", "is no object"),
    ],
)
def test_a_row_that_names_nobody_is_a_problem_and_the_others_are_read(
    row: Any, cell: str, reason: str
) -> None:
    found = read_screening_list(as_json([row, party("B")]))
    assert [r.name for r in found.rows] == ["B"]
    [problem] = found.problems
    assert (problem.row, problem.cell, problem.reason) == (1, cell, reason)


def test_a_table_row_with_too_many_or_too_few_cells_is_a_problem() -> None:
    table = as_csv([party("A"), party("B")])
    header, *rows = table.data.decode().splitlines()
    broken = "\r\n".join([header, rows[0] + ",more,cells", "2,SDN", rows[1]])
    found = read_screening_list(InputFile("list.csv", broken.encode()))
    assert [r.name for r in found.rows] == ["B"]
    assert {p.reason for p in found.problems} == {"has another number of cells"}
    assert len(found.problems) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no column"),
        (b"id,title\n1,x\n", "no column “source”"),
        (b"<html></html>", "no column"),
        (b"_id,source,name\n", "names nobody"),
        (b'{"results": []}', "names nobody"),
        (b'{"count": 3}', "has no “results”"),
        (b'{"results": [{"name": "x"', "cut off"),
        (b'_id,source,name\n1,"SDN (SDN),half', "cut off or no CSV"),
        ("source,name\nSDN,caf\xe9\n".encode("latin-1"), "not in UTF-8"),
        (b"source,name\nSDN,\0\n", "no text has"),
    ],
)
def test_what_is_no_screening_list_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_screening_list(InputFile("list", data))


def test_white_space_at_the_ends_is_dropped_and_names_are_kept_as_printed() -> None:
    [row] = read_screening_list(as_csv([party("  I. ASH ", DPL)])).rows
    assert row.name == "I. ASH"


def test_two_prints_of_one_field_have_one_normal_form() -> None:
    one, other = read_screening_list(
        as_json(
            [
                party("A", alt_names=["X Co., Ltd.", "Y"], remarks="U.A.E."),
                party("A", alt_names=["y", "x co ltd"], remarks="UAE", source_list_url="moved"),
            ]
        )
    ).rows
    assert one.normal == other.normal


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        found = read_screening_list(InputFile("any", data))
    except Refused as refused:
        assert str(refused).endswith(".")
    else:
        assert found.rows


def test_every_row_of_the_real_list_of_2022_is_read() -> None:
    path = shared("csl/consolidated_2022-04.csv")
    found = read_screening_list(InputFile(path.name, path.read_bytes()))
    assert (len(found.rows), found.problems) == (14_160, ())
    assert found.counts == {
        "CAP": 53, "CMIC": 68, "DPL": 462, "DTC": 727, "EL": 2001, "FSE": 3, "ISN": 163,
        "MEU": 71, "NS-MBS": 17, "PLC": 78, "SDN": 10026, "SSI": 290, "UVL": 201,
    }  # fmt: skip


def test_every_row_of_the_real_list_of_2026_is_read() -> None:
    found = read_screening_list(unpacked(shared("csl/consolidated_2026-07-31.json")))
    assert (len(found.rows), found.problems) == (25_921, ())
    assert found.counts == {
        "CAP": 1, "CMIC": 68, "DPL": 1596, "DTC": 787, "EL": 3420, "ISN": 161, "MEU": 70,
        "NS-MBS": 51, "PLC": 78, "SDN": 19181, "SSI": 286, "UVL": 222,
    }  # fmt: skip
    zhipu = [row for row in found.rows if row.name.startswith(ZHIPU[:28])]
    assert {row.countries for row in zhipu} == {("CN",)}
