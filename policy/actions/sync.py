"""Asking one source: claim, fetch, import, settle.

What is fetched is kept on disk until it is imported, and each import is one transaction: a run
that is killed at any step leaves the old facts in force, and the next one goes on from there.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from policy.actions.source_checks import GOOD, LostLease, claim, reporter, settle
from policy.fetching.channel import Channel
from policy.fetching.client import Client
from policy.fetching.errors import NotReady, Permanent, RetryLater, Unsafe
from policy.fetching.fetched import Asker
from policy.fetching.kept import KeptAnswers
from policy.fetching.politeness import OFFICIAL, Politeness
from policy.fetching.run import Fetching, Taken
from policy.models import SourceCheck
from policy.registry import channels
from policy.sources.safe_xml import Refused

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Follow = Callable[[str], None]
AS_IT_WAS = "The record is as it was."


def sync_channel(
    channel: Channel,
    *,
    clock: Clock,
    by: str,
    accept_losses: bool = False,
    follow: Follow = lambda _text: None,
) -> SourceCheck | None:
    """Ask a source once and take in what is new; None while another run does.

    ``clock`` gives the current UTC instant; ``follow`` hears each step as a sentence. Call it
    outside any transaction.
    """
    check = claim(channel.slug, by=by, at=clock())
    if check is None:
        return None
    kept = kept_answers(channel, check, clock)
    memory = {name: value for name, value in check.memory.items() if name != "validators"}
    fetching = Fetching(
        asker=kept,
        site=site_of(channel),
        by=by,
        clock=clock,
        report=reporter(check, clock, follow),
        memory=memory,
        accept_losses=accept_losses,
    )
    try:
        ended = run(channel, fetching)
        well = ended.outcome in GOOD
        if not ended.keeps_answers:
            kept.forget()
        return settle(
            check,
            outcome=ended.outcome,
            message=ended.message,
            at=clock(),
            memory={**memory, "validators": kept.learned} if well else check.memory,
            counts=ended.counts,
        )
    except LostLease as lost:
        logger.warning("%s", lost)
        return None


@dataclass(frozen=True)
class Ended:
    """How a run ended. ``keeps_answers``: what it has fetched serves the next attempt."""

    outcome: SourceCheck.Outcome
    message: str
    counts: dict[str, Any] = field(default_factory=dict)
    keeps_answers: bool = False


def run(channel: Channel, fetching: Fetching) -> Ended:
    """What came of it; whatever goes wrong is an outcome too."""
    outcome = SourceCheck.Outcome
    try:
        fetching.report(f"Asking {channel.title}", 0, None)
        function: Callable[[Fetching], Taken] = import_string(channel.run)
        taken = function(fetching)
    except (Refused, Permanent, Unsafe) as waiting:
        return Ended(outcome.WAITING, f"{waiting} {AS_IT_WAS}")
    except NotReady as later:
        return Ended(outcome.FAILED, str(later))
    except RetryLater as later:
        return Ended(outcome.FAILED, str(later), keeps_answers=True)
    except LostLease:
        raise
    except Exception as error:  # a source that breaks must not stop the others
        logger.exception("%s broke", channel.slug)
        return Ended(outcome.FAILED, f"The run broke off: {type(error).__name__}. {AS_IT_WAS}")
    return Ended(outcome.NEW if taken.is_new else outcome.SAME, taken.message, taken.counts)


def kept_answers(channel: Channel, check: SourceCheck, clock: Clock) -> KeptAnswers:
    folder = settings.VAR_DIR / "fetching" / channel.slug
    validators = check.memory.get("validators", {})
    return KeptAnswers(client(clock), folder, clock=clock, validators=validators)


def client(clock: Clock, **limits: Any) -> Asker:
    """The client with the sites of this machine: the official ones, unless it names others.

    ``limits`` are those of ``Politeness`` that are not the usual ones.
    """
    others = frozenset(settings.SOURCE_SITES.values())
    local = any(urlsplit(site).hostname == "127.0.0.1" for site in others)
    politeness = Politeness(
        loopback=local,
        pause=0.0 if local else Politeness.pause,
        wait_initial=0.01 if local else Politeness.wait_initial,
        jitter=0.01 if local else Politeness.jitter,
        agent=f"Earmark (+{settings.SITE_URL})",
        **{"origins": OFFICIAL | others, **limits},
    )
    return Client(politeness, wall=clock)


def site_of(channel: Channel) -> str:
    return str(settings.SOURCE_SITES.get(channel.slug, channel.site))


def is_set_up(channel: Channel) -> bool:
    """Whether this machine may and can ask the source."""
    return settings.FETCH and (not channel.needs or bool(getattr(settings, channel.needs)))


def channel_named(slug: str) -> Channel | None:
    return next((channel for channel in channels() if channel.slug == slug), None)
