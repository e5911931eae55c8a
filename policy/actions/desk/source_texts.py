"""Registering sources, and storing what they say word for word. Nothing is ever replaced."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from policy.actions.desk.kinds import BadValues
from policy.actions.desk.reopen import reopen_changed_quotes
from policy.domain.partial_dates import PartialDate
from policy.domain.roles import Power
from policy.models import Proposal, Source, SourceRegistration, SourceText, User
from policy.permissions import check_power
from policy.queries.source_texts import LONGEST_TEXT, newest_text
from policy.vendor import lock_revisions

LONGEST_SLUG = 120


@dataclass(frozen=True)
class Stored:
    """The text that stands now, whether it is new, and the questions that it opened."""

    text: SourceText
    is_new: bool
    reopened: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class NewSource:
    """What is known of a source; ``slug`` may be left to its title."""

    title: str
    kind: str
    slug: str = ""
    publisher: str = ""
    url: str = ""
    citation: str = ""
    published: PartialDate | None = None
    note: str = ""


def store_text(source: Source, text: str, *, how: str, by: User, at: datetime) -> Stored:
    """Add a text to a source; the same as the newest one adds nothing.

    Facts whose quoted words an older text holds and this one does not are questions now.
    Raises BadValues for a text that is empty, too long or has NUL characters, NotPermitted
    without the power, and has then written nothing.
    """
    check_power(by, Power.DRAFT_VOICES)
    words = read_text(text)
    digest = hashlib.sha256(words.encode()).hexdigest()
    with transaction.atomic():
        # Questions belong to a revision. Its lock comes first, as in every import, which then
        # cites the source; in another order the two would wait for each other.
        lock_revisions()
        # Held, so that two who store at once do not both take the other's text for the older.
        Source.objects.select_for_update(no_key=True).get(pk=source.pk)
        newest = newest_text(source)
        if newest and newest.sha256 == digest:
            return Stored(newest, is_new=False)
        stored = SourceText.objects.create(
            source=source, text=words, sha256=digest, how=how, added_by=by, added_at=at
        )
        reopened = reopen_changed_quotes(stored, at=at)
    return Stored(stored, is_new=True, reopened=tuple(reopened))


def read_text(text: str) -> str:
    """The text with plain line ends. Raises BadValues."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not words.strip():
        raise BadValues({"text": "There is nothing to store: paste the words of the source."})
    if "\0" in words:
        raise BadValues({"text": "The text holds NUL characters, which no printed text has."})
    if len(words) > LONGEST_TEXT:
        sentence = f"The text has {len(words):,} characters; {LONGEST_TEXT:,} are the most."
        raise BadValues({"text": f"{sentence} Store the part that is quoted."})
    return words


def register_source(new: NewSource, *, by: User, at: datetime) -> Source:
    """A source that the record did not know, with a line of who registered it.

    Raises BadValues with a sentence by field, NotPermitted without the power.
    """
    check_power(by, Power.DRAFT_VOICES)
    on = new.published
    source = Source(
        slug=new.slug or slugify(new.title)[:LONGEST_SLUG].strip("-"),
        kind=new.kind,
        title=new.title,
        publisher=new.publisher,
        url=new.url,
        citation=new.citation,
        published=on.earliest if on else None,
        published_precision=on.precision if on else "day",
        note=new.note,
    )
    refuse_faults(source)
    with transaction.atomic():
        source.save(force_insert=True)
        SourceRegistration.objects.create(source=source, by=by, at=at)
    return source


def refuse_faults(source: Source) -> None:
    """Raises BadValues for what the fields refuse, and for a name that is taken."""
    if Source.objects.filter(slug=source.slug).exists():
        sentence = f"The record holds a source “{source.slug}” already; give another short name."
        raise BadValues({"slug": sentence})
    try:
        source.full_clean()
    except ValidationError as refused:
        raise BadValues({n: " ".join(s) for n, s in refused.message_dict.items()}) from refused
