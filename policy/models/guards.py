"""What the database itself is to refuse; ``policy.vendor`` turns it into triggers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """What the database refuses: rows of which ``condition`` is true, at one of the events.

    The condition is SQL that both databases read, over NEW and, where there is one, OLD.
    """

    name: str
    table: str
    events: tuple[str, ...]
    condition: str
    sentence: str


def changed(*columns: str) -> str:
    """Whether an update gives one of the columns another value."""
    return "(" + " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns) + ")"
