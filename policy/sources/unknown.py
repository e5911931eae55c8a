"""What a source does not say, which is neither nothing nor an error."""

from typing import Final


class Unknown:
    """The one value for "the answer does not say"."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()


class Bad(ValueError):
    """A field whose value is not of the documented form; the message says in which way."""
