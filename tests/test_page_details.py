"""The tier map's page, and the page of one party."""

from datetime import date

import pytest
from django.test import Client

from entities.queries.names import held_index
from tests.entities.generated import generate_listings, party, write_listings
from tests.site_map import ZHIPU, Shown, shown, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


@pytest.fixture(autouse=True)
def no_index_of_other_names() -> None:
    held_index.cache_clear()


def open_page(client: Client, url: str) -> Shown:
    response = client.get(url)
    assert response.status_code == 200, url
    return shown(url, response)


# --- the page of one rule


def test_a_rule_s_page_shows_the_newest_voices_and_leads_to_all_of_them(client: Client) -> None:
    page = open_page(client, "/rules/ai-diffusion/")
    assert len(page.all("//section[@id='reactions']//li[@class='statement']")) == 5
    (every,) = page.all("//section[@id='reactions']/p/a")
    shown_there = open_page(client, every.get("href") or "")
    count = len(shown_there.all("//li[@class='statement']"))
    assert text_of(every) == f"All {count} statements on this rule"


def test_the_claims_of_one_rule_can_be_shown_alone(client: Client) -> None:
    page = open_page(client, "/rules/ai-diffusion/")
    (every,) = page.all("//section[@id='claims']/p/a")
    shown_there = open_page(client, every.get("href") or "")
    count = len(shown_there.all("//li[@class='statement']"))
    assert text_of(every) == f"All {count} claims about this rule"
    assert count < len(open_page(client, "/claims/").all("//li[@class='statement']"))


# --- the tier map's page


def test_the_table_of_all_destinations_is_folded_below_the_map(client: Client) -> None:
    page = open_page(client, "/tiers/?on=2025-06-01")
    table = page.by_id("table")
    assert table.tag == "details"
    assert table.get("open") is None
    assert text_of(table.xpath("summary")[0]) == f"All {len(page.rows)} destinations as a table"
    order = [e.get("id") or e.tag for e in page.all("//svg[@class='map'] | //details[@id='table']")]
    assert order == ["svg", "table"]


def test_the_table_of_one_group_is_open(client: Client) -> None:
    page = open_page(client, "/tiers/?on=2025-06-01&group=supplement-5-a")
    assert page.by_id("table").get("open") is not None
    assert "in one group, as a table" in text_of(page.by_id("table").xpath("summary")[0])


def test_the_legend_counts_states_and_names_their_territories_apart(client: Client) -> None:
    page = open_page(client, "/tiers/?on=2025-06-01")
    legend = page.texts("//figure[@class='legend']//li")
    assert "United States and 6 territories that follow their state 1" in legend
    assert any(line.startswith("Supplement No. 5") and line.endswith(" 18") for line in legend)
    assert any(line.startswith("Country Group D:5 or") and line.endswith(" 24") for line in legend)


def test_places_that_are_not_drawn_are_named_below_the_map(client: Client) -> None:
    page = open_page(client, "/tiers/")
    (line,) = [text for text in page.texts("//p") if text.startswith("Not drawn:")]
    assert "Antarctica" in line
    assert "Donetsk" in line


def test_every_destination_is_drawn_or_named_as_not_drawn(client: Client) -> None:
    page = open_page(client, "/tiers/")
    drawn = {a.get("href") for a in page.all("//svg//a")}
    named = {a.get("href") for a in page.all("//p[starts-with(text(), 'Not drawn')]//a")}
    assert drawn | named == {a.get("href") for a in page.all("//tbody//td[@class='cell-title']/a")}


@pytest.mark.parametrize("step", ["0", "5", "9999", "9" * 40, "٣"])
def test_a_step_of_the_slider_is_a_day_of_the_address(client: Client, step: str) -> None:
    response = client.get(f"/tiers/?step={step}")
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("step", ["", "-1", "x", "1.5"])
def test_what_is_no_step_leaves_the_day_as_it_is(client: Client, step: str) -> None:
    open_page(client, f"/tiers/?step={step}")


# --- the page of one party


def test_the_published_row_is_readable_and_its_markup_folded(client: Client) -> None:
    raw = {
        "entity": 'Works &amp; Co., <E T="03">a.k.a.,</E> the following:<br/>—Alias<sup>1</sup>.',
        "requirement": "For all items",
        "review_policy": "Presumption of denial",
        "citation": "90 FR 4619, 1/16/25",
    }
    generate_listings(1, raw=raw)
    page = open_page(client, "/entities/generated-0/")
    section = "//section[@id='published']"
    assert page.texts(f"{section}/dl//dt") == [
        "Country",
        "Entity",
        "License requirement",
        "License review policy",
        "Federal Register citation",
    ]
    cell = page.all(f"{section}/dl//dd")[1]
    assert text_of(cell) == "Works & Co., a.k.a., the following:—Alias1."
    assert len(cell.findall("br")) == 1
    (folded,) = page.all(f"{section}//details")
    assert folded.get("open") is None
    assert '<E T="03">a.k.a.,</E>' in str(folded.text_content())


def test_a_party_not_yet_listed_is_called_by_its_name_and_not_by_its_address(
    client: Client,
) -> None:
    page = open_page(client, f"/entities/{ZHIPU}/?on=2025-01-15")
    assert page.texts("//h1") == ["Beijing Zhipu Huazhang Technology Co., Ltd."]
    assert "Not listed on this day" in page.text
    (link,) = page.all("//div[@class='lede']//a[contains(@href, 'on=2025-01-16')]")
    assert text_of(link) == "16 January 2025"


def test_a_party_named_inside_a_listing_leads_to_the_listing(client: Client) -> None:
    (listing,) = generate_listings(1)
    party(listing, "second-institute", "Second Institute")
    page = open_page(client, "/entities/second-institute/")
    assert page.texts("//h1") == ["Second Institute"]
    assert page.all("//div[@class='lede']//a[@href='/entities/generated-0/']")
    assert "Presumption of denial" in page.text


def test_two_parties_with_one_name_have_a_page_each(client: Client) -> None:
    common = {"name": "Allied Trading Co", "valid_from": date(2020, 1, 1)}
    write_listings(
        [
            {"slug": "one", "country_id": "ir", "destination": "IRAN"} | common,
            {"slug": "other", "country_id": "ru", "destination": "RUSSIA"} | common,
        ]
    )
    assert "Iran" in open_page(client, "/entities/one/").by_id("content").text_content()
    assert "Russia" in open_page(client, "/entities/other/").by_id("content").text_content()
    assert len(open_page(client, "/entities/?q=Allied+Trading").rows) == 2
