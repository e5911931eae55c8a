"""Asking the sources through the whole product: claims, imports, outcomes, what is remembered."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina
from django.core.management import CommandError, call_command
from pytest_django import Settings

from entities.models import Listing, ScreeningEntry
from policy.actions.source_checks import LEASE, LostLease, claim, hold, reporter, settle
from policy.actions.sync import channel_named, sync_channel
from policy.models import Docket, DocketDocument, DocumentFact, Revision, SourceCheck
from policy.registry import channels
from policy.tasks import sync_due
from tests.entities.actions.lists import LIST, make_places
from tests.entities.screening.lists import as_json, party, small_list
from tests.entities.sources.samples import part744
from tests.instants import TODAY
from tests.replay.answers import document, posted, version
from tests.replay.server import Replay, replaying

pytestmark = pytest.mark.django_db
Outcome = SourceCheck.Outcome


@pytest.fixture
def replay(settings: Settings, tmp_path: Path) -> Iterator[Replay]:
    """Every source on loopback, with the Entity List alone followed."""
    stamina.set_testing(True, attempts=2, cap=True)
    with replaying() as server:
        settings.SOURCE_SITES = {channel.slug: server.site for channel in channels()}
        settings.VAR_DIR = tmp_path
        settings.FOLLOWED_PARTS = ["744"]
        settings.FETCH_SINCE = 2026
        settings.REGULATIONS_API_KEY = "key"
        server.world.parts["744"] = part744(*LIST)
        server.world.csl = as_json(small_list()).data
        make_places()
        yield server
    stamina.set_testing(False)


def sync(slug: str, at: datetime = TODAY, **others: Any) -> SourceCheck:
    channel = channel_named(slug)
    assert channel is not None
    check = sync_channel(channel, clock=lambda: at, by="tests", **others)
    assert check is not None
    return check


def outcome_of(slug: str, at: datetime = TODAY) -> tuple[str, str]:
    check = sync(slug, at)
    return check.outcome, check.message


def test_the_entity_list_comes_with_its_part(replay: Replay) -> None:
    check = sync("ecfr")
    assert (check.outcome, check.counts["part 744"]["listings"]) == (Outcome.NEW, 3)
    assert Listing.objects.count() == 3
    assert "As of 20 November 2026" in check.message


@pytest.mark.parametrize("slug", ["ecfr", "csl", "federal-register"])
def test_a_day_with_nothing_new_costs_one_conditional_request_and_no_write(
    replay: Replay, slug: str
) -> None:
    replay.world.documents = [document("2026-00001", "2026-11-02")]
    # The first question of a new year's slice is another than the daily one.
    for days in (0, 1):
        sync(slug, TODAY + timedelta(days=days))
    revisions, replay.seen[:] = Revision.objects.count(), []
    check = sync(slug, TODAY + timedelta(days=2))
    assert check.outcome == Outcome.SAME
    (seen,) = replay.seen
    assert seen.headers["If-None-Match"]
    assert Revision.objects.count() == revisions


def test_a_part_is_fetched_again_only_when_it_was_amended(replay: Replay) -> None:
    sync("ecfr")
    replay.world.up_to_date, replay.world.latest_issue = "2026-11-23", "2026-11-23"
    replay.seen.clear()
    assert sync("ecfr", TODAY + timedelta(days=1)).outcome == Outcome.SAME
    assert not [path for path in replay.paths() if "/full/" in path]
    replay.world.latest_issue = "2026-11-24"
    replay.world.up_to_date = "2026-11-24"
    replay.world.versions = [version("744", "2026-11-24")]
    replay.world.parts["744"] = part744(*LIST[:2])
    assert sync("ecfr", TODAY + timedelta(days=2)).outcome == Outcome.NEW


def test_a_screening_list_is_taken_in_as_of_the_day_it_was_written(replay: Replay) -> None:
    replay.world.csl_modified = "Sun, 22 Nov 2026 03:30:00 GMT"
    assert "as of 21 November 2026" in sync("csl").message
    assert ScreeningEntry.objects.count() == 3


def test_documents_of_all_years_come_first_and_then_the_newest(replay: Replay) -> None:
    replay.world.documents = [document("2026-00001", "2026-02-02")]
    assert sync("federal-register").counts["created"] == 1
    replay.world.documents.append(document("2026-00002", "2026-11-24"))
    check = sync("federal-register", TODAY + timedelta(days=1))
    assert check.counts["created"] == 1
    assert DocumentFact.objects.count() == 2
    assert replay.seen[-1].all("conditions[publication_date][gte]") == ["2026-11-01"]


def test_regulations_gov_goes_on_from_what_it_last_saw(replay: Replay) -> None:
    Docket.objects.create(number="BIS-2025-0001")
    replay.world.posted = [
        posted(
            "BIS-2025-0001-0001",
            "BIS-2025-0001",
            "2026-11-20T15:00:00Z",
            documentType="Rule",
            objectId="0900",
            commentStartDate="2026-11-20T05:00:00Z",
        )
    ]
    assert sync("regulations").outcome == Outcome.NEW
    assert DocketDocument.objects.count() == 1
    replay.world.posted += [
        posted("BIS-2025-0001-0002", "BIS-2025-0001", "2026-11-24T15:00:00Z", documentType="Rule")
    ]
    assert sync("regulations", TODAY + timedelta(days=1)).outcome == Outcome.NEW
    assert DocketDocument.objects.count() == 2
    of_docket = [seen for seen in replay.seen if seen.all("filter[docketId]")]
    assert of_docket[-1].all("filter[lastModifiedDate][ge]") == ["2026-11-20 10:00:00"]


@pytest.mark.parametrize(
    ("closes", "days", "questions"),
    [
        ("2026-11-20T04:59:59Z", 1, ["/v4/documents", "/v4/comments"]),
        ("2026-12-20T04:59:59Z", 1, ["/v4/documents", "/v4/comments"]),
        ("2026-07-20T03:59:59Z", 1, ["/v4/documents"]),
        ("2026-07-20T03:59:59Z", 7, ["/v4/documents", "/v4/comments"]),
    ],
)
def test_a_quiet_day_costs_regulations_gov_one_question_or_two_while_comments_come_in(
    replay: Replay, closes: str, days: int, questions: list[str]
) -> None:
    for number in range(1, 6):
        Docket.objects.create(number=f"BIS-2025-000{number}")
    period = {"commentStartDate": "2026-05-20T04:00:00Z", "commentEndDate": closes}
    docket, modified = "BIS-2025-0001", "2026-11-20T15:00:00Z"
    replay.world.posted = [
        posted(f"{docket}-0001", docket, modified, documentType="Rule", **period)
    ]
    sync("regulations")
    revisions, replay.seen[:] = Revision.objects.count(), []
    assert sync("regulations", TODAY + timedelta(days=days)).outcome == Outcome.SAME
    assert [seen.path for seen in replay.seen] == questions
    assert all(seen.all("filter[agencyId]") == ["BIS"] for seen in replay.seen)
    assert Revision.objects.count() == revisions


def test_a_late_comment_is_found_by_the_weekly_question(replay: Replay) -> None:
    Docket.objects.create(number="BIS-2025-0001")
    docket, modified = "BIS-2025-0001", "2026-11-20T15:00:00Z"
    period = {"commentStartDate": "2026-05-20T04:00:00Z", "commentEndDate": "2026-07-20T03:59:59Z"}
    inner = {"documentType": "Rule", "objectId": "0900"}
    replay.world.posted = [posted(f"{docket}-0001", docket, modified, **inner, **period)]
    sync("regulations")
    late = posted(f"{docket}-0045", docket, "2026-11-24T15:00:00Z", commentOnDocumentId="0900")
    replay.world.comments = [late]
    quiet = sync("regulations", TODAY + timedelta(days=1))
    assert quiet.outcome == Outcome.SAME
    replay.seen.clear()
    sync("regulations", TODAY + timedelta(days=7))
    assert "/v4/comments" in [seen.path for seen in replay.seen]
    assert [s for s in replay.seen if s.all("filter[docketId]")], "the docket is read anew"


def test_a_docket_that_came_to_be_followed_since_is_asked_for(replay: Replay) -> None:
    Docket.objects.create(number="BIS-2025-0001")
    replay.world.posted = [
        posted("BIS-2025-0001-0001", "BIS-2025-0001", "2026-11-20T15:00:00Z", documentType="Rule")
    ]
    sync("regulations")
    Docket.objects.create(number="BIS-2025-0009")
    replay.seen.clear()
    sync("regulations", TODAY + timedelta(days=1))
    assert ["BIS-2025-0009"] in [seen.all("filter[docketId]") for seen in replay.seen]


@pytest.mark.parametrize(
    ("slug", "path"),
    [("ecfr", "/api/versioner"), ("csl", "/downloadable"), ("federal-register", "/api/v1")],
)
@pytest.mark.parametrize(
    ("do", "value", "outcome"),
    [
        ("status", 503, Outcome.FAILED),
        ("truncate", None, Outcome.FAILED),
        ("status", 404, Outcome.WAITING),
        ("charset", "latin-1", Outcome.WAITING),
        ("redirect", "https://elsewhere.example/", Outcome.WAITING),
        ("bytes", b"[]", Outcome.WAITING),
        ("bytes", b"", Outcome.WAITING),
    ],
)
def test_whatever_a_source_does_the_old_facts_stay_and_a_sentence_says_why(  # noqa: PLR0917
    replay: Replay, slug: str, path: str, do: str, value: Any, outcome: str
) -> None:
    replay.world.documents = [document("2026-00001", "2026-11-02")]
    sync(slug)
    before = (Listing.objects.count(), ScreeningEntry.objects.count(), Revision.objects.count())
    replay.fail(do, value, path=path, times=9)
    check = sync(slug, TODAY + timedelta(days=1))
    assert check.outcome == outcome
    assert check.message.endswith(".")
    after = (Listing.objects.count(), ScreeningEntry.objects.count(), Revision.objects.count())
    assert after == before
    replay.faults.clear()
    assert sync(slug, TODAY + timedelta(days=2)).outcome == Outcome.SAME


def test_a_list_that_vanishes_waits_for_a_person_who_may_allow_it(replay: Replay) -> None:
    full = [party(f"COMPANY {n}", entity_number=str(n)) for n in range(300)]
    replay.world.csl = as_json(full).data
    sync("csl")
    replay.world.csl = as_json(full[:100]).data
    tomorrow = TODAY + timedelta(days=1)
    assert outcome_of("csl", tomorrow)[0] == Outcome.WAITING
    assert ScreeningEntry.objects.known(None).filter(valid_until=None).count() == 300
    assert sync("csl", tomorrow, accept_losses=True).outcome == Outcome.NEW


def test_failures_are_counted_from_the_first_and_forgotten_by_a_success(replay: Replay) -> None:
    replay.fail("status", 503, times=4)
    first = sync("csl")
    second = sync("csl", TODAY + timedelta(hours=1))
    assert (first.failures, second.failures) == (1, 2)
    assert second.failing_since == first.started
    third = sync("csl", TODAY + timedelta(hours=2))
    assert (third.failures, third.failing_since) == (0, None)


def test_an_ecfr_that_was_busy_is_really_asked_again(replay: Replay) -> None:
    replay.world.importing = True
    assert sync("ecfr").outcome == Outcome.FAILED
    replay.world.importing = False
    assert sync("ecfr", TODAY + timedelta(minutes=15)).outcome == Outcome.NEW


def test_a_run_that_breaks_is_a_failure_and_not_a_crash(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("entities.actions.channels.import_csl", broken)
    assert outcome_of("csl") == (
        Outcome.FAILED,
        "The run broke off: ZeroDivisionError. The record is as it was.",
    )


def test_one_run_a_source_at_a_time() -> None:
    first = claim("csl", by="one", at=TODAY)
    assert first is not None
    assert claim("csl", by="two", at=TODAY + LEASE / 2) is None
    assert claim("ecfr", by="two", at=TODAY) is not None


def test_a_run_that_died_is_taken_over_and_cannot_settle_any_more() -> None:
    dead = claim("csl", by="one", at=TODAY)
    assert dead is not None
    taken = claim("csl", by="two", at=TODAY + LEASE)
    assert taken is not None
    assert (taken.pk, taken.takeovers, taken.by) == (dead.pk, 1, "two")
    with pytest.raises(LostLease):
        hold(dead, at=TODAY + LEASE)
    with pytest.raises(LostLease):
        settle(dead, outcome=Outcome.SAME, message="", at=TODAY, memory={}, counts={})


def test_progress_renews_the_lease_at_most_once_a_second() -> None:
    check = claim("csl", by="one", at=TODAY)
    assert check is not None
    at, heard = [TODAY], list[str]()
    report = reporter(check, lambda: at[0], heard.append)
    for seconds, done in ((0, 10), (0.5, 20), (2, 50)):
        at[0] = TODAY + timedelta(seconds=seconds)
        report("Downloading", done, 100)
        held = SourceCheck.objects.get()
        assert held.progress["done"] == (10 if seconds < 1 else 50)
    assert heard == ["Downloading, 10 %", "Downloading, 20 %", "Downloading, 50 %"]
    assert held.leased_until == at[0] + LEASE


def test_the_task_asks_each_source_once_when_it_is_due(replay: Replay) -> None:
    replay.world.documents = [document("2026-00001", "2026-11-02")]
    assert set(sync_due()) == {channel.slug for channel in channels()}
    assert sync_due() == {}


def test_the_task_leaves_a_running_source_alone(replay: Replay) -> None:
    claim("csl", by="another", at=TODAY)
    assert sync_due() == {}
    assert replay.seen == []


def test_nothing_is_asked_where_fetching_is_turned_off(replay: Replay, settings: Settings) -> None:
    settings.FETCH = False
    assert sync_due() == {}
    assert replay.seen == []


def test_the_command_asks_all_and_prints_a_line_each(
    replay: Replay, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sync")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [channel.slug for channel in channels()]
    call_command("sync", "--source", "csl", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["csl"]["outcome"] == "same"


def test_the_command_says_what_failed_and_fails(
    replay: Replay, capsys: pytest.CaptureFixture[str]
) -> None:
    replay.fail("status", 503, path="/downloadable", times=9)
    with pytest.raises(CommandError, match="Not every source"):
        call_command("sync", "--source", "csl")
    assert "503" in capsys.readouterr().out


def test_the_command_refuses_what_it_does_not_know() -> None:
    with pytest.raises(CommandError, match="There are: federal-register, regulations, ecfr, csl"):
        call_command("sync", "--source", "moon")
    with pytest.raises(CommandError, match="name it with --source"):
        call_command("sync", "--accept-losses")


def test_without_a_key_regulations_gov_is_not_asked_and_says_so(
    replay: Replay, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.REGULATIONS_API_KEY = ""
    call_command("sync", "--source", "regulations")
    out = capsys.readouterr().out
    assert "set REGULATIONS_API_KEY" in out
    assert "import_regulations" in out
    assert replay.seen == []
