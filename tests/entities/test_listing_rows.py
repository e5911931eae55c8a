"""From a parsed entry to the facts about it: starts, documents, names, slugs."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.actions.listing_rows import (
    ListingRows,
    address_digest,
    new_slug,
    party_rows,
    policy_label,
    rows_for,
    sort_name,
)
from entities.models import Entity
from entities.sources.supplement4 import ParsedName, ParsedParty, parse_listing
from policy.domain.citations import FrCitation
from policy.models import Country, Document, DocumentFact, Source
from policy.queries.cited import Joins, KnownDocuments

ENTITY = Entity(pk=1, slug="acme")
CHINA = Country(key="cn", name="China")
SOURCE = Source(pk=1, slug="list", title="The list")


def document(number: str, **values: object) -> DocumentFact:
    defaults = {"title": number, "volume": 90, "published": date(2025, 1, 16)}
    return DocumentFact(document=Document(pk=7, number=number), **defaults | values)


RANGE = document("range", start_page=4617, end_page=4620, effective=date(2025, 1, 16))
OPEN = document(
    "open",
    start_page=44496,
    amending_pages=[44499],
    published=date(2025, 9, 16),
    effective=date(2025, 9, 12),
)
NO_FIRST_PAGE = document("late", amending_pages=[50859], published=date(2025, 11, 12))
MONTH = document("month", start_page=60000, published=date(2025, 8, 1), published_precision="month")
KNOWN = KnownDocuments([RANGE, OPEN, NO_FIRST_PAGE, MONTH])
JOINS = Joins(KNOWN)


@pytest.mark.parametrize(
    ("page", "published", "found"),
    [
        (4617, date(2025, 1, 16), RANGE),
        (4619, date(2025, 1, 16), RANGE),
        (4620, date(2025, 1, 16), RANGE),
        (4621, date(2025, 1, 16), None),
        (4616, date(2025, 1, 16), None),
        (4619, None, RANGE),
        (4619, date(2025, 1, 17), None),
        (44496, date(2025, 9, 16), OPEN),
        (44499, date(2025, 9, 16), OPEN),
        (44497, date(2025, 9, 16), None),
        (50859, date(2025, 11, 12), NO_FIRST_PAGE),
        (60000, date(2025, 8, 20), MONTH),
    ],
)
def test_a_citation_joins_the_document_whose_pages_hold_it(
    page: int, published: date | None, found: DocumentFact | None
) -> None:
    assert KNOWN.find(FrCitation(90, page, published)) is found


def test_the_same_page_of_another_volume_is_another_page() -> None:
    assert KNOWN.find(FrCitation(89, 4619, date(2025, 1, 16))) is None


def test_a_page_that_two_documents_hold_joins_neither() -> None:
    twice = KnownDocuments([RANGE, document("other", start_page=4619)])
    assert twice.find(FrCitation(90, 4619)) is None


def test_a_document_without_a_volume_is_never_found() -> None:
    assert KnownDocuments([document("x", volume=None)]).find(FrCitation(90, 10)) is None


def rows(
    citation: str, entity: str = "Acme Co., Ltd., 1 First Road, Beijing, China."
) -> ListingRows:
    parsed = parse_listing(
        destination="CHINA, PEOPLE'S REPUBLIC OF",
        entity=entity,
        requirement="For all items subject to the EAR (See § 744.11 of the EAR) 4",
        review_policy="Presumption of denial.",
        citation=citation,
    )
    return rows_for(parsed, ENTITY, country=CHINA, source=SOURCE, documents=JOINS)


@pytest.mark.parametrize(
    ("citation", "start", "reconstructed"),
    [
        ("90 FR 4619, 1/16/25.", date(2025, 1, 16), False),
        ("90 FR 44499, 9/16/25.", date(2025, 9, 12), False),
        ("90 FR 50859, 11/12/25.", date(2025, 11, 12), True),
        ("62 FR 51369, 10/1/97.", date(1997, 10, 1), True),
        ("62 FR 51369.", None, True),
    ],
)
def test_a_listing_starts_on_the_effective_day_else_on_publication_and_says_so(
    citation: str, start: date | None, reconstructed: bool
) -> None:
    listing = rows(citation).listing
    assert listing is not None
    assert (listing.valid_from, listing.reconstructed) == (start, reconstructed)


def test_the_first_citation_listed_and_later_ones_revised() -> None:
    found = rows("62 FR 51369, 10/1/97. 90 FR 44499, 9/16/25.")
    assert [(c.act, c.page, c.position) for c in found.citations] == [
        ("listed", 51369, 0),
        ("revised", 44499, 1),
    ]
    assert [c.valid_from for c in found.citations] == [date(1997, 10, 1), date(2025, 9, 12)]
    assert [c.document_id for c in found.citations] == [None, 7]


def test_the_wording_is_that_of_the_last_revision() -> None:
    listing = rows("62 FR 51369, 10/1/97. 90 FR 44499, 9/16/25.").listing
    assert listing is not None
    assert (listing.valid_from, listing.worded_since) == (date(1997, 10, 1), date(2025, 9, 12))
    assert listing.wording_is_later_than(date(2000, 1, 1))
    assert not listing.wording_is_later_than(date(2025, 9, 12))


def test_a_revision_out_of_order_does_not_turn_the_wording_back() -> None:
    listing = rows("62 FR 51369, 10/1/97. 90 FR 44499, 9/16/25. 63 FR 100, 1/2/98.").listing
    assert listing is not None and listing.worded_since == date(2025, 9, 12)


def test_requirement_footnotes_and_policy_are_kept_apart() -> None:
    listing = rows("90 FR 4619, 1/16/25.").listing
    assert listing is not None
    assert listing.requirement == "For all items subject to the EAR (See § 744.11 of the EAR)"
    assert listing.footnotes == ["4"]
    assert (listing.review_policy, listing.review_policy_normal) == (
        "Presumption of denial.",
        "Presumption of denial",
    )


def test_the_cells_are_kept_as_given() -> None:
    listing = rows("90 FR 4619, 1/16/25.").listing
    assert listing is not None
    assert listing.raw["citation"] == "90 FR 4619, 1/16/25."
    assert set(listing.raw) == {"entity", "requirement", "review_policy", "citation"}


def test_names_stand_in_printed_order_with_their_kind() -> None:
    entity = (
        "Acme Co., Ltd., a.k.a., the following two aliases:\n—Acme; and\n—Acme Chips.\n"
        "1 First Road, Beijing, China."
    )
    names = rows("90 FR 4619, 1/16/25.", entity).names
    assert [(n.text, n.kind) for n in names] == [
        ("Acme Co., Ltd.", "name"),
        ("Acme", "alias"),
        ("Acme Chips", "alias"),
    ]
    assert [n.position for n in names] == sorted(n.position for n in names)
    assert all(n.valid_from == date(2025, 1, 16) for n in names)


def test_names_and_addresses_that_differ_in_form_only_are_kept_once() -> None:
    party = ParsedParty(
        "Acme",
        (ParsedName("Acme"), ParsedName("ACME.", "alias"), ParsedName("Acme B", "alias")),
        ("1 First Road, Beijing", "1 First  Road, BEIJING.", "2 Second Road"),
    )
    parent = rows("90 FR 4619, 1/16/25.").listing
    assert parent is not None
    found = party_rows(party, Entity(pk=2, slug="b"), parent, position=3, source=SOURCE)
    assert [n.text for n in found.names] == ["Acme", "Acme B"]
    assert [a.text for a in found.addresses] == ["1 First Road, Beijing", "2 Second Road"]


def test_a_party_inside_a_listing_is_listed_under_it_from_the_same_day() -> None:
    parent = rows("90 FR 4619, 1/16/25.").listing
    assert parent is not None
    party = ParsedParty("Institute 13", (ParsedName("Institute 13"),))
    under = party_rows(party, Entity(pk=2, slug="b"), parent, position=3, source=SOURCE)
    assert under.listing is None and under.listed_under is not None
    assert under.listed_under.parent == ENTITY
    assert (under.listed_under.name, under.listed_under.position) == ("Institute 13", 3)
    assert {fact.valid_from for fact in under.facts} == {date(2025, 1, 16)}


def test_every_fact_of_an_entry_cites_its_source() -> None:
    found = rows("90 FR 4619, 1/16/25.")
    assert {fact.source_id for fact in found.facts} == {SOURCE.pk}
    assert len(found.facts) == 4


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme Co., Ltd.", "acme-co-ltd"),
        ("Общество «Звезда»", "obshchestvo-zvezda"),
        ("北京智谱华章科技有限公司", "beijingzhipuhuazhangkejiyouxiangongsi"),
        ("!!!", "entity"),
    ],
)
def test_a_slug_is_made_from_the_name_in_latin_letters(name: str, slug: str) -> None:
    made = new_slug(name, taken=())
    assert made.replace("-", "") == slug.replace("-", "") if "北" in name else made == slug


def test_a_slug_that_is_taken_gets_the_next_number() -> None:
    assert new_slug("Acme", {"acme"}) == "acme-2"
    assert new_slug("Acme", {"acme", "acme-2", "acme-3"}) == "acme-4"


@given(st.text(max_size=400), st.integers(1, 5))
def test_slugs_are_never_taken_empty_or_too_long(name: str, times: int) -> None:
    taken: set[str] = set()
    for _ in range(times):
        slug = new_slug(name, taken)
        assert slug and slug not in taken
        assert len(slug) <= 140
        taken.add(slug)
    assert len(taken) == times


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [("Élan", "elan"), ('"Rostec"', 'rostec"'), ("(AO) Zavod", "ao) zavod"), ("ACME", "acme")],
)
def test_names_sort_without_case_accents_or_leading_signs(name: str, sorted_as: str) -> None:
    assert sort_name(name) == sorted_as


@pytest.mark.parametrize(
    ("policy", "label"),
    [
        ("Presumption of denial.", "Presumption of denial"),
        ("Presumption  of\ndenial", "Presumption of denial"),
        ("x" * 300, "x" * 200),
        ("", ""),
    ],
)
def test_policies_are_counted_without_spacing_and_full_stop(policy: str, label: str) -> None:
    assert policy_label(policy) == label


def test_addresses_compare_in_normal_form() -> None:
    assert address_digest("No. 1, First Road") == address_digest("NO 1 FIRST ROAD.")
    assert address_digest("No. 1, First Road") != address_digest("No. 2, First Road")
