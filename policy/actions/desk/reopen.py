"""Facts that rest on words which have changed: each becomes a question for a person.

Two things change them: a newer text of a source that no longer holds what a fact quotes, and a
document that corrects the one which a fact cites. A third question is asked anew: that of a
proposal whose answer is undone. Nothing here changes a fact.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from policy.actions.desk.kinds import kind_for
from policy.actions.proposals import propose
from policy.actions.revisions import new_revision
from policy.domain.due import Subject
from policy.domain.quotes import closest_passage, holds_quote
from policy.models import (
    Change,
    Document,
    DocumentFact,
    Fact,
    Proposal,
    Revision,
    Source,
    SourceText,
    fact_models,
)

LONGEST_TITLE = 120
# How the key of a question begins whose answer was undone.
ASKED_ANEW = "anew:"
# Where its evidence names the proposal that was judged first.
JUDGED_BEFORE = "judged_before"


def reopen_changed_quotes(stored: SourceText, *, at: datetime) -> list[Proposal]:
    """Open a question for each fact whose quote an older text holds and this one does not.

    They belong to a revision of their own, which is not made where there are none.
    """
    changed = {quote_key(fact, stored): (fact, was) for fact, was in changed_quotes(stored)}
    # Looked up first: a revision that would hold no question is not made.
    asked = set(Proposal.objects.filter(key__in=changed).values_list("key", flat=True))
    fresh = [pair for key, pair in changed.items() if key not in asked]
    if not fresh:
        return []
    facts = "a fact quotes" if len(fresh) == 1 else f"{len(fresh)} facts quote"
    reason = f"A newer text of {stored.source} lacks words that {facts}"
    kind = Revision.Kind.IMPORT
    with new_revision(by=stored.added_by.name, kind=kind, reason=reason, at=at) as revision:
        return propose(quote_question(fact, was, stored, revision) for fact, was in fresh)


def changed_quotes(stored: SourceText) -> Iterator[tuple[Fact, str]]:
    """Facts whose quote is no longer there, each with the newest text that held it."""
    older = list(
        SourceText.objects.filter(source=stored.source, pk__lt=stored.pk)
        .order_by("-pk")
        .values_list("text", flat=True)
    )
    if not older:
        return
    for fact in facts_citing(Q(source=stored.source) & ~Q(quote="")):
        if not holds_quote(fact.quote, stored.text):
            before = next((text for text in older if holds_quote(fact.quote, text)), None)
            if before is not None:
                yield fact, before


def facts_citing(wanted: Q) -> Iterator[Fact]:
    """Every fact that is recorded now and cites as ``wanted``, of every kind."""
    for model in fact_models():
        keys = [name for name in model.key_fields if model._meta.get_field(name).is_relation]
        rows = model.objects.known(None).filter(wanted).select_related("source", *keys)
        yield from rows.order_by("pk")


def quote_question(fact: Fact, before: str, stored: SourceText, revision: Revision) -> Proposal:
    evidence = {
        "words": fact.quote,
        "before": closest_passage(fact.quote, before) or fact.quote,
        "after": closest_passage(fact.quote, stored.text),
        "sha256": stored.sha256,
    }
    title = f"{shortened(fact)}: the quoted words are no longer in the text of {stored.source}"
    return question(fact, quote_key(fact, stored), title, evidence, stored.source, revision)


def reopen_corrected(documents: Iterable[DocumentFact], revision: Revision) -> list[Proposal]:
    """Open a question for every fact that cites a document which one of these corrects.

    Call it inside the revision that recorded the corrections.
    """
    correcting = [fact for fact in documents if fact.corrects]
    numbers = {fact.corrects for fact in correcting}
    rows = Document.objects.filter(number__in=numbers).select_related("source")
    corrected = {str(document.number): document.source for document in rows}
    found: list[Proposal] = []
    for correction in correcting:
        if source := corrected.get(correction.corrects):
            resting = (Q(source=source) | Q(also=source)) & ~Q(source=correction.source)
            facts = facts_citing(resting)
            found += [correction_question(fact, correction, source, revision) for fact in facts]
    return propose(found)


def correction_question(
    fact: Fact, correction: DocumentFact, corrected: Source, revision: Revision
) -> Proposal:
    number = correction.document.public_id
    said = "\n".join(filter(None, (correction.dates_text, correction.abstract)))
    evidence = {
        "words": said or correction.title,
        "before": fact.quote,
        "after": closest_passage(fact.quote, said) if fact.quote else "",
        "correction": number,
    }
    title = f"{shortened(fact)}: {number} corrects {corrected}, which it cites"
    key = question_key("corrected", number, corrected.slug, fact)
    return question(fact, key, title, evidence, correction.source, revision)


def reopen_answered(change: Change, revision: Revision) -> list[Proposal]:
    """Ask anew what the change had answered that ``change`` undoes, if it undoes one.

    A proposal is judged once, and what was open at a moment stays what it was: each question is
    a new one, with the old evidence, who undid its answer, and why.
    """
    if change.undoes is None:
        return []
    return propose(asked_anew(one, change, revision) for one in answered_by(change.undoes))


def answered_by(change: Change) -> QuerySet[Proposal]:
    """The proposals that were accepted when a change was published."""
    accepted = change.proposals.filter(state=Proposal.State.ACCEPTED, closed__change=change)
    return accepted.order_by("pk")


def asked_anew(answered: Proposal, change: Change, revision: Revision) -> Proposal:
    said = f"{revision.by} undid change {change.undoes_id}, which had answered it: {change.why}"
    hashed = hashlib.sha256(answered.key.encode()).hexdigest()
    return Proposal(
        key=f"{ASKED_ANEW}{change.pk}:{hashed}",
        kind=answered.kind,
        subject_kind=answered.subject_kind,
        subject_id=answered.subject_id,
        title=answered.title,
        evidence={**answered.evidence, "asked_anew": said, JUDGED_BEFORE: answered.pk},
        source=answered.source,
        revision=revision,
    )


def asked_again(judged: Proposal) -> QuerySet[Proposal]:
    """The questions that ask anew what a proposal had asked, since its answer was undone."""
    return Proposal.objects.filter(
        subject_kind=judged.subject_kind,
        subject_id=judged.subject_id,
        key__startswith=ASKED_ANEW,
        **{f"evidence__{JUDGED_BEFORE}": judged.pk},
    ).order_by("pk")


def asked_anew_by(change: Change) -> QuerySet[Proposal]:
    """The open questions that an undoing has asked anew."""
    rows = Proposal.objects.filter(revision__change=change, key__startswith=ASKED_ANEW)
    return rows.filter(state=Proposal.State.OPEN).order_by("pk")


def question(  # noqa: PLR0913, PLR0917  # each is a column
    fact: Fact,
    key: str,
    title: str,
    evidence: dict[str, Any],
    source: Source,
    revision: Revision,
) -> Proposal:
    subject_kind, subject_id = subject_of_fact(fact)
    kind = kind_for(type(fact))
    if kind is not None:
        # Where an editor mends it: /desk/new/?kind=…&of=…
        evidence |= {"kind": kind.slug, "of": kind.public_key(fact)}
    return Proposal(
        key=key,
        kind=Proposal.Kind.DIFFERENCE,
        subject_kind=subject_kind,
        subject_id=subject_id,
        title=title,
        evidence=evidence,
        source=source,
        revision=revision,
    )


def subject_of_fact(fact: Fact) -> Subject:
    """What a fact belongs to; its source, where no kind of the desk says."""
    kind = kind_for(type(fact))
    subject = kind.subject(fact) if kind else ("", "")
    return subject if subject[0] else ("source", fact.source.slug)


def quote_key(fact: Fact, stored: SourceText) -> str:
    return question_key("quote", stored.source.slug, stored.sha256, fact)


def question_key(why: str, of: str, what: str, fact: Fact) -> str:
    """The same evidence on the same fact, recorded again or not, asks once."""
    named = "|".join(map(str, (type(fact)._meta.label, *fact.key, fact.valid_from, of, what)))
    return f"difference:{why}:{hashlib.sha256(named.encode()).hexdigest()}"


def shortened(fact: Fact) -> str:
    text = str(fact)
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1].rstrip()}…"
