"""The DATES paragraph of a Federal Register document, read into typed dates.

Printed dates govern: nothing here counts a period or moves a day. Every date keeps the words
that it rests on. What the words do not plainly say becomes ``Unread``, for a person to judge,
and never a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from policy.domain.prose_dates import ProseClock, ProseDate, find_clocks, find_dates


class Kind(StrEnum):
    """What happens on a date, in the terms that the Federal Register prints."""

    EFFECTIVE = "effective"
    APPLICABLE = "applicable"
    COMMENTS = "comments"
    # Comments on an information collection alone: 5 CFR 1320, with a period of its own.
    INFORMATION_COLLECTION = "information-collection"
    COMPLIANCE = "compliance"
    APPLICATION = "application"
    HEARING = "hearing"
    STAY_BEGINS = "stay-begins"
    STAY_ENDS = "stay-ends"
    EXPIRY = "expiry"
    # Until when another document's date, or this one's own earlier one, is put off.
    DELAYED_UNTIL = "delayed-until"
    # A day of something else: when another document was published, say.
    REFERENCE = "reference"
    OTHER = "other"


@dataclass(frozen=True)
class TypedDate:
    """One printed day and what it is. ``at`` is Eastern, where a time is printed.

    ``instructions`` are the amendatory instructions to which alone it applies, as printed
    ("5", "7 through 9"); none means the document as a whole. ``start`` and ``end`` bound
    ``words`` in the paragraph.
    """

    kind: Kind
    day: date
    words: str
    start: int
    end: int
    at: time | None = None
    instructions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Words that speak of a date and could not be read, with the reason as a sentence."""

    words: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class ParsedDates:
    """What a DATES paragraph says, in printed order."""

    dates: tuple[TypedDate, ...]
    unread: tuple[Unread, ...]

    def of(self, kind: Kind) -> list[date]:
        return [found.day for found in self.dates if found.kind is kind]


# Full stops that end no sentence: abbreviations, and one that stands for a comma in a date.
_NO_END = re.compile(
    r"(?:\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|no|nos|sec|supp|st|mr|ms|dr|u\.s|v"
    r"|[ap]\.m|e\.[sd]?\.?t|c\.f\.r|f\.r|i\.e|e\.g|para|pt|inc|ltd|co)"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\s+\d{1,2})$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.;?!]+(?=[\s”\"')\]]|$)")

_INSTRUCTION = re.compile(
    r"\b(?:amendatory\s+)?instructions?\s+(?:(?:number|no)s?\.?\s*)?"
    r"(?P<numbers>\d+[a-z]?(?:\.[a-z])?(?:\s*(?:,\s*(?:and\s+|or\s+)?|and|or|through|to|[-–])\s*"
    r"\d+[a-z]?)*)",
    re.IGNORECASE,
)
# The same behind the date that it belongs to.
_BEHIND = re.compile(
    rf"\s*,?\s*(?:for|with\s+respect\s+to)\s+(?:the\s+)?(?:amendments?\s+in\s+)?"
    rf"{_INSTRUCTION.pattern}",
    re.IGNORECASE,
)
_BE = r"(?:\bis|\bare|\bwas|\bwere|\bbe|\bbeen|\bbecomes?|\bbecame|['’]s)"
_EFFECT = (
    rf"{_BE}\s+(?:\w+\s+){{0,2}}?effective\b|\btakes?\s+effect\b|\btook\s+effect\b"
    r"|(?:^|:)\W*effective\b|\beffective\s+dates?\b|\bcomes?\s+into\s+(?:force|effect)\b"
)
# What a date may be governed by, strongest last where two begin at one place.
_CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.EFFECTIVE, _EFFECT),
        (Kind.APPLICABLE, rf"{_BE}\s+applicable\b|(?:^|:)\W*applicable\b|\bapplicab\w+\s+dates?\b"),
        (Kind.COMPLIANCE, r"\bcompl(?:y|iance)\b"),
        (Kind.COMMENTS, r"\bcomments?\b|\bcommenters?\b|\bsubmissions?\b|\bresponses?\b"),
        (Kind.APPLICATION, r"\bapplications?\b(?=[^.]*\b(?:submit|receiv|due|deadline))"),
        (Kind.HEARING, r"\b(?:hearing|meeting|conference|briefing|webinar|workshop)s?\b"),
        (Kind.STAY_BEGINS, r"\b(?:stay(?:ed|s)?|suspen(?:ds?|ded|sion))\b"),
        (Kind.DELAYED_UNTIL, r"\b(?:delay(?:ed|s|ing)?|postponed?|deferred)\b"),
        (Kind.EXPIRY, r"\bexpir\w+\b|\bsunsets?\b|\bterminat\w+\b"),
    )
)
_ENDS = re.compile(
    r"\b(?:through|until|thru|to|end(?:s|ing)?(?:\s+on)?)\s*[,:]?\s*$", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"\b(?:published|issued|dated|released|signed|filed|posted|announced)\b[^.;]{0,40}$"
    r"|\b(?:FR|Fed\.\s*Reg\.)\s+\d[\d,]*\s*[,(;]*\s*$"
    r"|\b(?:rule|notice|order|register|document|statement|regulation)s?\s+of\s*$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"\beffective\s+(?:on|as\s+of|from|date)?\s*$", re.IGNORECASE)
# Words after which a day must follow somewhere in the sentence.
_DATE_NEEDED = re.compile(
    rf"{_EFFECT}|\bcomments?\b.*\b(?:must|should|due|close)\b|\bcompliance\b|\bdays\b",
    re.IGNORECASE,
)
_LONGEST_LABEL = 3
_RECEIPT = re.compile(
    r"\b(?:received|submit\w*|postmarked|filed|sent|due|clos\w+|ends?|do\s+so)\b[^.;]*$",
    re.IGNORECASE,
)
# What comments under the Paperwork Reduction Act are about (5 CFR 1320.8(d), 1320.10, 1320.11).
_COLLECTION = re.compile(
    r"\binformation[\s-]+collections?\b|\bcollections?\s+of\s+information\b"
    r"|\bpaperwork\s+reduction\s+act\b|\b5\s+CFR\s+(?:part\s+)?1320\b",
    re.IGNORECASE,
)
# "Effective November 10, 2025, through November 9, 2026, § 734.9 is stayed."
_STAYED = re.compile(r"\b(?:is|are|remains?)\s+(?:\w+\s+)?(?:stayed|suspended)\b", re.IGNORECASE)
_OF_A_STAY = {Kind.EFFECTIVE: Kind.STAY_BEGINS, Kind.EXPIRY: Kind.STAY_ENDS}


def parse_dates_paragraph(text: str) -> ParsedDates:
    """Read one DATES paragraph, its label included or not."""
    dates: list[TypedDate] = []
    unread: list[Unread] = []
    for start, end in sentences(text):
        for found in _sentence(text[start:end], start):
            if isinstance(found, TypedDate):
                dates.append(found)
            else:
                unread.append(found)
    return ParsedDates(tuple(dates), tuple(unread))


def is_about_a_collection(words: str) -> bool:
    """Whether a title or ACTION line announces an information collection (5 CFR 1320)."""
    return _COLLECTION.search(words) is not None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends; an abbreviation's full stop ends none."""
    start = 0
    for stop in _STOP.finditer(text):
        if stop[0] == "." and _NO_END.search(text[start : stop.start()]):
            continue
        yield from _trimmed(text, start, stop.end())
        start = stop.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    if words.strip():
        left = len(words) - len(words.lstrip())
        yield start + left, start + len(words.rstrip())


def _sentence(sentence: str, offset: int) -> Iterator[TypedDate | Unread]:
    """What one sentence says; positions are counted from the paragraph's beginning."""
    days = find_dates(sentence)
    whole = (sentence, offset, offset + len(sentence))
    if not days:
        if len(sentence.split()) > _LONGEST_LABEL and _DATE_NEEDED.search(sentence):
            yield Unread(*whole, "the sentence speaks of a date but prints none that can be read")
        return
    clocks = find_clocks(sentence)
    previous: TypedDate | None = None
    before = 0
    for place, day in enumerate(days):
        following = days[place + 1].start if place + 1 < len(days) else len(sentence)
        lead, tail = sentence[before : day.start], sentence[day.end : following]
        found = _one(sentence, day, lead, tail, previous)
        before = day.end
        if isinstance(found, str):
            yield Unread(*whole, found)
            continue
        at = _clock_beside(day, clocks, sentence)
        if isinstance(at, str):
            yield Unread(*whole, at)
            at = None
        typed = replace(found, words=sentence, start=whole[1], end=whole[2], at=at)
        previous = typed
        yield typed


def _one(
    sentence: str, day: ProseDate, lead: str, tail: str, previous: TypedDate | None
) -> TypedDate | str:
    """The date's meaning, or the reason why it has none."""
    if day.day is None:
        return f"“{day.printed}” is no day of the calendar"
    kind = _kind(sentence, day, lead, tail, previous)
    if kind is None:
        return f"{day.printed} is mentioned, but the words do not say what happens on it"
    return TypedDate(kind, day.day, "", 0, 0, instructions=_instructions(lead, tail, previous))


def _kind(
    sentence: str, day: ProseDate, lead: str, tail: str, previous: TypedDate | None
) -> Kind | None:
    if _ELSEWHERE.search(lead):
        return Kind.REFERENCE
    cued = _last_cue(lead)
    if cued is None and previous is not None:
        cued = _carried(sentence[: day.start], lead, previous)
    if cued is None and _ADJECTIVE.search(lead):
        # "The rule effective on April 30 did not …": the date only names a rule.
        return _after(tail)
    if cued is Kind.DELAYED_UNTIL and re.search(r"\bfrom\s*$", lead):
        return Kind.REFERENCE
    kind = _ending(cued, previous) if _ENDS.search(lead) else cued
    if kind in _OF_A_STAY and _STAYED.search(sentence[day.end :]):
        kind = _OF_A_STAY[kind]
    if kind is Kind.COMMENTS and _COLLECTION.search(lead):
        kind = Kind.INFORMATION_COLLECTION
    return kind or _after(tail) or Kind.OTHER


def _carried(before: str, lead: str, previous: TypedDate) -> Kind | None:
    """The meaning of a date whose own words say none: "…, and March 3, 2026"."""
    whole = _last_cue(before)
    if previous.kind is Kind.REFERENCE or _RECEIPT.search(lead):
        return whole
    return previous.kind


def _last_cue(lead: str) -> Kind | None:
    """The cue that governs what follows: the last, but "comments on …" reach to their verb."""
    found = [(match.end(), kind) for kind, cue in _CUES for match in cue.finditer(lead)]
    if not found:
        return None
    if _RECEIPT.search(lead) and any(kind is Kind.COMMENTS for _, kind in found):
        return Kind.COMMENTS
    last = max(found)[1]
    if last is Kind.EXPIRY and any(kind is Kind.STAY_BEGINS for _, kind in found):
        return Kind.STAY_ENDS
    return last


def _ending(cued: Kind | None, previous: TypedDate | None) -> Kind:
    """What "through" or "until" leads to: the end of what began, or a moved date."""
    if Kind.STAY_BEGINS in (cued, previous and previous.kind):
        return Kind.STAY_ENDS
    if previous is not None and previous.kind in (Kind.EFFECTIVE, Kind.APPLICABLE):
        return Kind.EXPIRY
    return cued or Kind.OTHER


def _after(tail: str) -> Kind | None:
    """The meaning that stands after the date: "January 5, 2026, is the compliance date"."""
    if re.match(r"\s*,?\s*(?:is|are|will\s+be)\b", tail):
        return _last_cue(tail)
    return None


def _instructions(lead: str, tail: str, previous: TypedDate | None) -> tuple[str, ...]:
    """The amendatory instructions that this date alone applies to.

    They stand before the date, or behind it with "for"; an exception ("except for
    instruction 5, which …") belongs to the date that follows it.
    """
    if previous is not None and (behind := _BEHIND.match(lead)):
        lead = lead[behind.end() :]
    found = _INSTRUCTION.search(lead) or _BEHIND.match(tail)
    if found is None:
        return ()
    numbers = re.split(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", found["numbers"])
    return tuple(" ".join(number.split()) for number in numbers if number)


def _clock_beside(day: ProseDate, clocks: list[ProseClock], sentence: str) -> time | str | None:
    """The time printed with this date: Eastern, None where none is, or why it is not read."""
    near = [c for c in clocks if _is_beside(day, c, sentence)]
    if not near:
        return None
    clock = near[0]
    if clock.at is None:
        return f"“{clock.printed}” is no time that can be read"
    if not clock.is_eastern:
        return f"{clock.printed} is printed without Eastern time"
    return clock.at


def _is_beside(day: ProseDate, clock: ProseClock, sentence: str) -> bool:
    if clock.end <= day.start:
        gap = sentence[clock.end : day.start]
    elif day.end <= clock.start:
        gap = sentence[day.end : clock.start]
    else:
        return False
    return not re.sub(r"\b(?:on|at|by|of|local|time|\w+day)\b|[\s,()]", "", gap)
