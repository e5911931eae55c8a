"""What other apps plug in here, so that policy never has to know them.

``load_record`` loads the record of every app in one revision; each app registers its own
folder and sections when it is ready.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Model
from django.utils.module_loading import import_string

from policy.fetching.channel import Channel

if TYPE_CHECKING:
    from policy.models import Revision
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
    item_schema: "type[Record] | None"
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


Sections = Callable[[], Sequence[RecordSection]]


@dataclass(frozen=True)
class RecordLoader:
    """One app's part of the starting record, loaded in the order of registration.

    ``make_sections`` gives the sections in the order in which they are written: what others
    refer to comes first.
    """

    app: str
    folder: Path
    make_sections: Sections

    @property
    def sections(self) -> Sequence[RecordSection]:
        return self.make_sections()


# What happens, inside the same revision, when the record has learned more of documents; it gives
# what was ``Written`` (``policy.actions.facts``).
Learned = Callable[["Revision"], Sequence[Any]]

_learned: dict[str, tuple[str, frozenset[str]]] = {}


def register_learned(app: str, dotted_name: str, moved: Collection[str] = ()) -> None:
    """For ``ready()``: what an app does once the record knows more, or less, of its documents.

    ``moved`` are the kinds of facts (``app.model``) that it dates anew by what is then known,
    so that they follow an undoing of what was said of a document by themselves.
    """
    _learned[app] = dotted_name, frozenset(moved)


def learned_of_documents(revision: "Revision") -> list[Any]:
    """Let every app take in what a revision has learned of documents; what they wrote."""
    written: list[Any] = []
    for dotted_name, _ in _learned.values():
        act: Learned = import_string(dotted_name)
        written += act(revision)
    return written


def follows_documents(model: type[Model]) -> bool:
    """Whether facts of a kind are dated anew with what is known of documents."""
    return any(model._meta.label_lower in moved for _, moved in _learned.values())


_record_loaders: dict[str, RecordLoader] = {}


def register_record_loader(app: str, folder: Path, dotted_name: str) -> None:
    """For ``ready()``; registering an app again replaces what it registered before.

    ``dotted_name`` names a function that gives the sections. It is imported when a record
    is loaded: the schemas take half a second, which no other command should wait for.
    """

    def make_sections() -> Sequence[RecordSection]:
        sections: Sequence[RecordSection] = import_string(dotted_name)()
        return sections

    _record_loaders[app] = RecordLoader(app, folder, make_sections)


def record_loaders() -> list[RecordLoader]:
    return list(_record_loaders.values())


_channels: dict[str, Channel] = {}


def register_channel(channel: Channel) -> None:
    """For ``ready()``; registering a slug again replaces what it named before."""
    _channels[channel.slug] = channel


def channels() -> list[Channel]:
    """Every source that is asked, in the order in which their apps registered them."""
    return list(_channels.values())


_desk_kinds: dict[str, str] = {}


def register_desk_kinds(app: str, dotted_name: str) -> None:
    """For ``ready()``: the function that gives the kinds of entry which an app's desk writes."""
    _desk_kinds[app] = dotted_name


def desk_kind_lists() -> Iterator[Sequence[Any]]:
    """The kinds of each app; see ``policy.actions.desk.kinds``."""
    for dotted_name in _desk_kinds.values():
        kinds: Sequence[Any] = import_string(dotted_name)()
        yield kinds
