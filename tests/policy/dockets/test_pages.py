"""The pages of a docket: counts with their instant, periods in Eastern time, as of any day."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.import_regulations import import_regulations
from policy.actions.load_record import LoadReport
from policy.queries.incidents import open_incidents
from policy.sources.inputs import InputFile
from tests.policy.dockets.answers import DOCKET, brief, comment, document, listing, one
from tests.site_map import Shown, content_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
URL = f"/dockets/{DOCKET}/"


def take_in(*files: InputFile) -> None:
    import_regulations(files=files, at=AT, by="tests")


def page_of(client: Client, url: str) -> Shown:
    response = client.get(url)
    assert response.status_code == 200
    return shown(url, response)


def everything() -> tuple[InputFile, ...]:
    moved = document(
        f"{DOCKET}-0007",
        frDocNum=None,
        title="Extension",
        commentStartDate=None,
        commentEndDate="2025-07-02T03:59:59Z",
        postedDate="2025-06-01T04:00:00Z",
    )
    unknown = comment(f"{DOCKET}-0043", organization="Acme")
    return (
        listing(document(), moved, name="documents.json"),
        listing(brief(), total=1812, name="comments.json"),
        one(comment(comment="We <i>object</i> &lt;b&gt;."), name="one.json"),
        one(unknown, name="two.json"),
    )


def test_the_docket_shows_its_periods_in_eastern_time_and_the_count_with_its_instant(
    client: Client,
) -> None:
    take_in(*everything())
    page = page_of(client, URL)
    assert "1,812, counted 20 November 2026, 09:00 Eastern" in page.main
    assert "15 January 2025, 00:00 Eastern to 15 May 2025, 23:59 Eastern" in page.main
    assert "until 1 July 2025, 23:59 Eastern" in page.main
    assert "We object <b>." in page.main
    assert "Who is “Acme”, whose name a comment bears?" in page.main
    assert any("/rules/ai-diffusion/" in address for address in page.addresses)


def test_a_docket_of_which_nothing_was_imported_says_so(client: Client) -> None:
    page = page_of(client, URL)
    assert "not counted" in page.main
    assert "The record holds no document of this docket" in page.main


def test_the_docket_is_read_as_of_a_day_and_as_known(client: Client) -> None:
    take_in(*everything())
    then = page_of(client, f"{URL}?on=2025-05-14")
    assert "15 May 2025, 23:59 Eastern" in then.main
    assert "1 July 2025" not in then.main
    assert "1,812" not in then.main
    assert "We object" not in then.main
    before = page_of(client, f"{URL}?known=2026-11-19")
    assert "15 May 2025, 23:59" not in before.main
    assert "Acme" not in before.main


def test_a_withdrawn_comment_stands_until_the_day_of_its_withdrawal(client: Client) -> None:
    take_in(*everything())
    take_in(one(comment(withdrawn=True, modifyDate="2025-07-02T16:00:00Z")))
    assert "We object" not in page_of(client, URL).main
    assert "We object" in page_of(client, f"{URL}?on=2025-07-01").main


def test_a_moved_period_shows_both_ends(client: Client) -> None:
    take_in(*everything())
    take_in(
        listing(
            document(commentEndDate="2025-06-15T03:59:59Z", lastModifiedDate="2025-05-10T12:00:00Z")
        )
    )
    text = page_of(client, URL).main
    assert "From 15 January 2025: comments until 15 May 2025, 23:59 Eastern" in text
    assert "From 10 May 2025: comments until 14 June 2025, 23:59 Eastern" in text


def test_the_export_holds_what_the_page_holds(client: Client) -> None:
    take_in(*everything())
    text = content_of(client.get(f"{URL}?format=csv"))
    for words in ("docket document", "comment count", "deadline date", "reaction", "1812"):
        assert words in text


def test_the_rule_shows_its_docket(client: Client) -> None:
    before = page_of(client, "/rules/ai-diffusion/")
    assert any(URL in address for address in before.addresses)
    assert "At regulations.gov" not in before.text
    take_in(*everything())
    page = page_of(client, "/rules/ai-diffusion/")
    assert "1,812, counted 20 November 2026, 09:00 Eastern" in page.text
    assert "15 January 2025, 00:00 Eastern to 15 May 2025, 23:59 Eastern" in page.text


def test_the_deadline_and_the_questions_lead_to_the_docket(client: Client) -> None:
    take_in(*everything())
    for url in ("/deadlines/", "/deadlines/ai-diffusion-comment/", "/questions/"):
        assert any(URL in address for address in page_of(client, url).addresses), url


def test_the_real_record_confirms_its_printed_date(client: Client, record: LoadReport) -> None:
    report = import_regulations(files=[listing(document())], at=AT, by="tests")
    assert (report.periods_confirmed, report.conflicts, report.periods_set) == (1, 0, 0)
    assert "Conflicts between sources" not in page_of(client, URL).text


def test_the_number_of_queries_does_not_grow_with_the_documents(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take_in(*everything())
    open_incidents()  # looked up every fifteen seconds, not for each page
    with django_assert_num_queries(11):
        client.get(URL)
    more = [document(f"{DOCKET}-{n:04}", frDocNum=None) for n in range(100, 140)]
    said = [one(comment(f"{DOCKET}-{n:04}"), name=f"{n}.json") for n in range(200, 230)]
    take_in(listing(*more), *said)
    with django_assert_num_queries(11):
        client.get(URL)


@pytest.mark.parametrize(
    ("q", "url"), [("BIS-2025-0001", "/rules/ai-diffusion/"), ("BIS-2024-0055", "/dockets/")]
)
def test_a_number_in_the_search_box_leads_to_the_only_rule_or_to_the_docket(
    client: Client, q: str, url: str
) -> None:
    response = client.get("/search/", {"q": q})
    assert response.status_code == 302
    assert url in response["Location"]


def test_many_comments_stand_on_several_pages_and_all_in_the_export(client: Client) -> None:
    numbers = [f"{DOCKET}-{n:04}" for n in range(200, 260)]
    take_in(*(one(comment(number), name=f"{number}.json") for number in numbers))
    first, second = page_of(client, URL), page_of(client, f"{URL}?page=2")
    shown_on = [len(page.all("//li[starts-with(@id, 'reaction-')]")) for page in (first, second)]
    assert shown_on == [50, 10]
    assert any("page=2" in address for address in first.addresses)
    text = content_of(client.get(f"{URL}?format=csv"))
    assert text.count("Comment from NVIDIA Corporation") >= 60
