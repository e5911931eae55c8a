"""Names of the lists, which print Latin letters only, written back into other scripts.

Rough on purpose, as people and dictionaries are: vowels get lost on the way into Arabic,
and a syllable of pinyin becomes any common character that may be read so.
"""

import re
from collections import defaultdict
from functools import lru_cache
from random import Random

from pypinyin import Style, pinyin

CYRILLIC = (
    "shch=щ yy$=ый iy$=ий yi$=ый ii$=ий zh=ж kh=х ts=ц ch=ч sh=ш yu=ю ya=я ye=е yo=ё x=кс "
    "y$=ий ay=ай ey=ей oy=ой uy=уй a=а b=б v=в w=в g=г d=д e=е z=з i=и j=й k=к c=к q=к l=л m=м "
    "n=н o=о p=п r=р s=с t=т u=у f=ф h=х y=ы"
)
ARABIC = (
    "kh=خ gh=غ sh=ش th=ث dh=ذ zh=ژ ch=چ b=ب p=پ t=ت j=ج d=د r=ر z=ز "
    "s=س f=ف q=ق k=ک g=گ l=ل m=م n=ن h=ه v=و w=و y=ي c=ک x=کس"
)
VOWELS = {"a": "ا", "e": "ي", "i": "ي", "o": "و", "u": "و"}
RUSSIAN = re.compile(
    r"\b(?:ooo|oao|pao|zao|npo|npp|nii|fgup|zavod\w*|nauchno\w*|institut|obshchestvo|imeni|torgovy\w*"
    r"|\w+(?:ovich|evich|ovna|evna|skiy|skii|skogo))\b"
)
ARAB = re.compile(
    r"\b(?:abu|abd\w*|al|muhammad|mohamm[ae]d|ahm[ae]d|ali|hass?an|huss?ein|reza|mahmoud|ibrahim|khalil"
    r"|omar|mustafa|yusuf|saleh|kar[ie]m|hamid|nasser|mehdi)\b"
)
ENGLISH = re.compile(
    r"\b(?:compan(?:y|ies)|plant|institute|research|joint|stock|the|of|and|for|center|centre|design|bureau"
    r"|scientific|production|enterprise|limited|ltd|llc|co|inc|corporation|technolog(?:y|ies)|trading|group"
    r"|general|foundation|import|export|services?|industr(?:y|ies|ial)|international|factory|association"
    r"|repair|russian|state|federal|jsc|aviation|engineering|laboratory|systems?|army|brigades?|islamic)\b"
)
# The common characters, one reading in ten of a syllable being a rarer one of the character.
RARE_READING = 0.1
SHORTEST = 3


def in_cyrillic(_random: Random, text: str) -> str | None:
    lower = text.lower()
    if not RUSSIAN.search(lower) or ENGLISH.search(lower) or not lower.isascii():
        return None
    return " ".join(spelled(word, CYRILLIC) for word in re.findall(r"[a-z0-9]+", lower))


def spelled(word: str, table: str) -> str:
    pairs = [pair.split("=") for pair in table.split()]
    for latin, other in pairs:
        word = re.sub(latin, other, word)
    return word


def in_arabic(random: Random, text: str) -> str | None:
    lower = text.lower()
    words = re.findall(r"[a-z]+", lower)
    if not ARAB.search(lower) or ENGLISH.search(lower) or len(words) < 2 or not lower.isascii():
        return None
    written = [arabic_word(random, word) for word in words]
    return re.sub(r"\bال ", "ال", " ".join(written))


def arabic_word(random: Random, word: str) -> str:
    """Consonants stay, a doubled one once; a vowel inside the word is written or not."""
    word = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", word)
    consonants = spelled(word, ARABIC)
    last = len(consonants) - 1
    kept = []
    for i, letter in enumerate(consonants):
        if letter not in VOWELS:
            kept.append(letter)
        elif i == 0:
            kept.append("ا")
        elif i == last or random.random() < 0.5:
            kept.append(VOWELS[letter])
    return "".join(kept)


def in_hanzi_gb(random: Random, text: str) -> str | None:
    return in_hanzi(random, text, "gb2312")


def in_hanzi_big5(random: Random, text: str) -> str | None:
    return in_hanzi(random, text, "big5")


def in_hanzi(random: Random, text: str, charset: str) -> str | None:
    """The words that are pinyin in characters, the others as they are; None if too few are."""
    by_syllable = characters_by_syllable(charset)
    written, syllables = [], 0
    for word in text.split():
        parts = syllables_of(word.lower(), frozenset(by_syllable))
        syllables += len(parts)
        written.append("".join(some_character(random, by_syllable[p]) for p in parts) or word)
    return " ".join(written) if syllables >= SHORTEST else None


def some_character(random: Random, readings: tuple[list[str], list[str]]) -> str:
    usual, rare = readings
    if rare and (not usual or random.random() < RARE_READING):
        return random.choice(rare)
    return random.choice(usual)


@lru_cache(maxsize=8192)
def syllables_of(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """``word`` cut into syllables of pinyin, the longest first; empty if it is not pinyin."""
    if word in known:
        return (word,)
    for end in range(min(6, len(word) - 1), 0, -1):
        rest = syllables_of(word[end:], known) if word[:end] in known else ()
        if rest:
            return (word[:end], *rest)
    return ()


@lru_cache
def characters_by_syllable(charset: str) -> dict[str, tuple[list[str], list[str]]]:
    """The common characters of a charset by reading: where it is the usual one, where not."""
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for character in common_characters(charset):
        (readings,) = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)
        for place, reading in enumerate(readings[:2]):
            if reading.isascii() and len(reading) > 1:
                found[reading.replace("v", "u")][min(place, 1)].append(character)
    return dict(found)


def common_characters(charset: str) -> str:
    """Level 1 of GB 2312 (3,755 simplified characters) or of Big5 (5,401 traditional ones)."""
    if charset == "gb2312":
        rows = [bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    else:
        ends = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
        rows = [bytes((a, b)) for a in range(0xA4, 0xC7) for b in ends]
    return "".join(row.decode(charset, "ignore") for row in rows)
