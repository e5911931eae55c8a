"""Two prints of one list: each row has its reason, and nobody is merged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.domain.cross_check import CrossCheck, Party, Reason, Row, cross_check

PARTIES = [
    Party(1, "Beijing Zhipu Huazhang Technology Co., Ltd.", "cn", True),
    Party(1, "Zhipu AI", "cn", False),
    Party(2, "Huawei Technologies Co., Ltd.", "cn", True),
    Party(2, "Hangzhou Huawei Enterprises", "cn", True, is_inside=True),
    Party(3, "Allied Trading Co", "ae", True),
    Party(4, "Allied Trading Co", "pk", True),
    Party(5, "Resort Nizhnyaya Oreanda", "ua-crimea", True),
    Party(6, "Huawei do Brasil Telecomunicacões Ltda", "br", True),
]


def row(name: str, *countries: str) -> Row:
    return Row("ref", name, frozenset(countries) if countries else None)


def one(name: str, *countries: str) -> tuple[set[int], Reason]:
    [found] = cross_check([row(name, *countries)], PARTIES).rows
    return set(found.holders), found.reason


@pytest.mark.parametrize(
    ("name", "countries", "holders", "reason"),
    [
        ("BEIJING ZHIPU HUAZHANG TECHNOLOGY CO LTD", ("cn",), {1}, Reason.NAME),
        ("Beijing Zhipu Huazhang Technology Co., Limited", ("cn",), {1}, Reason.SPELLING),
        ("Huawei do Brasil Telecomunicacoes Ltda", ("br",), {6}, Reason.SPELLING),
        ("Zhipu AI", ("cn",), {1}, Reason.ALIAS),
        ("Hangzhou Huawei Enterprises", ("cn",), {2}, Reason.PARTY),
        ("Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Some Institute", ("cn",),
         {2}, Reason.LONGER),
        ("Resort Nizhnyaya Oreanda (f.k.a., Federalnoe Sanatori)", ("ua",), {5}, Reason.LONGER),
        ("Allied Trading Co", ("ae",), {3}, Reason.NAME),
        ("Allied Trading Co", ("ae", "pk"), {3, 4}, Reason.NAME),
        ("Allied Trading Co", (), {3, 4}, Reason.NAME),
        ("Allied Trading Co", ("us",), {3, 4}, Reason.DESTINATION),
        ("Huawei Technologies Co., Ltd.", ("hk",), {2}, Reason.NAME),
        ("Somebody Else Ltd.", ("cn",), set(), Reason.NOBODY),
        ("Co., Ltd.", ("cn",), set(), Reason.NOBODY),
    ],
)  # fmt: skip
def test_each_row_belongs_to_listings_for_a_named_reason(
    name: str, countries: tuple[str, ...], holders: set[int], reason: Reason
) -> None:
    assert one(name, *countries) == (holders, reason)


def test_listings_that_no_row_speaks_of_are_named() -> None:
    found = cross_check([row("Zhipu AI", "cn"), row("Nobody Inc.", "us")], PARTIES)
    assert found.unmatched == {2, 3, 4, 5, 6}
    assert [c.row.name for c in found.unexplained] == ["Nobody Inc."]
    assert found.counts[Reason.ALIAS] == found.counts[Reason.NOBODY] == 1


def test_without_a_list_every_listing_is_unmatched() -> None:
    assert cross_check([], PARTIES) == CrossCheck((), frozenset({1, 2, 3, 4, 5, 6}))


NAMES = st.sampled_from([p.name for p in PARTIES] + ["Nobody Inc.", "Zhipu", "", "(,)"])


@given(st.lists(st.builds(lambda n: row(n, "cn"), NAMES), max_size=12))
def test_every_row_has_exactly_one_reason(rows: list[Row]) -> None:
    found = cross_check(rows, PARTIES)
    assert [c.row for c in found.rows] == rows
    assert sum(found.counts.values()) == len(rows)
    for compared in found.rows:
        assert bool(compared.holders) == (compared.reason is not Reason.NOBODY)
