"""Text churn is not amendment: properties of the digest on random resettings of an entry."""

from hypothesis import given
from hypothesis import strategies as st

from entities.sources.parsed import ParsedListing, substance
from entities.sources.supplement4 import parse_listing
from tests.entities.sources.samples import POLICY, REQUIREMENT

ENTITY = (
    "Blue Heron Electronics, a.k.a., the following two aliases:\n—Heron, Inc.; and\n"
    "—“Reiher” Co., Ltd.\n\n5 Pier Road, Dubai, U.A.E.; and P.O. Box 77, Sharjah, U.A.E."
)
CITATION = "84 FR 22963, 5/21/19. 90 FR 4619, 1/16/25."

# How a text is set anew: what stood there, and what may stand there instead.
RESETTINGS = [
    (" ", "\n"),
    (" ", "  "),
    (" ", "\u00a0"),
    ("\n", " "),
    ("\n\n", "\n"),
    ("—", "- "),
    ("“", '"'),
    ("”", '"'),
    (";", ","),
    (".", ""),
    ("U.A.E", "UAE"),
    ("Heron", "HERON"),
    ("e", "ｅ"),
    ("o", "o\u200b"),
]
resettings = st.lists(st.sampled_from(RESETTINGS), max_size=6)


def reset(text: str, changes: list[tuple[str, str]]) -> str:
    for old, new in changes:
        text = text.replace(old, new)
    return text


def entry(**changed: str) -> ParsedListing:
    cells = {
        "destination": "UNITED ARAB EMIRATES",
        "entity": ENTITY,
        "requirement": REQUIREMENT,
        "review_policy": POLICY,
        "citation": CITATION,
    }
    return parse_listing(**(cells | changed))


@given(resettings)
def test_setting_the_entity_cell_anew_changes_no_substance(changes: list[tuple[str, str]]) -> None:
    assert entry(entity=reset(ENTITY, changes)).digest == entry().digest


@given(resettings)
def test_setting_the_licence_cells_anew_changes_no_substance(
    changes: list[tuple[str, str]],
) -> None:
    # Without its full stop "744.11" is another number.
    changes = [change for change in changes if change != (".", "")]
    anew = entry(requirement=reset(REQUIREMENT, changes), review_policy=reset(POLICY, changes))
    assert substance(anew) == substance(entry())


@given(st.sampled_from(["\n", " ", "; ", ".\n\n"]), st.sampled_from(["5/21/19", "05/21/2019"]))
def test_setting_the_citations_anew_changes_no_substance(separator: str, day: str) -> None:
    anew = f"84 FR 22963, {day}{separator}90 FR 4619 1/16/25"
    assert entry(citation=anew).digest == entry().digest


@given(st.integers(0, len(ENTITY) - 1))
def test_a_letter_or_figure_lost_from_the_entity_cell_is_seen(position: int) -> None:
    shorter = ENTITY[:position] + ENTITY[position + 1 :]
    same = entry(entity=shorter).digest == entry().digest
    assert same != ENTITY[position].isalnum()


def test_the_digest_is_sha_256_in_hexadecimal() -> None:
    assert len(entry().digest) == 64
    assert set(entry().digest) <= set("0123456789abcdef")


def test_the_order_of_the_citations_counts_since_the_first_one_listed() -> None:
    other_way_round = entry(citation="90 FR 4619, 1/16/25. 84 FR 22963, 5/21/19.")
    assert other_way_round.digest != entry().digest


def test_rows_and_markup_do_not_enter_the_digest() -> None:
    assert "row" not in repr(substance(entry()))
