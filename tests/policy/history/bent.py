"""A record that somebody bends behind the application's back, with the guards lifted."""

from typing import Any

from django.db import connection

from policy.domain.chain import GENESIS, Digest, Link, link_hash, seal_hash
from policy.models import CountryGroup, HistoryEntry, Revision, Seal
from policy.models.chains import sealed_columns, sealed_hashes, shape_of
from tests.policy.facts_world import APR, ELSE, FEB, JAN, LISTED, group, make_places, put

KH, MO = "policy.countrygroup:kh|d5", "policy.countrygroup:mo|d5"


def make_history() -> None:
    """Three revisions: Cambodia in the group, then out of it from February; Macau in April."""
    make_places()
    put(group(JAN, None))
    put(group(FEB, None, ELSE), because="It left the group.")
    put(group(APR, None, LISTED, "mo"))


def execute(sql: str, *values: Any) -> int:
    """One statement, as somebody types it who can write the database; the rows that it met."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return int(cursor.rowcount)


def digests() -> dict[int, Digest]:
    """The digest of every row as it stands, by primary key."""
    return {row.pk: shape_of(CountryGroup).digest(row) for row in CountryGroup.objects.all()}


def rewrite(chain: str, before: dict[int, Digest]) -> None:
    """Rewrite everything so that it agrees: the entries of a chain, then every seal.

    ``before`` are the digests of the rows before they were bent.
    """
    now = digests()
    anew = {digest.whole: now[pk] for pk, digest in before.items() if pk in now}
    previous = GENESIS
    for entry in HistoryEntry.objects.filter(chain=chain).order_by("position"):
        digest = anew[bytes(entry.digest)]
        said = (entry.act, entry.revision_id, digest, entry.because)
        previous = link_hash(previous, Link(chain, entry.position, *said))
        HistoryEntry.objects.filter(pk=entry.pk).update(
            digest=digest.whole, parts=digest.parts, hash=previous
        )
    seal_anew()


def seal_anew() -> None:
    previous = GENESIS
    for revision in Revision.objects.order_by("number"):
        previous, count = seal_hash(previous, sealed_columns(revision), sealed_hashes(revision))
        Seal.objects.filter(revision=revision).update(hash=previous, entries=count)
