"""Lead times: how long before a date a reader asks to be told.

Counted in calendar days, or in Federal business days, which round earlier: a reader who asks
for five business days has at least five in which the Office is open.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from policy.domain.calendar import ONE_DAY, FederalCalendar

# Longer leads are a slip: a year ahead is the longest that anybody plans a comment for.
LONGEST_LEAD = 365
CODE = re.compile(r"(\d{1,3})([db])")


class BadLead(ValueError):
    """Raised with a sentence for text that is no lead time."""


@dataclass(frozen=True)
class Lead:
    """So many days before a date; 0 is the day itself. ``business``: Federal business days."""

    days: int
    business: bool = False

    @property
    def code(self) -> str:
        """``7d`` for calendar days, ``5b`` for business days."""
        return f"{self.days}{'b' if self.business else 'd'}"

    @classmethod
    def from_code(cls, code: str) -> "Lead":
        """The lead time of a code. Raises BadLead for anything else, or for over a year."""
        found = CODE.fullmatch(code.strip())
        if found is None or int(found[1]) > LONGEST_LEAD:
            msg = f"“{code}” is no reminder; write 7d for seven days, 5b for five business days"
            raise BadLead(msg)
        return cls(int(found[1]), found[2] == "b")

    def day_before(self, due: date, calendar: FederalCalendar) -> date:
        """The Eastern day of the alert for a date that falls on ``due``."""
        if not self.business:
            return due - timedelta(days=self.days)
        day = due if self.days else calendar.previous_business_day(due)
        for _ in range(self.days):
            day = calendar.previous_business_day(day - ONE_DAY)
        return day

    @property
    def words(self) -> str:
        """As forms and mails name it: ``7 days before``, ``on the day``."""
        if self.days == 0:
            return "on the last business day" if self.business else "on the day"
        return f"{self.amount} before"

    @property
    def amount(self) -> str:
        kind = "business day" if self.business else "day"
        return f"{self.days} {kind}" if self.days == 1 else f"{self.days} {kind}s"


# What the form offers first, longest first.
LEADS = tuple(Lead(days) for days in (30, 14, 7, 1, 0))


def in_order(leads: Iterable[Lead]) -> list[Lead]:
    """Each lead once, longest first; of equal numbers the business days, which are longer."""
    return sorted(set(leads), key=lambda lead: (-lead.days, not lead.business))


def leads_words(leads: Iterable[Lead]) -> str:
    """``30 days, 7 days and 1 day before, and on the day`` for a set of lead times."""
    ordered = in_order(leads)
    before = [lead.amount for lead in ordered if lead.days]
    at_last = [lead.words for lead in ordered if not lead.days]
    parts = [f"{join(before)} before"] if before else []
    return ", and ".join([*parts, *([join(at_last)] if at_last else [])]) or (
        "only when something changes"
    )


def join(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
