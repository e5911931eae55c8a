"""By which act a deadline came to its date, and the sentence that says so.

A deadline is a chain of acts of documents: set, extended, reopened, corrected, delayed,
withdrawn, or counted anew after a closing. What an act was is known from the record or not at
all: where it is not, the sentence says what moved and by which document, and no more.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from policy.domain.due import clock
from policy.domain.partial_dates import PartialDate

NOT_KNOWN = "a day not known to the record"


class Act(StrEnum):
    """What a document did to a deadline; empty in the record where it is not known."""

    SET = "set"
    EXTENDED = "extended"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    DELAYED = "delayed"
    WITHDRAWN = "withdrawn"
    RECOMPUTED = "recomputed"


def derived_act(*, is_first: bool, is_withdrawn: bool, is_own: bool) -> str:
    """The act that a row without one tells of by itself; empty where nothing tells.

    ``is_own``: its source is the document that publishes the rule. That document sets the
    first date; what it did to a later one nobody can tell from that.
    """
    if is_withdrawn:
        return Act.WITHDRAWN
    return Act.SET if is_first and is_own else ""


@dataclass(frozen=True)
class Step:
    """One row of a chain. ``since`` is the first Eastern day on which it governs."""

    act: str
    basis: str
    since: date | None = None
    on: PartialDate | None = None
    at: time | None = None
    is_withdrawn: bool = False

    @property
    def words(self) -> str:
        """The date as a sentence names it."""
        if self.on is None:
            return NOT_KNOWN
        return f"{self.on}, {clock(self.at)} Eastern" if self.at else str(self.on)

    @property
    def day(self) -> date | None:
        return self.on.earliest if self.on and self.on.is_exact else None

    def days_after(self, before: "Step") -> int:
        """How many days after the earlier date it began to govern; 0 if not after, or unknown."""
        if self.since is None or before.day is None:
            return 0
        return max(0, (self.since - before.day).days)


@dataclass(frozen=True)
class ActWords:
    """A sentence about an act with its document in the middle: "Extended by" … "from A to B"."""

    lead: str
    rest: str

    def sentence(self, by: str) -> str:
        return f"{self.lead} {by} {self.rest}."


def act_words(step: Step, before: Step | None) -> ActWords:
    """What ``step`` did to the date that ``before`` had set; None is no earlier row."""
    if step.is_withdrawn or step.act == Act.WITHDRAWN:
        return ActWords("Withdrawn by", f"(it was {before.words})" if before else "at once")
    if step.act == Act.SET:
        return set_words(step, before)
    if not step.act:
        return unnamed_words(step, before)
    lead = LEADS[Act(step.act)]
    if before is None:
        return ActWords(lead, f"to {step.words}; the date before it is not known to the record")
    return ActWords(lead, f"{moved(step, before)}{lateness(step, before)}")


LEADS = {
    Act.EXTENDED: "Extended by",
    Act.REOPENED: "Reopened by",
    Act.CORRECTED: "Corrected by",
    Act.DELAYED: "Delayed by",
    Act.RECOMPUTED: "Counted anew because of",
}


def set_words(step: Step, before: Step | None) -> ActWords:
    if before is not None:
        return ActWords("Set anew by", moved(step, before))
    if step.basis == "reported":
        return ActWords("Given by", f"as {step.words}")
    return ActWords("Counted from" if step.basis == "computed" else "Set by", f"to {step.words}")


def unnamed_words(step: Step, before: Step | None) -> ActWords:
    """An act that nobody has named: only its document and the two dates are known."""
    if before is None or before.words == step.words:
        return ActWords("Given by", f"as {step.words}")
    return ActWords("Moved by", moved(step, before))


def moved(step: Step, before: Step) -> str:
    """Both dates; a document may leave one as it was and change its words."""
    if before.words == step.words:
        return f"and left at {step.words}"
    return f"from {before.words} to {step.words}"


def lateness(step: Step, before: Step) -> str:
    """What is to be said of an extension that came after the date that it extends."""
    days = step.days_after(before)
    if not days or step.act not in (Act.EXTENDED, Act.REOPENED):
        return ""
    late = f", {days} day{'' if days == 1 else 's'} after the earlier date had passed"
    return late if step.act == Act.REOPENED else f"{late}, so that it was open again"
