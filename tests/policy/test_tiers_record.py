"""The groups of the record's places: complete, without overlap, each with its source."""

import json
from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.sources.record_files import read_record_file
from policy.sources.record_schema import GroupsItem
from tests.policy.stated import (
    RECORD,
    group_of,
    groups_on,
    in_force,
    places,
    span_of,
    statements,
    words,
)
from tests.shared_data import shared

EFFECTIVE = date(2025, 1, 13)
CAMBODIA_LEAVES = date(2026, 2, 4)
RECORD_ENDS = date(2026, 9, 28)

SUPPLEMENT_5_A = words("au be ca dk fi fr de ie it jp nl nz no kr es se tw gb")
D5 = words("af by mm cf cn cd cu er ht iq ir kp lb ly ni ru so ss sd sy ve zw")

days_with_tiers = st.dates(EFFECTIVE, date(2030, 12, 31))


# Groups under the AI Diffusion rule


@given(days_with_tiers)
def test_every_place_has_exactly_one_group_on_every_day_of_the_rule(day: date) -> None:
    named = Counter(key for s in in_force("diffusion", day) for key in s.places)
    assert set(named) == set(places())
    assert set(named.values()) == {1}


@pytest.mark.parametrize(
    "day", [EFFECTIVE, CAMBODIA_LEAVES - timedelta(days=1), CAMBODIA_LEAVES, RECORD_ENDS]
)
def test_the_days_around_a_change_are_covered(day: date) -> None:
    assert {group_of("diffusion", key, day) for key in places()} == {
        "united-states",
        "supplement-5-a",
        "d5-or-macau",
        "everyone-else",
    }
    assert None not in {group_of("diffusion", key, day) for key in places()}


def test_before_the_rule_took_effect_there_are_no_tiers() -> None:
    assert in_force("diffusion", EFFECTIVE - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("day", "d5_or_macau"),
    [
        (EFFECTIVE, D5 | {"kh", "mo"}),
        (date(2025, 5, 15), D5 | {"kh", "mo"}),
        (CAMBODIA_LEAVES - timedelta(days=1), D5 | {"kh", "mo"}),
        (CAMBODIA_LEAVES, D5 | {"mo"}),
        (RECORD_ENDS, D5 | {"mo"}),
    ],
)
def test_the_groups_hold_the_destinations_that_the_rule_names(
    day: date, d5_or_macau: set[str]
) -> None:
    groups = groups_on("diffusion", day)
    assert len(SUPPLEMENT_5_A) == 18
    assert groups["united-states"] == {"us"}
    assert groups["supplement-5-a"] == SUPPLEMENT_5_A
    assert groups["d5-or-macau"] == d5_or_macau
    assert len(d5_or_macau) == (24 if day < CAMBODIA_LEAVES else 23)


@pytest.mark.parametrize(
    ("day", "group"),
    [(CAMBODIA_LEAVES - timedelta(days=1), "d5-or-macau"), (CAMBODIA_LEAVES, "everyone-else")],
)
def test_cambodia_is_in_the_middle_group_from_4_february_2026(day: date, group: str) -> None:
    assert group_of("diffusion", "kh", day) == group


@pytest.mark.parametrize(
    ("key", "group"),
    [
        ("hk", "d5-or-macau"),
        ("mo", "d5-or-macau"),
        ("tw", "supplement-5-a"),
        ("gl", "supplement-5-a"),
        ("gf", "supplement-5-a"),
        ("ky", "supplement-5-a"),
        ("sj", "supplement-5-a"),
        ("pr", "united-states"),
        ("aw", "everyone-else"),
        ("cw", "everyone-else"),
        ("sx", "everyone-else"),
        ("eh", "everyone-else"),
        ("ps", "everyone-else"),
        ("my", "everyone-else"),
        ("li", "everyone-else"),
        ("xk", "everyone-else"),
        ("ck", "everyone-else"),
        ("aq", "everyone-else"),
        ("ua-crimea", "everyone-else"),
        ("so-somaliland", "d5-or-macau"),
    ],
)
def test_the_cases_that_people_ask_about(key: str, group: str) -> None:
    assert group_of("diffusion", key, date(2025, 5, 14)) == group


# Derived groups


def derived() -> list[GroupsItem]:
    return [statement for statement in statements() if statement.derived_from]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_derived_group_is_that_of_the_place_that_it_follows(day: date) -> None:
    for statement in derived():
        if day in span_of(statement):
            assert group_of(statement.scheme, statement.derived_from, day) == statement.group


def test_a_place_follows_its_parent_and_liechtenstein_switzerland() -> None:
    for statement in derived():
        for key in statement.places:
            assert statement.derived_from == (places()[key].parent or "ch"), key
    assert [s.places for s in derived() if s.derived_from == "ch"] == [["li"]]


def test_territories_that_the_ear_print_themselves_follow_nobody() -> None:
    following = {key for statement in derived() for key in statement.places}
    own = {p.key for p in places().values() if p.parent} - following
    assert own == {"aw", "cw", "mo", "sx"}


def test_what_rests_on_a_reading_of_the_record_says_so() -> None:
    for statement in statements():
        if statement.confidence != "high":
            assert statement.note, statement.places
    for statement in derived():
        if "hk" not in statement.places and "li" not in statement.places:
            assert statement.confidence == "medium", statement.places


# Country Group D:5


@pytest.mark.parametrize(
    ("day", "members"),
    [
        (date(2024, 3, 14), (D5 - {"ni"}) | {"kh", "cy"}),
        (date(2024, 3, 15), D5 | {"kh", "cy"}),
        (date(2024, 5, 29), D5 | {"kh", "cy"}),
        (date(2024, 5, 30), D5 | {"kh"}),
        (date(2025, 1, 15), D5 | {"kh"}),
        (date(2026, 2, 3), D5 | {"kh"}),
        (date(2026, 2, 4), D5),
        (RECORD_ENDS, D5),
    ],
)
def test_country_group_d5_holds_these_places(day: date, members: set[str]) -> None:
    assert groups_on("d5", day) == {"d5": members}


def test_d5_has_23_members_when_the_rule_is_published_and_22_when_the_record_ends() -> None:
    assert len(groups_on("d5", date(2025, 1, 15))["d5"]) == 23
    assert len(groups_on("d5", RECORD_ENDS)["d5"]) == 22


def test_macau_is_not_in_d5_and_hong_kong_follows_china() -> None:
    assert group_of("d5", "mo", date(2025, 1, 15)) is None
    assert group_of("d5", "hk", date(2025, 1, 15)) == "d5"
    assert group_of("d5", "hk", date(2020, 12, 22)) is None


def test_the_real_country_groups_hold_the_same_places() -> None:
    text = shared("country_groups/country_groups_2026-07-23.json").read_text(encoding="utf-8")
    names = {n: place.key for place in places().values() for n in (place.name, *place.other_names)}
    printed = json.loads(text)["groups"]["D:5"]
    assert {names[name] for name in printed} == groups_on("d5", date(2026, 7, 23))["d5"]


# Both schemes


def test_no_place_is_in_two_groups_of_one_scheme_on_one_day() -> None:
    said = [(s.scheme, key, span_of(s)) for s in statements() for key in s.places]
    for one, other in combinations(sorted(said, key=lambda s: s[:2]), 2):
        if one[:2] == other[:2]:
            assert not one[2].overlaps(other[2]), one


def test_every_place_that_is_grouped_is_a_place() -> None:
    named = {key for s in statements() for key in (*s.places, s.derived_from) if key}
    assert named <= set(places())


def test_a_place_is_named_once_in_a_statement() -> None:
    for statement in statements():
        assert len(set(statement.places)) == len(statement.places)


def test_every_source_is_held_by_the_record() -> None:
    held = set()
    for path in RECORD.glob("*.yaml"):
        for item in read_record_file(path.name, path.read_bytes()).items:
            if item.section in ("sources", "documents"):
                held.add(item.data.get("slug") or item.data.get("number"))
    cited = {key for s in statements() for key in (s.source, s.also) if key}
    assert cited <= held


def test_schemes_groups_and_confidence_are_the_known_ones() -> None:
    assert {(s.scheme, s.group) for s in statements()} == {
        ("d5", "d5"),
        ("diffusion", "united-states"),
        ("diffusion", "supplement-5-a"),
        ("diffusion", "d5-or-macau"),
        ("diffusion", "everyone-else"),
    }
    assert {s.confidence for s in statements()} <= {"high", "medium", "low"}
