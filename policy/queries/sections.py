"""A section's text as of a day, and the amendments that made it, as redlines."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from django.db.models import Q

from policy.domain.redline import Gap, Paragraph, Redline, redline, shortened
from policy.models import Amendment, Document, Section, SectionText
from policy.queries.asof import Reading

_NUMBER = re.compile(r"\d{1,4}\.\d{1,4}[a-z]?")


@dataclass(frozen=True)
class SectionChange:
    """One amendment: the documents that made it, and the texts before and after.

    ``before`` or ``after`` is None where the section was not there, or its text is not held.
    """

    rows: list[Amendment]
    before: SectionText | None
    after: SectionText | None

    @property
    def first(self) -> Amendment:
        return self.rows[0]

    @cached_property
    def redline(self) -> Redline:
        before, after = (text.whole if text else "" for text in (self.before, self.after))
        return redline(before, after)

    @property
    def parts(self) -> list[Paragraph | Gap]:
        return shortened(self.redline)

    @property
    def inserted(self) -> int:
        return self.redline.words("insert")

    @property
    def deleted(self) -> int:
        return self.redline.words("delete")


@dataclass(frozen=True)
class SectionReading:
    """What the record holds of a section on a day.

    ``text`` is None on a day whose text is not held; ``held_from`` is the first day with a
    text. ``confirmed`` is the last day for which the eCFR's text of the part was read.
    """

    section: Section
    text: SectionText | None
    held_from: date | None
    confirmed: date | None
    changes: list[SectionChange]


def find_section(number: str) -> Section | None:
    """The section of an address: "742.6", a paragraph of it, or "Supplement No. 5 to Part 744"."""
    found = _NUMBER.match(number)
    identifier = found[0] if found else " ".join(number.split())
    return Section.objects.filter(identifier__iexact=identifier).first()


def section_reading(number: str, reading: Reading) -> SectionReading | None:
    """The section as of a day; None if the record held no text of it by then."""
    section = find_section(number)
    if section is None:
        return None
    known = SectionText.objects.known(reading.asof.revision).filter(section=section)
    texts = list(known.select_related("source").order_by("valid_from"))
    if not texts:
        return None
    return SectionReading(
        section=section,
        text=next((row for row in texts if reading.on in row.span), None),
        held_from=texts[0].valid_from,
        confirmed=reading.coverage.get(f"ecfr-part-{section.part}"),
        changes=changes(reading, Q(section=section)),
    )


def amendments_by(document: Document, reading: Reading) -> list[SectionChange]:
    """What a document amended, with the stubs that were found to be it."""
    return changes(reading, Q(document=document) | Q(document__merged_into=document))


def changes(reading: Reading, wanted: Q) -> list[SectionChange]:
    """The amendments that had taken effect by the asked day, newest first."""
    rows = Amendment.objects.known(reading.asof.revision).filter(wanted, day__lte=reading.on)
    rows = rows.select_related("section", "source", "document__merged_into")
    found = list(rows.order_by("-day", "section__part", "section__position", "position"))
    texts: dict[int, list[SectionText]] = defaultdict(list)
    held = SectionText.objects.known(reading.asof.revision)
    for text in held.filter(section__in={row.section_id for row in found}):
        texts[text.section_id].append(text)
    return [
        SectionChange(
            rows=list(group),
            before=text_on(texts[section], date.fromordinal(day.toordinal() - 1)),
            after=text_on(texts[section], day),
        )
        for (day, section), group in groupby(found, key=lambda row: (row.day, row.section_id))
    ]


def text_on(texts: list[SectionText], day: date) -> SectionText | None:
    return next((text for text in texts if day in text.span), None)
