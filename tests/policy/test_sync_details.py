"""What each source's run decides: which day a list speaks for, which comments are read."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.actions.channels import day_of, fetch_csl
from entities.actions.import_csl import TOPIC
from policy.actions.channels import MOST_COMMENTS, commented_documents, comments_with_texts
from policy.actions.source_checks import progress_text
from policy.fetching.body import Progress
from policy.fetching.client import Answer, Question, nothing
from policy.fetching.errors import NotReady
from policy.fetching.fetched import Fetched, fetched
from policy.fetching.regulations import Service
from policy.fetching.run import Fetching
from policy.models import Snapshot
from tests.entities.screening.lists import as_json, party, small_list
from tests.instants import TODAY


class Told:
    """An asker that answers what it is told, and keeps what it was asked."""

    def __init__(self, data: bytes = b"{}", **headers: str) -> None:
        self.data, self.headers, self.asked = data, headers, list[str]()

    def ask(self, question: Question, progress: Progress = nothing) -> Answer:
        self.asked.append(question.address)
        return Answer(question.address, self.data, self.headers)


def fetching(asker: Told, at: datetime = TODAY) -> Fetching:
    def report(_text: str, _done: int, _total: int | None) -> None:
        """Nobody follows."""

    site = "https://source.example"
    return Fetching(asker=asker, site=site, by="tests", clock=lambda: at, report=report)


def list_of(modified: str) -> Fetched:
    answer = Answer("https://source.example", b"{}", {"Last-Modified": modified})
    return fetched("consolidated.json", answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("modified", "day"),
    [
        # In the night of Eastern time the day before still lasts.
        ("Mon, 23 Nov 2026 04:59:59 GMT", date(2026, 11, 22)),
        ("Mon, 23 Nov 2026 05:00:00 GMT", date(2026, 11, 23)),
        # A source whose clock goes ahead speaks for no day that lies ahead.
        ("Wed, 25 Nov 2026 12:00:00 GMT", date(2026, 11, 23)),
        ("", date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 23)),
    ],
)
def test_a_list_speaks_for_the_eastern_day_on_which_it_was_written(
    modified: str, day: date
) -> None:
    assert day_of(list_of(modified), fetching(Told())) == day


@pytest.mark.django_db
def test_a_second_list_of_one_day_waits_for_the_next_day() -> None:
    first = Told(as_json(small_list()).data)
    assert fetch_csl(fetching(first)).is_new
    second = Told(as_json([*small_list(), party("NEW CO", entity_number="9")]).data)
    with pytest.raises(NotReady, match="asked tomorrow"):
        fetch_csl(fetching(second))
    tomorrow = TODAY + timedelta(days=1)
    assert fetch_csl(fetching(second, tomorrow)).is_new
    days = Snapshot.objects.filter(topic=TOPIC).values_list("as_of", flat=True)
    assert list(days) == [date(2026, 11, 24), date(2026, 11, 23)]


@pytest.mark.django_db
def test_the_same_bytes_on_a_later_day_are_nothing_new() -> None:
    asker = Told(as_json(small_list()).data)
    assert fetch_csl(fetching(asker)).is_new
    assert not fetch_csl(fetching(asker, TODAY + timedelta(days=1))).is_new
    assert Snapshot.objects.filter(topic=TOPIC).count() == 1


def page(*items: dict[str, Any]) -> Fetched:
    answer = Answer("https://source.example", json.dumps({"data": items}).encode(), {})
    return fetched("page.json", answer)


def test_comments_are_asked_for_where_a_document_takes_them() -> None:
    start = "2025-01-15T05:00:00Z"
    shown = page(
        {"id": "A-1", "attributes": {"objectId": "09a", "commentStartDate": start}},
        {"id": "A-2", "attributes": {"objectId": "09b", "commentStartDate": None}},
        {"id": "A-3", "attributes": {"commentStartDate": start}},
        {"id": "A-4"},
    )
    assert list(commented_documents([shown])) == ["09a"]


def test_the_newest_comments_are_read_in_full_up_to_a_bound() -> None:
    asker = Told()
    listed = page(*({"id": f"A-{n:04}"} for n in range(MOST_COMMENTS + 50)))
    found = comments_with_texts(fetching(asker), Service("key"), [listed])
    assert len(found) == 1 + MOST_COMMENTS
    assert asker.asked[0].endswith(f"/comments/A-{MOST_COMMENTS + 49:04}")
    assert asker.asked[-1].endswith("/comments/A-0050")


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_progress_is_never_more_than_all(done: int, total: int) -> None:
    (percent,) = progress_text("Downloading", done, total).split(", ")[1:]
    assert 0 <= int(percent.removesuffix(" %")) <= 100


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(0, None, "Asking"), (1234, None, "Asking, 1,234"), (0, 8, "Asking, 0 %")],
)
def test_progress_without_a_total_is_a_count(done: int, total: int | None, words: str) -> None:
    assert progress_text("Asking", done, total) == words


def test_a_clock_is_handed_in() -> None:
    clock: Callable[[], datetime] = fetching(Told(), datetime(2026, 1, 1, tzinfo=UTC)).clock
    assert clock().year == 2026
