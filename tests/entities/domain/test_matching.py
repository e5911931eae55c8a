"""Finding a party by name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.matching import IndexedName, Match, NameIndex

unhurried = settings(deadline=None)

ZHIPU, SUGON, HUAWEI, SMIC, MIKRON, ROMASHKA, MOHAMMED, INSTITUTE, HARBIN, SENSETIME = range(10)
NAMES = [
    IndexedName(ZHIPU, "Beijing Zhipu Huazhang Technology Co., Ltd.", "name"),
    IndexedName(ZHIPU, "Zhipu AI", "alias"),
    IndexedName(SUGON, "Dawning Information Industry Co., Ltd.", "name"),
    IndexedName(SUGON, "Sugon", "former"),
    IndexedName(HUAWEI, "Huawei Technologies Co., Ltd.", "name"),
    IndexedName(HUAWEI, "华为技术有限公司", "hans"),
    IndexedName(SMIC, "Semiconductor Manufacturing International Corporation", "name"),
    IndexedName(MIKRON, "Joint Stock Company Mikron", "name"),
    IndexedName(ROMASHKA, "OOO Romashka", "name"),
    IndexedName(MOHAMMED, "Mohammed Trading LLC", "name"),
    IndexedName(INSTITUTE, "38th Research Institute", "name"),
    IndexedName(HARBIN, "Harbin Engineering University", "name"),
    IndexedName(SENSETIME, "Beijing Sense Time Technology Development Co., Ltd.", "name"),
]
INDEX = NameIndex.build(NAMES)

queries = st.one_of(
    st.text(max_size=40),
    st.text("北京智谱譜华章一二十百第研究所有限公司محمد abz.'’3", max_size=25),
    st.sampled_from([name.text for name in NAMES]),
    st.lists(st.sampled_from(["zhipu", "co", "ltd", "beijing", "sugon", "x"])).map(" ".join),
)


def index_of(*texts: str) -> NameIndex:
    """An index in which each name is of another entity, numbered by its place."""
    return NameIndex.build([IndexedName(at, text, "name") for at, text in enumerate(texts)])


def first(query: str) -> Match:
    return INDEX.search(query)[0]


@pytest.mark.parametrize(
    "query",
    ["智谱", "智譜", "智谱华章", "智譜華章", "北京智谱华章科技有限公司", "北京智谱", "zhipu",
     "ZHIPU AI", "ＺＨＩＰＵ", "Zhi Pu", "zhi pu hua zhang", "zhipuhuazhang", "Huazhang Zhipu",
     "Zhipu, Beijing", "Technology Zhipu Beijing Huazhang", "Zhipu Huazhang Inc.",
     "Beijing Zhipu Huazhang Technology", "beijing zhipu huazhang technology company limited",
     "zhpiu", "Zhipo Huazhang", "Beijng Zhipu Huazhang Technolgy"],
)  # fmt: skip
def test_zhipu_is_found_however_it_is_written(query: str) -> None:
    assert first(query).entity_id == ZHIPU


@pytest.mark.parametrize(
    ("query", "entity"),
    [("sugon", SUGON), ("Sugno", SUGON), ("华为", HUAWEI), ("華為", HUAWEI), ("hua wei", HUAWEI),
     ("smic", SMIC), ("S.M.I.C.", SMIC), ("JSC Mikron", MIKRON), ("Mikron Stock Joint", MIKRON),
     ("Mikrno", MIKRON), ("Ромашка", ROMASHKA), ("ООО «Ромашка»", ROMASHKA),
     ("Romashka LLC", ROMASHKA), ("محمد", MOHAMMED), ("Mohamed Trading", MOHAMMED),
     ("No. 38 Research Institute", INSTITUTE), ("Thirty-eight 38 Research Institute", INSTITUTE),
     ("第三十八研究所", INSTITUTE), ("哈尔滨工程大学", HARBIN), ("哈爾濱工程大學", HARBIN),
     ("SenseTime", SENSETIME), ("Sugon" + " " * 10_000 + "?", SUGON)],
)  # fmt: skip
def test_a_name_is_found_by_form_order_typo_script_initials_and_sense(
    query: str, entity: int
) -> None:
    assert first(query).entity_id == entity


@pytest.mark.parametrize(
    "query", ["", "  ", "!?", "x", "zz", "xyzzy quux", "Co., Ltd.", "有限公司", "Ōsaka Kikai", "ab"]
)
def test_a_name_of_nobody_finds_nobody(query: str) -> None:
    assert INDEX.search(query) == NameIndex.build([]).search(query) == []


@unhurried
@given(queries)
def test_entities_come_once_by_their_own_names_with_reasons_and_falling_scores(query: str) -> None:
    matches = INDEX.search(query)
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(72 <= score <= 100 for score in scores)
    assert len({match.entity_id for match in matches}) == len(matches)
    for match in matches:
        assert (match.entity_id, match.name) in {(name.entity_id, name.text) for name in NAMES}
        assert all(match.reasons)


@unhurried
@given(queries, st.integers(0, 6))
def test_a_limit_cuts_the_tail_and_nothing_else(query: str, limit: int) -> None:
    assert INDEX.search(query, limit=limit) == INDEX.search(query)[:limit]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.text)
def test_the_exact_name_is_worth_100_and_comes_first(name: IndexedName) -> None:
    for query in (name.text, name.text.upper(), f"  {name.text.lower()} "):
        match = first(query)
        assert (match.entity_id, match.score) == (name.entity_id, 100)
        assert match.reasons[0] == "exact name"


@unhurried
@given(queries, st.lists(st.booleans(), min_size=len(NAMES), max_size=len(NAMES)))
def test_only_names_that_are_kept_are_found(query: str, keep: list[bool]) -> None:
    kept = {name.text for name, stays in zip(NAMES, keep, strict=True) if stays}
    assert {match.name for match in INDEX.search(query, keep=np.array(keep))} <= kept


def test_an_entity_whose_best_name_is_not_kept_is_found_by_another() -> None:
    keep = np.array([name.text != "Zhipu AI" for name in NAMES])
    assert INDEX.search("Zhipu AI")[0].name == "Zhipu AI"
    assert INDEX.search("zhipu", keep=keep)[0].name == NAMES[0].text


@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [("Sea Glasz", "Sea Glass", "1 letter differs"),
     ("Sea-Glass Ltd.", "Sea Glass Ltd", "same but for signs and case"),
     ("Glass Sea", "Sea Glass", "same words in another order"),
     ("Sea Glass GmbH", "Sea Glass Ltd", "same but for the legal form"),
     ("Seaglass", "Sea Glass", "same letters, spaced otherwise"),
     ("Glass", "Sea Glass Works", "all words occur in the name"),
     ("Seaglass", "Sea Glass Works", "part of the name, spaced otherwise"),
     ("sgws", "Sea Glass Works of Samara", "initials of the name")],
)  # fmt: skip
def test_a_match_says_in_what_sense_the_names_are_alike(query: str, name: str, reason: str) -> None:
    (match,) = index_of(name).search(query)
    assert match.reasons == (reason,)


@pytest.mark.parametrize(
    ("query", "reason"),
    [("智谱", "pinyin of 智谱: zhi pu"), ("zhipu ai", "alias"), ("Sugon", "former name"),
     ("华为", "name in its own script"), ("محمد", "consonants of محمد: mhmd")],
)  # fmt: skip
def test_a_reader_can_check_the_reading_and_the_kind_of_name(query: str, reason: str) -> None:
    assert reason in first(query).reasons


@pytest.mark.parametrize(
    ("better", "worse", "query"),
    [("Vega Inc", "Vega Ltd", "Vega Inc"), ("Vega", "Vega Holdings of Samara", "vega"),
     ("Vega Glass", "Vega Glazz", "vega glass"), ("Zhipu", "Beijing Zhipu", "智谱"),
     ("智谱华章", "智谱华章科技发展集团", "智谱"), ("谱智科技", "普治科技", "谱智"),
     ("Vega LLC", "Vega Ltd", "vega, llc"), ("Sea Glass Works", "Stone Grinding Workshops", "sgw"),
     ("Khaled Trading", "Muhammad Trading", "خالد")],
)  # fmt: skip
def test_the_nearer_of_two_names_comes_first(better: str, worse: str, query: str) -> None:
    for names in ((better, worse), (worse, better)):
        matches = index_of(*names).search(query)
        assert matches[0].name == better


@pytest.mark.parametrize(
    "query", ["智谱", "谱华", "智谱华章", "zhi pu hua zhang", "Zhipu Huazhang"]
)
def test_a_name_in_characters_is_found_by_a_part_of_it_and_by_its_sound(query: str) -> None:
    (match,) = index_of("智谱华章有限公司").search(query)
    assert match.score > 72


@pytest.fixture(scope="module")
def stored() -> bytes:
    return INDEX.to_bytes()


def test_a_stored_index_answers_as_the_built_one(stored: bytes) -> None:
    restored = NameIndex.from_bytes(stored, NAMES)
    for query in ("智谱", "zhpiu", "smic", "محمد", "Ромашка", "beijing technology", "", "华为"):
        assert restored.search(query) == INDEX.search(query)


@unhurried
@given(st.integers(0, 2000))
def test_a_stored_index_that_is_cut_off_or_has_a_wrong_byte_is_refused(at: int) -> None:
    whole = index_of("Zhipu").to_bytes()
    for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
        with pytest.raises(ValueError, match="damaged"):
            NameIndex.from_bytes(damaged, [IndexedName(0, "Zhipu", "name")])


@pytest.mark.parametrize(
    "names", [[], NAMES[:-1], NAMES[::-1], [*NAMES, IndexedName(99, "Vega", "name")]]
)
def test_a_stored_index_of_other_names_is_refused(stored: bytes, names: list[IndexedName]) -> None:
    with pytest.raises(ValueError, match="another set of names"):
        NameIndex.from_bytes(stored, names)


@pytest.mark.parametrize("name", ["!!!", "—", "\U00030000", "㧝", "№"])
def test_a_name_without_readable_letters_is_found_by_itself(name: str) -> None:
    index = NameIndex.build([IndexedName(1, name, "name"), *NAMES])
    (match,) = [match for match in index.search(name) if match.entity_id == 1]
    assert match.score == 100
    assert match.reasons[0] == "exact name"
