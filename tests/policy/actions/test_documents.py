"""Documents that are cited before they are known, and what becomes of them."""

from datetime import date

import pytest
from django.test import Client

from policy.actions.documents import adopt_stubs, join_citations
from policy.domain.citations import FrCitation
from policy.models import Document, Source
from policy.queries.cited import Joins, find_document, stub_key
from tests.policy.actions.parts_world import know_document, revise

pytestmark = pytest.mark.django_db

DAY = date(2025, 10, 9)
FIRST = FrCitation(90, 48193, DAY, "90 FR 48193, 10/9/25")
SECOND = FrCitation(90, 48195, DAY, "90 FR 48195, 10/9/25")


def join(*citations: FrCitation) -> Joins:
    with revise():
        return join_citations(citations)


def adopt() -> list[str]:
    with revise() as revision:
        return sorted(str(stub) for stub in adopt_stubs(revision=revision))


def know(**values: object) -> Document:
    pages = {"volume": 90, "start_page": 48193, "end_page": 48204, "published": DAY}
    return know_document("2025-19508", **pages | values).document


def test_a_citation_of_an_unknown_document_gets_a_stub_with_its_page_and_day() -> None:
    stub = join(FIRST).document(FIRST)
    assert stub is not None and stub.is_stub
    assert (stub.cited, stub.cited_volume, stub.cited_page, stub.cited_published) == (
        "90-FR-48193-2025-10-09",
        90,
        48193,
        DAY,
    )
    assert stub.source.published == DAY
    assert str(stub) == "90 FR 48193"


def test_the_same_citation_is_the_same_stub_whenever_it_comes() -> None:
    one = join(FIRST, SECOND, FIRST).document(FIRST)
    assert join(FIRST).document(FIRST) == one
    assert Document.objects.count() == 2
    assert Source.objects.count() == 2


def test_one_page_printed_with_two_days_is_two_stubs() -> None:
    other = FrCitation(90, 48193, date(2025, 10, 10))
    joins = join(FIRST, other)
    assert joins.document(FIRST) != joins.document(other)


def test_a_citation_without_a_day_has_a_key_without_one() -> None:
    assert stub_key(FrCitation(90, 5)) == "90-FR-5"


def test_a_citation_of_a_known_document_needs_no_stub() -> None:
    known = know()
    assert join(FIRST, SECOND).document(SECOND) == known
    assert Document.objects.count() == 1


def test_two_stubs_end_as_one_document_when_its_pages_become_known() -> None:
    joins = join(FIRST, SECOND)
    stubs = [joins.document(FIRST), joins.document(SECOND)]
    document = know()
    assert adopt() == ["90 FR 48193", "90 FR 48195"]
    for stub in stubs:
        assert stub is not None
        stub.refresh_from_db()
        assert stub.resolved() == document
    assert join(FIRST, SECOND).document(SECOND) == document
    assert adopt() == [], "once is enough"


def test_a_stub_of_another_day_or_page_stays_a_stub() -> None:
    later, beyond = FrCitation(90, 48195, date(2025, 10, 10)), FrCitation(90, 48205, DAY)
    join(later, beyond)
    know()
    assert adopt() == []


def test_before_the_merge_was_known_a_stub_is_a_stub() -> None:
    join(FIRST)
    document = know()
    adopt()
    stub = Document.objects.select_related("merged_into").get(cited=stub_key(FIRST))
    assert stub.merged_id is not None
    assert stub.resolved(stub.merged_id) == document
    assert stub.resolved(stub.merged_id - 1) == stub


@pytest.mark.parametrize("address", ["90-FR-48193-2025-10-09", "90-FR-48193"])
def test_the_page_of_a_stub_says_what_is_known_of_it(client: Client, address: str) -> None:
    join(FIRST)
    response = client.get(f"/documents/{address}/", follow=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert "90 FR 48193" in page
    assert "9 October 2025" in page
    assert "not known" in page


def test_the_address_of_a_merged_stub_leads_to_the_document(client: Client) -> None:
    join(SECOND)
    know()
    adopt()
    response = client.get("/documents/90-FR-48195-2025-10-09/?on=2026-01-01")
    assert (response.status_code, response["Location"]) == (
        302,
        "/documents/2025-19508/?on=2026-01-01",
    )


def test_an_address_of_nothing_is_not_found(client: Client) -> None:
    assert find_document("90-FR-1") is None
    assert client.get("/documents/90-FR-1/").status_code == 404


def test_a_search_for_a_cited_page_finds_its_stub(client: Client) -> None:
    join(FIRST)
    response = client.get("/search/?q=90+FR+48193")
    assert "/documents/90-FR-48193-2025-10-09/" in str(response.headers) + response.content.decode()


def test_stubs_are_no_sources_of_their_own(client: Client) -> None:
    join(FIRST)
    assert "90-fr-48193" not in client.get("/sources/").content.decode()
