"""Two people have written over the same words: what each changed, and what comes of both.

Words are flat: a text by the path of its field. ``base`` is what both began with. Where only
one of the two changed a field, their text stands; where both did, and differently, a person
chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Flat = Mapping[str, str]


class Side(StrEnum):
    THEIRS = "theirs"
    MINE = "mine"


class NotChosen(ValueError):
    """Fields in which both wrote and nobody has chosen; ``paths`` are theirs."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        super().__init__("Choose one of the two in every field that both of you wrote.")


@dataclass(frozen=True)
class Difference:
    """A field in which the two differ; None is a field that one of them does not have."""

    path: str
    base: str | None
    theirs: str | None
    mine: str | None

    @property
    def is_clash(self) -> bool:
        """Whether both have changed it, so that neither may win unasked."""
        return self.base not in (self.theirs, self.mine)

    @property
    def only_by(self) -> Side | None:
        """Who alone changed it."""
        if self.is_clash:
            return None
        return Side.MINE if self.theirs == self.base else Side.THEIRS


def differences(base: Flat, theirs: Flat, mine: Flat) -> list[Difference]:
    """Every field in which theirs and mine are not the same, in order of their paths."""
    paths = list(dict.fromkeys([*theirs, *mine]))
    found = (Difference(p, base.get(p), theirs.get(p), mine.get(p)) for p in paths)
    return [one for one in found if one.theirs != one.mine]


def merged(base: Flat, theirs: Flat, mine: Flat, chosen: Mapping[str, Side]) -> dict[str, str]:
    """What comes of both, as ``chosen`` where a choice is made. Raises NotChosen."""
    result = dict(theirs)
    found = differences(base, theirs, mine)
    open_ones = tuple(d.path for d in found if d.is_clash and d.path not in chosen)
    if open_ones:
        raise NotChosen(open_ones)
    for difference in found:
        side = chosen.get(difference.path) or difference.only_by
        value = difference.mine if side is Side.MINE else difference.theirs
        if value is None:
            result.pop(difference.path, None)
        else:
            result[difference.path] = value
    return result
