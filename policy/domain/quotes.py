"""Finding a quote in the text of a source, and what stands there now where it is gone.

A quote is found where the text holds its words in their order. How the text was set does not
count: white space, kinds of quotation marks and dashes, invisible characters. Everything else
does, capitals and figures among it: a quote is what is printed. A quote may be several
fragments, each in marks of its own or parted by an ellipsis; then each has to be found.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*")
_MARKED = re.compile(r"“([^“”]+)”")
_SENTENCE = re.compile(r"[^\n]+?(?:[.;:](?=\s)|(?=\n)|$)")
_WORD = re.compile(r"\w+")
_SPACES = frozenset(" \t\n\r\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(code) for code in range(0x2000, 0x200B)
}
# Soft hyphen, zero-width characters, byte-order mark: nobody sees them.
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
# A passage that shares less than this part of its words with a quote is not what became of it.
LEAST_ALIKE = 0.3


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a text: characters from ``start`` up to, but not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Fragment:
    """A part of a quote, and each place where the text holds it."""

    words: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Found:
    """What a text holds of a quote. A quote of no words is not held."""

    fragments: tuple[Fragment, ...]

    @property
    def is_held(self) -> bool:
        return bool(self.fragments) and all(fragment.spans for fragment in self.fragments)

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(sorted({span for one in self.fragments for span in one.spans}))

    @property
    def missing(self) -> tuple[str, ...]:
        """The fragments that the text does not hold."""
        return tuple(one.words for one in self.fragments if not one.spans)

    @property
    def times(self) -> int:
        """How often the quote is there: as often as its rarest fragment."""
        return min((len(one.spans) for one in self.fragments), default=0)


@dataclass(frozen=True)
class Piece:
    """A part of a text as a page shows it, inside a quote or not."""

    text: str
    is_quoted: bool


def fragments_of(quote: str) -> tuple[str, ...]:
    """The fragments of a quote, each without the marks that are not of its words."""
    stripped = quote.strip()
    marked = _MARKED.findall(stripped) if stripped.startswith("“") else []
    # Marks around the whole are the writer's; words outside of marks are words of the quote.
    outside = _WORD.search(_MARKED.sub("", stripped)) is not None
    texts = marked if marked and not outside else [stripped]
    parts = (part.strip() for text in texts for part in _ELLIPSIS.split(text))
    return tuple(part for part in parts if _normal(part)[0])


def find_quote(quote: str, text: str) -> Found:
    """Where ``text`` holds ``quote``; places are those of ``text`` as it is given."""
    plain, places = _normal(text)
    return Found(
        tuple(Fragment(words, tuple(_spans(words, plain, places))) for words in fragments_of(quote))
    )


def holds_quote(quote: str, text: str) -> bool:
    return find_quote(quote, text).is_held


def _spans(words: str, plain: str, places: Sequence[int]) -> Iterator[Span]:
    wanted, _ = _normal(words)
    at = plain.find(wanted)
    while at >= 0:
        yield Span(places[at], places[at + len(wanted) - 1] + 1)
        at = plain.find(wanted, at + len(wanted))


def _normal(text: str) -> tuple[str, list[int]]:
    """The text with each run of white space as one space, and where each sign came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text.translate(_ALIKE)):
        if sign in _INVISIBLE:
            continue
        if sign in _SPACES:
            if not signs or signs[-1] == " ":
                continue
            sign = " "  # noqa: PLW2901  # every kind of white space is one
        signs.append(sign)
        places.append(place)
    if signs and signs[-1] == " ":
        signs.pop()
        places.pop()
    return "".join(signs), places


def pieces_of(text: str, spans: Sequence[Span]) -> list[Piece]:
    """The whole text in pieces, the quoted ones marked; joined they are ``text`` again."""
    pieces: list[Piece] = []
    done = 0
    for span in sorted(spans):
        start = max(span.start, done)
        if span.end <= start:
            continue
        pieces += [Piece(text[done:start], False), Piece(text[start : span.end], True)]
        done = span.end
    pieces.append(Piece(text[done:], False))
    return [piece for piece in pieces if piece.text]


def closest_passage(quote: str, text: str) -> str:
    """The sentences of ``text`` that are most like ``quote``; nothing where none is like it."""
    wanted = _bag(quote)
    sentences = [found.group().strip() for found in _SENTENCE.finditer(text)]
    bags = [_bag(sentence) for sentence in sentences]
    longest = max(1, len(_SENTENCE.findall(quote)))
    best, passage = LEAST_ALIKE, ""
    for start in range(len(sentences)):
        bag: Counter[str] = Counter()
        for end in range(start, min(start + longest, len(sentences))):
            bag += bags[end]
            alike = _likeness(wanted, bag)
            if alike > best:
                best, passage = alike, " ".join(sentences[start : end + 1])
    return passage


def _bag(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(text))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The shared part of all words, 0 to 1."""
    every = one.total() + other.total()
    return 2 * (one & other).total() / every if every else 0.0
