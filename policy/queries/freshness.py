"""How fresh each source is, read off its checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q

from policy.domain.calendar import FederalCalendar
from policy.domain.freshness import (
    Heard,
    Outcome,
    State,
    is_due,
    needs_a_person,
    state_of,
)
from policy.fetching.channel import Channel
from policy.models import FederalClosing, SourceCheck

GOOD = (SourceCheck.Outcome.NEW, SourceCheck.Outcome.SAME)
WORDS = {
    State.OFF: "Not asked",
    State.NEVER: "Never checked",
    State.NEW: "Checked, something new",
    State.SAME: "Checked, nothing new",
    State.SILENT: "Silent",
    State.FAILING: "Failing",
    State.WAITING: "Waiting for a person",
}


@dataclass(frozen=True)
class SourceState:
    """A source and how fresh it is. ``running`` is the run that asks it now, if one does."""

    channel: Channel
    state: State
    heard: Heard
    next_expected: datetime | None
    message: str
    running: SourceCheck | None
    needs_a_person: bool
    is_due: bool

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def badge(self) -> str:
        """The component's name of a sign for the state."""
        signs = {
            State.NEW: "true",
            State.SAME: "true",
            State.SILENT: "false",
            State.FAILING: "false",
            State.WAITING: "partly",
        }
        return signs.get(self.state, "unknown")

    @property
    def offers_import(self) -> bool:
        """Whether a file by hand is what helps."""
        return self.state in (State.OFF, State.NEVER, State.FAILING, State.WAITING)

    @property
    def progress(self) -> str:
        """What a run is doing, in words."""
        said = self.running.progress if self.running else {}
        done, total = said.get("done") or 0, said.get("total")
        if total:
            return f"{said.get('text')}: {min(100, 100 * done // total)} %"
        return f"{said.get('text', 'Starting')}{f': {done:,}' if done else ''}"


def source_states(channels: Sequence[Channel], now: datetime) -> list[SourceState]:
    """Each of the sources at the UTC instant ``now``."""
    ended = {row["channel"]: row for row in ended_checks()}
    latest = {check.channel: check for check in latest_checks()}
    running = {check.channel: check for check in SourceCheck.objects.running(now)}
    calendar = closings_calendar()
    return [
        source_state(
            channel,
            heard_of(ended.get(channel.slug), latest.get(channel.slug)),
            latest.get(channel.slug),
            running.get(channel.slug),
            now,
            calendar,
        )
        for channel in channels
    ]


def source_state(  # noqa: PLR0913, PLR0917  # all that is known of one source
    channel: Channel,
    heard: Heard,
    latest: SourceCheck | None,
    running: SourceCheck | None,
    now: datetime,
    calendar: FederalCalendar,
) -> SourceState:
    off = why_off(channel)
    state = State.OFF if off else state_of(heard, channel.rhythm, now, calendar)
    return SourceState(
        channel=channel,
        state=state,
        heard=heard,
        next_expected=None if off else channel.rhythm.next_due(now, calendar),
        message=off or (latest.message if latest else ""),
        running=running,
        needs_a_person=needs_a_person(state, heard, now),
        is_due=not off and is_due(heard, channel.rhythm, now, calendar),
    )


def why_off(channel: Channel) -> str:
    """Why this machine does not ask the source; empty if it does."""
    if not settings.FETCH:
        return "Fetching is turned off (EARMARK_FETCH=0)."
    if channel.needs and not getattr(settings, channel.needs):
        return f"It wants a key: set {channel.needs}."
    return ""


def ended_checks() -> Any:
    """By source: when a check last ended well, and when it last found something."""
    return (
        SourceCheck.objects.filter(finished__isnull=False)
        .order_by()
        .values("channel")
        .annotate(
            last=Max("pk"),
            success=Max("finished", filter=Q(outcome__in=GOOD)),
            change=Max("finished", filter=Q(outcome=SourceCheck.Outcome.NEW)),
        )
    )


def latest_checks() -> list[SourceCheck]:
    """The newest check of each source that has ended; of one source they never overlap."""
    newest = (
        SourceCheck.objects.filter(finished__isnull=False)
        .order_by()
        .values("channel")
        .annotate(last=Max("pk"))
        .values("last")
    )
    return list(SourceCheck.objects.filter(pk__in=newest))


def heard_of(ended: dict[str, Any] | None, latest: SourceCheck | None) -> Heard:
    if ended is None or latest is None:
        return Heard()
    return Heard(
        outcome=Outcome(latest.outcome),
        started=latest.started,
        finished=latest.finished,
        last_success=ended["success"],
        last_change=ended["change"],
        failing_since=latest.failing_since,
        failures=latest.failures,
    )


def closings_calendar() -> FederalCalendar:
    """Every closing that the record knows: whoever waits for an issue knows them all."""
    rows = FederalClosing.objects.known(None).order_by("day")
    return FederalCalendar(row.as_closing() for row in rows)
