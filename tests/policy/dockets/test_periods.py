"""When regulations.gov sets a date of a rule, and when it must not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from policy.actions.alerts.payload import receipt_lines
from policy.actions.import_regulations import import_regulations
from policy.models import (
    Conflict,
    Deadline,
    DeadlineDate,
    Docket,
    DocketDocument,
    Document,
    Event,
    Proposal,
    Rule,
    Source,
)
from policy.queries.due_dates import chains, is_backfill
from tests.policy.dockets.answers import DOCKET, FR_NUMBER, brief, document, listing
from tests.policy.queries.readings import reading
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


LATER = {"commentEndDate": "2027-01-16T04:59:59Z", "lastModifiedDate": "2026-11-19T12:00:00Z"}


def periods() -> list[tuple[date | None, date | None, str, str]]:
    rows = DeadlineDate.objects.known(None).order_by("valid_from")
    return list(rows.values_list("valid_from", "day", "basis", "act"))


def test_a_date_that_was_set_is_confirmed_by_the_next_answer() -> None:
    take_in(commentEndDate=AHEAD)
    take_in(commentEndDate=AHEAD, title="Another title", lastModifiedDate="2026-11-19T12:00:00Z")
    assert periods() == [(date(2025, 1, 15), date(2026, 12, 15), "reported", "set")]
    assert not Conflict.objects.exists()


def test_what_regulations_gov_alone_gave_it_moves_from_the_day_of_the_change() -> None:
    import_regulations(files=[listing(brief(), total=3)], at=AT, by="tests")
    take_in(commentEndDate=AHEAD)
    take_in(**LATER)
    assert periods() == [
        (date(2025, 1, 15), date(2026, 12, 15), "reported", "set"),
        (date(2026, 11, 19), date(2027, 1, 15), "reported", ""),
    ]
    assert not Conflict.objects.exists()
    event = Event.objects.get(kind="moved")
    assert not event.baseline
    assert "moved from 15 December 2026 to 15 January 2027" in event.title


def test_it_may_move_back_and_a_change_on_the_first_day_replaces_the_date() -> None:
    take_in(commentEndDate=AHEAD)
    take_in(**LATER)
    take_in(commentEndDate=AHEAD, lastModifiedDate="2026-11-20T12:00:00Z")
    assert [row[1] for row in periods()][-1] == date(2026, 12, 15)
    take_in(commentEndDate="2027-02-16T04:59:59Z", lastModifiedDate="2026-11-20T13:00:00Z")
    assert periods()[-1][:2] == (date(2026, 11, 20), date(2027, 2, 15))
    assert len(periods()) == 3


def test_a_second_change_of_a_document_on_one_day_is_recorded_too() -> None:
    for title, hour in (("First", "12"), ("Second", "13"), ("Third", "14")):
        take_in(title=title, lastModifiedDate=f"2026-11-19T{hour}:00:00Z")
    rows = DocketDocument.objects.known(None).order_by("valid_from")
    assert [(row.valid_from, row.title) for row in rows][-1] == (date(2026, 11, 19), "Third")


def test_another_item_moves_nothing_and_the_conflict_says_who_gives_what() -> None:
    take_in(commentEndDate=AHEAD)
    import_regulations(files=[listing(document(f"{DOCKET}-0099", **LATER))], at=AT, by="tests")
    assert len(periods()) == 1
    [conflict] = Conflict.objects.known(None)
    assert conflict.one_says == f"15 December 2026, at regulations.gov ({DOCKET}-0001)."
    assert conflict.other_says.startswith("15 January 2027, at regulations.gov")
    assert conflict.governs.startswith("Not yet decided")


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


def test_the_set_date_is_nowhere_called_printed(client: Client) -> None:
    take_in(commentEndDate=AHEAD)
    page = content_of(client.get("/deadlines/diffusion-comment/"))
    assert "15 December 2026" in page
    assert "As regulations.gov gives it." in page
    assert "The document names the day" not in page
    for url in ("/deadlines/", f"/dockets/{DOCKET}/", "/deadlines/?format=csv"):
        assert "As regulations.gov gives it" in content_of(client.get(url)), url
    api = client.get("/api/v1/deadlines/diffusion-comment").json()
    assert (api["current"]["basis"], api["current"]["act"]) == ("reported", "set")
    assert api["receipts"]["reported"]["sentence"] == (
        "regulations.gov gives Tuesday, 15 December 2026; the printed words were not read. Must "
        "be received by 23:59:59 Eastern on Tuesday, 15 December 2026."
    )


def test_a_mail_says_that_only_regulations_gov_gives_the_date() -> None:
    take_in(commentEndDate=AHEAD)
    lines = receipt_lines(DeadlineDate.objects.get(), reading())
    assert lines[0].startswith(f"Given in {DOCKET}-0001. regulations.gov gives Tuesday")
    assert "rinted in" not in " ".join(lines)
