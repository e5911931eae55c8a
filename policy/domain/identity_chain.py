"""What an identity said of itself, one state after the other, under hashes that follow on.

An identity (a rule, a document, an organisation) is no fact over days: its columns hold only
what it says now. Each state that the application wrote is kept, hashed together with the hash
of the state before it, and the seal of its revision covers that hash.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy.domain.chain import GENESIS, canonical, sha256


@dataclass(frozen=True, slots=True)
class State:
    """What one identity said after a revision. ``position`` counts its states from 1."""

    table: str
    row: str
    position: int
    revision: int
    values: Mapping[str, Any]


def state_hash(previous: bytes, state: State) -> bytes:
    """The hash of a state that follows the one with the hash ``previous``."""
    said = (state.table, state.row, state.position, state.revision, dict(state.values))
    return sha256(previous + canonical(said))


def faults(states: Sequence[tuple[State, bytes]]) -> Iterator[tuple[int, str]]:
    """What is wrong with the states of one identity, in order: a revision and a sentence."""
    previous = GENESIS
    for number, (state, hashed) in enumerate(states, start=1):
        if state.position != number:
            yield state.revision, f"lacks state {number} of what it said."
            return
        if state_hash(previous, state) != hashed:
            yield state.revision, f"has a kept state, number {number}, that was altered."
            return
        previous = hashed


def differences(kept: Mapping[str, Any], held: Mapping[str, Any]) -> list[str]:
    """The columns in which a row differs from its newest state, in the order of the alphabet."""
    return sorted(name for name in {*kept, *held} if kept.get(name) != held.get(name))
