"""The deadlines of a subject or selection, each with its calendar entry."""

from collections.abc import Iterator

from policy.domain.due import Subject
from policy.models import Subscription
from policy.queries.asof import Reading
from policy.queries.due_dates import Chain, chains
from policy.queries.invites import DatedEntry, dated_entry
from policy.queries.subjects import subjects_of


def chains_of(subject: Subject) -> Iterator[Chain]:
    """The deadlines whose changes the followers of a subject are told of, in a fixed order."""
    kind, subject_id = subject
    searches = [subject_id] if kind == Subscription.Subject.SEARCH else []
    for _, chain in sorted(chains().items()):
        if subject in subjects_of(chain.deadline, searches):
            yield chain


def entries_of(subject: Subject, reading: Reading) -> list[DatedEntry]:
    """The entries that a subject has at a point in both times, cancelled ones too."""
    found = (dated_entry(chain, reading) for chain in chains_of(subject))
    return [entry for entry in found if entry]
