"""What was the law on a day: one truth table, read by queries, by pages and by the API."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from entities.models import Entity
from entities.queries.entity import entity_page
from policy.models import Country, Provision, Rule
from policy.queries.asof import Reading, read_parameters
from policy.queries.rules import ProvisionStatus, provision_statuses, rule_page
from policy.queries.tiers import placement
from tests.instants import TODAY
from tests.site_map import ZHIPU, Shown, shown, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

KNOWN_NOW = ("", "2026-10-01T12:00:00Z", "2026-10-15")
as_known = pytest.mark.parametrize("known", KNOWN_NOW, ids=["now", "that instant", "later"])

GENERAL = "ai-diffusion-general"
HEADQUARTERS = "742-6-a-6-iii-a-headquarters"
DESTINATION = "742-6-a-6-iii-a-destination"
AFFILIATES = "affiliates-50-percent"
SECTION = "742.6(a)(6)(iii)(A)"


def reading(on: str, known: str = "") -> Reading:
    return read_parameters(on, known, now=TODAY)


def address(path: str, on: str, known: str = "") -> str:
    joiner = "&" if "?" in path else "?"
    return f"{path}{joiner}on={on}" + (f"&known={known}" if known else "")


def page(path: str, on: str, known: str = "") -> Shown:
    url = address(path, on, known)
    response = Client().get(url)
    assert response.status_code == 200, url
    return shown(url, response)


def api(path: str, on: str, known: str = "") -> Any:
    response = Client().get(address(f"/api/v1/{path}", on, known))
    assert response.status_code == 200, response.content
    return response.json()


def status(slug: str, on: str, known: str = "") -> ProvisionStatus:
    (found,) = provision_statuses(reading(on, known), [], Provision.objects.filter(slug=slug))
    return found


def provision_text(path: str, slug: str, on: str, known: str = "") -> str:
    return text_of(page(path, on, known).by_id(f"provision-{slug}"))


def provision_json(rule: str, slug: str, on: str, known: str = "") -> Any:
    found = api(f"rules/{rule}", on, known)["provisions"]
    (one,) = (item for item in found if item["provision"] == slug)
    return one


# --- 15 and 16 January 2025: Zhipu

ZHIPU_DAYS = [("2025-01-15", False), ("2025-01-16", True), ("2026-09-28", True)]


@as_known
@pytest.mark.parametrize(("on", "listed"), ZHIPU_DAYS)
def test_zhipu_is_listed_from_16_january_2025_in_the_record(
    on: str, listed: bool, known: str
) -> None:
    found = entity_page(Entity.objects.get(slug=ZHIPU), reading(on, known))
    assert (found.listing is not None) == listed


@as_known
@pytest.mark.parametrize(("on", "listed"), ZHIPU_DAYS)
def test_zhipu_is_listed_from_16_january_2025_on_its_page(
    on: str, listed: bool, known: str
) -> None:
    shown_page = page(f"/entities/{ZHIPU}/", on, known)
    assert ("Not listed on this day" not in shown_page.main) == listed
    assert ("What this listing requires" in shown_page.main) == listed


@as_known
@pytest.mark.parametrize(("on", "count"), [("2025-01-15", 0), ("2025-01-16", 7)])
def test_the_list_has_seven_entries_of_that_name_on_the_second_day(
    on: str, count: int, known: str
) -> None:
    names = page("/entities/", on, known).rows
    assert sum("Zhipu" in name for name in names) == count
    listed = api("entities", on, known)["items"]
    assert sum("Zhipu" in item["name"] for item in listed) == count


@as_known
@pytest.mark.parametrize(("on", "listed"), ZHIPU_DAYS)
def test_zhipu_is_listed_from_16_january_2025_in_the_api(on: str, listed: bool, known: str) -> None:
    found = api(f"entities/{ZHIPU}", on, known)
    assert (found["listing"] is not None) == listed
    if listed:
        assert found["listing"]["valid_from"] == "2025-01-16"
        assert found["listing"]["source"]["key"] == "2025-00704"


# --- 3 and 4 February 2026: Cambodia

CAMBODIA_DAYS = [
    ("2025-01-12", True, "d5"),
    ("2025-01-13", True, "d5-or-macau"),
    ("2026-02-03", True, "d5-or-macau"),
    ("2026-02-04", False, "everyone-else"),
]


@as_known
@pytest.mark.parametrize(("on", "in_d5", "group"), CAMBODIA_DAYS)
def test_cambodia_leaves_country_group_d5_on_4_february_2026(
    on: str, in_d5: bool, group: str, known: str
) -> None:
    found = placement(Country.objects.get(key="kh"), reading(on, known))
    assert (found.d5 is not None, found.group) == (in_d5, group)


@as_known
@pytest.mark.parametrize(("on", "in_d5", "group"), CAMBODIA_DAYS)
def test_cambodia_s_page_says_whether_it_is_in_d5(
    on: str, in_d5: bool, group: str, known: str
) -> None:
    main = page("/tiers/kh/", on, known).main
    assert ("Not in Country Group D:5" not in main) == in_d5
    assert ("Before 13 January 2025 there were no tiers" in main) == (group == "d5")


@as_known
@pytest.mark.parametrize(("on", "in_d5", "group"), CAMBODIA_DAYS)
def test_the_map_and_the_api_agree_about_cambodia(
    on: str, in_d5: bool, group: str, known: str
) -> None:
    (drawn,) = page("/tiers/", on, known).all("//svg//a[starts-with(@href, '/tiers/kh/')]")
    assert drawn.get("class") == f"map__country group-{group}"
    found = api("tiers/kh", on, known)
    assert (found["d5"] is not None) == in_d5
    shown_group = found["diffusion"] or found["d5"]
    assert shown_group["group"] == group


# --- the AI Diffusion rule around 13 May 2025

DIFFUSION_DAYS = [
    ("2025-01-12", None, None, False),
    ("2025-01-13", "in-force", None, False),
    ("2025-05-12", "in-force", None, True),
    ("2025-05-13", "in-force", "not-enforced", True),
    ("2025-05-14", "in-force", "not-enforced", True),
    ("2025-05-15", "in-force", "not-enforced", False),
    ("2026-09-28", "in-force", "not-enforced", False),
]


@as_known
@pytest.mark.parametrize(("on", "force", "posture", "not_yet_due"), DIFFUSION_DAYS)
def test_the_rule_stays_in_force_and_its_enforcement_ends(
    on: str, force: str | None, posture: str | None, not_yet_due: bool, known: str
) -> None:
    found = {s.provision.slug: s for s in rule_page(diffusion(), reading(on, known)).provisions}
    general = found[GENERAL]
    assert (general.force.fact and general.force.fact.state) == force
    assert (general.enforcement.fact and general.enforcement.fact.posture) == posture
    assert general.compliance_ahead == not_yet_due


def diffusion() -> Rule:
    return Rule.objects.get(slug="ai-diffusion")


SENTENCES = [
    ("2025-05-12", "In force", "No non-enforcement announced", "not yet due: 15 May 2025"),
    ("2025-05-14", "In force", "Not enforced since 13 May 2025", "not yet due: 15 May 2025"),
    ("2025-05-15", "In force", "Not enforced since 13 May 2025", "due since 15 May 2025"),
]


@as_known
@pytest.mark.parametrize(("on", "force", "posture", "due"), SENTENCES)
def test_the_rule_s_page_says_both_axes_and_what_is_due(
    on: str, force: str, posture: str, due: str, known: str
) -> None:
    text = provision_text("/rules/ai-diffusion/", GENERAL, on, known)
    assert f"Legal force {force}" in text
    assert f"Enforcement {posture}" in text
    assert f"Compliance {due}" in text


def test_on_14_may_the_duties_of_15_may_are_said_not_to_be_enforced() -> None:
    sentence = "The duties that were to apply from 15 May 2025 are not enforced."
    assert sentence in provision_text("/rules/ai-diffusion/", GENERAL, "2025-05-14")
    assert sentence not in provision_text("/rules/ai-diffusion/", GENERAL, "2025-05-12")


@as_known
@pytest.mark.parametrize(("on", "force", "posture", "not_yet_due"), DIFFUSION_DAYS[1:])
def test_the_api_gives_both_axes_of_the_rule(
    on: str, force: str, posture: str | None, not_yet_due: bool, known: str
) -> None:
    found = provision_json("ai-diffusion", GENERAL, on, known)
    assert found["legal_force"]["fact"]["state"] == force
    told = found["enforcement"]["fact"]
    assert (told and told["state"]) == posture
    assert found["legal_force"]["is_confirmed"] is True


def test_non_enforcement_rests_on_the_press_release_and_force_on_the_document() -> None:
    found = provision_json("ai-diffusion", GENERAL, "2025-05-14")
    assert found["enforcement"]["fact"]["source"]["key"] == "bis-press-release-2025-05-13"
    assert found["legal_force"]["fact"]["source"]["key"] == "2025-00636"


@pytest.mark.parametrize("on", ["2025-05-14", "2026-09-28", "2026-11-23"])
def test_no_list_of_rules_ever_shows_the_diffusion_rule_as_removed(on: str) -> None:
    (row,) = (row for row in page("/rules/", on).rows if "Artificial Intelligence Diffusion" in row)
    assert "In force" in row
    assert "Removed" not in row


# --- the two duties of one paragraph

DUTIES = [
    ("2024-06-01", HEADQUARTERS, "in-force", "enforced"),
    ("2025-01-13", HEADQUARTERS, "in-force", "enforced"),
    ("2025-05-14", HEADQUARTERS, "in-force", "enforced"),
    ("2026-05-31", HEADQUARTERS, "in-force", "enforced"),
    ("2026-09-28", HEADQUARTERS, "in-force", "enforced"),
    ("2025-01-13", DESTINATION, "in-force", None),
    ("2025-05-12", DESTINATION, "in-force", None),
    ("2025-05-14", DESTINATION, "in-force", "not-enforced"),
    ("2026-05-31", DESTINATION, "in-force", "not-enforced"),
    ("2026-09-28", DESTINATION, "in-force", "not-enforced"),
]


@as_known
@pytest.mark.parametrize(("on", "slug", "force", "posture"), DUTIES)
def test_the_paragraph_s_two_duties_have_a_status_each(
    on: str, slug: str, force: str, posture: str | None, known: str
) -> None:
    found = status(slug, on, known)
    assert found.force.fact is not None
    assert found.force.fact.state == force
    assert (found.enforcement.fact and found.enforcement.fact.posture) == posture


@as_known
@pytest.mark.parametrize(("on", "slug", "force", "posture"), DUTIES)
def test_the_section_s_page_and_the_api_tell_the_duties_apart(
    on: str, slug: str, force: str, posture: str | None, known: str
) -> None:
    text = provision_text(f"/sections/{SECTION}/", slug, on, known)
    words = {None: "No non-enforcement announced", "enforced": "Enforced since 17 November 2023"}
    assert words.get(posture, "Not enforced since") in text
    found = provision_json("ai-diffusion", slug, on, known)["enforcement"]["fact"]
    assert (found and found["state"]) == posture


@pytest.mark.parametrize("slug", [HEADQUARTERS, DESTINATION])
def test_the_instrument_of_both_is_the_guidance_of_31_may_2026(slug: str) -> None:
    found = status(slug, "2026-06-01").enforcement.fact
    assert found is not None
    assert found.source.slug == "bis-guidance-2026-05-31"
    text = provision_text(f"/sections/{SECTION}/", slug, "2026-06-01")
    assert "Source:" in text


def test_the_earlier_instrument_of_the_destination_duty_is_kept() -> None:
    found = status(DESTINATION, "2026-05-30").enforcement.fact
    assert found is not None
    assert found.source.slug == "bis-press-release-2025-05-13"


# --- after 28 September 2026

AFFILIATES_DAYS = [
    ("2025-09-28", None, None, True),
    ("2025-09-29", "in-force", None, True),
    ("2025-11-09", "in-force", None, True),
    ("2025-11-10", "stayed", None, True),
    ("2026-09-28", "stayed", None, True),
    ("2026-09-29", "stayed", None, False),
    ("2026-11-09", "stayed", None, False),
    ("2026-11-10", "stayed", "in-force", False),
    ("2027-06-01", "stayed", "in-force", False),
]
NOT_CONFIRMED = "not confirmed: the record ends 28 September 2026"


@as_known
@pytest.mark.parametrize(("on", "state", "pending", "confirmed"), AFFILIATES_DAYS)
def test_what_a_scheduled_event_would_change_is_pending_and_never_a_fact(
    on: str, state: str | None, pending: str | None, confirmed: bool, known: str
) -> None:
    found = status(AFFILIATES, on, known).force
    assert (found.fact and found.fact.state) == state
    assert (found.pending and found.pending.state) == pending
    assert found.is_confirmed == confirmed
    assert found.caveat == ("" if confirmed else NOT_CONFIRMED)


@as_known
def test_the_rule_s_page_reads_scheduled_and_not_confirmed(known: str) -> None:
    text = provision_text("/rules/affiliates/", AFFILIATES, "2026-11-10", known)
    assert f"scheduled to be in force from 10 November 2026; {NOT_CONFIRMED}" in text
    assert "Last confirmed: stayed" in text


def test_before_the_scheduled_day_the_page_says_what_is_coming() -> None:
    text = provision_text("/rules/affiliates/", AFFILIATES, "2026-09-28")
    assert "Stayed since 10 November 2025, up to and including 9 November 2026" in text
    assert "Scheduled: in force from 10 November 2026" in text
    assert "not confirmed" not in text


def test_between_the_end_of_the_record_and_the_scheduled_day_both_are_said() -> None:
    text = provision_text("/rules/affiliates/", AFFILIATES, "2026-11-09")
    assert NOT_CONFIRMED in text
    assert "Scheduled: in force from 10 November 2026" in text


@as_known
def test_the_list_of_rules_marks_it_as_not_confirmed(known: str) -> None:
    (row,) = (
        row
        for row in page("/rules/", "2026-11-23", known).rows
        if "50 %" in row or "ffiliates" in row
    )
    assert "Scheduled, not confirmed" in row


@as_known
@pytest.mark.parametrize(("on", "state", "pending", "confirmed"), AFFILIATES_DAYS[1:])
def test_the_api_keeps_the_confirmed_and_the_pending_apart(
    on: str, state: str, pending: str | None, confirmed: bool, known: str
) -> None:
    found = provision_json("affiliates", AFFILIATES, on, known)["legal_force"]
    assert found["fact"]["state"] == state
    assert (found["pending"] and found["pending"]["state"]) == pending
    assert found["is_confirmed"] == confirmed
    assert found["caveat"] == ("" if confirmed else NOT_CONFIRMED)


@pytest.mark.parametrize("path", ["/", "/rules/ai-diffusion/", "/tiers/", "/entities/"])
@pytest.mark.parametrize(("on", "beyond"), [("2026-09-28", False), ("2026-09-29", True)])
def test_a_day_beyond_the_record_is_marked_on_every_page(path: str, on: str, beyond: bool) -> None:
    sentence = "The record ends 28 September 2026: what came later is not confirmed."
    assert (sentence in page(path, on).text) == beyond


# --- as known

BEFORE_THE_RECORD = "2026-09-30"


@pytest.mark.parametrize("slug", [GENERAL, HEADQUARTERS, DESTINATION, AFFILIATES])
def test_before_the_first_revision_the_record_knew_of_no_status(slug: str) -> None:
    asked = reading("2026-06-01", BEFORE_THE_RECORD)
    assert provision_statuses(asked, [], Provision.objects.filter(slug=slug)) == []
    assert asked.begins == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert asked.revision_number == 0


def test_before_the_first_revision_nobody_was_known_to_be_listed() -> None:
    assert api("entities", "2025-01-16", BEFORE_THE_RECORD)["count"] == 0
    response = Client().get(address(f"/entities/{ZHIPU}/", "2025-01-16", BEFORE_THE_RECORD))
    assert response.status_code == 404


def test_before_the_first_revision_no_place_was_known_to_be_in_a_group() -> None:
    found = api("tiers/kh", "2026-02-03", BEFORE_THE_RECORD)
    assert (found["d5"], found["diffusion"], found["history"]) == (None, None, [])


def test_the_known_day_ends_with_the_eastern_day() -> None:
    """The first revision was recorded at 8 in the morning, Eastern, of 1 October."""
    assert reading("2025-05-14", "2026-09-30").revision_number == 0
    assert reading("2025-05-14", "2026-10-01").revision_number == 1
    assert reading("2025-05-14", "2026-10-01T07:59:59-04:00").revision_number == 0
    assert reading("2025-05-14", "2026-10-01T08:00:00-04:00").revision_number == 1


def test_today_is_the_eastern_day() -> None:
    late = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    assert read_parameters("", "", now=late).on == date(2026, 11, 23)
    assert read_parameters("", "", now=late.replace(hour=5)).on == date(2026, 11, 24)
