"""Chinese names by sound and by sense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.chinese import (
    is_chinese,
    numeral,
    readings,
    to_pinyin,
    translate,
    without_legal_form,
)

unhurried = settings(deadline=None)
DIGITS = "零一二三四五六七八九"

characters = st.text(
    "智谱譜华章北京重长乐科技大学研究所第十三八百公司院厂", min_size=1, max_size=12
)
mixed = st.text("智谱重长科技 aBc-.3第十院有限公司", max_size=20)


def written(number: int) -> str:
    """A number from 1 to 999 as Chinese writes it."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


def squeezed(texts: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("智谱", True), ("智譜", True), ("Zhipu 智谱", True), ("株式会社", True), ("𠀀", True),
     ("Zhipu", False), ("Ромашка", False), ("カメラ", False), ("한국", False), ("38。", False),
     ("", False)],
)  # fmt: skip
def test_one_chinese_character_makes_a_text_chinese(text: str, is_one: bool) -> None:
    assert is_chinese(text) is is_one


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [("智谱华章", "zhi pu hua zhang"), ("智譜華章", "zhi pu hua zhang"), ("重庆", "chong qing"),
     ("重量", "zhong liang"), ("银行", "yin hang"), ("行动", "xing dong"), ("绿", "lu"),
     ("吕梁", "lu liang"), ("", "")],
)  # fmt: skip
def test_pinyin_is_read_by_phrase_and_written_without_tones(text: str, pinyin: str) -> None:
    assert to_pinyin(text) == pinyin


@unhurried
@given(characters)
def test_pinyin_has_one_plain_syllable_for_each_character(text: str) -> None:
    syllables = to_pinyin(text).split()
    assert len(syllables) == len(text)
    assert all(one.isascii() and one.isalpha() and one == one.lower() for one in syllables)


@pytest.mark.parametrize(
    ("text", "reading"),
    [("重机", "zhong ji"), ("重机", "chong ji"), ("乐", "yue"), ("智谱科技", "zhi pu ke ji"),
     ("智谱科技", "zhi pu technology"), ("智谱科技有限公司", "zhi pu technology co ltd"),
     ("曙光 Sugon", "shu guang Sugon")],
)  # fmt: skip
def test_among_the_readings_is_the_one_that_a_list_may_print(text: str, reading: str) -> None:
    assert reading in squeezed(readings(text))


@unhurried
@given(mixed)
def test_no_reading_comes_twice_or_keeps_a_chinese_character(text: str) -> None:
    found = readings(text)
    assert len(set(found)) == len(found) >= 1
    assert not any(is_chinese(reading) for reading in found)


@unhurried
@given(st.integers(1, 999))
def test_every_number_below_a_thousand_is_read(number: int) -> None:
    assert numeral(written(number)) == number


@unhurried
@given(st.integers(1, 9999))
def test_digits_may_be_written_one_by_one(number: int) -> None:
    digits = "".join(DIGITS[int(digit)] for digit in str(number))
    assert numeral(digits) == numeral(digits.replace("零", "〇")) == number


@pytest.mark.parametrize(
    ("text", "sense"),
    [("第三十八研究所", "38 research institute"), ("三十八研究所", "38 research institute"),
     ("七〇二研究所", "702 research institute"), ("第五院", "5 institute"),
     ("中国科学院", "chinese academy of sciences"), ("中國科學院", "chinese academy of sciences"),
     ("研究院", "academy"), ("国防科技大学", "defense technology university"),
     ("航空航天大学", "aeronautics and astronautics university"), ("半导体", "semiconductor"),
     ("積體電路", "integrated circuit"), ("智谱", "智谱"), ("四川", "四川"),
     ("十堰", "十堰"), ("一汽", "一汽"), ("Zhipu", "Zhipu")],
)  # fmt: skip
def test_general_words_and_numbers_of_institutes_are_translated(text: str, sense: str) -> None:
    assert " ".join(translate(text).split()) == sense


@pytest.mark.parametrize(
    "form",
    ["有限公司", "股份有限公司", "有限责任公司", "有限責任公司", "集团有限公司", "總公司", "分公司",
     "公司", "株式会社"],
)  # fmt: skip
def test_a_legal_form_is_no_part_of_a_name(form: str) -> None:
    assert without_legal_form(f"智谱华章{form}") == "智谱华章"
    assert without_legal_form(f"{form}智谱华章") == "智谱华章"
    assert without_legal_form(form) == ""
