"""Names reduced to what two spellings of one name share.

The official lists are in Latin letters only. People search in any script, so a query goes
through pinyin where it is Chinese and through plain transliteration where it is not.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
WORD = re.compile(r"[a-z0-9]+")
# A query is a name, not a page of text.
LONGEST_NAME = 500

# Words that say what kind of body a party is and are often left out or written otherwise.
LEGAL_WORDS = frozenset(
    [
        "ab",
        "ag",
        "ao",
        "aoe",
        "aps",
        "as",
        "asa",
        "bhd",
        "bv",
        "bvba",
        "co",
        "company",
        "companies",
        "corp",
        "corporation",
        "cjsc",
        "coltd",
        "doo",
        "eood",
        "fze",
        "fzc",
        "fzco",
        "fzllc",
        "gie",
        "gmbh",
        "gmbhcokg",
        "inc",
        "incorporated",
        "jsc",
        "kft",
        "kg",
        "kk",
        "lda",
        "limited",
        "lda",
        "llc",
        "llp",
        "lp",
        "ltd",
        "ltda",
        "ltdsti",
        "mbh",
        "nv",
        "oao",
        "ojsc",
        "ooo",
        "oy",
        "oyj",
        "pao",
        "pjsc",
        "plc",
        "pllc",
        "pt",
        "pte",
        "pty",
        "pvt",
        "private",
        "public",
        "pzao",
        "sa",
        "sae",
        "sal",
        "saoc",
        "sarl",
        "sas",
        "sdn",
        "se",
        "sia",
        "sirketi",
        "spa",
        "spc",
        "spol",
        "srl",
        "sti",
        "td",
        "tic",
        "tov",
        "ulc",
        "uab",
        "wll",
        "zao",
        "zoo",
        "zrt",
    ]
)
# Written with full stops between the letters, they fall apart into single letters.
DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\b\.?")
APOSTROPHES = re.compile(r"[’'`ʼ‘]")


@dataclass(frozen=True)
class Folded:
    """A name as matching sees it.

    ``words`` are all its words in lower-case Latin letters; ``core`` is the same without
    legal words; ``joined`` is the core without spaces, since pinyin is spaced at will.
    """

    words: tuple[str, ...]
    core: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def core_text(self) -> str:
        return " ".join(self.core)

    @property
    def joined(self) -> str:
        return "".join(self.core)


@lru_cache(maxsize=4096)
def fold(name: str) -> Folded:
    """Reduce a name in any script. Never raises; a name without letters folds to nothing."""
    words = tuple(WORD.findall(transliterate(name[:LONGEST_NAME])))
    return Folded(words, strip_legal_words(words))


def transliterate(name: str) -> str:
    """The name in lower-case ASCII; Chinese becomes pinyin with a space between syllables."""
    text = unicodedata.normalize("NFKC", name)
    text = CHINESE.sub(lambda run: f" {to_pinyin(run.group())} ", text)
    text = DOTTED.sub(lambda dotted: dotted.group().replace(".", ""), text)
    return anyascii(APOSTROPHES.sub("", text)).casefold()


def to_pinyin(characters: str) -> str:
    """Pinyin without tones, as the lists write it; readings are chosen by phrase."""
    # Its dictionaries take a third of a second to load, which most processes never need.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    return " ".join(lazy_pinyin(characters, style=Style.NORMAL, v_to_u=False)).replace("ü", "u")


def strip_legal_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those that only say what kind of body it is; all if none is left."""
    core = tuple(word for word in words if word not in LEGAL_WORDS)
    return core or words


def is_chinese(text: str) -> bool:
    return bool(CHINESE.search(text))


def exact_key(name: str) -> str:
    """Equal for two names that differ in case, width or spacing only."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
