"""What the first page answers: what is due, what changed, how fresh the record is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from policy.models import Event, Milestone
from policy.queries.asof import Reading
from policy.queries.deadlines import DatedDeadline, dated_deadlines

# A week of changes, which is how often most readers come by.
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class HomePage:
    due: list[DatedDeadline]
    passed: list[DatedDeadline]
    recent: list[Event]
    milestones: list[Milestone]
    scheduled: list[Milestone]


def home_page(reading: Reading, now: datetime) -> HomePage:
    """The front page as of one point in both times; ``now`` bounds "this week" (UTC)."""
    countdown = [d for d in dated_deadlines(reading) if d.deadline.is_countdown]
    passed = [d for d in countdown if d.days_left is not None and d.days_left < 0]
    moment = reading.known or now
    return HomePage(
        due=[d for d in countdown if d.is_ahead and not d.is_withdrawn],
        passed=passed[::-1][:5],
        recent=list(recent_events(reading, since=moment - RECENT)[:12]),
        milestones=list(milestones(reading).filter(scheduled=False)[:8]),
        scheduled=list(scheduled_milestones(reading)),
    )


def recent_events(reading: Reading, since: datetime) -> QuerySet[Event]:
    """Changes recorded since an instant; a first load is no news."""
    rows = Event.objects.filter(baseline=False, revision__recorded_at__gte=since)
    if reading.asof.revision is not None:
        rows = rows.filter(revision__number__lte=reading.asof.revision)
    return rows.select_related("revision", "source")


def milestones(reading: Reading) -> QuerySet[Milestone]:
    """What had happened by the asked day, newest first."""
    rows: QuerySet[Milestone] = Milestone.objects.known(reading.asof.revision).begun(reading.on)
    return rows.select_related("rule", "source", "also").order_by("-valid_from", "slug")


def scheduled_milestones(reading: Reading) -> QuerySet[Milestone]:
    """What was scheduled for a day that the record does not reach."""
    rows: QuerySet[Milestone] = Milestone.objects.known(reading.asof.revision)
    rows = rows.filter(scheduled=True, valid_from__gt=reading.coverage_end or date.max)
    return rows.select_related("rule", "source").order_by("valid_from", "slug")
