"""Names reduced to what two spellings of one name share.

The official lists are in Latin letters only. People search in any script, so a name goes
through pinyin where it is Chinese and through plain transliteration where it is not.
"""

import re
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

from entities.domain.chinese import is_chinese, readings
from entities.domain.legal_forms import strip_legal_suffix

# A query is a name, not a page of text.
LONGEST_NAME = 500

WORD = re.compile(r"[a-z0-9]+")
# Full stops between single letters would leave an abbreviation as letters on their own.
DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b\.?)?")
APOSTROPHES = re.compile(r"['`´’‘ʼʻʹ]")
# "No. 38", "№ 38" and "38th" say the number 38.
ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b|\bnos?\.?[ -]*(?=[0-9])")
NUMBERS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
ORDINAL_WORDS = {word: str(number) for number, word in enumerate(NUMBERS.split(), start=1)}
# Cyrillic letters that are drawn like Latin ones, and those Latin ones.
LOOKALIKES = str.maketrans("АВСЕНІЈКМОРЅТХаеіјорсѕху", "ABCEHIJKMOPSTXaeijopcsxy")
LATIN = re.compile(r"[A-Za-z]")
CYRILLIC_WORD = re.compile(r"[^\W\d_]*[\u0400-\u04ff][^\W\d_]*")
ABJAD = re.compile(r"[\u0590-\u07ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True)
class Folded:
    """A name as matching sees it.

    ``words`` are all its words in lower-case Latin letters and digits; ``core`` is the same
    without those that only name the legal form.
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
        """The core without spaces, since pinyin is spaced at will."""
        return "".join(self.core)


def fold(name: str) -> Folded:
    """Reduce a name in any script. Never raises; a name without letters folds to nothing."""
    return fold_latin(transliterate(name))


def fold_variants(name: str) -> tuple[Folded, ...]:
    """Every way to fold a name, the likeliest first: Chinese may be read in several ways."""
    text = unicodedata.normalize("NFKC", name[:LONGEST_NAME])
    if not is_chinese(text):
        return (fold(text),)
    folded = [fold_latin(to_latin(reading)) for reading in readings(text)]
    return tuple(dict.fromkeys(folded))


def fold_latin(text: str) -> Folded:
    """Fold a text that ``transliterate`` or ``to_latin`` has made."""
    numbered = ORDINAL.sub("", text)
    words = tuple(ORDINAL_WORDS.get(word, word) for word in WORD.findall(numbered))
    return Folded(words, strip_legal_suffix(words))


def transliterate(name: str) -> str:
    """The name in lower-case ASCII; Chinese becomes pinyin with a space between syllables.

    At most the first 500 characters are read.
    """
    text = unicodedata.normalize("NFKC", name[:LONGEST_NAME])
    return to_latin(readings(text)[0] if is_chinese(text) else text)


def to_latin(text: str) -> str:
    """Lower-case ASCII for any script but Chinese, without apostrophes and dots in acronyms."""
    if not text.isascii():
        text = APOSTROPHES.sub("", anyascii(same_letters(text)))
    text = APOSTROPHES.sub("", text).casefold()
    return DOTTED.sub(lambda dotted: dotted.group().replace(".", ""), text)


def same_letters(text: str) -> str:
    """Latin letters for Cyrillic words in a Latin text that only look Latin.

    The lists print a few by mistake: "Со., Ltd." with two Cyrillic letters.
    """
    if not LATIN.search(text):
        return text
    return CYRILLIC_WORD.sub(latin_if_it_looks_so, text)


def latin_if_it_looks_so(word: re.Match[str]) -> str:
    drawn = word.group().translate(LOOKALIKES)
    return drawn if drawn.isascii() else word.group()


def is_abjad(text: str) -> bool:
    """Whether the text is in a script that leaves vowels out: Arabic, Persian, Hebrew."""
    return bool(ABJAD.search(text))


# What the spellings of one consonant come down to, in this order; letters that have become
# free stand for kh, ch and sh.
SPELLINGS = "x>ks q>k kh>x gh>k ch>q th>t dh>d zh>j ph>f ts>s z>d sh>z c>k g>k p>b"
SOUNDS = tuple(pair.split(">") for pair in SPELLINGS.split())
UNWRITTEN = re.compile(r"[aeiouwvy]")
DOUBLED = re.compile(r"(.)\1+")


def consonants(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without vowels, each consonant in one spelling: ``mhmd`` for "Mohammed".

    For scripts that write no short vowels, and whose letters the lists romanise by ear.
    """
    reduced = (consonants_of(word) for word in words)
    return tuple(word for word in reduced if word)


def consonants_of(word: str) -> str:
    if word.isdigit():
        return word
    for spelling, sound in SOUNDS:
        word = word.replace(spelling, sound)
    return DOUBLED.sub(r"\1", UNWRITTEN.sub("", word))


def normalise_name(name: str) -> str:
    """Equal for two names that differ in case, width or spacing only."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    # Casefolding takes letters apart that have to be put together again: ΐ.
    return " ".join(unicodedata.normalize("NFKC", folded).split())
