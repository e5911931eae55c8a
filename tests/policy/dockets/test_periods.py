"""When regulations.gov sets a date of a rule, and when it must not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from policy.actions.import_regulations import import_regulations
from policy.models import (
    Conflict,
    Deadline,
    DeadlineDate,
    Docket,
    DocketDocument,
    Document,
    Proposal,
    Rule,
    Source,
)
from policy.queries.due_dates import chains, is_backfill
from tests.policy.dockets.answers import DOCKET, FR_NUMBER, brief, document, listing
from tests.site_map import content_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
AHEAD = "2026-12-16T04:59:59Z"


@pytest.fixture(autouse=True)
def rule() -> Rule:
    source = Source.objects.create(slug=FR_NUMBER, kind="federal-register", title="Framework")
    return Rule.objects.create(
        slug="diffusion",
        title="Framework",
        short_title="Framework",
        kind="rule",
        docket=Docket.objects.create(number=DOCKET, title="Framework"),
        document=Document.objects.create(number=FR_NUMBER, source=source),
    )


def take_in(**changes: Any) -> None:
    import_regulations(files=[listing(document(**changes))], at=AT, by="tests")


def test_a_date_that_is_set_lasts_from_the_first_day_of_the_period() -> None:
    take_in(commentEndDate=AHEAD)
    found = DeadlineDate.objects.get()
    assert (found.valid_from, found.day) == (date(2025, 1, 15), date(2026, 12, 15))
    assert found.source.publisher == "regulations.gov"
    assert found.at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn": True},
        {"commentEndDate": None},
        {"commentStartDate": None},
        {"frDocNum": None},
        {"frDocNum": "2099-99999"},
        {"docketId": "EPA-2025-0009"},
    ],
)
def test_nothing_is_set_where_a_part_of_it_is_missing(changes: dict[str, Any]) -> None:
    take_in(**{"commentEndDate": AHEAD, **changes})
    assert not Deadline.objects.exists()
    assert not Conflict.objects.exists()
    assert not Proposal.objects.exists()


def test_a_deadline_of_another_kind_that_bears_the_name_is_left_alone(rule: Rule) -> None:
    Deadline.objects.create(slug="diffusion-comment", kind="hearing", label="H", rule=rule)
    take_in(commentEndDate=AHEAD)
    assert not DeadlineDate.objects.exists()
    assert Deadline.objects.get().kind == "hearing"


def test_a_date_that_was_set_is_confirmed_by_the_next_answer_and_moved_by_none() -> None:
    take_in(commentEndDate=AHEAD)
    take_in(commentEndDate="2027-01-16T04:59:59Z", lastModifiedDate="2026-11-19T12:00:00Z")
    assert DeadlineDate.objects.get().day == date(2026, 12, 15)
    [conflict] = Conflict.objects.known(None)
    assert conflict.other_says.startswith("15 January 2027, at regulations.gov")
    assert DocketDocument.objects.known(None).filter(valid_until=None).get().last_comment_day == (
        date(2027, 1, 15)
    )


def test_a_first_import_alerts_nobody_and_a_later_date_ahead_does() -> None:
    take_in(commentEndDate=AHEAD)
    [chain] = chains().values()
    stated = chain.first_stated()
    assert stated is not None
    assert is_backfill(chain, stated)


def test_a_date_of_a_later_import_is_no_backfill() -> None:
    import_regulations(files=[listing(brief(), total=3)], at=AT, by="tests")
    take_in(commentEndDate=AHEAD)
    [chain] = chains().values()
    stated = chain.first_stated()
    assert stated is not None
    assert not is_backfill(chain, stated)


def test_the_set_date_stands_on_the_pages_with_where_it_comes_from(client: Client) -> None:
    take_in(commentEndDate=AHEAD)
    deadline = content_of(client.get("/deadlines/diffusion-comment/"))
    assert "15 December 2026" in deadline
    assert "As regulations.gov gives the last day of comments" in deadline
    assert "15 December 2026, 23:59 Eastern" in content_of(client.get(f"/dockets/{DOCKET}/"))
