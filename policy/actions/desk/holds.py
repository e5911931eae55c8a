"""Legal holds: putting one on a subject, lifting it, and having it read before a change.

A hold stops nothing by itself, since the record deletes nothing anyway. While it stands the
pages of its subject show it to staff, and whoever lets a change of the subject be published says
that they have read it, which the trail of the change keeps. The database asks for the same by
itself (``policy.models.hold_guards``), of the subjects that a change had when it was submitted.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q

from policy.actions.desk.drafts import contribute, locked
from policy.actions.desk.subjects import subjects_of
from policy.domain.due import Subject
from policy.domain.roles import Power
from policy.models import (
    Change,
    Claim,
    Contribution,
    Deadline,
    Document,
    LegalHold,
    LiftedHold,
    Organization,
    User,
)
from policy.permissions import check_power
from policy.queries.subjects import find_subject

READ_HOLD = "read hold"
# What a hold can be put on.
KINDS = {
    "rule": "Rule",
    "deadline": "Deadline",
    "docket": "Docket",
    "document": "Document",
    "country": "Country",
    "entity": "Entity",
    "organization": "Organisation",
    "claim": "Claim",
}


# By kind, where it is looked for; the others are subjects that readers follow.
SUBJECTS: dict[str, tuple[type[Model], str]] = {
    "deadline": (Deadline, "slug"),
    "document": (Document, "number"),
    "organization": (Organization, "slug"),
    "claim": (Claim, "slug"),
}


class NotPossible(Exception):
    """A hold that cannot be placed or lifted. The message is for the person."""


class HoldUnread(Exception):
    """A change of a subject under hold, of which nobody has said that they read it."""

    def __init__(self, holds: Iterable[LegalHold]) -> None:
        named = "; ".join(f"{h.subject_kind} {h.subject_id}: {h.because}" for h in holds)
        super().__init__(f"A legal hold stands ({named}). Tick that you have read it.")


def is_there(kind: str, subject_id: str) -> bool:
    """Whether the record holds the subject: a hold on a slip of the pen would protect nothing."""
    if kind in SUBJECTS:
        model, name = SUBJECTS[kind]
        return bool(model._default_manager.filter(**{name: subject_id}).exists())
    return find_subject(kind, subject_id) is not None


def place_hold(subject: Subject, *, because: str, by: User, at: datetime) -> LegalHold:
    """Put a hold on a subject. Raises NotPermitted or NotPossible, having written nothing."""
    check_power(by, Power.APPROVE)
    kind, subject_id = subject
    if kind not in KINDS or not subject_id.strip():
        msg = "Say what the hold is on: its kind, and the id that its address ends with."
        raise NotPossible(msg)
    if not is_there(kind, subject_id.strip()):
        msg = f"The record holds no {KINDS[kind].lower()} “{subject_id.strip()[:160]}”."
        raise NotPossible(msg)
    if not because.strip():
        msg = "Say why the hold is placed: it stands beside the record until it is lifted."
        raise NotPossible(msg)
    return LegalHold.objects.create(
        subject_kind=kind, subject_id=subject_id.strip(), because=because.strip(), by=by, at=at
    )


def lift_hold(hold: LegalHold, *, because: str, by: User, at: datetime) -> LiftedHold:
    """Lift a hold, once. Raises NotPermitted or NotPossible, having written nothing."""
    check_power(by, Power.APPROVE)
    if not because.strip():
        msg = "Say why the hold is lifted."
        raise NotPossible(msg)
    with transaction.atomic():
        held = LegalHold.objects.select_for_update().get(pk=hold.pk)
        if LiftedHold.objects.filter(hold=held).exists():
            msg = "Somebody has lifted this hold already."
            raise NotPossible(msg)
        return LiftedHold.objects.create(hold=held, because=because.strip(), by=by, at=at)


def holds_on(subjects: Iterable[Subject]) -> list[LegalHold]:
    """The holds that stand on any of the subjects, oldest first."""
    wanted = Q(pk__in=[])
    for kind, subject_id in subjects:
        wanted |= Q(subject_kind=kind, subject_id=subject_id)
    return list(LegalHold.objects.standing().filter(wanted).select_related("by").order_by("pk"))


def touches_of(change: Change) -> str:
    """All subjects of a change as one text, in which the guards look for what is under hold."""
    named = sorted(f"{kind} {subject_id}" for kind, subject_id in subjects_of(change))
    return "|".join(["", *named, ""])


def unread_holds(change: Change) -> list[LegalHold]:
    """The holds on what a change touches that nobody has said they read for this version."""
    standing = holds_on(subjects_of(change))
    if not standing:
        return []
    ticks = change.contributions.filter(step=READ_HOLD, version=change.version)
    read = {pk for tick in ticks for pk in tick.written["holds"]}
    return [hold for hold in standing if hold.pk not in read]


def check_holds(change: Change) -> None:
    """Raises HoldUnread where a hold stands that nobody has read for this version."""
    if unread := unread_holds(change):
        raise HoldUnread(unread)


def read_holds(change: Change, *, by: User, at: datetime) -> Contribution | None:
    """Note in the trail that ``by`` has read the holds on what a change touches, if any."""
    check_power(by, Power.APPROVE)
    with transaction.atomic():
        held = locked(change)
        unread = unread_holds(held)
        if not unread:
            return None
        said = "; ".join(f"{hold}: {hold.because}" for hold in unread)
        read = {"holds": [hold.pk for hold in unread]}
        return contribute(held, by=by, at=at, step=READ_HOLD, note=said, written=read)
