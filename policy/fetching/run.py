"""What a source's run gets, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policy.fetching.fetched import Asker

# What is being done, how much of it is done, and how much there is where that is known.
Report = Callable[[str, int, int | None], None]


@dataclass
class Fetching:
    """One run of one source.

    ``memory`` is what the last run that ended well left, and what this one may leave; ``clock``
    gives the current UTC instant. ``accept_losses`` is a person's word that a list may shrink.
    """

    asker: Asker
    site: str
    by: str
    clock: Callable[[], datetime]
    report: Report
    memory: dict[str, Any] = field(default_factory=dict)
    accept_losses: bool = False

    def received(self, text: str) -> Callable[[int, int | None], None]:
        """The progress of one download, in bytes."""

        def progress(done: int, total: int | None) -> None:
            self.report(text, done, total)

        return progress


@dataclass(frozen=True)
class Taken:
    """What a run took in. ``is_new`` says that the record changed."""

    is_new: bool
    message: str
    counts: dict[str, Any] = field(default_factory=dict)
