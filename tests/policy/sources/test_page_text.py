"""A fetched page as the words that somebody may quote."""

import pytest

from policy.sources.page_text import ecfr_text, page_text
from policy.sources.safe_xml import Refused

SECTION = b"""<DIV8 N="744.23" TYPE="SECTION"><HEAD>\xc2\xa7 744.23 End-use controls.</HEAD>
<P>(a) <I>Prohibition.</I> You may not
 export.</P><P>(b) Exceptions.</P><CITA TYPE="N">[88 FR 73458, Oct. 25, 2023]</CITA></DIV8>"""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<p>One <b>two</b>.</p><p>Three.</p>", "One two.\nThree."),
        (b"<html><head><title>T</title></head><body><pre>\nOne\n  two\n</pre>", "One\ntwo"),
        (b"<p>a</p><script>alert(1)</script><style>p{}</style><p>b</p>", "a\nb"),
        (b"One  \n\n  two & <three>\n", "One\n\n  two & <three>"),
        (b"\xef\xbb\xbfWords", "Words"),
        (b"The rule is\n\n[[Page 4545]]\n\neffective.", "The rule is\neffective."),
        (b"<p>It is <span> Start Printed Page 4,545</span> in force.</p>", "It is in force."),
        (b"<p>&lt;tag&gt;</p>", "<tag>"),
        (b"", ""),
    ],
)
def test_a_page_is_its_words_with_paragraphs_kept(data: bytes, words: str) -> None:
    assert page_text(data) == words


def test_a_section_of_the_ecfr_has_heading_paragraphs_and_source_line() -> None:
    lines = ecfr_text(b"<ECFR>" + SECTION + b"</ECFR>").splitlines()
    assert lines == [
        "§ 744.23 End-use controls.",
        "(a) Prohibition. You may not export.",
        "(b) Exceptions.",
        "[88 FR 73458, Oct. 25, 2023]",
    ]


def test_what_is_no_xml_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused):
        ecfr_text(b"<DIV8>")
