"""The pages of a date and of a docket: the end that governs, and every act that led to it."""

import csv
from datetime import UTC, datetime

import pytest
from django.test import Client

from policy.actions.import_regulations import import_regulations
from policy.models import Deadline, Provision
from tests.policy.dockets.answers import document, listing
from tests.shared_data import ROOT
from tests.site_map import Shown, content_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

EXTENDED = "foreign-direct-product-2024-comment"
LATE = "american-ai-exports-request-comment"
DOCKET = "/dockets/BIS-2024-0055/"
SENTENCES = {
    EXTENDED: "Extended by Source: 2025-00711 from a day not known to the record to 14 March 2025.",
    LATE: (
        "Extended by Source: 2025-21722 from 28 November 2025 to 13 December 2025, 3 days after "
        "the earlier date had passed, so that it was open again."
    ),
    "ai-diffusion-comment": "Set by Source: 2025-00636 to 15 May 2025.",
    "due-diligence-2025-comment": (
        "Corrected by Source: 2025-02655 to 14 March 2025; the date before it is not known to "
        "the record."
    ),
}


def page_of(client: Client, url: str) -> Shown:
    response = client.get(url)
    assert response.status_code == 200, url
    return shown(url, response)


def words(page: Shown) -> str:
    return " ".join(page.main.split())


@pytest.mark.parametrize("slug", SENTENCES)
def test_the_page_of_a_date_says_by_which_act_of_which_document_it_came(
    client: Client, slug: str
) -> None:
    assert SENTENCES[slug] in words(page_of(client, f"/deadlines/{slug}/"))


def test_before_the_extension_the_page_shows_only_what_had_been_set(client: Client) -> None:
    text = words(page_of(client, f"/deadlines/{LATE}/?on=2025-11-30"))
    assert "Set by Source: 2025-19674 to 28 November 2025." in text
    assert "Extended by" not in text


def test_a_docket_lists_its_dates_with_the_end_that_governs_and_the_whole_chain(
    client: Client,
) -> None:
    page = page_of(client, DOCKET)
    chains = {one.get("id"): " ".join(one.text_content().split()) for one in page.all("//li[@id]")}
    moved = chains[f"chain-{EXTENDED}"]
    assert moved.startswith("14 March 2025 Comments due")
    assert "Set by Source: 2024-28270 to a day not known to the record." in moved
    assert SENTENCES[EXTENDED] in moved
    assert f"chain-{LATE}" not in chains
    assert any("/sources/2025-00711/" in address for address in page.addresses)


def test_a_docket_without_a_date_by_that_day_shows_no_chain(client: Client) -> None:
    assert "How the dates came about" not in words(page_of(client, f"{DOCKET}?on=2024-01-01"))


def test_the_federal_register_numbers_of_a_docket_lead_to_their_documents(client: Client) -> None:
    posted = [document(), document("BIS-2025-0001-0009", frDocNum="2099-12345")]
    at = datetime(2026, 11, 20, 14, tzinfo=UTC)
    import_regulations(files=[listing(*posted)], at=at, by="tests")
    addresses = page_of(client, "/dockets/BIS-2025-0001/").addresses
    assert any("/documents/2025-00636/" in address for address in addresses)
    assert "https://www.federalregister.gov/d/2099-12345" in addresses
    assert not any("/documents/2099-12345/" in address for address in addresses)


def test_a_number_of_a_document_that_had_not_appeared_leads_out_of_the_site(client: Client) -> None:
    at = datetime(2026, 11, 20, 14, tzinfo=UTC)
    early = document(frDocNum="2025-00711", postedDate="2025-01-10T05:00:00Z")
    import_regulations(files=[listing(early)], at=at, by="tests")
    page = page_of(client, "/dockets/BIS-2025-0001/?on=2025-01-12")
    assert "https://www.federalregister.gov/d/2025-00711" in page.addresses


def test_a_date_of_one_provision_names_it_everywhere(client: Client) -> None:
    found = Deadline.objects.get(slug="ai-diffusion-compliance-guidelines")
    found.provision = Provision.objects.filter(rule=found.rule).earliest("pk")
    found.save()
    label = found.provision.label
    for url in (f"/deadlines/{found.slug}/", "/deadlines/", "/deadlines/?format=csv"):
        assert label in content_of(client.get(url)), url
    assert label in content_of(client.get("/deadlines/", {"q": label}))
    api = client.get(f"/api/v1/deadlines/{found.slug}").json()
    assert api["provision"] == found.provision.slug


def test_the_table_and_the_api_give_the_acts_in_order(client: Client) -> None:
    table = content_of(client.get("/deadlines/?format=csv&kind=comment&q=exports"))
    assert "Extended by 2025-21722 from 28 November 2025" in table
    assert ",Extended," in table
    api = client.get(f"/api/v1/deadlines/{LATE}").json()
    assert [row["act"] for row in api["history"]] == ["set", "extended"]
    assert api["told"][0] == "Set by 2025-19674 to 28 November 2025."
    [listed] = [d for d in client.get("/api/v1/deadlines").json()["items"] if d["key"] == LATE]
    assert listed["told"] == api["told"]


def test_a_chain_as_a_table_has_the_basis_and_the_act_of_each_date(client: Client) -> None:
    text = content_of(client.get(f"/deadlines/{LATE}/?format=csv")).lstrip("\ufeff")
    first, last = csv.DictReader(text.splitlines())
    assert (first["basis"], first["act"], first["how"]) == (
        "Printed",
        "Set",
        "Set by 2025-19674 to 28 November 2025.",
    )
    assert (last["act"], last["statement"]) == ("Extended", "Comments due: 13 December 2025")


@pytest.mark.parametrize(
    ("on", "said"), [("2025-11-10", "Printed "), ("2025-12-02", "Printed, extended ")]
)
def test_the_list_says_what_the_last_act_was(client: Client, on: str, said: str) -> None:
    page = page_of(client, f"/deadlines/?on={on}")
    [row] = page.all(f"//tr[@id='deadline-{LATE}']")
    assert said in " ".join(row.text_content().split())


@pytest.mark.parametrize("kind", ["information-collection", "registration"])
def test_every_kind_can_be_chosen_and_has_a_mark_on_the_time_axis(
    client: Client, kind: str
) -> None:
    assert f'value="{kind}"' in content_of(client.get("/deadlines/"))
    icons = (ROOT / "static" / "img" / "icons.svg").read_text()
    assert f'id="mark-{kind}"' in icons
