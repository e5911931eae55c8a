"""The fetchers of the four sources, over real HTTP, as the specifications say they answer."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.fetching import csl, ecfr, federal_register, regulations
from policy.fetching.client import Client, Question
from policy.fetching.errors import NotReady, Permanent, RetryLater
from policy.fetching.federal_register import FIELDS, Slice, newest_slice, slices
from policy.fetching.fetched import Fetched
from policy.fetching.kept import KEPT_FOR, KeptAnswers
from policy.sources.federal_register import FIELDS as READ_FIELDS
from tests.instants import TODAY
from tests.policy.fetching.clients import client_of
from tests.replay.answers import DOCUMENTED, document, instant, posted, version
from tests.replay.server import Replay
from tests.shared_data import shared

ON = date(2026, 11, 23)
YEAR = Slice(date(2025, 1, 1), date(2025, 12, 31))


def values_of(pages: list[Fetched]) -> list[Any]:
    return [json.loads(page.file.data) for page in pages]


def documents(client: Client, replay: Replay, days: Slice, per_page: int = 2) -> list[Fetched]:
    found = federal_register.documents(client, days, today=ON, site=replay.site, per_page=per_page)
    return list(found)


def numbers(pages: list[Fetched]) -> list[str]:
    return [d["document_number"] for v in values_of(pages) for d in v.get("results", [])]


def test_documents_come_page_by_page_until_all_are_there(client: Client, replay: Replay) -> None:
    replay.world.documents = [document(f"2025-{n:05}", "2025-03-01") for n in range(5)]
    pages = documents(client, replay, YEAR)
    assert [page.file.name for page in pages] == [
        f"federal-register_2025-01-01_2025-12-31_page-{n}.json" for n in (1, 2, 3)
    ]
    assert numbers(pages) == [f"2025-{n:05}" for n in range(5)]
    assert len(replay.seen) == 3


def test_every_field_that_is_read_is_asked_for_and_documented() -> None:
    assert {key for key, _ in READ_FIELDS.values()} == set(FIELDS)
    assert set(FIELDS) <= DOCUMENTED


def test_the_replay_server_knows_the_documented_fields_of_the_specification() -> None:
    said = json.loads(shared("federal_register/documented_fields.json").read_text())
    assert set(said["fields"]) == DOCUMENTED


def test_a_slice_without_documents_has_no_results_at_all(client: Client, replay: Replay) -> None:
    (page,) = values_of(documents(client, replay, YEAR))
    assert page["count"] == 0
    assert "results" not in page


def test_an_unknown_field_is_a_sentence(
    client: Client, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federal_register, "FIELDS", ("title", "colour"))
    with pytest.raises(Permanent, match=r"status 400: .*unknown: colour"):
        documents(client, replay, YEAR)


def test_pages_that_silently_start_over_are_noticed(client: Client, replay: Replay) -> None:
    replay.world.documents = [document(f"2025-{n:05}", "2025-03-01") for n in range(5)]
    replay.world.loops = True
    with pytest.raises(Permanent, match="answers page 2 with an earlier page"):
        documents(client, replay, YEAR)


def test_a_slice_with_too_many_is_halved_until_it_fits(
    client: Client, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federal_register, "MOST", 10)
    replay.world.most = 10
    days = [date(2025, 1, 1) + timedelta(days=n * 12) for n in range(30)]
    replay.world.documents = [document(f"2025-{n:05}", d.isoformat()) for n, d in enumerate(days)]
    assert numbers(documents(client, replay, YEAR, per_page=5)) == [
        f"2025-{n:05}" for n in range(30)
    ]


def test_one_day_with_too_many_is_said(
    client: Client, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federal_register, "MOST", 3)
    replay.world.most = 3
    replay.world.documents = [document(f"2025-{n:05}", "2025-03-01") for n in range(5)]
    with pytest.raises(Permanent, match="3 or more documents on one day"):
        documents(client, replay, YEAR)


def test_a_list_that_shrinks_while_it_is_read_is_asked_for_anew(
    client: Client, replay: Replay
) -> None:
    replay.world.documents = [document(f"2025-{n:05}", "2025-03-01") for n in range(5)]
    pages = federal_register.documents(client, YEAR, today=ON, site=replay.site, per_page=2)
    next(pages)
    del replay.world.documents[4]
    with pytest.raises(NotReady, match="counts 5 documents and gives 4"):
        list(pages)


@given(st.dates(date(2000, 1, 1), ON), st.dates(date(2000, 1, 1), ON))
def test_slices_cover_every_day_once(one: date, other: date) -> None:
    since, today = min(one, other), max(one, other)
    found = list(slices(since, today))
    assert found[0].first == since
    assert found[-1].last is None
    for before, after in pairwise(found):
        assert before.last is not None
        assert after.first == before.last + timedelta(days=1)


@given(st.dates(date(2000, 1, 1), ON))
def test_the_newest_slice_reads_a_week_again_and_keeps_its_address_for_weeks(last: date) -> None:
    found = newest_slice(last)
    assert found.first.day == 1
    assert found.last is None
    assert timedelta(days=7) <= last - found.first <= timedelta(days=37)


def test_the_ecfr_says_for_which_day_its_text_stands(client: Client, replay: Replay) -> None:
    state = ecfr.title_state(client, site=replay.site)
    assert state == ecfr.TitleState(date(2026, 11, 20), date(2026, 11, 18))


def test_an_ecfr_that_takes_in_text_is_waited_for(client: Client, replay: Replay) -> None:
    replay.world.importing = True
    with pytest.raises(NotReady, match="taking in new text"):
        ecfr.title_state(client, site=replay.site)


def test_versions_come_from_all_pages(client: Client, replay: Replay) -> None:
    replay.world.versions_per_page = 2
    days = ("2026-01-05", "2026-02-05", "2026-11-18", "2026-03-05", "2025-01-01")
    replay.world.versions = [version("744", day) for day in days] + [version("742", "2026-11-19")]
    last = ecfr.last_version(client, "744", after=date(2025, 6, 1), site=replay.site)
    assert last == date(2026, 11, 18)
    assert len(replay.seen) == 2


def test_a_part_without_later_versions_has_none(client: Client, replay: Replay) -> None:
    replay.world.versions = [version("744", "2026-01-05")]
    assert ecfr.last_version(client, "744", after=date(2026, 1, 5), site=replay.site) is None


def test_amendments_of_no_substance_can_be_left_out(client: Client, replay: Replay) -> None:
    replay.world.versions = [version("744", "2026-01-05", substantive=False)]
    ask = {"after": date(2025, 1, 1), "site": replay.site}
    assert ecfr.last_version(client, "744", **ask) == date(2026, 1, 5)  # type: ignore[arg-type]
    assert ecfr.last_version(client, "744", substantive=True, **ask) is None  # type: ignore[arg-type]


def test_a_part_is_fetched_for_a_day_and_named_after_it(client: Client, replay: Replay) -> None:
    replay.world.parts["744"] = b"<DIV5 N='744'/>"
    found = ecfr.part_text(client, "744", date(2026, 11, 20), site=replay.site)
    assert found.file.name == "title-15_part-744_2026-11-20.xml"
    assert found.file.data == b"<DIV5 N='744'/>"
    assert found.headers["Content-Type"] == "application/xml"


def test_a_part_that_is_gone_is_for_a_person(client: Client, replay: Replay) -> None:
    with pytest.raises(Permanent, match="status 404"):
        ecfr.part_text(client, "744", date(2026, 11, 20), site=replay.site)


def test_the_screening_list_is_one_file_with_the_instant_of_its_change(
    client: Client, replay: Replay
) -> None:
    replay.world.csl_modified = "Mon, 23 Nov 2026 03:30:00 GMT"
    found = csl.screening_list(client, site=replay.site)
    assert found is not None
    assert csl.changed_at(found) == datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


def test_a_screening_list_that_does_not_say_when_it_changed(client: Client, replay: Replay) -> None:
    found = csl.screening_list(client, site=replay.site)
    assert found is not None
    assert csl.changed_at(found) is None


def service(replay: Replay, key: str = "key") -> regulations.Service:
    return regulations.Service(key, replay.site, page_size=5)


def test_the_key_is_sent_in_its_header_and_nowhere_else(client: Client, replay: Replay) -> None:
    list(regulations.documents(client, service(replay), "BIS-2025-0001"))
    (seen,) = replay.seen
    assert seen.headers["X-Api-Key"] == "key"
    assert "key" not in [value for _, value in seen.query]


def test_a_wrong_key_is_a_sentence_that_does_not_hold_it(client: Client, replay: Replay) -> None:
    with pytest.raises(Permanent, match=r"status 403: .*invalid api_key") as caught:
        list(regulations.documents(client, service(replay, "wr0ng"), "BIS-2025-0001"))
    assert "wr0ng" not in str(caught.value)


def test_beyond_the_cap_questions_go_on_by_eastern_time(client: Client, replay: Replay) -> None:
    replay.world.posted = [
        posted(f"BIS-2025-0001-{n:04}", "BIS-2025-0001", instant(date(2025, 1, 15), n))
        for n in range(230)
    ]
    pages = list(regulations.documents(client, service(replay), "BIS-2025-0001"))
    found = {item["id"] for value in values_of(pages) for item in value["data"]}
    assert len(found) == 230
    onward = [seen.all("filter[lastModifiedDate][ge]") for seen in replay.seen]
    # 15:01:39 UTC of a winter's day, where the first question ended.
    assert onward[20] == ["2025-01-15 10:01:39"]


def test_more_than_the_cap_in_one_second_is_said(client: Client, replay: Replay) -> None:
    same = instant(date(2025, 1, 15), 0)
    replay.world.posted = [
        posted(f"BIS-2025-0001-{n:04}", "BIS-2025-0001", same) for n in range(120)
    ]
    with pytest.raises(Permanent, match="more than 5,000 documents of one second"):
        list(regulations.documents(client, service(replay), "BIS-2025-0001"))


def test_a_limit_that_is_used_up_ends_the_run(client: Client, replay: Replay) -> None:
    replay.fail("status", 429, headers={"Retry-After": "1800"}, times=9)
    with pytest.raises(RetryLater, match="429 and asks to wait 1800 seconds"):
        list(regulations.documents(client, service(replay), "BIS-2025-0001"))


def kept(replay: Replay, folder: Path, at: datetime = TODAY, **known: Any) -> KeptAnswers:
    return KeptAnswers(client_of(replay), folder, clock=lambda: at, validators=known)


def test_what_was_fetched_is_not_fetched_again(replay: Replay, tmp_path: Path) -> None:
    question = Question(f"{replay.site}/thing")
    first = kept(replay, tmp_path).ask(question)
    again = kept(replay, tmp_path).ask(question)
    assert (again.data, again.etag) == (first.data, first.etag)
    assert len(replay.seen) == 1


@pytest.mark.parametrize("later", [KEPT_FOR, -timedelta(seconds=1)])
def test_what_was_fetched_long_ago_is_fetched_again(
    replay: Replay, tmp_path: Path, later: timedelta
) -> None:
    question = Question(f"{replay.site}/thing")
    kept(replay, tmp_path).ask(question)
    kept(replay, tmp_path, TODAY + later).ask(question)
    assert len(replay.seen) == 2


def test_a_kept_answer_that_is_damaged_is_fetched_again(replay: Replay, tmp_path: Path) -> None:
    question = Question(f"{replay.site}/thing")
    kept(replay, tmp_path).ask(question)
    (path,) = tmp_path.glob("*.answer")
    path.write_bytes(path.read_bytes()[:-3])
    assert kept(replay, tmp_path).ask(question).data.endswith(b"}")
    assert len(replay.seen) == 2


def test_only_what_can_be_answered_with_nothing_new_is_asked_so(
    replay: Replay, tmp_path: Path
) -> None:
    question = Question(f"{replay.site}/thing", conditional=True)
    first = kept(replay, tmp_path)
    first.ask(question)
    first.forget()
    learned = first.learned
    second = KeptAnswers(client_of(replay), tmp_path, clock=lambda: TODAY, validators=learned)
    assert second.ask(question).is_same
    assert second.learned == learned
    second.forget()
    assert not second.ask(Question(f"{replay.site}/thing")).is_same
