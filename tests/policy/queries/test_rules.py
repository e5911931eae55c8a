"""Rules as of a day: lists, statuses, what is next, and everything that a rule's page shows."""

from datetime import date
from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries

from policy.domain.timeaxis import Axis
from policy.models import Document, Provision, Rule
from policy.queries.axis import rule_axis
from policy.queries.documents import document_page, provisions_of_section
from policy.queries.rules import (
    RuleLine,
    document_facts,
    provision_statuses,
    rule_lines,
    rule_page,
    rule_status_of_scheme,
)
from tests.policy.queries.readings import BEFORE_THE_RECORD, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def diffusion() -> Rule:
    return Rule.objects.get(slug="ai-diffusion")


def lines(on: str = "", known: str = "") -> list[RuleLine]:
    return rule_lines(reading(on, known), Rule.objects.all())


def slugs(found: list[RuleLine]) -> set[str]:
    return {line.rule.slug for line in found}


# --- the list


def test_the_list_holds_what_had_appeared_by_the_day() -> None:
    assert slugs(lines("2025-01-12")) < slugs(lines("2025-01-16")) < slugs(lines("2026-09-28"))
    assert "ai-diffusion" not in slugs(lines("2025-01-09"))
    assert "ai-diffusion" in slugs(lines("2025-01-15"))


def test_the_list_is_newest_first() -> None:
    days = [line.document.published for line in lines() if line.document]
    known = [day for day in days if day]
    assert all(later >= earlier for later, earlier in pairwise(known))


def test_before_the_record_began_no_rule_was_known() -> None:
    assert lines("2026-09-28", BEFORE_THE_RECORD) == []


def test_the_list_costs_the_same_for_one_rule_and_for_all(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    asked = reading()
    for rules in (Rule.objects.filter(slug="ai-diffusion"), Rule.objects.all()):
        _ = asked.coverage
        with django_assert_num_queries(6):
            rule_lines(asked, rules)


@pytest.mark.parametrize(
    ("q", "matches"),
    [
        ("", True),
        ("diffusion", True),
        ("DIFFUSION framework", True),
        ("0694-aj90", True),
        ("2025-00636", True),
        ("framework 0694-AJ90", True),
        ("affiliates", False),
        ("diffusion affiliates", False),
    ],
)
def test_a_line_matches_when_it_holds_every_word(q: str, matches: bool) -> None:
    (line,) = rule_lines(reading(), Rule.objects.filter(slug="ai-diffusion"))
    assert line.matches(q) == matches


@pytest.mark.parametrize(
    ("on", "slug", "day"),
    [
        ("2025-01-16", "ai-diffusion", "2025-05-15"),
        ("2025-05-15", "ai-diffusion", "2025-05-15"),
        ("2025-05-16", "ai-diffusion", "2026-01-15"),
        ("2026-01-16", "ai-diffusion", ""),
        ("2026-09-28", "affiliates", "2026-11-09"),
        ("2026-11-10", "affiliates", ""),
    ],
)
def test_the_next_date_of_a_rule_is_the_first_that_has_not_passed(
    on: str, slug: str, day: str
) -> None:
    (line,) = rule_lines(reading(on), Rule.objects.filter(slug=slug))
    assert (line.next_deadline.iso if line.next_deadline else "") == day


# --- one rule


@pytest.mark.parametrize(
    ("on", "provisions"),
    [("2023-11-16", 1), ("2025-01-12", 6), ("2025-01-13", 6), ("2026-09-28", 6)],
)
def test_every_provision_that_is_or_will_be_law_has_a_status(on: str, provisions: int) -> None:
    found = rule_page(diffusion(), reading(on)).provisions
    assert len([s for s in found if s.force.fact or s.force.upcoming]) == len(found)
    assert len(found) == max(provisions, 6)


def test_a_provision_not_yet_law_names_the_day_on_which_it_becomes_so() -> None:
    general = rule_page(diffusion(), reading("2025-01-10")).provisions[0]
    assert general.force.fact is None
    assert general.force.upcoming is not None
    assert general.force.upcoming.valid_from == date(2025, 1, 13)


@pytest.mark.parametrize(
    ("on", "ahead"),
    [("2025-01-14", None), ("2025-01-15", True), ("2025-05-14", True), ("2025-05-15", False)],
)
def test_general_compliance_lies_ahead_until_15_may_2025(on: str, ahead: bool | None) -> None:
    general = rule_page(diffusion(), reading(on)).provisions[0]
    assert (general.compliance and general.compliance_ahead) == ahead


def test_the_guidelines_have_a_compliance_date_of_their_own() -> None:
    found = {s.provision.slug: s for s in rule_page(diffusion(), reading("2025-06-01")).provisions}
    guidelines = found["ai-diffusion-veu-guidelines"]
    assert guidelines.compliance is not None
    assert guidelines.compliance.iso == "2026-01-15"
    assert guidelines.compliance_ahead
    assert not found["ai-diffusion-general"].compliance_ahead


def test_a_rule_s_page_holds_what_had_been_said_by_the_day() -> None:
    earlier = rule_page(diffusion(), reading("2025-01-12"))
    later = rule_page(diffusion(), reading("2026-09-28"))
    assert 0 < len(earlier.reactions) < len(later.reactions)
    assert earlier.document is None or earlier.document.published == date(2025, 1, 15)
    assert len(earlier.milestones) < len(later.milestones)
    assert {row.document_source.slug for row in later.documents} > {
        row.document_source.slug for row in earlier.documents
    }


def test_the_newest_reaction_stands_first() -> None:
    days = [r.valid_from for r in rule_page(diffusion(), reading()).reactions if r.valid_from]
    assert days == sorted(days, reverse=True)


def test_the_conflict_about_the_filing_day_is_shown_with_both_values() -> None:
    (conflict,) = rule_page(diffusion(), reading()).conflicts
    assert conflict.one_says.startswith("10 January 2025")
    assert conflict.other_says.startswith("13 January 2025")
    assert conflict.is_open


def test_a_rule_s_export_holds_every_fact_of_its_page() -> None:
    page = rule_page(diffusion(), reading())
    facts = page.facts
    assert len(facts) == len({(type(fact), fact.pk) for fact in facts})
    for group in (page.documents, page.reactions, page.claims, page.thresholds, page.conflicts):
        assert set(group) <= set(facts)
    assert all(fact.source_id for fact in facts)


def test_a_rule_s_page_costs_the_same_whatever_the_rule(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for rule in Rule.objects.select_related("document", "docket"):
        asked = reading("2026-09-28")
        with django_assert_max_num_queries(15):
            rule_page(rule, asked)


def test_a_statement_is_noted_only_where_words_or_a_reading_are_held() -> None:
    for status in rule_page(diffusion(), reading("2025-06-01")).provisions:
        assert all(fact.quote or fact.note for fact in status.noted)


def test_the_scheme_of_the_tier_map_is_that_of_the_diffusion_rule() -> None:
    found = rule_status_of_scheme(reading("2025-06-01"))
    assert {status.provision.rule.slug for status in found} == {"ai-diffusion"}


def test_no_provision_without_a_statement_is_shown() -> None:
    nothing = Provision.objects.create(slug="silent", rule=diffusion(), label="Silent")
    assert provision_statuses(reading(), [], [nothing]) == []


# --- documents and sections


@pytest.mark.parametrize(
    ("number", "on", "held"),
    [
        ("2025-00636", "2024-12-31", False),
        ("2025-00636", "2025-01-15", True),
        ("2025-00704", "2025-01-15", False),
        ("2025-00704", "2025-01-16", True),
    ],
)
def test_a_document_has_a_page_once_it_has_appeared(number: str, on: str, held: bool) -> None:
    page = document_page(Document.objects.get(number=number), reading(on))
    assert (page.fact is not None) == held


def test_a_document_s_page_says_what_it_did() -> None:
    page = document_page(Document.objects.get(number="2025-00636"), reading())
    assert [rule.slug for rule in page.rules] == ["ai-diffusion"]
    assert {row.deadline.slug for row in page.dates} >= {
        "ai-diffusion-comment",
        "ai-diffusion-compliance",
        "ai-diffusion-effective",
    }
    assert page.statuses
    assert all(fact.source.slug == "2025-00636" for fact in page.statuses)


def test_an_extension_is_found_on_the_page_of_the_document_that_made_it() -> None:
    page = document_page(Document.objects.get(number="2025-00711"), reading())
    assert "foreign-direct-product-2024-comment" in {row.deadline.slug for row in page.dates}
    assert "foreign-direct-product-2024" in {row.rule.slug for row in page.acts_on}


def test_a_document_s_facts_are_none_without_documents() -> None:
    assert document_facts([None], reading().asof) == {}


@pytest.mark.parametrize(
    ("number", "provisions"),
    [
        ("742.6", 2),
        ("742.6(a)(6)", 2),
        ("742.6(a)(6)(iii)(A)", 2),
        ("742.6(b)", 0),
        ("999.9", 0),
    ],
)
def test_a_section_holds_the_provisions_that_cite_it(number: str, provisions: int) -> None:
    assert len(provisions_of_section(number, reading()).statuses) == provisions


def test_a_section_holds_the_numbers_set_in_it() -> None:
    page = provisions_of_section("740.29", reading())
    assert [threshold.slug for threshold in page.thresholds] == [
        "lpp-per-consignee-per-calendar-year"
    ]
    assert page.facts == page.thresholds


# --- the axis


def axis_of(slug: str, on: str) -> Axis:
    asked = reading(on)
    axis = rule_axis(rule_page(Rule.objects.get(slug=slug), asked), asked)
    assert axis is not None
    return axis


def test_the_axis_marks_every_known_date_and_the_comment_period() -> None:
    axis = axis_of("ai-diffusion", "2025-02-01")
    assert {date(2025, 1, 13), date(2025, 1, 15), date(2025, 5, 15), date(2026, 1, 15)} <= {
        placed.mark.day for placed in axis.marks
    }
    (window,) = (placed.bar for placed in axis.bars)
    assert (window.start, window.end) == (date(2025, 1, 15), date(2025, 5, 15))


def test_the_axis_shows_a_stay_as_a_bar() -> None:
    bars = [placed.bar for placed in axis_of("affiliates", "2026-01-01").bars]
    assert [(bar.kind, bar.start) for bar in bars] == [("stayed", date(2025, 11, 10))]


@pytest.mark.parametrize(
    ("on", "marked"),
    [("2025-02-01", True), ("2034-01-01", True), ("1900-01-01", False), ("9998-12-31", False)],
)
def test_a_day_far_from_every_date_is_not_marked_on_the_axis(on: str, marked: bool) -> None:
    asked = reading(on)
    page = rule_page(diffusion(), reading("2026-09-28"))
    axis = rule_axis(page, asked)
    assert axis is not None
    assert (axis.today_x is not None) == marked
    assert len(axis.ticks) < 40


def test_a_rule_without_a_date_known_to_the_day_has_no_axis() -> None:
    asked = reading("2026-09-28")
    rule = Rule.objects.get(slug="uae-treatment-2026")
    assert rule_axis(rule_page(rule, asked), asked) is None
