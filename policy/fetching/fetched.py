"""What every fetcher needs: asking, reading JSON, and handing on bytes with their headers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from policy.fetching.body import Progress
from policy.fetching.client import Answer, Question, nothing
from policy.fetching.errors import Permanent
from policy.sources.inputs import InputFile


class Asker(Protocol):
    """The client, or what stands between it and a fetcher."""

    def ask(self, question: Question, progress: Progress = nothing) -> Answer:
        """The answer; raises FetchError with a sentence."""


@dataclass(frozen=True)
class Fetched:
    """One answer as it came: a name, its bytes, its headers, and where it is from."""

    file: InputFile
    url: str
    headers: Mapping[str, str]


def fetched(name: str, answer: Answer) -> Fetched:
    return Fetched(InputFile(name, answer.data), answer.url, answer.headers)


def read_object(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer. Raises Permanent if it is none."""
    try:
        value = json.loads(answer.data)
    except (ValueError, RecursionError) as error:
        raise Permanent(f"{answer.url} sends no JSON.") from error
    if not isinstance(value, dict):
        raise Permanent(f"{answer.url} sends JSON, but no object.")
    return value
