"""Country groups on a day: counts, histories, the days on which something changed."""

from datetime import date

import pytest

from policy.map.world import drawn_keys
from policy.models import Country
from policy.queries.tiers import (
    DIFFUSION_EFFECTIVE,
    GroupCount,
    change_days,
    count_groups,
    find_countries,
    history,
    placement,
    placements,
    slider_stops,
)
from tests.policy.queries.readings import BEFORE_THE_RECORD, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def counts(on: str, known: str = "") -> dict[str, tuple[int, int]]:
    found = count_groups(placements(reading(on, known)))
    return {group.group: (group.count, group.followers) for group in found}


@pytest.mark.parametrize(
    ("on", "group", "count"),
    [
        ("2025-01-13", "united-states", 1),
        ("2025-01-13", "supplement-5-a", 18),
        ("2025-01-13", "d5-or-macau", 24),
        ("2026-02-03", "d5-or-macau", 24),
        ("2026-02-04", "d5-or-macau", 23),
        ("2026-09-28", "supplement-5-a", 18),
    ],
)
def test_a_group_counts_its_destinations_without_the_territories_that_follow(
    on: str, group: str, count: int
) -> None:
    assert counts(on)[group][0] == count


def test_before_the_rule_there_are_no_tiers_but_country_group_d5() -> None:
    assert counts("2025-01-12").keys() == {"d5", "none"}
    assert counts("2025-01-12")["d5"][0] == 23


def test_on_its_first_day_every_destination_has_a_group() -> None:
    assert "none" not in counts("2025-01-13")


@pytest.mark.parametrize("on", ["2024-06-01", "2025-01-13", "2025-06-01", "2026-09-28"])
def test_every_destination_is_counted_once(on: str) -> None:
    assert sum(a + b for a, b in counts(on).values()) == Country.objects.count()


@pytest.mark.parametrize("on", ["2025-01-13", "2026-09-28"])
def test_who_follows_a_state_is_in_the_group_of_that_state(on: str) -> None:
    placed = {p.country.key: p for p in placements(reading(on))}
    followers = [p for p in placed.values() if p.follows]
    assert len(followers) > 40
    for follower in followers:
        assert follower.shown is not None
        assert follower.group == placed[str(follower.shown.derived_from_id)].group


def test_the_followers_of_china_are_named() -> None:
    assert placement(Country.objects.get(key="hk"), reading("2025-06-01")).group == "d5-or-macau"


@pytest.mark.parametrize(
    ("followers", "note"),
    [
        (0, ""),
        (1, "and 1 territory that follows its state"),
        (38, "and 38 territories that follow their state"),
    ],
)
def test_followers_are_told_in_words(followers: int, note: str) -> None:
    assert GroupCount("g", "G", 1, followers).note == note


def test_the_groups_stand_in_the_order_of_their_definition() -> None:
    found = count_groups(placements(reading("2025-06-01")))
    assert [group.group for group in found] == [
        "united-states",
        "supplement-5-a",
        "d5-or-macau",
        "everyone-else",
    ]


def test_before_the_record_began_no_group_was_known() -> None:
    assert counts("2025-06-01", BEFORE_THE_RECORD).keys() == {"none"}


@pytest.mark.parametrize(
    ("key", "on", "groups"),
    [
        ("kh", "2025-01-12", ["d5"]),
        ("kh", "2025-01-13", ["d5", "d5-or-macau"]),
        ("kh", "2026-02-03", ["d5", "d5-or-macau"]),
        ("kh", "2026-02-04", ["d5", "everyone-else", "d5-or-macau"]),
        ("my", "2024-06-01", []),
        ("my", "2025-06-01", ["everyone-else"]),
    ],
)
def test_the_history_of_a_place_is_what_had_begun_newest_first(
    key: str, on: str, groups: list[str]
) -> None:
    found = history(Country.objects.get(key=key), reading(on))
    assert [row.group for row in found] == groups


def test_a_place_agrees_with_the_list_of_all_places() -> None:
    asked = reading("2025-06-01")
    for placed in placements(asked)[::20]:
        alone = placement(placed.country, asked)
        assert (alone.diffusion, alone.d5) == (placed.diffusion, placed.d5)


def test_the_days_of_change_are_those_of_the_rule_and_of_cambodia() -> None:
    days = change_days(reading())
    assert {DIFFUSION_EFFECTIVE, date(2026, 2, 4)} <= set(days)
    assert days == sorted(set(days))
    assert change_days(reading("", BEFORE_THE_RECORD)) == []


def test_the_slider_stops_each_month_and_on_each_change() -> None:
    stops = slider_stops(reading())
    assert stops[0] == date(2024, 1, 1)
    assert stops[-1] == date(2026, 9, 28)
    assert {date(2024, 2, 1), DIFFUSION_EFFECTIVE, date(2026, 2, 4)} <= set(stops)
    assert stops == sorted(set(stops))


def test_the_slider_has_stops_even_before_the_record() -> None:
    assert slider_stops(reading("", BEFORE_THE_RECORD))[-1] >= DIFFUSION_EFFECTIVE


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Malaysia", ["my"]),
        ("mys", ["my"]),
        ("MY", ["my"]),
        ("Holland", ["nl"]),
        ("Guinea", ["gn"]),
        ("no such place", []),
    ],
)
def test_places_are_found_by_name_and_code_before_parts_of_names(
    text: str, keys: list[str]
) -> None:
    assert [country.key for country in find_countries(text)] == keys


def test_places_are_found_by_part_of_a_name_when_nothing_is_called_so() -> None:
    found = {country.key for country in find_countries("guine")}
    assert {"gn", "gw", "gq", "pg"} <= found


def test_places_are_found_by_the_names_that_the_record_adds() -> None:
    named = Country.objects.exclude(other_names=[])
    assert named
    for country in named:
        for name in country.other_names:
            assert country in find_countries(name.upper()), name


def test_almost_every_destination_is_drawn() -> None:
    undrawn = {p.country.key for p in placements(reading())} - drawn_keys()
    assert undrawn == {"aq", "ua-donetsk", "ua-luhansk"}
