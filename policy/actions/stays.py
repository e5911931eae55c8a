"""Stays that the eCFR notes at a section: a status where all is certain, else a proposal."""

import hashlib
from collections.abc import Iterable, Sequence
from copy import copy

from policy.actions.facts import set_portion
from policy.actions.proposals import propose
from policy.domain.normal_form import normal_form
from policy.domain.stays import Stay, read_stay, same_provision
from policy.models import (
    DocumentFact,
    LegalForce,
    Proposal,
    Provision,
    Revision,
    Section,
    Source,
)
from policy.queries.cited import KnownDocuments

READING = "“Until” is read as inclusive: the printed day is the last one stayed."


def write_stays(
    notes: Iterable[tuple[Section, str]],
    *,
    known: KnownDocuments,
    source: Source,
    revision: Revision,
) -> tuple[int, int]:
    """How many notes became facts, and how many proposals were raised for a person.

    A note becomes a fact only where it names whole provisions and a day, each of them is a
    provision of the record, and the effective day of the document that stays them is known.
    """
    provisions = list(Provision.objects.exclude(cite=""))
    written = 0
    proposals = []
    for section, words in notes:
        stay = read_stay(words)
        fact = known.find(stay.citation) if stay else None
        matched = provisions_of(stay, provisions) if stay else []
        if stay and fact and fact.effective and matched:
            for provision in matched:
                written += put_in_force(stay, fact, provision, source, revision)
        else:
            proposals.append(proposal_of(section, words, stay, source, revision))
    return written, len(propose(proposals))


def provisions_of(stay: Stay, provisions: Sequence[Provision]) -> list[Provision]:
    """The record's provisions that the note names; none unless it has each of them."""
    named = [[p for p in provisions if same_provision(p.cite, cite)] for cite in stay.cites]
    return [p for found in named for p in found] if all(named) else []


def put_in_force(
    stay: Stay, fact: DocumentFact, provision: Provision, source: Source, revision: Revision
) -> bool:
    """Stay the provision for the printed days; whether that was news.

    What the provision was before is only scheduled to return: nothing has confirmed it.
    """
    rows = LegalForce.objects.known(None).filter(provision=provision)
    after = rows.in_force(stay.back_on).first()
    stayed = LegalForce(
        provision=provision,
        state=LegalForce.State.STAYED,
        valid_from=fact.effective,
        valid_until=stay.back_on,
        source=fact.document.source,
        also=source,
        quote=stay.words,
        note=READING,
    )
    standing = rows.filter(state=LegalForce.State.STAYED)
    if any(row.span == stayed.span for row in standing):
        return False
    because = f"{stay.citation} stayed it."
    set_portion(stayed, revision=revision, because=because)
    if after and after.state != LegalForce.State.STAYED and not after.scheduled:
        returning = copy(after)
        returning.scheduled = True
        returning.valid_from = stay.back_on
        set_portion(returning, revision=revision, because=because)
    return True


def proposal_of(
    section: Section, words: str, stay: Stay | None, source: Source, revision: Revision
) -> Proposal:
    digest = hashlib.sha256(normal_form(words).encode()).hexdigest()[:16]
    return Proposal(
        key=f"stay:{section.identifier}:{digest}",
        kind=Proposal.Kind.STATUS,
        subject_kind="section",
        subject_id=section.identifier,
        title=f"{section}: a stay that no provision of the record matches for certain",
        evidence={
            "words": words,
            "citation": str(stay.citation) if stay else None,
            "provisions": list(stay.cites) if stay else [],
            "until": stay.until.isoformat() if stay else None,
        },
        source=source,
        revision=revision,
    )
