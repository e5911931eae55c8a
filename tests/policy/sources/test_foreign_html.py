"""Markup of strangers becomes text: golden pairs, and nothing that could run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.sources.foreign_html import plain_text

GOLDEN = [
    ("Plain words", "Plain words"),
    ("one<br/>two<br>three", "one\ntwo\nthree"),
    ("<p>First.</p>\n\n<p>Second.</p>", "First.\nSecond."),
    ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
    ("R&amp;D &lt; 5&nbsp;% &#39;now&#39;", "R&D < 5 % 'now'"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ("before<script>alert(1)</script>after", "beforeafter"),
    ("a<style>p{}</style>b<!-- c -->d", "abd"),
    ("<title>x</title>kept", "kept"),
    ("<iframe src=x>y</iframe>kept", "kept"),
    ('<a href="javascript:x" onclick="y">link</a>', "link"),
    ("<img src=x onerror=alert(1)>", ""),
    ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ("cut <b>off", "cut off"),
    ("tab\there\r\nnext", "tab here\nnext"),
    ("zero\u200bwidth \u202eturned", "zerowidth turned"),
    ("智谱 <i>AI</i>", "智谱 AI"),
]


@pytest.mark.parametrize(("markup", "text"), GOLDEN)
def test_markup_becomes_the_words_that_a_reader_would_have_seen(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@given(st.text())
def test_no_invisible_character_and_no_loose_space_is_left(markup: str) -> None:
    text = plain_text(markup)
    assert text == text.strip()
    assert "\r" not in text
    assert "\t" not in text
    assert "  " not in text
    assert "\x00" not in text


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_words_without_markup_stay_as_they_are(words: str) -> None:
    assert plain_text(words) == words
    assert plain_text(f"<div><p>{words}</p></div>") == words
