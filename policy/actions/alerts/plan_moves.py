"""Planning the mails that say that a date moved from A to B, because of C.

What counts is what a reader was last told, not what happened in between: a change that is
reverted before it was sent sends nothing, one that was sent and then reverted sends again,
and whoever was told a wrong date is told the right one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.actions.alerts.payload import moved_payload
from policy.domain.alert_words import why_changed
from policy.domain.deadlines import EASTERN, eastern_day
from policy.domain.due import StatedDate, is_worth_telling
from policy.models import Alert, DeadlineDate, Subscription
from policy.queries.asof import Reading
from policy.queries.due_dates import Chain, is_backfill, stated_by


@dataclass(frozen=True)
class Move:
    """A changed date that one subscriber has to be told of."""

    subscription: Subscription
    chain: Chain
    before: StatedDate
    after: StatedDate
    key: str


@dataclass(frozen=True)
class LastTold:
    """By subscriber and topic: the code of the date last told, and the last settled move."""

    code: Mapping[tuple[int, str], str]
    move: Mapping[tuple[int, str], int]


def plan_moves(
    subscriptions: Sequence[Subscription],
    held: Mapping[str, Chain],
    reading: Reading,
    *,
    at: datetime,
) -> int:
    """Put a mail into the outbox for every reader whose date changed; returns how many."""
    changed = {slug: chain for slug, chain in held.items() if has_changed(chain)}
    last = last_told(changed)
    moves = [
        move for chain in changed.values() for move in moves_of(chain, subscriptions, last, reading)
    ]
    new = unplanned([move.key for move in moves])
    return put([move_alert(move, reading, at) for move in moves if move.key in new])


def has_changed(chain: Chain) -> bool:
    """Whether the record ever said two things of the date, or took it back."""
    removed = all(row.superseded_id is not None for row in chain.rows)
    return removed or len({stated_by(row) for row in chain.rows}) > 1


def last_told(topics: Mapping[str, Chain]) -> LastTold:
    rows = Alert.objects.filter(topic__in=topics).order_by("pk")
    told = rows.told().values_list("subscriber", "topic", "told")
    settled = rows.exclude(state__in=[Alert.State.QUEUED, Alert.State.SENDING])
    moves = settled.filter(reason=Alert.Reason.MOVED).values_list("subscriber", "topic", "pk")
    return LastTold(
        code={(subscriber, topic): code for subscriber, topic, code in told},
        move={(subscriber, topic): pk for subscriber, topic, pk in moves},
    )


def moves_of(
    chain: Chain, subscriptions: Sequence[Subscription], last: LastTold, reading: Reading
) -> list[Move]:
    """The moves of one date; one for each subscriber, however many subscriptions cover it."""
    after = chain.stated(reading.revision_number, reading.today)
    if after is None:
        return []
    slug, moves = chain.deadline.slug, []
    for covering in by_subscriber(chain, subscriptions):
        reader = (covering[0].subscriber_id, slug)
        told = last.code.get(reader)
        before = StatedDate.from_code(told) if told else first_stated(chain, covering)
        if before is None or not is_worth_telling(
            before, after, was_told=told is not None, today=reading.today
        ):
            continue
        key = f"moved:{covering[0].pk}:{slug}:{after.code}:{last.move.get(reader, 0)}"
        moves.append(Move(covering[0], chain, before, after, key))
    return moves if moves and not is_backfill(chain, after) else []


def by_subscriber(chain: Chain, subscriptions: Sequence[Subscription]) -> list[list[Subscription]]:
    """The subscriptions that cover a date, subscriber by subscriber, in the order given."""
    found: dict[int, list[Subscription]] = {}
    for subscription in subscriptions:
        if (subscription.subject, subscription.subject_id) in chain.subjects:
            found.setdefault(subscription.subscriber_id, []).append(subscription)
    return list(found.values())


def first_stated(chain: Chain, covering: Sequence[Subscription]) -> StatedDate | None:
    """What the record said of the date when the reader's oldest subscription began.

    For a deadline that came later it is what the record said of it first.
    """
    oldest = min(covering, key=lambda subscription: subscription.since_revision)
    began = eastern_day(oldest.confirmed_at or oldest.created_at)
    return chain.stated(oldest.since_revision, began) or chain.first_stated()


def move_alert(move: Move, reading: Reading, at: datetime) -> Alert:
    chain, subscription = move.chain, move.subscription
    row = chain.governing(reading.revision_number, reading.today)
    facts = moved_payload(chain, row, (move.before, move.after), reading)
    why = why_changed("The date", came_about(chain, row), at)
    return new_alert(
        subscription=subscription,
        key=move.key,
        reason=Alert.Reason.MOVED,
        topic=chain.deadline.slug,
        told=move.after,
        payload={**facts, "why": why, "label": subscription.label},
        at=at,
    )


def came_about(chain: Chain, row: DeadlineDate | None) -> datetime:
    """When a date came to be as it is: once recorded, and once its document governs."""
    if row is None:
        return max(r.superseded.recorded_at for r in chain.rows if r.superseded)
    begins = datetime.combine(row.valid_from or date.min, time.min, EASTERN)
    return max(row.recorded.recorded_at, begins)
