"""The preview says what publishing does, and leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from policy.actions.alerts.plan import plan_alerts
from policy.actions.desk.drafts import Item
from policy.actions.desk.fields import id_text
from policy.actions.desk.impact import Impact, impact_of
from policy.actions.desk.kinds import BadValues
from policy.actions.desk.publish import SaysNothing
from policy.actions.desk.review import approve_change
from policy.models import Alert, Change, Event, Revision, User, fact_models
from tests.policy.desk.impact_world import CASES, date_of, make_far_record, make_readers
from tests.policy.desk.world import AT, submitted

pytestmark = pytest.mark.django_db
Team = dict[str, User]
Entry = tuple[int, str, str]


@pytest.fixture
def far(team: Team) -> Team:
    make_far_record(team)
    make_readers()
    plan_alerts(at=AT)
    return team


every_case = pytest.mark.parametrize("items", CASES.values(), ids=CASES)


def whole_database() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, byte for byte."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables & set(connection.introspection.table_names())):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # a table's name
            found[table] = cursor.fetchall()
    return found


def rows_of(revision: Revision, column: str) -> list[tuple[str, str, str, str]]:
    """The facts of a revision as the tables hold them, whatever wrote them."""
    found = []
    for model in fact_models():
        for row in model._default_manager.filter(**{column: revision}):
            keys = (getattr(row, name) for name in row.key_fields)
            key = ",".join(id_text(k) if hasattr(k, "_meta") else str(k) for k in keys)
            since = row.since.iso if row.since else ""
            found.append((str(model._meta.verbose_name), key, str(row), since))
    return sorted(found)


def told(lines: Any) -> list[tuple[str, str, str, str]]:
    return sorted((line.kind, ",".join(line.key), line.says, line.since) for line in lines)


def calendar(client: Client) -> dict[str, Entry]:
    """Each entry of the calendar of all deadlines, as a program fetches it."""
    found = icalendar.Calendar.from_ical(client.get("/deadlines.ics").content)
    return {str(event["UID"]): entry_of(event) for event in found.walk("VEVENT")}


def entry_of(event: Any) -> Entry:
    return int(event["SEQUENCE"]), str(event.get("STATUS")), str(event["DTSTART"].dt)


def entries_told(impact: Impact) -> dict[str, int]:
    """By deadline, the SEQUENCE that the preview gives; countries have calendars of their own."""
    told_of = [one for one in impact.calendar if "scheduled" not in one.after]
    return {one.name: int(one.after.rsplit(" ", 1)[1]) for one in told_of}


def groups_shown(client: Client) -> list[str]:
    """The rows of the table beside the map."""
    text = client.get("/tiers/?format=csv").getvalue().decode()
    return sorted(line.rsplit(",", 2)[0] for line in text.splitlines())


def mails(rows: Any) -> Iterator[tuple[str, str, int, int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for alert in rows:
        found.setdefault((alert.reason, alert.topic), []).append(alert.subscriber_id)
    for (reason, topic), readers in sorted(found.items()):
        yield reason, topic, len(readers), len(set(readers))


def mail_lines(impact: Impact) -> list[tuple[str, str, int, int]]:
    return sorted((m.reason, m.topic, m.mails, m.readers) for m in impact.mails)


@every_case
def test_the_preview_is_the_effect(far: Team, client: Client, items: tuple[Item, ...]) -> None:
    change = submitted(far, *items)
    preview = impact_of(change, at=AT)
    entries, places = calendar(client), groups_shown(client)
    outbox = set(Alert.objects.values_list("pk", flat=True))
    approve_change(change, version=change.version, by=far["second"], at=AT)
    plan_alerts(at=AT)

    revision = Revision.objects.get(change=change)
    assert told(preview.closed) == rows_of(revision, "superseded")
    assert told(preview.inserted) == rows_of(revision, "recorded")
    events = Event.objects.filter(revision=revision)
    assert sorted(e.title for e in preview.events) == sorted(e.title for e in events)
    new = Alert.objects.standing().exclude(pk__in=outbox)
    assert mail_lines(preview) == list(mails(new))
    after = calendar(client)
    changed = {uid: after[uid] for uid in after if after[uid] != entries.get(uid)}
    assert entries_told(preview) == {topic_of(uid): e[0] for uid, e in changed.items()}
    assert bool(preview.groups) == (groups_shown(client) != places)


def topic_of(uid: str) -> str:
    return uid.partition("@")[0].removeprefix("deadline-")


@every_case
def test_the_rehearsal_leaves_every_table_as_it_was(far: Team, items: tuple[Item, ...]) -> None:
    change = submitted(far, *items)
    before = whole_database()
    assert impact_of(change, at=AT) == impact_of(change, at=AT)
    assert whole_database() == before


def test_the_cases_are_of_many_kinds() -> None:
    kinds = {(item.kind, item.act) for items in CASES.values() for item in items}
    assert len(CASES) >= 12
    assert len(kinds) >= 12


def test_a_rehearsal_before_any_tick_counts_only_what_the_change_brings(team: Team) -> None:
    make_far_record(team)
    make_readers()
    change = submitted(team, *CASES["a threshold"])
    assert plan_is_due()
    assert impact_of(change, at=AT).mails == ()


def plan_is_due() -> bool:
    return not Alert.objects.filter(planned_at=AT).exists()


def test_a_moved_date_is_told_in_words_with_its_mails_and_its_calendar_entry(far: Team) -> None:
    impact = impact_of(submitted(far, *CASES["a date moved"]), at=AT)
    [date] = impact.deadlines
    assert (date.name, date.before, date.after) == (
        "printed",
        "26 November 2026",
        "1 December 2026",
    )
    [entry] = impact.calendar
    assert entry.before == "2026-11-26, confirmed, sequence 0"
    assert entry.after == "2026-12-01, confirmed, sequence 1"
    moved = [m for m in impact.mails if m.reason == "moved"]
    assert [(m.topic, m.readers) for m in moved] == [("printed", 3)]
    assert ("reaction", "Deeply disappointed") in impact.voices
    assert ("claim", "Three tiers") in impact.voices


def test_waiting_mails_that_tell_the_old_date_are_taken_out(far: Team) -> None:
    waiting = Alert.objects.filter(topic="printed", state__in=["queued", "collected"])
    count = waiting.count()
    assert count
    impact = impact_of(submitted(far, *CASES["a date moved"]), at=AT)
    assert sum(line.mails for line in impact.cancelled) == count


def test_a_closing_shows_the_counted_date_that_it_moves(far: Team) -> None:
    impact = impact_of(submitted(far, *CASES["a closing that recounts"]), at=AT)
    assert [(one.name, one.after) for one in impact.deadlines] == [("counted", "28 December 2026")]


def test_a_group_shows_the_country_that_changes_colour(far: Team) -> None:
    impact = impact_of(submitted(far, *CASES["a group changed"]), at=AT)
    assert [(g.name, g.before, g.after) for g in impact.groups] == [
        ("Cambodia", "d5", "everyone-else")
    ]


def test_what_is_scheduled_for_a_country_enters_its_calendar(far: Team) -> None:
    impact = impact_of(submitted(far, *CASES["a group that will change"]), at=AT)
    assert impact.groups == ()
    assert any("2027-01-10, scheduled" in entry.after for entry in impact.calendar)


def test_what_cannot_be_published_has_no_impact_and_leaves_nothing(far: Team) -> None:
    draft = submitted(far, *CASES["a date moved"])
    said_already = submitted(far, *CASES["a threshold"])
    approve_change(said_already, version=1, by=far["second"], at=AT)
    again = Change.objects.get(pk=said_already.pk)
    before = whole_database()
    with pytest.raises(SaysNothing):
        impact_of(again, at=AT)
    draft.items.model.objects.none()
    assert whole_database() == before


def test_unreadable_words_raise_what_publishing_would(far: Team) -> None:
    change = submitted(far, *CASES["a date moved"])
    change._prefetched_objects_cache = {"items": [bad_item(change)]}  # type: ignore[attr-defined]
    before = whole_database()
    with pytest.raises(BadValues):
        impact_of(change, at=AT)
    assert whole_database() == before


def bad_item(change: Change) -> Any:
    item = change.items.get()
    item.values = {**item.values, "day": "May"}
    return item


def test_nothing_is_cached_under_the_number_that_the_rehearsal_took(
    far: Team, settings: Settings
) -> None:
    folder = Path(settings.INDEX_DIR)
    before = sorted(folder.glob("*"))
    impact_of(submitted(far, date_of("printed", "2026-12-01")), at=AT)
    assert sorted(folder.glob("*")) == before
    assert cache.get("known") is None
