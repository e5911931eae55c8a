"""Seeing what has gone quiet, and telling staff once when it does and once when it is over.

Runs outside Celery: whoever watches must not depend on what is watched.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction

from policy.heart import BEAT, WORKER
from policy.models import Heartbeat, Incident
from policy.queries.freshness import SourceState, source_states
from policy.registry import channels

logger = logging.getLogger(__name__)

# Several heartbeats: a busy machine skips one.
QUIET_AFTER = timedelta(minutes=3)
PROCESSES = {
    BEAT: "Nothing starts the scheduled work: Celery's beat is quiet.",
    WORKER: "Scheduled work does not run, and no mail leaves: Celery's worker is quiet.",
}


@dataclass(frozen=True)
class Watched:
    """What one look changed."""

    opened: int
    closed: int
    open: int
    mailed: int


def watch(*, at: datetime) -> Watched:
    """Look at everything at the UTC instant ``at``; open and close incidents, and tell staff."""
    found = {**quiet_processes(at), **quiet_sources(source_states(channels(), at))}
    held = {incident.subject: incident for incident in Incident.objects.filter(closed=None)}
    opened = [open_incident(s, text, at) for s, text in found.items() if s not in held]
    over = [incident.pk for subject, incident in held.items() if subject not in found]
    Incident.objects.filter(pk__in=over).update(closed=at)
    for subject, incident in held.items():
        if subject in found and found[subject] != incident.sentence:
            Incident.objects.filter(pk=incident.pk).update(sentence=found[subject])
    return Watched(sum(opened), len(over), len(found), tell_staff(at=at))


def quiet_processes(at: datetime) -> dict[str, str]:
    """The processes that gave no sign of life, each with its sentence; never seen is quiet."""
    seen = dict(Heartbeat.objects.values_list("process", "at"))
    return {
        process: sentence
        for process, sentence in PROCESSES.items()
        if process not in seen or at - seen[process] > QUIET_AFTER
    }


def quiet_sources(states: list[SourceState]) -> dict[str, str]:
    return {
        f"source:{state.channel.slug}": f"{state.channel.title}: {state.words}. {state.message}"
        for state in states
        if state.needs_a_person
    }


def open_incident(subject: str, sentence: str, at: datetime) -> bool:
    """Whether it was opened here; another watchdog may have been faster."""
    try:
        with transaction.atomic():
            Incident.objects.create(subject=subject, sentence=sentence, opened=at)
    except IntegrityError:
        return False
    logger.warning("%s", sentence)
    return True


def tell_staff(*, at: datetime) -> int:
    """One mail an incident and one when it is over; returns how many were sent.

    A row is marked before its mail is handed over and unmarked if that fails, so that two
    watchdogs never both send. An incident that ended before anybody heard of it is not told.
    """
    if not settings.STAFF_EMAILS:
        return 0
    Incident.objects.filter(closed__isnull=False, told_opened=None).update(
        told_opened=at, told_closed=at
    )
    new = Incident.objects.filter(closed=None, told_opened=None)
    over = Incident.objects.filter(closed__isnull=False, told_closed=None)
    sent = sum(tell(incident, "told_opened", at) for incident in new)
    return sent + sum(tell(incident, "told_closed", at) for incident in over)


def tell(incident: Incident, mark: str, at: datetime) -> bool:
    row = Incident.objects.filter(pk=incident.pk)
    if not row.filter(**{mark: None}).update(**{mark: at}):
        return False
    is_over = mark == "told_closed"
    subject = f"[Earmark] {'Over: ' if is_over else ''}{incident.sentence[:120]}"
    lines = [incident.sentence, f"Since {incident.opened:%Y-%m-%d %H:%M} UTC."]
    if is_over:
        lines.append(f"Over at {incident.closed:%Y-%m-%d %H:%M} UTC.")
    lines.append(f"{settings.SITE_URL}/sources/")
    try:
        send_mail(subject, "\n".join(lines), None, settings.STAFF_EMAILS)
    except OSError as error:  # SMTP errors are OSErrors; the next look tries again
        logger.warning("mail to staff: %s", error)
        row.update(**{mark: None})
        return False
    return True
