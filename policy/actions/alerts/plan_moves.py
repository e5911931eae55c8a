"""Planning the mails that say that a date moved from A to B, because of C.

What counts is what a reader was last told, not what happened in between: a change that is
reverted before it was sent sends nothing, one that was sent and then reverted sends again,
and whoever was told a wrong date is told the right one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from policy.actions.alerts.outbox import new_alert, particular_first, put, unplanned
from policy.actions.alerts.payload import deadline_content, moved_part
from policy.domain.alert_words import why_changed
from policy.domain.deadlines import EASTERN, eastern_day
from policy.domain.due import StatedDate, is_worth_telling
from policy.models import Alert, AlertContent, DeadlineDate, Subscription
from policy.queries.asof import Reading
from policy.queries.due_dates import Chain, is_backfill, stated_by


@dataclass(frozen=True)
class Move:
    """A changed date that one subscriber has to be told of."""

    subscription: Subscription
    before: StatedDate
    key: str


def plan_moves(held: Mapping[str, Chain], reading: Reading, *, at: datetime) -> int:
    """Put a mail into the outbox for every reader whose date changed; returns how many."""
    changed = [chain for chain in held.values() if has_changed(chain)]
    return sum(plan_moves_of(chain, reading, at) for chain in changed)


def has_changed(chain: Chain) -> bool:
    """Whether the record ever said two things of the date, or took it back."""
    removed = all(row.superseded_id is not None for row in chain.rows)
    return removed or len({stated_by(row) for row in chain.rows}) > 1


def plan_moves_of(chain: Chain, reading: Reading, at: datetime) -> int:
    after = chain.stated(reading.revision_number, reading.today)
    if after is None:
        return 0
    moves = moves_of(chain, after, reading)
    new = unplanned([move.key for move in moves])
    if not new or is_backfill(chain, after):
        return 0
    row = chain.governing(reading.revision_number, reading.today)
    content = deadline_content(chain, row, after, reading)
    why = why_changed("The date", came_about(chain, row), at)
    return put(
        [move_alert(move, chain, row, content, after, why, at) for move in moves if move.key in new]
    )


def moves_of(chain: Chain, after: StatedDate, reading: Reading) -> list[Move]:
    """One for each subscriber whose date changed, however many subscriptions cover it."""
    moves = []
    for covering in by_subscriber(candidates(chain, after, reading)):
        told = covering[0].last_told  # type: ignore[attr-defined]  # annotated by candidates
        settled = covering[0].last_move or 0  # type: ignore[attr-defined]
        before = StatedDate.from_code(told) if told else first_stated(chain, covering)
        if before is None or not is_worth_telling(
            before, after, was_told=told is not None, today=reading.today
        ):
            continue
        slug, reader = chain.deadline.slug, covering[0].subscriber_id
        key = f"moved:{reader}:{slug}:{after.code}:{settled}"
        moves.append(Move(covering[0], before, key))
    return moves


def candidates(chain: Chain, after: StatedDate, reading: Reading) -> QuerySet[Subscription]:
    """The subscriptions whose reader may have another date in mind than ``after``.

    Those who were told of it already, and those who came after the last change, have not.
    """
    rows = Alert.objects.filter(topic=chain.deadline.slug, subscriber=OuterRef("subscriber"))
    told = rows.told().order_by("-pk").values("told")[:1]
    unsettled = [Alert.State.QUEUED, Alert.State.SENDING, Alert.State.COLLECTED]
    moves = rows.filter(reason=Alert.Reason.MOVED).exclude(state__in=unsettled)
    covering = Subscription.objects.active().filter(of_subjects(chain))
    covering = covering.annotate(
        last_told=Subquery(told), last_move=Subquery(moves.order_by("-pk").values("pk")[:1])
    )
    differs = Q(last_told__isnull=False) & ~Q(last_told=after.code)
    if lies_ahead(chain, reading):
        differs |= Q(last_told__isnull=True) & came_before(chain, reading)
    return particular_first(covering.filter(differs))


def of_subjects(chain: Chain) -> Q:
    """By kind: a deadline may be found by more saved searches than SQLite lets one OR hold."""
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for kind, subject_id in chain.subjects:
        ids[kind].append(subject_id)
    found = Q(pk__in=[])
    for kind, of_kind in ids.items():
        found |= Q(subject=kind, subject_id__in=of_kind)
    return found


def lies_ahead(chain: Chain, reading: Reading) -> bool:
    """Whether any day that the record ever named is still to come: else it is no news."""
    days = [row.on.latest for row in chain.rows if row.on]
    return any(day >= reading.today for day in days)


def came_before(chain: Chain, reading: Reading) -> Q:
    """Subscriptions older than the last change of the date, whichever clock it came by."""
    revisions = [n for row in chain.rows for n in (row.recorded_id, row.superseded_id) if n]
    row = chain.governing(reading.revision_number, reading.today)
    begins = row.valid_from if row and row.valid_from else None
    older = Q(since_revision__lt=max(revisions))
    if begins:
        older |= Q(confirmed_at__lt=datetime.combine(begins, time.min, EASTERN))
    return older


def by_subscriber(subscriptions: Iterable[Subscription]) -> list[list[Subscription]]:
    """The subscriptions that cover a date, subscriber by subscriber, in the order given."""
    found: dict[int, list[Subscription]] = {}
    for subscription in subscriptions:
        found.setdefault(subscription.subscriber_id, []).append(subscription)
    return list(found.values())


def first_stated(chain: Chain, covering: Sequence[Subscription]) -> StatedDate | None:
    """What the record said of the date when the reader's oldest subscription began.

    For a deadline that came later it is what the record said of it first.
    """
    oldest = min(covering, key=lambda subscription: subscription.since_revision)
    began = eastern_day(oldest.confirmed_at or oldest.created_at)
    return chain.stated(oldest.since_revision, began) or chain.first_stated()


def move_alert(  # noqa: PLR0913, PLR0917  # what moved, from where, why, and for whom
    move: Move,
    chain: Chain,
    row: DeadlineDate | None,
    content: AlertContent,
    after: StatedDate,
    why: str,
    at: datetime,
) -> Alert:
    own: dict[str, Any] = {"why": why, "label": move.subscription.label}
    return new_alert(
        subscription=move.subscription,
        key=move.key,
        reason=Alert.Reason.MOVED,
        topic=chain.deadline.slug,
        told=after,
        content=content,
        own={**own, "moved": moved_part(chain, row, (move.before, after))},
        at=at,
    )


def came_about(chain: Chain, row: DeadlineDate | None) -> datetime:
    """When a date came to be as it is: once recorded, and once its document governs."""
    if row is None:
        return max(r.superseded.recorded_at for r in chain.rows if r.superseded)
    begins = datetime.combine(row.valid_from or date.min, time.min, EASTERN)
    return max(row.recorded.recorded_at, begins)
