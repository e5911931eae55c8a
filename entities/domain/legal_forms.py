"""Words of a name that only say what kind of body a party is.

People leave them out, abbreviate them or translate them, so they count for little when
names are compared: OOO, LLC and "Limited Liability Company" are one legal form.
"""

import re
from collections.abc import Container
from functools import lru_cache

from entities.domain.spelling import Spelling


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Written out or as abbreviations with spaces between the letters; dropped wherever they stand.
PHRASES = """
    limited liability company|limited liability partnership|limited partnership
    |public joint stock company|open joint stock company|closed joint stock company
    |private joint stock company|joint stock company|joint stock co|joint stock|stock company
    |company limited by shares|free zone company|free zone establishment|free zone co
    |public limited company|private limited company|private limited|proprietary limited
    |obshchestvo s ogranichennoi otvetstvennostyu|obshchestvo s ogranichennoy otvetstvennostyu
    |obshestvo s ogranichennoi otvetstvennostyu|obschestvo s ogranichennoy otvetstvennostyu
    |tovarystvo z obmezhenoyu vidpovidalnistyu
    |publichnoye aktsionernoye obshchestvo|publichnoe aktsionernoe obshchestvo
    |otkrytoye aktsionernoye obshchestvo|otkrytoe aktsionernoe obshchestvo
    |zakrytoye aktsionernoye obshchestvo|zakrytoe aktsionernoe obshchestvo
    |aktsionernoye obshchestvo|aktsionernoe obshchestvo
    |federalnoye gosudarstvennoye unitarnoye predpriyatiye
    |federalnoe gosudarstvennoe unitarnoe predpriyatie|federal state unitary enterprise
    |gesellschaft mit beschrankter haftung|aktiengesellschaft
    |societe a responsabilite limitee|societe anonyme|sociedad anonima de capital variable
    |sociedad anonima|sociedade limitada|societa per azioni|societa a responsabilita limitata
    |limited sirketi|anonim sirketi|ltd sti|sdn bhd|sendirian berhad|pte ltd|pty ltd|pvt ltd
    |kabushiki kaisha|sp z oo|sp z o o
    |s a de c v|sa de cv|s de r l de c v|s de rl de cv|s a r l|s r l
    |s p a|s a l|s a|s l|b v|n v|a s|a b|l l c|l l p|p l c|k k|d o o|o o o|z a o|o a o|p a o
    |fz llc|fz co|fz e|w l l|c a
"""
# Nothing but legal forms, wherever in the name they stand.
ANYWHERE = word_set(
    """
    aoe asa bhd bvba cjsc co coltd companies company corp corporation doo eood eurl fgup fze fzc
    fzco fzllc gie gmbh inc incorporated jsc jscb kft kgaa limitada limited llc llp lp
    ltd ltda ltdsti mbh oao ojsc ooo pao pjsc plc pllc pte pty pvt pzao saoc saog sarl sasu sdn
    spol sprl srl sro tov uab zao zoo zrt
    """
)
# Legal forms at the beginning or the end of a name, but other words elsewhere.
AT_THE_ENDS = word_set(
    """
    ab ag ao aps as bv cv dmcc fz jv kg kk lda lllp mchj nv oy oyj pc pjs pt sa sae sal sas
    se sia sirketi snc spa spc spj sti tic ulc wll ydh
    """
)
# Words of legal forms that other names use too.
GENERAL = word_set(
    """
    a and b by c capital closed company d de e enterprise federal free h haftung joint k l m mit n
    o open p partnership private proprietary public r responsabilite s shares sociedad societa
    societe sp state v variable with x z zone
    """
)
PHRASE_LIST = [" ".join(phrase.split()) for phrase in PHRASES.split("|")]
PHRASE = re.compile(f"(?<= )(?:{'|'.join(PHRASE_LIST)}) ")


def strip_legal_suffix(words: tuple[str, ...]) -> tuple[str, ...]:
    """Folded words without the legal form at either end or inside; all, if nothing is left.

    Russian and Indonesian names put the form first ("AO NII Girikond", "PT Indo"), branches
    of Chinese firms put it inside ("Huawei Technologies Co., Ltd. Beijing").
    """
    spaced = f" {' '.join(words)} "
    kept = [word for word in PHRASE.sub("", spaced).split() if word not in ANYWHERE]
    start, end = 0, len(kept)
    while start < end and kept[end - 1] in AT_THE_ENDS:
        end -= 1
    while start < end and kept[start] in AT_THE_ENDS:
        start += 1
    return tuple(kept[start:end]) or words


@lru_cache(maxsize=1)
def legal_words() -> Spelling:
    """Every word of a legal form that is written out, in right and near spellings."""
    return Spelling.build(tuple(phrase.split()) for phrase in PHRASE_LIST)


def without_legal_words(words: tuple[str, ...], known: Container[str]) -> tuple[str, ...]:
    """Folded words without the single words of legal forms, for when they are out of order.

    "Stock Polimer Joint" is "polimer". A word that is not ``known`` may be misspelled. All
    words, if there is no legal form among them or nothing else.
    """
    legal = legal_words()
    meant = {word: word if word in known else next(iter(legal.near(word)), word) for word in words}
    if all(meant[word] in GENERAL or meant[word] not in legal.known for word in words):
        return words
    return tuple(w for w in words if meant[w] not in GENERAL | legal.known) or words
