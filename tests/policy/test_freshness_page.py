"""The sources page: how fresh each source is, and how far a running fetch has come."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from policy.actions.source_checks import LEASE, claim, hold, settle
from policy.models import SourceCheck
from tests.instants import TODAY
from tests.site_map import Shown, content_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]
URL = "/sources/"


def page(client: Client) -> Shown:
    return shown(URL, client.get(URL))


def row_of(client: Client, title: str) -> str:
    rows = page(client).texts("//div[@id='fresh']//tbody/tr")
    (found,) = [row for row in rows if row.startswith(title)]
    return found


def test_a_source_that_was_never_asked_says_so_and_how_to_import_by_hand(client: Client) -> None:
    row = row_of(client, "Consolidated Screening List")
    assert "Never checked" in row
    assert "manage.py import_csl FILE --date DAY" in row
    # The clock stands at 10:00 Eastern of 23 November.
    assert "24 November 2026, 08:00 EST" in row


def test_a_source_without_its_key_says_which_setting_it_wants(client: Client) -> None:
    row = row_of(client, "regulations.gov")
    assert "Not asked" in row
    assert "set REGULATIONS_API_KEY" in row


def test_where_fetching_is_turned_off_every_source_says_so(
    client: Client, settings: Settings
) -> None:
    settings.FETCH = False
    assert page(client).main.count("Fetching is turned off (EARMARK_FETCH=0).") == 4


def test_nothing_new_is_told_from_something_new(client: Client) -> None:
    for outcome, words in (("new", "Checked, something new"), ("same", "Checked, nothing new")):
        check = claim("csl", by="tests", at=TODAY)
        assert check is not None
        settle(
            check,
            outcome=SourceCheck.Outcome(outcome),
            message="It is so.",
            at=TODAY,
            memory={},
            counts={},
        )
        row = row_of(client, "Consolidated Screening List")
        assert words in row
        # The last change stays known when nothing new follows it.
        assert row.count("23 November 2026, 10:00 EST") == 2


def test_a_failure_says_since_when_and_why(client: Client) -> None:
    check = claim("ecfr", by="tests", at=TODAY - timedelta(hours=2))
    assert check is not None
    settle(
        check,
        outcome=SourceCheck.Outcome.FAILED,
        message="There is no way to www.ecfr.gov from here: no network, or closed.",
        at=TODAY,
        memory={},
        counts={},
    )
    row = row_of(client, "eCFR")
    assert "Failing since 23 November 2026, 08:00 EST" in row
    assert "no network, or closed" in row
    assert "manage.py import_ecfr" in row


def test_a_running_fetch_shows_how_far_it_is_and_a_link_that_asks_again(client: Client) -> None:
    check = claim("ecfr", by="tests", at=TODAY)
    assert check is not None
    hold(check, at=TODAY, progress={"text": "Downloading part 744", "done": 5, "total": 20})
    assert "Downloading part 744: 25 %" in row_of(client, "eCFR")
    (link,) = page(client).all("//div[@id='fresh']//a[@data-hx-get]")
    assert link.get("href") == link.get("data-hx-get") == URL
    assert "every 2s" in str(link.get("data-hx-trigger"))


def test_the_link_is_gone_when_nothing_runs(client: Client) -> None:
    assert page(client).all("//div[@id='fresh']//a[@data-hx-get]") == []
    # A run that died is not shown as running.
    claim("ecfr", by="tests", at=TODAY - LEASE)
    assert page(client).all("//div[@id='fresh']//a[@data-hx-get]") == []


def test_htmx_gets_the_table_alone(client: Client) -> None:
    response = client.get(URL, headers={"HX-Request": "true", "HX-Target": "fresh"})
    markup = content_of(response)
    assert "Consolidated Screening List" in markup
    assert "<html" not in markup
    assert 'id="foot"' not in markup
