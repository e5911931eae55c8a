"""The read-only JSON: the same rows as the pages, at the same point in both times."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from entities.models import Listing
from policy.domain.asof import AsOf
from tests.instants import RECORDED_AT
from tests.site_map import ZHIPU, content_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

LISTS = ["rules", "deadlines", "tiers", "reactions", "entities"]
DETAILS = {
    "rules": "ai-diffusion",
    "deadlines": "ai-diffusion-comment",
    "tiers": "my",
    "entities": ZHIPU,
}
BEFORE = "2026-09-30"


def get(client: Client, path: str, **parameters: str | int) -> Any:
    """The answer's JSON; ``status`` is what the answer is expected to have, 200 if left out."""
    status = parameters.pop("status", 200)
    response = client.get(f"/api/v1/{path}", parameters)
    assert response.status_code == status, content_of(response)[:500]
    assert response["Content-Type"].startswith("application/json")
    return response.json()


def keys(client: Client, path: str, name: str = "key", **parameters: str | int) -> set[str]:
    return {item[name] for item in get(client, path, **parameters)["items"]}


def everything(client: Client, path: str, **parameters: str | int) -> Iterator[Any]:
    """The items of every page."""
    page = 1
    while found := get(client, path, page=page, **parameters)["items"]:
        yield from found
        page += 1


# --- every list and thing


@pytest.mark.parametrize("path", LISTS)
def test_a_list_says_how_many_there_are_and_gives_a_page_of_them(client: Client, path: str) -> None:
    found = get(client, path)
    assert set(found) == {"items", "count"}
    assert 0 < len(found["items"]) <= 100
    assert len(list(everything(client, path))) == found["count"]


@pytest.mark.parametrize("path", LISTS)
def test_a_page_past_the_end_is_empty(client: Client, path: str) -> None:
    assert get(client, path, page=99)["items"] == []


@pytest.mark.parametrize("path", LISTS)
def test_before_the_first_revision_nothing_was_known(client: Client, path: str) -> None:
    found = list(everything(client, path, known=BEFORE))
    assert [item for item in found if item.get("source") or item.get("current")] == []
    if path != "tiers":
        assert found == []


@pytest.mark.parametrize("path", LISTS)
def test_what_was_known_at_the_first_revision_stays(client: Client, path: str) -> None:
    assert get(client, path, known=RECORDED_AT.isoformat()) == get(client, path)


@pytest.mark.parametrize("path", LISTS)
def test_words_that_nothing_has_find_nothing(client: Client, path: str) -> None:
    assert get(client, path, q="xyzzyqqq") == {"items": [], "count": 0}


@pytest.mark.parametrize("path", DETAILS)
def test_a_thing_is_in_its_list_and_has_more_to_say(client: Client, path: str) -> None:
    thing = get(client, f"{path}/{DETAILS[path]}")
    name = "country" if path == "tiers" else "key"
    assert thing[name] == DETAILS[path]
    assert DETAILS[path] in {item[name] for item in everything(client, path)}


@pytest.mark.parametrize("path", DETAILS)
def test_a_thing_that_is_not_there_is_said_in_a_sentence(client: Client, path: str) -> None:
    problem = get(client, f"{path}/no-such-thing", status=404)
    assert "no-such-thing" in problem["detail"]
    assert problem["detail"].endswith(".")


# --- what cannot be read


@pytest.mark.parametrize("path", [*LISTS, *(f"{p}/{key}" for p, key in DETAILS.items())])
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("on", "yesterday", "on"),
        ("on", "2025-02-30", "2025-02-30"),
        ("on", "0001-01-01", "lies outside"),
        ("known", "14.5.2025", "known"),
        ("known", "2026-10-01T12:00:00", "offset"),
    ],
)
def test_a_point_in_time_that_cannot_be_read_is_refused(
    client: Client, path: str, name: str, value: str, says: str
) -> None:
    point = {name: value}
    assert says in get(client, path, status=400, **point)["detail"]


@pytest.mark.parametrize("page", ["0", "-1", "first", "99999999999999999999"])
def test_a_page_that_cannot_be_read_is_refused(client: Client, page: str) -> None:
    (fault,) = get(client, "rules", status=422, page=page)["detail"]
    assert fault["loc"][-1] == "page"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/rules", data="{}", content_type="application/json")
    assert response.status_code == 405


# --- rules


def test_a_rule_has_both_axes_of_each_provision_on_the_day(client: Client) -> None:
    rule = get(client, "rules/ai-diffusion", on="2025-05-14")
    states = {
        (p["provision"], p["scope"]): (
            p["legal_force"]["fact"]["state"],
            (p["enforcement"]["fact"] or {}).get("state"),
        )
        for p in rule["provisions"]
    }
    general = next(v for (slug, _), v in states.items() if slug.endswith("general"))
    assert general == ("in-force", "not-enforced")
    assert ("in-force", "enforced") in states.values()


def test_two_days_before_nothing_had_been_said_of_enforcement(client: Client) -> None:
    rule = get(client, "rules/ai-diffusion", on="2025-05-12")
    general = next(p for p in rule["provisions"] if p["provision"].endswith("general"))
    assert general["legal_force"]["fact"]["state"] == "in-force"
    assert general["enforcement"]["fact"] is None


def test_a_rule_appears_with_its_document(client: Client) -> None:
    assert "ai-diffusion" not in keys(client, "rules", on="2025-01-01")
    assert "ai-diffusion" in keys(client, "rules", on="2025-01-15")


@pytest.mark.parametrize("q", ["diffusion", "90 FR 4544", "2025-00636", "0694-AJ90", "DIFFUSION"])
def test_a_rule_is_found_by_words_and_numbers(client: Client, q: str) -> None:
    assert "ai-diffusion" in keys(client, "rules", q=q)


# --- deadlines


def test_a_deadline_comes_with_its_receipt(client: Client) -> None:
    found = get(client, "deadlines/ai-diffusion-comment")
    assert (found["day"], found["kind"]) == ("2025-05-15", "comment")
    computed = found["receipts"]["computed"]
    assert computed["due"] == "2025-05-15"
    assert computed["rolls"] == []
    assert found["current"]["source"]["citation"] == "90 FR 4544"


def test_days_left_count_from_the_day_asked_for(client: Client) -> None:
    path = "deadlines/ai-diffusion-comment"
    left = [get(client, path, on=on)["days_left"] for on in ("2025-05-14", "2025-05-15")]
    assert left == [1, 0]


def test_a_deadline_is_not_there_before_a_document_set_it(client: Client) -> None:
    get(client, "deadlines/ai-diffusion-comment", status=404, on="2024-12-31")


def test_deadlines_of_one_kind(client: Client) -> None:
    comments = list(everything(client, "deadlines", kind="comment"))
    assert comments
    assert {item["kind"] for item in comments} == {"comment"}


# --- tiers


@pytest.mark.parametrize(("on", "listed"), [("2026-02-03", True), ("2026-02-04", False)])
def test_cambodia_leaves_country_group_d5(client: Client, on: str, listed: bool) -> None:
    group = get(client, "tiers/kh", on=on)["d5"]
    assert (group is not None) is listed


def test_every_destination_has_one_group_under_the_rule(client: Client) -> None:
    placed = list(everything(client, "tiers", on="2025-05-14"))
    assert len(placed) > 240
    assert [p["country"] for p in placed if p["diffusion"] is None] == []
    before = everything(client, "tiers", on="2025-01-12")
    assert [p["country"] for p in before if p["diffusion"]] == []


def test_a_territory_says_whose_group_it_follows(client: Client) -> None:
    assert get(client, "tiers/hk", on="2025-05-14")["diffusion"]["derived_from"] == "cn"
    assert get(client, "tiers/MY", on="2025-05-14")["diffusion"]["derived_from"] is None


def test_the_destinations_of_one_group(client: Client) -> None:
    found = list(everything(client, "tiers", on="2025-05-14", group="supplement-5-a"))
    assert {p["diffusion"]["group"] for p in found} == {"supplement-5-a"}
    assert sum(p["diffusion"]["derived_from"] is None for p in found) == 18


# --- reactions


def test_reactions_to_one_rule_with_one_stance(client: Client) -> None:
    found = list(everything(client, "reactions", rule="ai-diffusion", stance="opposes"))
    assert found
    assert {(r["rule"], r["stance"]) for r in found} == {("ai-diffusion", "opposes")}
    assert all(r["source"]["key"] for r in found)


def test_nobody_had_spoken_before_the_rule(client: Client) -> None:
    assert get(client, "reactions", rule="ai-diffusion", on="2024-12-31")["count"] == 0


# --- entities


@pytest.mark.parametrize(("on", "count"), [("2025-01-15", 0), ("2025-01-16", 27)])
def test_the_listings_in_force_on_a_day(client: Client, on: str, count: int) -> None:
    assert get(client, "entities", on=on)["count"] == count
    assert Listing.objects.as_of(AsOf(date.fromisoformat(on))).count() == count


@pytest.mark.parametrize("q", ["智谱", "智譜", "智谱华章", "zhipu huazhang", "Zhipu Huazang"])
def test_zhipu_is_found_however_it_is_written(client: Client, q: str) -> None:
    assert ZHIPU in keys(client, "entities", q=q)


def test_listings_of_one_country_and_year(client: Client) -> None:
    assert get(client, "entities", country="sg")["count"] == 2
    assert get(client, "entities", country="SG")["count"] == 2
    assert get(client, "entities", year="2025")["count"] == 27
    assert get(client, "entities", year="2024")["count"] == 0
    assert get(client, "entities", policy="Presumption of denial")["count"] == 27


def test_a_party_has_its_names_requirement_and_citations(client: Client) -> None:
    party = get(client, f"entities/{ZHIPU}")
    assert "智谱" in {name["text"] for name in party["names"]}
    assert party["listing"]["valid_from"] == "2025-01-16"
    assert party["listing"]["review_policy"] == "Presumption of denial"
    (citation,) = party["citations"]
    assert (citation["citation"], citation["document"]) == ("90 FR 4619", "2025-00704")


def test_on_a_day_before_it_was_listed_a_party_has_no_listing(client: Client) -> None:
    assert get(client, f"entities/{ZHIPU}", on="2025-01-15")["listing"] is None


# --- the description


def test_the_description_names_every_path_and_both_times(client: Client) -> None:
    described = get(client, "openapi.json")
    paths = {path.removeprefix("/api/v1/").split("/")[0] for path in described["paths"]}
    # The starting record holds no screening list: tests/entities/screening asks for its entries.
    assert paths == {*LISTS, "screening"}
    for path in described["paths"].values():
        names = {parameter["name"] for parameter in path["get"]["parameters"]}
        assert {"on", "known"} <= names


def test_the_documentation_needs_nothing_from_elsewhere(client: Client) -> None:
    page = content_of(client.get("/api/v1/docs"))
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "https://" not in page


@pytest.mark.parametrize("path", LISTS)
def test_an_answer_that_has_not_changed_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(f"/api/v1/{path}", {"on": "2025-05-14"})
    tag = first["ETag"]
    second = client.get(f"/api/v1/{path}", {"on": "2025-05-14"}, headers={"If-None-Match": tag})
    assert (second.status_code, second.content) == (304, b"")
