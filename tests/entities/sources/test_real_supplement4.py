"""The Entity List of two real days; each test has a hand-written twin that always runs."""

import json
import re
from collections import Counter
from datetime import date
from functools import cache

import pytest

from entities.sources.supplement4 import (
    ParsedListing,
    Severity,
    Supplement4,
    parse_listing,
    parse_supplement4,
    substance,
)
from policy.domain.normal_form import normal_form
from policy.sources.safe_xml import read_file, read_xml
from tests.entities.sources.samples import lost_words
from tests.shared_data import shared

MARCH, JULY = "2026-03-25", "2026-07-18"


@cache
def real(day: str) -> Supplement4:
    path = shared(f"ecfr/title-15_part-744_{day}.xml")
    return parse_supplement4(read_xml(read_file(path), expect_root="DIV5"))


def at_row(row: int) -> ParsedListing:
    (listing,) = [found for found in real(MARCH).listings if found.row == row]
    return listing


@pytest.mark.parametrize("day", [MARCH, JULY])
def test_rows_listings_and_destinations_are_those_of_an_independent_parse(day: str) -> None:
    read = real(day)
    assert (read.rows, len(read.listings), len(read.destinations)) == (3415, 3411, 91)
    rows = Counter(read.row_destinations)
    largest = {
        "CHINA, PEOPLE'S REPUBLIC OF": 1110,
        "RUSSIA": 1083,
        "UNITED ARAB EMIRATES": 188,
        "PAKISTAN": 183,
        "IRAN": 115,
        "TURKEY": 88,
    }
    assert {name: rows[name] for name in largest} == largest


def test_four_rows_continue_the_one_above() -> None:
    continued = [listing.rows for listing in real(MARCH).listings if len(listing.rows) > 1]
    assert continued == [(381, 382, 383, 384), (655, 656)]


def test_201_distinct_citations_are_printed_and_only_slips_of_the_print_are_reported() -> None:
    read = real(MARCH)
    assert len(read.distinct_citations) == 201
    said = Counter(
        re.sub(r"[\d/–-]+", "N", p.reason) for p in read.problems if p.cell == "citation"
    )
    assert said == {
        "volume N of the Federal Register is that of N, but the date printed is of N": 1,
        "N is a Sunday, when no Federal Register is published": 1,
        "dated N here, N in N other rows": 2,
        "stray words “preview citation details” are printed in the citation": 3,
        "“FR” is printed twice": 2,
        "N FR N is printed twice": 2,
    }


def test_the_typo_is_kept_as_printed() -> None:
    cited = [c for listing in real(MARCH).listings for c in listing.citations]
    (typo,) = [c for c in cited if (c.volume, c.page) == (83, 61541)]
    assert typo.published == date(2019, 11, 13)
    assert typo.notes == (
        "volume 83 of the Federal Register is that of 2018, but the date printed is of 2019",
    )


def test_one_page_with_two_dates_is_reported_where_it_is_the_rarer_one() -> None:
    found = [p for p in real(MARCH).problems if p.reason.startswith("dated ")]
    assert [(p.text, p.severity) for p in found] == [
        ("88 FR 38741", Severity.MEDIUM),
        ("77 FR 58006", Severity.MEDIUM),
    ]


def test_the_two_rules_of_16_january_2025_list_and_revise_what_they_should() -> None:
    acts = Counter(
        (str(cited), position == 0)
        for listing in real(MARCH).listings
        for position, cited in enumerate(listing.citations)
    )
    assert acts["90 FR 4619", True] == 11
    assert acts["90 FR 4619", False] == 1
    assert (acts["90 FR 4622", True], acts["90 FR 4622", False]) == (16, 0)


def test_between_the_two_days_no_listing_differs_in_substance() -> None:
    old, new = real(MARCH).listings, real(JULY).listings
    assert sum(a.raw_cells != b.raw_cells for a, b in zip(old, new, strict=True)) > 100
    assert [substance(listing) for listing in old] == [substance(listing) for listing in new]


def test_no_cell_differs_in_normal_form_between_the_two_days() -> None:
    pairs = [
        (old.printed.as_dict()[cell], new.printed.as_dict()[cell])
        for old, new in zip(real(MARCH).listings, real(JULY).listings, strict=True)
        for cell in ("entity", "requirement", "review_policy", "citation")
    ]
    assert sum(old != new for old, new in pairs) > 100
    assert sum(normal_form(old) != normal_form(new) for old, new in pairs) == 0


def test_both_days_are_cut_into_the_same_names_and_addresses() -> None:
    def parts(listing: ParsedListing) -> list[str]:
        texts = [name.text for name in listing.names] + list(listing.addresses)
        for party in listing.parties:
            texts += [name.text for name in party.names] + list(party.addresses)
        return [normal_form(text) for text in texts]

    assert list(map(parts, real(MARCH).listings)) == list(map(parts, real(JULY).listings))


def test_no_word_of_any_entity_cell_is_lost() -> None:
    lost = {
        listing.row: words
        for listing in real(MARCH).listings
        if (words := lost_words(listing.printed.entity, listing))
    }
    assert lost == {}


def test_parties_named_inside_a_listing_are_all_found() -> None:
    with_parties = {
        listing.row: len(listing.parties) for listing in real(MARCH).listings if listing.parties
    }
    assert with_parties == {381: 13, 407: 2, 421: 2, 427: 7, 433: 3, 655: 22, 1381: 3, 1779: 4}


def test_the_second_academy_and_its_institutes_share_their_addresses() -> None:
    academy = at_row(381)
    assert len(academy.names) == 9
    assert [party.name for party in academy.parties][-1] == "699 Factory"
    assert {party.addresses for party in academy.parties} == {academy.addresses}
    assert len(academy.addresses) == 5


def test_each_huawei_affiliate_has_its_own_address() -> None:
    affiliates = at_row(655).parties
    assert len(affiliates) == 22
    assert all(party.addresses and party.name not in party.addresses for party in affiliates)


def test_twelve_rows_name_a_subordinate_of_one_institute() -> None:
    parents = Counter(listing.parent for listing in real(MARCH).listings if listing.parent)
    assert list(parents.values()) == [12]
    assert at_row(409).parent.endswith("(CETC 13)")


def test_footnotes_are_taken_out_of_the_requirements_and_explained() -> None:
    read = real(MARCH)
    marks = Counter(listing.footnotes for listing in read.listings)
    assert marks == {(): 2394, ("3",): 775, ("1", "2"): 130, ("4",): 96, ("5",): 16}
    assert sorted(read.footnotes) == ["1", "2", "3", "4", "5"]
    assert not any(re.search(r"\)\s?\d\b", listing.requirement) for listing in read.listings)


def test_the_stay_of_the_introductory_text_is_read() -> None:
    (stay,) = real(MARCH).stays
    assert stay.startswith("At 90 FR 50857, Nov. 12, 2025")


def test_nothing_on_the_real_list_is_unreadable() -> None:
    severities = Counter(problem.severity for problem in real(MARCH).problems)
    assert severities[Severity.HIGH] == 0
    assert severities[Severity.MEDIUM] <= 20
    assert severities[Severity.LOW] <= 60


def test_every_listing_has_a_name_and_only_a_few_have_no_address() -> None:
    assert all(listing.name for listing in real(MARCH).listings)
    assert sum(not listing.addresses for listing in real(MARCH).listings) == 12


def test_the_entries_written_by_hand_are_those_of_the_list() -> None:
    facts = json.loads(shared("../facts/entity_additions_2025-01-16.json").read_text())
    printed = {substance(listing): listing for listing in real(MARCH).listings}
    for fact in facts["entities"]:
        copied = parse_listing(
            destination=fact["destination"],
            entity=fact["raw"],
            requirement=fact["license_requirement"],
            review_policy=fact["license_review_policy"],
            citation=fact["supp4_citation"],
        )
        found = printed[substance(copied)]
        assert (copied.names, copied.addresses) == (found.names, found.addresses)
        assert copied.name == fact["name"]
        assert copied.digest == found.digest
    assert len(facts["entities"]) == 27
