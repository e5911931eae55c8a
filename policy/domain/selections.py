"""Selections of deadlines: what the deadlines page filters by, and what a reader may save.

One matcher serves the page and the planner, so that a saved search brings what it shows.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from policy.domain.due import EVERYTHING, Subject

# By which name a selection's parts stand in an address, in the order in which they are written.
PARTS = ("kind", "q", "rule")
LONGEST_QUERY = 300


class BadSelection(ValueError):
    """Raised with a sentence for an address part that is no selection."""


@dataclass(frozen=True)
class Described:
    """A deadline as far as selections ask: its kind, its rule's slug, and all its words."""

    kind: str
    rule: str
    words: str


@dataclass(frozen=True)
class Selection:
    """Deadlines of a kind, of a rule, with every one of some words; empty parts ask nothing."""

    kind: str = ""
    q: str = ""
    rule: str = ""

    @classmethod
    def of(cls, kind: str = "", q: str = "", rule: str = "") -> "Selection":
        """The selection in its one normal form: each word once, in small letters."""
        words = dict.fromkeys(q.casefold().split())
        return cls(kind.strip(), " ".join(words), rule.strip())

    @classmethod
    def from_query(cls, query: str) -> "Selection":
        """The selection of a query string. Raises BadSelection for what no selection has."""
        pairs = parse_qsl(query)
        names = [name for name, _ in pairs]
        if not pairs or len(set(names)) < len(names) or not set(names) <= set(PARTS):
            msg = f"“{query}” is no selection of deadlines; it has a kind, words (q) and a rule"
            raise BadSelection(msg)
        found = cls.of(**dict(pairs))
        if len(found.query) > LONGEST_QUERY:
            msg = "this selection has more words than can be saved"
            raise BadSelection(msg)
        return found

    @property
    def query(self) -> str:
        """The canonical query string: equal selections have equal ones."""
        return urlencode([(name, getattr(self, name)) for name in PARTS if getattr(self, name)])

    @property
    def subject(self) -> Subject:
        """What to follow for it: a selection by one part alone is that kind or that rule."""
        if not self.q and not (self.kind and self.rule):
            return ("kind", self.kind) if self.kind else self.rule_or_everything
        return ("search", self.query)

    @property
    def rule_or_everything(self) -> Subject:
        return ("rule", self.rule) if self.rule else EVERYTHING

    def matches(self, described: Described) -> bool:
        """Whether a deadline belongs to the selection."""
        if self.kind not in ("", described.kind) or self.rule not in ("", described.rule):
            return False
        words = described.words.casefold()
        return all(word in words for word in self.q.split())
