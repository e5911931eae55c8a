"""Answers kept on disk while a fetch runs, so that one that was killed goes on where it was."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from policy.fetching.body import Progress
from policy.fetching.client import Answer, Question, nothing
from policy.fetching.fetched import Asker

# What an interrupted run had fetched is asked for again after this time.
KEPT_FOR = timedelta(hours=6)
# What the next run tells the source, by address, so that it can say "nothing new".
Validators = Mapping[str, Mapping[str, str]]


class KeptAnswers:
    """Stands before the client: gives kept answers again, and remembers their validators.

    ``validators`` are those of the last run that ended well. ``clock`` gives the UTC instant.
    """

    def __init__(
        self,
        asker: Asker,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        validators: Validators,
        step: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self.asker, self.folder, self.clock, self.step = asker, folder, clock, step
        self.validators = validators
        self.learned: dict[str, dict[str, str]] = {}

    def ask(self, question: Question, progress: Progress = nothing) -> Answer:
        address = question.address
        answer = self._held(address)
        if answer is None:
            known = self.validators.get(address, {}) if question.conditional else {}
            conditional = replace(
                question,
                etag=known.get("etag", ""),
                last_modified=known.get("last_modified", ""),
            )
            answer = self.asker.ask(conditional, progress)
            self._keep(address, answer)
        if not question.conditional:
            pass
        elif answer.is_same:
            self.learned[address] = dict(self.validators.get(address, {}))
        elif answer.etag or answer.last_modified:
            found = {"etag": answer.etag, "last_modified": answer.last_modified}
            self.learned[address] = found
        self.step(address)
        return answer

    def forget(self) -> None:
        """What was fetched has been taken in, or is not wanted."""
        for path in self.folder.glob("*.answer"):
            path.unlink(missing_ok=True)

    def _path(self, address: str) -> Path:
        return self.folder / f"{hashlib.sha256(address.encode()).hexdigest()}.answer"

    def _keep(self, address: str, answer: Answer) -> None:
        """One file that is there whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        head = {
            "url": answer.url,
            "at": self.clock().isoformat(),
            "headers": dict(answer.headers),
            "is_same": answer.is_same,
            "size": len(answer.data),
        }
        path = self._path(address)
        part = path.with_suffix(".part")
        part.write_bytes(json.dumps(head).encode() + b"\n" + answer.data)
        part.replace(path)

    def _held(self, address: str) -> Answer | None:
        try:
            head, _, data = self._path(address).read_bytes().partition(b"\n")
            said: dict[str, Any] = json.loads(head)
            at = datetime.fromisoformat(said["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not timedelta() <= self.clock() - at < KEPT_FOR or len(data) != said["size"]:
            return None
        return Answer(said["url"], data, CaseInsensitive(said["headers"]), said["is_same"])


class CaseInsensitive(dict[str, str]):
    """Headers as they were kept; their names compare without case."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.casefold(): value for name, value in headers.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.casefold())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.casefold(), default)
