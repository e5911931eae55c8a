"""Saving what a form of the desk holds: a new draft, or new words of one."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from policy.actions.desk.drafts import Words, start_change, words_of, write_change
from policy.actions.desk.kinds import kind_of
from policy.actions.desk.review import submit_change
from policy.models import Change, User


@dataclass(frozen=True)
class Place:
    """Where words are to be saved: a change and the version seen of it, or a new one."""

    change: Change | None = None
    version: int = 0


def save_words(
    place: Place, words: Words, *, by: User, at: datetime, based_on: int | None = None
) -> Change:
    """Save a draft. Raises what ``start_change`` and ``write_change`` raise.

    A draft without a title is called by the kind of what it writes.
    """
    if not words.title and words.items:
        words = replace(words, title=kind_of(words.items[0].kind).title)
    if place.change is None:
        return start_change(words, by=by, at=at)
    return write_change(place.change, words, version=place.version, by=by, at=at, based_on=based_on)


def save_and_submit(place: Place, words: Words, *, by: User, at: datetime) -> Change:
    """Save a draft and hand it over, or neither. Raises what either raises."""
    with transaction.atomic():
        change = save_words(place, words, by=by, at=at)
        return submit_change(change, version=change.version, by=by, at=at)


def build_on(change: Change, version: int, seen: int, *, by: User, at: datetime) -> Change:
    """Say that the writers have seen the record up to revision ``seen`` and keep their words.

    Raises what ``write_change`` raises.
    """
    words = words_of(change)
    return write_change(change, words, version=version, by=by, at=at, based_on=seen)
