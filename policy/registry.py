"""What other apps plug in here, so that policy never has to know them.

``load_record`` loads the record of every app in one revision; each app registers its own
folder and sections when it is ready.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.db.models import Model

from policy.sources.record_schema import Record

# The table and the field that the keys of a section are found in.
Lookup = tuple[type[Model], str]
# Where in an item something is wrong, and the sentence that says it.
Fault = tuple[tuple[str | int, ...], str]


class RecordSection(Protocol):
    """One section of record files: its schema, and how its items become the record.

    ``item_schema`` is what files write where one item stands for several of ``schema``.
    ``lookups`` are the sections by whose name others may refer to these keys.
    ``is_chain`` says that several items may speak of one key, each for its own days.
    """

    name: str
    schema: type[Any]
    item_schema: type[Record] | None
    lookups: Mapping[str, Lookup]
    is_chain: bool

    def faults(self, item: Any) -> Iterator[Fault]:
        """What is wrong with an item beyond its schema, such as a value too long."""

    def overlaps(self, items: Sequence[Any]) -> str | None:
        """The sentence about two facts of one key in force on the same day, if any are."""

    def write(
        self, changed: Mapping[str, Sequence[Any]], removed: Sequence[str], writing: Any
    ) -> None:
        """Make the record say what ``changed`` says, by key; ``removed`` keys are gone."""


@dataclass(frozen=True)
class RecordLoader:
    """One app's part of the starting record, loaded in the order of registration.

    ``sections`` are written in their order: what others refer to comes first.
    """

    app: str
    folder: Path
    sections: Sequence[RecordSection]


_record_loaders: dict[str, RecordLoader] = {}


def register_record_loader(loader: RecordLoader) -> None:
    """Registering an app again replaces what it registered before."""
    _record_loaders[loader.app] = loader


def record_loaders() -> list[RecordLoader]:
    return list(_record_loaders.values())
