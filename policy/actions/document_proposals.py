"""What a document's own words say and its data do not: proposals, and conflicts.

A date that is read from prose never becomes a fact by itself. It is checked against the data
of the Federal Register and against the record; what neither holds goes to a person, with the
words that it rests on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from policy.domain.dates_paragraph import (
    Kind,
    ParsedDates,
    TypedDate,
    is_about_a_collection,
    parse_dates_paragraph,
)
from policy.domain.delays import find_delays
from policy.domain.document_acts import find_acts
from policy.domain.partial_dates import day_text
from policy.models import Conflict, Deadline, DocumentFact, Proposal, Revision

# The column of the data that gives the same date as a kind of words. The data have one day for
# comments, whatever they are on.
DATA: Mapping[Kind, str] = {
    Kind.EFFECTIVE: "effective",
    Kind.COMMENTS: "comments_close",
    Kind.INFORMATION_COLLECTION: "comments_close",
}
ABOUT: Mapping[str, str] = {
    "effective": "the effective day",
    "comments_close": "the end of the comment period",
}
# The record's kinds of deadline that hold the same date.
DEADLINES: Mapping[Kind, Deadline.Kind] = {
    Kind.EFFECTIVE: Deadline.Kind.EFFECTIVE,
    Kind.COMMENTS: Deadline.Kind.COMMENT,
    Kind.INFORMATION_COLLECTION: Deadline.Kind.INFORMATION_COLLECTION,
    Kind.COMPLIANCE: Deadline.Kind.COMPLIANCE,
    Kind.STAY_BEGINS: Deadline.Kind.EFFECTIVE,
    Kind.STAY_ENDS: Deadline.Kind.STAY_ENDS,
    Kind.APPLICATION: Deadline.Kind.APPLICATION,
    Kind.HEARING: Deadline.Kind.HEARING,
    Kind.EXPIRY: Deadline.Kind.EXPIRY,
}
# Days that a document merely names.
NO_DATE_OF_ITS_OWN = (Kind.REFERENCE, Kind.OTHER)
LABELS: Mapping[Kind, str] = {
    Kind.EFFECTIVE: "Effective",
    Kind.APPLICABLE: "Applicable",
    Kind.COMMENTS: "Comments due",
    Kind.INFORMATION_COLLECTION: "Comments on an information collection due",
    Kind.COMPLIANCE: "Compliance",
    Kind.APPLICATION: "Application deadline",
    Kind.HEARING: "Hearing",
    Kind.STAY_BEGINS: "Stay begins",
    Kind.STAY_ENDS: "Last day of a stay",
    Kind.EXPIRY: "Expiry",
    Kind.DELAYED_UNTIL: "Delayed until",
}

# The dates that the record holds for the rules of a document: (kind of deadline, day).
Held = frozenset[tuple[str, date]]


@dataclass
class Findings:
    """What one document's words come to. ``confirmed`` counts dates already held."""

    proposals: list[Proposal] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    confirmed: int = 0


def findings(fact: DocumentFact, held: Held, revision: Revision) -> Findings:
    """Read a document's DATES paragraph, title and action."""
    found = Findings()
    parsed = read_dates(fact)
    for typed in parsed.dates:
        if typed.kind in NO_DATE_OF_ITS_OWN:
            continue
        if is_held(typed, fact, held):
            found.confirmed += 1
        else:
            found.proposals.append(date_proposal(typed, fact, revision))
    for unread in parsed.unread:
        found.unread.append((unread.words, unread.reason))
        found.proposals.append(unread_proposal(unread.words, unread.reason, fact, revision))
    found.conflicts += list(data_conflicts(parsed, fact))
    found.proposals += list(act_proposals(fact, revision))
    return found


def read_dates(fact: DocumentFact) -> ParsedDates:
    """The DATES paragraph; in a notice of an information collection all comments are on it."""
    parsed = parse_dates_paragraph(fact.dates_text)
    is_rule = "rule" in fact.type.casefold()
    if is_rule or not is_about_a_collection(f"{fact.title} {fact.action}"):
        return parsed
    dates = tuple(
        replace(typed, kind=Kind.INFORMATION_COLLECTION) if typed.kind is Kind.COMMENTS else typed
        for typed in parsed.dates
    )
    return ParsedDates(dates, parsed.unread)


def is_held(typed: TypedDate, fact: DocumentFact, held: Held) -> bool:
    column = DATA.get(typed.kind)
    if column and not typed.instructions and getattr(fact, column) == typed.day:
        # A time of day is more than the data say.
        return typed.at is None
    return typed.kind in DEADLINES and (DEADLINES[typed.kind].value, typed.day) in held


def date_proposal(typed: TypedDate, fact: DocumentFact, revision: Revision) -> Proposal:
    label = LABELS[typed.kind]
    if typed.instructions:
        label += f" (amendatory instruction {', '.join(typed.instructions)})"
    at = f", {typed.at:%H:%M} Eastern" if typed.at else ""
    scope = ",".join(typed.instructions)
    evidence = {
        "kind": typed.kind.value,
        "day": typed.day.isoformat(),
        "at": typed.at.isoformat() if typed.at else None,
        "instructions": list(typed.instructions),
        "words": typed.words,
        "start": typed.start,
        "end": typed.end,
    }
    return proposal(
        Proposal.Kind.DATE,
        f"{typed.kind}:{scope}:{typed.day}{at}",
        f"{label}: {day_text(typed.day)}{at}",
        evidence,
        fact,
        revision,
    )


def unread_proposal(words: str, reason: str, fact: DocumentFact, revision: Revision) -> Proposal:
    evidence = {"words": words, "reason": reason}
    title = f"DATES not read: {reason}"
    return proposal(Proposal.Kind.UNREAD, words[:120], title, evidence, fact, revision)


def act_proposals(fact: DocumentFact, revision: Revision) -> Iterator[Proposal]:
    """Acts that the words announce and the data do not."""
    text = f"{fact.dates_text} {fact.abstract}"
    for act in find_acts(title=fact.title, action=fact.action, text=text):
        if act.act == "corrects" and fact.corrects:
            continue
        targets = [target.value for target in act.targets]
        named = f": {', '.join(targets)}" if targets else "; what it acts on is not named"
        title = f"{act.act.capitalize()} another document{named}"
        said = {"words": act.words, "act": act.act.value, "targets": targets}
        yield proposal(Proposal.Kind.ACT, act.act.value, title, said, fact, revision)
    for delay in find_delays(fact.dates_text):
        where = f"{delay.volume} FR {delay.page}"
        until = f" until {day_text(delay.until)}" if delay.until else "; no day is printed"
        evidence: Mapping[str, object] = {
            "words": fact.dates_text,
            "act": "delays",
            "targets": [where],
            "day": delay.until.isoformat() if delay.until else None,
        }
        title = f"Delays the effective date of {where}{until}"
        yield proposal(Proposal.Kind.ACT, f"delay:{where}", title, evidence, fact, revision)


def data_conflicts(parsed: ParsedDates, fact: DocumentFact) -> Iterator[Conflict]:
    """Where the data and the printed paragraph give different days for one thing."""
    for column, about in ABOUT.items():
        found = [t for t in parsed.dates if DATA.get(t.kind) == column and not t.instructions]
        printed = list(dict.fromkeys(typed.day for typed in found))
        given: date | None = getattr(fact, column)
        if not printed or given is None or given in printed:
            continue
        yield Conflict(
            slug=f"{fact.document.public_id.lower()}-{column.replace('_', '-')}-print",
            document=fact.document,
            about=about,
            one_says=f"{' or '.join(map(day_text, printed))}, in the printed DATES paragraph.",
            other_says=f"{day_text(given)}, in the data of the Federal Register.",
            governs="The printed paragraph governs; the data beside it are not part of the rule.",
            valid_from=fact.published,
            source=fact.source,
            also=fact.also,
            quote=found[0].words,
        )


def proposal(  # noqa: PLR0913, PLR0917  # each is a column
    kind: Proposal.Kind,
    what: str,
    title: str,
    evidence: Mapping[str, object],
    fact: DocumentFact,
    revision: Revision,
) -> Proposal:
    number = fact.document.public_id
    return Proposal(
        key=f"{kind}:{number}:{what}"[:200],
        kind=kind,
        subject_kind="document",
        subject_id=number,
        title=title,
        evidence=dict(evidence),
        source=fact.source,
        revision=revision,
    )
