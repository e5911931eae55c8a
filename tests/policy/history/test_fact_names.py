"""Every fact has a name by which the public finds its history."""

from datetime import UTC, date, datetime, time

import pytest

from policy.models import Claim, CountryGroup, Fact, LegalForce, SnapshotContent, fact_models
from policy.models.chains import shape_of
from policy.queries.fact_names import (
    as_text,
    can_be_named,
    find_fact,
    kinds,
    name_of,
    public_field,
    said_by,
    title_of,
    with_related,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def test_no_two_kinds_share_a_word() -> None:
    assert len(kinds()) == len(list(fact_models()))


@pytest.mark.parametrize("model", fact_models(), ids=lambda model: model.__name__)
def test_every_fact_of_the_record_is_found_by_its_name(model: type[Fact]) -> None:
    shape = shape_of(model)
    for row in with_related(model.objects.all())[:60]:
        found = find_fact(name_of(row))
        assert found is not None, name_of(row)
        assert found.chain == shape.chain(row)
        assert row in found.rows
        assert found.title


def test_a_name_holds_no_number_of_the_database() -> None:
    row = LegalForce.objects.select_related("provision").first()
    assert row is not None
    assert name_of(row) == f"legalforce:{row.provision.slug}"
    assert find_fact(f"legalforce:{row.provision_id}") is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "countrygroup",
        "countrygroup:kh",
        "countrygroup:xx,d5",
        "nothing:kh,d5",
        "listingcitation:a,b,c,d",
        "federalclosing:never",
        "revision:1",
    ],
)
def test_what_names_nothing_finds_nothing(name: str) -> None:
    assert find_fact(name) is None


def test_a_fact_is_called_by_its_key_or_where_that_is_only_a_word_by_what_it_says() -> None:
    group = CountryGroup.objects.select_related("country").filter(country="kh").first()
    claim = Claim.objects.first()
    assert group is not None
    assert claim is not None
    assert title_of(group) in {"Cambodia, Country Group D:5", "Cambodia, AI Diffusion rule"}
    assert title_of(claim) == claim.text


def test_a_link_is_only_made_where_it_costs_no_query() -> None:
    assert can_be_named(CountryGroup.objects.all()[0])
    assert not can_be_named(LegalForce.objects.all()[0])
    assert can_be_named(LegalForce.objects.select_related("provision")[0])


def test_what_a_row_says_is_told_in_words_field_by_field() -> None:
    rows = CountryGroup.objects.filter(country="kh", scheme="d5").order_by("valid_from")
    said = said_by(with_related(rows)[0])
    assert next(iter(said)) == "Days"
    assert said["Country"] == "Cambodia"
    assert said["Group"] == "Country Group D:5"
    assert said["Source"].count(":") >= 1
    assert not {"Id", "Slug", "Recorded", "Superseded"} & said.keys()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (date(2025, 1, 13), "13 January 2025"),
        (datetime(2025, 1, 14, 3, 59, tzinfo=UTC), "13 January 2025, 22:59 Eastern"),
        (time(23, 59), "23:59"),
        (["a", ["b", 1]], "a; b; 1"),
        ({"start_date": "2025", "end_date": ""}, "start date: 2025"),
    ],
)
def test_a_value_in_words(value: object, words: str) -> None:
    assert as_text(value) == words


def test_what_the_public_has_no_name_for_cannot_be_named() -> None:
    with pytest.raises(LookupError, match="nothing that the public could name it by"):
        public_field(SnapshotContent)
