"""Checking record files as a whole, before a single row is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from policy.actions.record_sections import Directory
from policy.registry import RecordSection
from policy.sources.record_files import Item, Problem, RecordFile
from policy.sources.record_schema import Record, references, sentence_of

Sections = Mapping[str, RecordSection]


class RecordRefused(Exception):
    """Raised with every problem that was found; nothing has been loaded."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Entry:
    """An item that fits its section's schema, with the place where it is written."""

    item: Item
    record: Record

    @property
    def key(self) -> str:
        return self.record.subject


# By section and key, the entries that speak of it: several where a key has a chain of spans.
Entries = dict[str, dict[str, list[Entry]]]


def check_files(files: Sequence[RecordFile], sections: Sections, known: Directory) -> Entries:
    """The files' entries by section and key.

    Raises RecordRefused unless every file is readable, fits the schema, contradicts nothing
    and refers only to items of these files or of the record.
    """
    problems = [problem for file in files for problem in file.problems]
    entries: Entries = {name: defaultdict(list) for name in sections}
    for item in (item for file in files for item in file.items):
        try:
            for entry in parse(item, sections):
                entries[item.section][entry.key].append(entry)
        except RecordRefused as refused:
            problems += refused.problems
    problems += repeated(entries, sections)
    if not problems:
        # A broken item would make every reference to it look unknown as well.
        problems += unknown_references(entries, sections, known)
    if problems:
        raise RecordRefused(problems)
    return entries


def parse(item: Item, sections: Sections) -> list[Entry]:
    """The entries of one item. Raises RecordRefused with what is wrong inside it."""
    section = sections.get(item.section)
    if section is None:
        raise RecordRefused([item.problem(f"unknown section “{item.section}”")])
    try:
        records = (section.item_schema or section.schema).model_validate(item.data).each()
    except ValidationError as error:
        raise RecordRefused(
            item.problem(sentence_of(e), e["loc"]) for e in error.errors()
        ) from error
    faults = [
        item.problem(f"{'.'.join(map(str, path))}: {reason}", path)
        for record in records
        for path, reason in section.faults(record)
    ]
    if faults:
        raise RecordRefused(faults)
    return [Entry(item, record) for record in records]


def repeated(entries: Entries, sections: Sections) -> Iterator[Problem]:
    """Keys defined twice, scattered over files, or in force twice on one day."""
    for name, by_key in entries.items():
        for key, found in by_key.items():
            first, *others = found
            for entry in others:
                where = f"{first.item.file}, line {first.item.line}"
                if not sections[name].is_chain:
                    yield entry.item.problem(f"“{key}” is already defined in {where}")
                elif entry.item.file != first.item.file:
                    yield entry.item.problem(f"“{key}” is spoken of in {where} as well")
            overlap = sections[name].overlaps([entry.record for entry in found])
            if overlap and (sections[name].is_chain or not others):
                yield found[-1].item.problem(f"two facts about “{key}”: {overlap}")


def unknown_references(entries: Entries, sections: Sections, known: Directory) -> Iterator[Problem]:
    defined: dict[str, set[str]] = defaultdict(set)
    for name, by_key in entries.items():
        for target in sections[name].lookups:
            defined[target] |= set(by_key)
    for by_key in entries.values():
        for entry in (entry for found in by_key.values() for entry in found):
            for path, target, key in every_reference(entry.record):
                if key not in defined[target] and key not in known.of(target):
                    reason = f"{path[-1]}: “{key}” is not in {target}"
                    yield entry.item.problem(reason, path)


def every_reference(record: BaseModel) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """References of an item and of the items nested in it, with their paths."""
    for field, target, key in references(record):
        yield (field,), target, key
    for name in type(record).model_fields:
        value = getattr(record, name)
        if not isinstance(value, list):
            continue
        for index, nested in enumerate(value):
            if isinstance(nested, BaseModel):
                for path, target, key in every_reference(nested):
                    yield (name, index, *path), target, key
