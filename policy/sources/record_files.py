"""Reading the record's own YAML files: every scalar as text, every item with its line.

A file is a mapping of sections, a section a list of items, an item a mapping. Nothing is
converted here: ``2025-05`` and ``90`` arrive as written. What is wrong with a file is a
value, so that one run can report everything that a person has to correct.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

# The largest file of the starting record is some 40 kB.
MAX_BYTES = 2_000_000
# Its deepest file nests 5 lists and mappings; libyaml runs out of stack some thousands down.
MAX_DEPTH = 50


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with one line of a file, as a sentence."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Item:
    """One list item of a section; ``lines`` gives the line of every value inside it."""

    file: str
    section: str
    line: int
    data: dict[str, Any]
    lines: Mapping[Path, int] = field(default_factory=dict, compare=False)

    def line_of(self, path: Path) -> int:
        """The line of a value, or of the nearest mapping or list that would hold it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.line)

    def problem(self, reason: str, path: Path = ()) -> Problem:
        return Problem(self.file, self.line_of(path), reason)


@dataclass(frozen=True)
class RecordFile:
    """One file as read: its items, or what kept them from being read."""

    name: str
    digest: str
    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()


class Unreadable(ValueError):
    """Raised inside this module with the line and the sentence for a value that is refused."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def digest_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def read_record_file(name: str, raw: bytes) -> RecordFile:
    """Parse one file. ``name`` is what problems call it."""
    digest = digest_of(raw)
    try:
        items = tuple(read_items(name, compose(raw)))
    except Unreadable as refused:
        problem = Problem(name, refused.line, refused.reason)
        return RecordFile(name, digest, problems=(problem,))
    return RecordFile(name, digest, items)


def compose(raw: bytes) -> yaml.Node | None:
    """The node tree of one YAML document. Raises Unreadable; never builds an object."""
    if len(raw) > MAX_BYTES:
        raise Unreadable(1, f"the file is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
        refuse_too_deep(text)
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(line, "the text is not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"not valid YAML: {error.problem or error.context}"
        raise Unreadable(mark.line + 1 if mark else 1, reason) from error
    except yaml.YAMLError as error:
        raise Unreadable(1, f"not valid YAML: {error}") from error


def refuse_too_deep(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            reason = f"more than {MAX_DEPTH} lists and mappings inside each other"
            raise Unreadable(event.start_mark.line + 1 if event.start_mark else 1, reason)


def read_items(name: str, root: yaml.Node | None) -> Iterator[Item]:
    if root is None:
        return
    for section, node in pairs(root, "a file is a mapping of sections to lists"):
        if not isinstance(node, yaml.SequenceNode):
            if isinstance(node, yaml.ScalarNode) and not node.value:
                continue
            raise Unreadable(line_of(node), f"section “{section}” is not a list")
        for child in node.value:
            lines: dict[Path, int] = {}
            if not isinstance(child, yaml.MappingNode):
                raise Unreadable(line_of(child), f"an item of “{section}” is not a mapping")
            data = plain(child, (), lines, frozenset())
            yield Item(name, section, line_of(child), data, lines)


def plain(node: yaml.Node, path: Path, lines: dict[Path, int], above: frozenset[int]) -> Any:
    """The node as dicts, lists and text; aliases are followed, but not into themselves."""
    if id(node) in above:
        raise Unreadable(line_of(node), "a value contains itself")
    if len(lines) > MAX_BYTES // 100:
        raise Unreadable(line_of(node), "one item holds too many values")
    lines[path] = line_of(node)
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        return {k: plain(v, (*path, k), lines, above) for k, v in pairs(node, "a mapping")}
    if isinstance(node, yaml.SequenceNode):
        return [plain(v, (*path, i), lines, above) for i, v in enumerate(node.value)]
    return node.value


def pairs(node: yaml.Node, expected: str) -> list[tuple[str, yaml.Node]]:
    """Key and value nodes of a mapping. Raises Unreadable for other nodes and repeated keys."""
    if not isinstance(node, yaml.MappingNode):
        raise Unreadable(line_of(node), f"expected {expected}")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(line_of(key), "a key must be plain text")
        if key.value in found:
            raise Unreadable(line_of(key), f"“{key.value}” is given twice")
        found[key.value] = value
    return list(found.items())


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
