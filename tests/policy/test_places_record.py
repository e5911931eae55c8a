"""The record's places: every one there, under its names, codes and kind."""

from collections import Counter

import pytest

from policy.map.world import drawn_keys
from policy.sources.safe_xml import read_xml
from tests.policy.stated import places, words
from tests.shared_data import shared

ISO_3166_1 = words(
    """
    ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq
    br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm
    do dz ec ee eg eh er es et fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs
    gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn
    kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq
    mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm
    pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv
    sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi
    vn vu wf ws ye yt za zm zw
    """
)
EAR_DESTINATIONS = {"ua-crimea", "ua-donetsk", "ua-luhansk"}
AREAS_OF_MAPS = {"cy-north", "so-somaliland"}


def test_every_place_of_iso_3166_1_is_there_and_kosovo_and_the_ear_s_own_destinations() -> None:
    assert len(ISO_3166_1) == 249
    assert set(places()) == ISO_3166_1 | {"xk"} | EAR_DESTINATIONS | AREAS_OF_MAPS


def test_exactly_the_places_of_iso_have_its_codes() -> None:
    coded = {key for key, place in places().items() if place.iso3 and place.iso_numeric}
    assert coded == ISO_3166_1
    for codes, length in (("iso3", 3), ("iso_numeric", 3)):
        values = [getattr(places()[key], codes) for key in coded]
        assert len(set(values)) == len(values)
        assert {len(value) for value in values} == {length}
    assert all(places()[key].iso_numeric.isdecimal() for key in coded)


@pytest.mark.parametrize(
    ("key", "iso3", "number"),
    [
        ("au", "AUS", "036"),
        ("no", "NOR", "578"),
        ("tw", "TWN", "158"),
        ("hk", "HKG", "344"),
        ("mo", "MAC", "446"),
        ("gb", "GBR", "826"),
        ("ch", "CHE", "756"),
        ("aq", "ATA", "010"),
    ],
)
def test_codes_are_those_of_iso(key: str, iso3: str, number: str) -> None:
    assert (places()[key].iso3, places()[key].iso_numeric) == (iso3, number)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("kr", "Korea, South"),
        ("kp", "Korea, North"),
        ("mm", "Burma"),
        ("tr", "Türkiye"),
        ("cn", "China"),
        ("cz", "Czech Republic"),
        ("cd", "Congo (Democratic Republic of the)"),
        ("sc", "Seychelles"),
        ("us", "United States"),
        ("ua-crimea", "Crimea region of Ukraine"),
    ],
)
def test_names_are_those_that_the_ear_print(key: str, name: str) -> None:
    assert places()[key].name == name


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Myanmar", "mm"),
        ("Czechia", "cz"),
        ("South Korea", "kr"),
        ("UAE", "ae"),
        ("Hong Kong SAR", "hk"),
        ("Turkey", "tr"),
        ("UK", "gb"),
        ("Macao", "mo"),
        ("PRC", "cn"),
        ("Viet Nam", "vn"),
        ("Gaza", "ps"),
        ("Crimea", "ua-crimea"),
        ("DNR", "ua-donetsk"),
        ("Svalbard", "sj"),
    ],
)
def test_people_find_places_by_the_names_that_they_use(typed: str, key: str) -> None:
    names = {place.key: {place.name, *place.other_names} for place in places().values()}
    assert [k for k, known in names.items() if typed in known] == [key]


def test_no_name_means_two_places() -> None:
    names = Counter(
        name.casefold()
        for place in places().values()
        for name in {n.casefold() for n in (place.name, *place.other_names)}
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_a_place_of_a_parent_is_no_country_and_its_parent_is_one() -> None:
    for place in places().values():
        if place.parent:
            assert place.kind != "country", place.key
            assert places()[place.parent].kind == "country", place.key


def test_only_three_territories_belong_to_no_country() -> None:
    lone = {p.key for p in places().values() if p.kind == "territory" and not p.parent}
    assert lone == {"aq", "eh", "ps"}


def test_kinds_are_the_known_ones() -> None:
    kinds = Counter(place.kind for place in places().values())
    assert set(kinds) == {"country", "territory", "ear-destination"}
    assert kinds["ear-destination"] == len(EAR_DESTINATIONS)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("CHINA, PEOPLE'S REPUBLIC OF", "cn"),
        ("CRIMEA REGION OF UKRAINE", "ua-crimea"),
        ("UKRAINE", "ua"),
        ("SOUTH KOREA", "kr"),
        ("SOUTH SUDAN", "ss"),
        ("TURKEY", "tr"),
        ("UNITED ARAB EMIRATES", "ae"),
        ("BURMA", "mm"),
    ],
)
def test_a_destination_of_the_entity_list_is_a_place(printed: str, key: str) -> None:
    assert [p.key for p in places().values() if printed in p.entity_list_names] == [key]


def test_no_destination_of_the_entity_list_means_two_places() -> None:
    printed = [name for place in places().values() for name in place.entity_list_names]
    assert len(printed) == len(set(printed)) == 91


@pytest.mark.parametrize("day", ["2026-03-25", "2026-07-18"])
def test_the_real_entity_list_names_exactly_these_destinations(day: str) -> None:
    root = read_xml(shared(f"ecfr/title-15_part-744_{day}.xml").read_bytes())
    [list_] = [d for d in root.iter("DIV9") if "No. 4 to Part 744" in (d.findtext("HEAD") or "")]
    rows = (row.findall("TD") for row in list_.iter("TR"))
    cells = (" ".join("".join(row[0].itertext()).split()) for row in rows if len(row) == 5)
    ours = {name for place in places().values() for name in place.entity_list_names}
    assert {cell for cell in cells if cell} == ours


def test_every_place_is_on_the_map_but_those_that_the_page_names() -> None:
    assert set(places()) - drawn_keys() == {"aq", "ua-donetsk", "ua-luhansk"}
    assert drawn_keys() <= set(places())
