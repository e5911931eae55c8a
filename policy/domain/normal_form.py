"""The normal form in which two printings of one text are compared.

Official texts are set again and again: capitals, punctuation, line breaks, quotation
marks and dashes come and go although nobody has amended anything. Two texts say the same
when their normal forms are equal; the text as printed is kept beside it.
"""

import re
import unicodedata
from functools import lru_cache

# Signs that carry meaning of their own: "A & B" is not "A B".
_MEANINGFUL = "&+%"
_BETWEEN_DIGITS = re.compile(rf"(?<=\d)[^\w{_MEANINGFUL}]+(?=\d)")
_CHURN = re.compile(rf"[^\w {_MEANINGFUL}]|_|(?<!\d) | (?!\d)")


@lru_cache(maxsize=20_000)
def normal_form(text: str) -> str:
    """Return ``text`` without anything that resetting it may change.

    Dropped: case, white space, punctuation, every kind of dash, quotation mark and
    invisible character; full-width, superscript and ligature forms become plain ones, and
    ``U.A.E.`` equals ``UAE``. Kept: letters with their accents, digits, and one space
    where two digits would otherwise meet, since "Room 1, 2" is not "Room 12".
    """
    if text.isascii():
        # Most of the list is, and the other steps would change nothing of it.
        return _CHURN.sub("", _BETWEEN_DIGITS.sub(" ", text.casefold()))
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    folded = unicodedata.normalize("NFKC", visible)
    folded = unicodedata.normalize("NFKC", folded.casefold())
    return _CHURN.sub("", _BETWEEN_DIGITS.sub(" ", folded))
