"""Fetching the text of a source: somebody asks, a worker fetches, and the page says how it went.

The question is a row, so that no request waits for a publisher and a worker that dies loses
nothing: when its lease has ended, another takes the row.
"""

import gzip
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from policy.actions.desk.kinds import BadValues
from policy.actions.desk.source_texts import store_text
from policy.actions.sync import client
from policy.domain.roles import Power
from policy.fetching.client import Answer
from policy.fetching.errors import FetchError, Permanent, Unsafe
from policy.fetching.fetched import Asker
from policy.fetching.source_words import SourceWords, source_words
from policy.models import FetchedText, Source, SourceText, TextFetch, User
from policy.permissions import NotPermitted, check_power
from policy.queries.source_texts import newest_text
from policy.queries.text_fetches import address_of, no_fetching, origins, sites
from policy.sources.safe_xml import Refused
from policy.vendor import lock_fetching

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
# Renewed by nobody: longer than the client's attempts can take together.
LEASE = timedelta(minutes=5)
# A page on which so many workers have died is not given to another.
MOST_TAKINGS = 3
# A task takes no further row after this time; the next one does.
TURN = timedelta(minutes=1)
# A page of a million characters with its markup.
MOST_BYTES = 16 * 1024 * 1024
INSTEAD = "Paste the text below instead."


def ask_for_text(source: Source, *, by: User, at: datetime) -> TextFetch:
    """The row that a worker will take; the one that waits, where somebody has asked already.

    Raises BadValues where nothing can be fetched, NotPermitted without the power.
    """
    check_power(by, Power.DRAFT_VOICES)
    if why := no_fetching(source):
        raise BadValues({"fetch": f"{why} {INSTEAD}"})
    waiting = TextFetch.objects.filter(source=source, finished__isnull=True)
    try:
        with transaction.atomic():
            return waiting.first() or TextFetch.objects.create(source=source, by=by, asked=at)
    except IntegrityError:  # another asked in the same moment
        return waiting.get()


def fetch_waiting(*, clock: Clock) -> int:
    """Fetch the texts that were asked for, and say how many. Call it outside a transaction."""
    done, start = 0, clock()
    while settings.FETCH and clock() - start < TURN and (fetch := claim(clock())) is not None:
        settle_fetch(fetch, clock)
        done += 1
    return done


def claim(at: datetime) -> TextFetch | None:
    """The next row, held until its lease ends; none while another is being fetched.

    One at a time: slow publishers must not take every process from the mails, and a host that is
    asked for several texts is asked for one after the other.
    """
    waiting = TextFetch.objects.filter(finished__isnull=True)
    if not waiting.exists():
        return None
    with transaction.atomic():
        lock_fetching()
        if waiting.filter(leased_until__gt=at).exists():
            return None
        fetch = waiting.select_related("source__document", "by").order_by("pk").first()
        if fetch is not None:
            waiting.filter(pk=fetch.pk).update(leased_until=at + LEASE, takings=F("takings") + 1)
            fetch.refresh_from_db(fields=["takings"])
        return fetch


def settle_fetch(fetch: TextFetch, clock: Clock) -> None:
    """Fetch and store one text; whatever goes wrong is an outcome with a sentence."""
    failed = TextFetch.Outcome.FAILED.value
    if fetch.takings > MOST_TAKINGS:
        message = f"{MOST_TAKINGS} workers ended while they read the answer. {INSTEAD}"
        end(fetch, failed, message, at=clock())
        return
    try:
        words = source_words(asker(clock), address_of(fetch.source), sites())
        with transaction.atomic():
            outcome, message, reopened = take_in(fetch, words, clock())
            end(fetch, outcome, message, at=clock(), reopened=reopened)
        return
    except (Permanent, Unsafe, Refused) as refused:
        message = f"{refused} {INSTEAD}"
    except FetchError as later:
        message = f"{later} Ask again later, or paste the text below."
    except BadValues as bad:
        message = f"{' '.join(bad.sentences.values())} {INSTEAD}"
    except NotPermitted as refused:
        message = str(refused)
    except Exception as error:  # one page that breaks must not stop the others
        logger.exception("The text of %s", fetch.source.slug)
        message = f"Reading the answer broke off: {type(error).__name__}. {INSTEAD}"
    end(fetch, failed, message, at=clock())


def take_in(fetch: TextFetch, words: SourceWords, at: datetime) -> tuple[str, str, int]:
    """Store the text with the bytes behind it: the outcome, a sentence, and open questions."""
    refuse_a_stump(fetch.source, words.text)
    how = SourceText.How.FETCHED.value
    stored = store_text(fetch.source, words.text, how=how, by=fetch.by, at=at)
    if not stored.is_new:
        sentence = "The source says what is stored already."
        return TextFetch.Outcome.SAME.value, sentence, 0
    keep_bytes(stored.text, words.answer)
    return TextFetch.Outcome.NEW.value, "The text is stored.", len(stored.reopened)


def refuse_a_stump(source: Source, text: str) -> None:
    """Raises BadValues for an answer that has lost most of what is stored.

    A site that is being mended, or one that shows nothing without its script, answers 200 too;
    what it says would open a question for every fact that quotes the source.
    """
    newest = newest_text(source)
    if newest is not None and len(text) * 2 < len(newest.text):
        sentence = (
            f"The answer has {len(text):,} characters, and the text that is stored "
            f"{len(newest.text):,}: it is likely another page. Nothing was stored."
        )
        raise BadValues({"fetch": sentence})


def keep_bytes(text: SourceText, answer: Answer) -> FetchedText:
    return FetchedText.objects.create(
        text=text,
        url=answer.url[:500],
        content_type=answer.headers.get("Content-Type", "")[:120],
        sha256=hashlib.sha256(answer.data).hexdigest(),
        size=len(answer.data),
        gzipped=gzip.compress(answer.data, 6, mtime=0),
    )


def end(fetch: TextFetch, outcome: str, message: str, *, at: datetime, reopened: int = 0) -> None:
    rows = TextFetch.objects.filter(pk=fetch.pk, finished__isnull=True)
    rows.update(finished=at, outcome=outcome, message=message, reopened=reopened)


def asker(clock: Clock) -> Asker:
    """The client of the sources, in the bounds of one page that somebody waits for."""
    return client(
        clock,
        origins=origins(),
        attempts=2,
        read_seconds=20.0,
        total_seconds=40.0,
        max_wire=MOST_BYTES,
        max_bytes=MOST_BYTES,
    )
