"""Whether the history still hangs together: every hash computed anew, every row compared.

Tables are read in batches. The check speaks of the record up to the newest revision when it
began, and leaves out what is written meanwhile: it needs no lock and holds nobody up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, Max, Model, OuterRef

from policy.domain.chain import GENESIS, Digest, Link, seal_hash
from policy.domain.lives import Finding, Life, Replay, explain
from policy.models import HistoryEntry, Revision, Seal, fact_models
from policy.models.chains import sealed_columns, sealed_hashes, shape_of
from policy.models.facts import Fact
from policy.queries.verify_identities import identity_findings

BATCH = 2000


@dataclass
class Verified:
    """What was checked and what was found. ``newest`` is the revision that the check goes up to.

    ``seal`` and ``sealed_at`` are the newest seal and the UTC instant of its revision.
    """

    newest: int = 0
    seal: str = ""
    sealed_at: datetime | None = None
    revisions: int = 0
    entries: int = 0
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, record: str, revision: int, sentence: str) -> None:
        self.findings.append(Finding(record, revision, sentence))


def verify_history() -> Verified:
    """Check the whole record against its history; nothing is written."""
    found = Verified(newest=Revision.objects.aggregate(newest=Max("number"))["newest"] or 0)
    check_seals(found)
    for model in fact_models():
        told = check_chains(model, found)
        check_rows(model, told, found)
    found.findings += identity_findings()
    check_strangers(found)
    return found


def check_seals(found: Verified) -> None:
    """Every revision and its seal, in order, and that no number is missing."""
    previous, number = GENESIS, 0
    rows = Revision.objects.filter(number__lte=found.newest).order_by("number")
    for revision in rows.select_related("seal").iterator(BATCH):
        found.revisions += 1
        for missing in range(number + 1, revision.number):
            found.find(f"revision {missing}", missing, "is gone: its number was given out once.")
        number = revision.number
        previous = check_seal(revision, previous, found)


def check_seal(revision: Revision, previous: bytes, found: Verified) -> bytes:
    """The hash that the next seal follows: this one as it stands, or a fault is said twice."""
    name, number = f"revision {revision.number}", revision.number
    hashed, count = seal_hash(previous, sealed_columns(revision), sealed_hashes(revision))
    seal: Seal | None = getattr(revision, "seal", None)
    if seal is None:
        found.find(name, number, "has no seal, so nothing vouches for what it wrote.")
        return hashed
    if seal.entries != count:
        sentence = f"sealed {seal.entries} entries and has {count}: entries were added or removed."
        found.find(name, number, sentence)
    elif bytes(seal.hash) != hashed:
        sentence = (
            "does not agree with its seal: its instant, author, kind, reason or change was "
            "altered, or an entry of it, or its seal, or a seal before it was removed."
        )
        found.find(name, number, sentence)
    found.seal, found.sealed_at = seal.hex, revision.recorded_at.astimezone(UTC)
    return bytes(seal.hash)


def check_chains(model: type[Fact], found: Verified) -> dict[str, list[Life]]:
    """The rows that the chains of one kind tell of, by chain; the chains themselves checked."""
    label = f"{model._meta.label_lower}:"
    entries = HistoryEntry.objects.filter(chain__startswith=label, revision__lte=found.newest)
    told: dict[str, list[Life]] = {}
    ordered = entries.order_by("chain", "position").iterator(BATCH)
    for chain, group in groupby(ordered, key=lambda entry: entry.chain):
        replay = Replay(record_name(model, chain))
        for entry in group:
            found.entries += 1
            replay.take(link_of(entry), bytes(entry.hash))
        found.findings += replay.findings
        told[chain] = replay.lives
    return told


def link_of(entry: HistoryEntry) -> Link:
    digest = Digest(bytes(entry.digest), bytes(entry.parts))
    said = (entry.act, entry.revision_id, digest, entry.because)
    return Link(entry.chain, entry.position, *said)


def record_name(model: type[Model], chain: str) -> str:
    return f"{model._meta.verbose_name} {chain.partition(':')[2]}"


def check_rows(model: type[Fact], told: dict[str, list[Life]], found: Verified) -> None:
    """Compare each row of one kind with what its chain tells, and say what does not agree."""
    shape = shape_of(model)
    strange: dict[str, list[Life]] = {}
    rows = model.objects.filter(recorded__lte=found.newest).order_by("pk")
    for row in rows.iterator(BATCH):
        found.rows += 1
        chain, life = shape.chain(row), life_of(row, shape.digest(row), found.newest)
        if life in told.get(chain, ()):
            told[chain].remove(life)
        else:
            strange.setdefault(chain, []).append(life)
    for chain in {**told, **strange}:
        lost, new = told.get(chain, []), strange.get(chain, [])
        if lost or new:
            found.findings += explain(record_name(model, chain), lost, new)


def life_of(row: Fact, digest: Digest, newest: int) -> Life:
    """A row as its table tells it; what closed it after the check began has not yet."""
    closed = row.superseded_id if row.superseded_id and row.superseded_id <= newest else None
    because = row.closed_because if closed else ""
    return Life(row.recorded_id, digest, closed, because)


def check_strangers(found: Verified) -> None:
    """What names a revision that is not there, or a kind of fact that is none."""
    tables: Sequence[tuple[type[Model], str]] = [
        (Seal, "revision"),
        (HistoryEntry, "revision"),
        *((model, "recorded") for model in fact_models()),
    ]
    for model, column in tables:
        revision = Revision.objects.filter(number=OuterRef(f"{column}_id"))
        orphans = model._default_manager.filter(~Exists(revision))
        numbers = orphans.order_by(f"{column}_id").values_list(f"{column}_id", flat=True).distinct()
        for number in numbers:
            name = str(model._meta.verbose_name)
            found.find(name, number, f"names revision {number}, which is not there.")
    labels = [f"{model._meta.label_lower}:" for model in fact_models()]
    strange: Any = HistoryEntry.objects.all()
    for label in labels:
        strange = strange.exclude(chain__startswith=label)
    for entry in strange[:BATCH]:
        found.find(entry.chain, entry.revision_id, "is a chain of no kind of fact that there is.")


@dataclass(frozen=True)
class SealFile:
    """A seal as it was handed out: to be kept where nobody who can write the record can."""

    revision: int
    seal: str
    recorded_at: str


def compare_seal(kept: SealFile) -> Iterator[Finding]:
    """Whether the history still holds a seal that was handed out; a rewritten one does not."""
    seal = Seal.objects.filter(revision=kept.revision).first()
    name = f"revision {kept.revision}"
    if seal is None:
        sentence = (
            f"was sealed on {kept.recorded_at} and is gone: the history was cut or rewritten."
        )
        yield Finding(name, kept.revision, sentence)
    elif seal.hex != kept.seal:
        sentence = (
            f"had the seal {kept.seal} and has {seal.hex}: the history up to it was rewritten."
        )
        yield Finding(name, kept.revision, sentence)
