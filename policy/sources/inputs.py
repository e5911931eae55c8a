"""Files that a person hands to an import: one, or a folder of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from policy.sources.safe_xml import MAX_BYTES, Refused, read_file

T = TypeVar("T")


@dataclass(frozen=True)
class InputFile:
    """One file as it was received: its name, for messages, and its bytes."""

    name: str
    data: bytes


def read_inputs(
    path: Path | str, *, suffixes: Collection[str], max_bytes: int = MAX_BYTES
) -> list[InputFile]:
    """The file at ``path``, or those of the folder whose names end in one of ``suffixes``.

    A folder's files come in the order of their names; its sub-folders are not read. Raises
    ``Refused`` for a file that cannot be read or is too large, and for a folder without any.
    """
    path = Path(path)
    if not path.is_dir():
        return [InputFile(path.name, read_file(path, max_bytes))]
    files = [p for p in sorted(path.iterdir()) if p.suffix.lower() in suffixes and p.is_file()]
    if not files:
        wanted = " or ".join(sorted(suffixes))
        msg = f"The folder {path.name} holds no file that ends in {wanted}."
        raise Refused(msg)
    return [InputFile(file.name, read_file(file, max_bytes)) for file in files]


def read_named(file: InputFile, read: Callable[[InputFile], T]) -> T:
    """What ``read`` makes of a file that may be one of many.

    Raises ``Refused`` with the file's name before the sentence.
    """
    try:
        return read(file)
    except Refused as refused:
        msg = f"{file.name}: {refused}"
        raise Refused(msg) from refused
