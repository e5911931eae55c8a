"""Chinese names in Latin letters: by sound, as pinyin, and by sense, for general words.

The lists write the proper part of a Chinese name in pinyin and translate the rest:
北京智谱华章科技有限公司 is "Beijing Zhipu Huazhang Technology Co., Ltd.".
"""

import re
from functools import lru_cache

CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
# How many other readings of single characters are tried beside the likeliest.
MOST_READINGS = 6

# Legal forms have no sound that a list would print.
LEGAL = re.compile(
    "(?:股份有限公司|有限责任公司|有限責任公司|集团有限公司|集團有限公司|有限公司|总公司|總公司"
    "|分公司|公司|株式会社|株式會社)"
)
# General words and places as the lists translate them, in simplified and traditional characters.
SENSES = """
    university=大学,大學 college=学院,學院 academy=研究院,科学院,科學院 academy of sciences=中科院
    chinese academy of sciences=中国科学院,中國科學院 institute=院 research institute=研究所
    design institute=设计院,設計院 laboratory=实验室,實驗室 key=重点,重點 center=中心
    factory=工厂,工廠,厂,廠 group=集团,集團 holdings=控股 branch=分部 bureau=局 hospital=医院,醫院
    national=国家,國家 state=国营,國營 defense=国防,國防 science=科学,科學
    technology=科技,技术,技術 science and technology=科学技术,科學技術 industry=工业,工業
    industrial=产业,產業 engineering=工程 electronics=电子,電子 electric=电气,電氣 power=电力,電力
    semiconductor=半导体,半導體 integrated circuit=集成电路,積體電路 microelectronics=微电子,微電子
    chip=芯片,晶片 optoelectronics=光电,光電 photonics=光子 laser=激光,雷射 quantum=量子
    information=信息,資訊 communication=通信,通訊,通讯 network=网络,網路 software=软件,軟體
    computer=计算机,計算機,電腦 computing=计算,計算 supercomputing center=超级计算中心,超算中心
    data=数据,數據 cloud=云 artificial intelligence=人工智能,人工智慧 intelligent=智能 digital=数字
    aerospace=航天 aviation=航空 aeronautics and astronautics=航空航天 satellite=卫星,衛星
    navigation=导航,導航 shipbuilding=船舶 materials=材料 equipment=设备,設備,装备
    instrument=仪器,儀器 precision=精密 machinery=机械,機械 automation=自动化,自動化
    robotics=机器人,機器人 new energy=新能源 energy=能源 nuclear=核 chemical=化工,化学
    biotechnology=生物技术,生物科技 gene=基因 medical=医疗,醫療 trading=贸易,貿易
    import and export=进出口,進出口 international=国际,國際 logistics=物流 investment=投资,投資
    development=发展,發展,开发 manufacturing=制造,製造 systems=系统,系統 security=安全
    china=中国,中國 hong kong=香港 macau=澳门,澳門 taiwan=台湾,臺灣,台灣 tibet=西藏
    harbin=哈尔滨,哈爾濱 inner mongolia=内蒙古,內蒙古 shaanxi=陕西,陝西 urumqi=乌鲁木齐
"""
NUMERALS = "〇一二三四五六七八九"
ORDINAL = re.compile(f"第?([{NUMERALS}十百零]+)(?=研究|学院|學院|所|院|厂|廠|局)")


def is_chinese(text: str) -> bool:
    """Whether any character of the text is Chinese (or a kanji, which reads alike)."""
    return bool(CHINESE.search(text))


def without_legal_form(text: str) -> str:
    return LEGAL.sub("", text).strip()


def to_pinyin(characters: str) -> str:
    """Pinyin without tones, as the lists write it; readings are chosen by phrase."""
    return " ".join(options[0] for options in syllables(characters))


def readings(text: str) -> list[str]:
    """What a text with Chinese characters may read in Latin letters, the likeliest first.

    Plain pinyin; pinyin with general words translated; and pinyin with one character in
    another of its readings, since nothing in a name says which one is meant.
    """
    plain = LEGAL.sub(" co ltd ", text)
    parts = slots(plain)
    found = [" ".join(options[0] for options in parts)]
    translated = translate(plain)
    if translated != plain:
        found.append(" ".join(options[0] for options in slots(translated)))
    others = [
        " ".join(other if at == place else options[0] for at, options in enumerate(parts))
        for place, options_here in enumerate(parts)
        for other in options_here[1:3]
    ]
    return list(dict.fromkeys([*found, *others[:MOST_READINGS]]))


def slots(text: str) -> list[list[str]]:
    """The text piece by piece: each with its readings, which are one for a Latin piece."""
    found: list[list[str]] = []
    end = 0
    for run in CHINESE.finditer(text):
        found += [[text[end : run.start()]], *syllables(run.group())]
        end = run.end()
    return [*found, [text[end:]]]


def syllables(characters: str) -> list[list[str]]:
    """The readings of each character, without tones; of a known phrase the right one only."""
    # Its dictionaries take a third of a second to load, which most processes never need.
    from pypinyin import Style, pinyin  # noqa: PLC0415

    read = pinyin(characters, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return [list(dict.fromkeys(option.replace("v", "u") for option in options)) for options in read]


def translate(text: str) -> str:
    """The text with general words in English and numbers of institutes in digits."""
    text = ORDINAL.sub(lambda found: f" {numeral(found.group(1))} ", text)
    senses = english()
    pattern = general_words()
    return pattern.sub(lambda found: f" {senses[found.group()]} ", text)


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """The English of each general word."""
    pairs = re.findall(r"([a-z ]+)=(\S+)", SENSES)
    return {word: sense.strip() for sense, words in pairs for word in words.split(",")}


@lru_cache(maxsize=1)
def general_words() -> re.Pattern[str]:
    """The longest general word first, so that 研究院 is not read as an 院."""
    return re.compile("|".join(sorted(english(), key=len, reverse=True)))


def numeral(characters: str) -> int:
    """A number below 1,000 in Chinese: 十三 is 13, 三十八 is 38, 七〇二 is 702."""
    if not set(characters) & set("十百"):
        return int("".join(str(max(NUMERALS.find(c), 0)) for c in characters))
    total, digit = 0, 0
    for character in characters.replace("零", ""):
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = NUMERALS.index(character)
    return total + digit
