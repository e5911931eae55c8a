"""Dossiers: everything about one subject as known at a moment, the same bytes each time."""

import hashlib
import io
import json
import re
from copy import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from entities.models import PartyName
from policy.actions.facts import set_portion
from policy.actions.revisions import new_revision
from policy.domain.asof import AsOf
from policy.dossiers import pdf_of
from policy.models import HistoryEntry, Revision, Seal
from policy.queries.asof import Reading
from policy.queries.dossier import Subject, make_dossier
from policy.queries.scopes import rule_scope, scope_of_page
from tests.policy.desk.settling import settle
from tests.site_map import PAGES, ZHIPU, content_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
RULE, PARTY = "/dossiers/rules/ai-diffusion/", f"/dossiers/entities/{ZHIPU}/"
BOTH = pytest.mark.parametrize("path", [RULE, PARTY])
KNOWN = "2026-10-15"


def said(path: str, **query: str) -> Any:
    return json.loads(data(path, "json", **query))


def data(path: str, form: str, **query: str) -> bytes:
    response = Client().get(path, {"format": form, **query})
    assert response.status_code == 200
    return bytes(response.content)


def text_of(pdf: bytes) -> str:
    """The text of a PDF without its spaces: where a line breaks is the paper's affair.

    The reader of the tests puts NUL characters where the font changes.
    """
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"[\s\0]", "", "".join(page.extract_text() for page in pages))


def test_a_dossier_says_what_it_is_about_and_how_it_was_read() -> None:
    found = said(RULE, on="2025-05-14", known=KNOWN)
    assert found["format"] == "earmark-dossier-1"
    assert found["subject"] == {
        "kind": "rule",
        "id": "ai-diffusion",
        "title": "Framework for Artificial Intelligence Diffusion",
    }
    assert found["on"] == "2025-05-14"
    assert found["revision"] == {
        "number": 1,
        "recorded_at": "2026-10-01T12:00:00+00:00",
        "by": "tests",
        "reason": "First load of the starting record",
        "seal": Seal.objects.get(revision=1).hex,
    }


def test_every_fact_stands_in_it_with_all_that_it_rests_on() -> None:
    facts = {fact["name"]: fact for fact in said(RULE, on="2025-05-14")["facts"]}
    fact = facts["conflict:ai-diffusion-filing-day"]
    assert fact.keys() == {
        *("kind", "name", "title", "says", "valid_from", "valid_from_precision", "valid_until"),
        *("in_force", "source", "also", "quote", "note", "confidence", "recorded", "digest"),
        "history",
    }
    assert fact["kind"] == "Conflict"
    assert fact["says"]["Is open"] == "yes"
    assert fact["source"]["citation"] == "90 FR 3624"
    assert fact["recorded"]["number"] == 1
    [entry] = fact["history"]
    row = HistoryEntry.objects.get(chain="policy.conflict:ai-diffusion-filing-day")
    assert entry == {
        "position": 1,
        "act": "inserted",
        "revision": 1,
        "because": "",
        "digest": fact["digest"],
        "hash": bytes(row.hash).hex(),
    }


def test_a_fact_says_whether_it_is_in_force_on_the_day() -> None:
    before, after = (said(RULE, on=day)["facts"] for day in ("2025-01-01", "2025-06-01"))
    assert sum(fact["in_force"] for fact in before) < sum(fact["in_force"] for fact in after)
    assert len(before) == len(after)


def test_every_kind_of_fact_about_a_rule_is_held() -> None:
    kinds = {fact["kind"] for fact in said(RULE)["facts"]}
    assert {"Legal force", "Enforcement", "Deadline date", "Threshold", "Claim"} <= kinds
    assert {"Reaction", "Milestone", "Conflict", "Document fact", "Rule document"} <= kinds


def test_a_party_has_its_listing_its_names_and_the_link_to_what_it_says() -> None:
    facts = said(PARTY)["facts"]
    assert {fact["kind"] for fact in facts} >= {"Listing", "Party name", "Listing citation"}
    assert "智谱" in data(PARTY, "json").decode()


@BOTH
def test_the_same_reading_gives_the_same_bytes_at_any_time(path: str) -> None:
    pinned = {"on": "2025-05-14", "known": KNOWN}
    first = [data(path, form, **pinned) for form in ("json", "pdf")]
    with_later_revision()
    assert [data(path, form, **pinned) for form in ("json", "pdf")] == first
    assert data(path, "json", on="2025-05-14") != first[0]


def with_later_revision() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    settle("ai-diffusion-filing-day", "The stamp.", at)
    first = PartyName.objects.filter(entity__slug=ZHIPU).order_by("position")[0]
    other = copy(first)
    other.kind = PartyName.Kind.FORMER
    other.text = "A name that came later"
    record = Revision.Kind.RECORD
    with new_revision(by="A. Editor", kind=record, reason="Renamed", at=at) as revision:
        set_portion(other, revision=revision, because="Renamed")


def test_what_was_learned_later_stands_only_in_the_later_dossier() -> None:
    before = said(RULE)
    with_later_revision()
    after = said(RULE)
    assert said(RULE, known=KNOWN) == {**before, "facts": before["facts"]}
    changed = [f for f in after["facts"] if f["name"] == "conflict:ai-diffusion-filing-day"]
    assert [f["says"]["Is open"] for f in changed] == ["no"]
    assert [entry["act"] for entry in changed[0]["history"]] == ["inserted", "closed", "inserted"]
    assert after["revision"]["number"] == before["revision"]["number"] + 2


@BOTH
@pytest.mark.parametrize("form", ["json", "pdf", "csv", ""])
def test_every_form_comes_with_the_checksum_of_the_json(path: str, form: str) -> None:
    checksum = hashlib.sha256(data(path, "json")).hexdigest()
    response = Client().get(path, {"format": form} if form else {})
    assert response["X-Checksum-SHA256"] == checksum


@BOTH
def test_the_checksum_stands_on_the_page_beside_the_downloads(path: str) -> None:
    found = shown(path, Client().get(path))
    assert hashlib.sha256(data(path, "json")).hexdigest() in found.main
    links = {a.text_content(): a.get("href") for a in found.all("//*[@class='actions']//a")}
    assert links == {"JSON": "?format=json", "PDF": "?format=pdf"}


@BOTH
def test_the_pdf_can_be_read_back(path: str) -> None:
    pdf = data(path, "pdf")
    text = text_of(pdf)
    found = said(path)
    assert hashlib.sha256(data(path, "json")).hexdigest() in text
    assert found["revision"]["seal"] in text
    for fact in found["facts"]:
        assert re.sub(r"\s", "", fact["title"]) in text
        assert all(entry["hash"] in text for entry in fact["history"])
    assert PdfReader(io.BytesIO(pdf)).metadata.title.startswith("Earmark dossier: ")  # type: ignore[union-attr]  # it has one


def test_the_pdf_prints_chinese_names_and_every_letter_of_europe(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert "智谱" in text_of(data(PARTY, "pdf"))
    assert "Šefčovič" in text_of(data(RULE, "pdf"))
    assert [record.message for record in caplog.records if "glyph" in record.message] == []


def test_a_download_is_named_after_its_point_in_both_times() -> None:
    response = Client().get(RULE, {"format": "pdf", "on": "2025-05-14"})
    assert response["Content-Type"] == "application/pdf"
    name = "earmark-dossier-ai-diffusion-on-2025-05-14-revision-1.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_table_of_a_dossier_is_exported() -> None:
    lines = content_of(Client().get(RULE, {"format": "csv"})).splitlines()
    assert len(lines) == len(said(RULE)["facts"]) + 1


def test_a_dossier_from_before_the_record_is_empty_in_every_form() -> None:
    found = said(RULE, known="2026-09-01")
    assert (found["revision"], found["facts"]) == (None, [])
    assert "heldnorevision" in text_of(data(RULE, "pdf", known="2026-09-01"))
    page = shown(RULE, Client().get(RULE, {"known": "2026-09-01"}))
    assert "Nothing was recorded yet" in page.main


def test_a_dossier_of_nothing_is_made_without_the_site() -> None:
    Revision.objects.none()
    scope = rule_scope("ai-diffusion")
    assert scope is not None
    reading = Reading(AsOf(date(2025, 5, 14), 0), today=date(2026, 11, 23), newest=0)
    dossier = make_dossier(Subject("rule", "ai-diffusion", scope), reading)
    assert dossier.kinds == []
    assert pdf_of(dossier) == pdf_of(dossier)


ABOUT_ONE = [
    *("policy:rule", "policy:deadline", "policy:country", "policy:document", "policy:docket"),
    *("policy:organization", "policy:section", "entities:entity"),
]


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_every_page_about_one_thing_has_its_facts(name: str) -> None:
    scope = scope_of_page(PAGES[name])
    if name == "policy:section":  # the starting record holds no text of a section
        assert scope is None
        return
    assert scope is not None
    assert scope.title
    assert sum(rows.count() for rows in scope.rows()) > 0


@pytest.mark.parametrize("name", sorted(PAGES.keys() - set(ABOUT_ONE)))
def test_a_page_about_many_things_is_about_no_facts_of_its_own(name: str) -> None:
    assert scope_of_page(PAGES[name].partition("?")[0]) is None


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_what_is_not_in_the_record_has_no_facts(name: str) -> None:
    parent = PAGES[name].rstrip("/").rpartition("/")[0]
    assert scope_of_page(f"{parent}/no-such-thing/") is None
