"""Effective-date notes: read only where every part of them is certain."""

from datetime import date

import pytest

from policy.domain.stays import read_stay, same_provision

AT = "At 90 FR 50857, Nov. 12, 2025, "
UNTIL = " stayed, effective until Nov. 9, 2026."


@pytest.mark.parametrize(
    ("what", "cites"),
    [
        ("in § 744.11, paragraph (a)(1) was", ("§ 744.11(a)(1)",)),
        ("supplement no. 8 to part 744 was", ("supplement no. 8 to part 744",)),
        ("§ 744.9 was", ("§ 744.9",)),
        (
            "in § 744.21, paragraphs (a)(3), (b)(2)(i), and (d) were",
            ("§ 744.21(a)(3)", "§ 744.21(b)(2)(i)", "§ 744.21(d)"),
        ),
        ("in § 744.21, paragraphs (a)(3) and (d) were", ("§ 744.21(a)(3)", "§ 744.21(d)")),
    ],
)
def test_a_note_that_names_whole_provisions_and_a_day_is_read(
    what: str, cites: tuple[str, ...]
) -> None:
    stay = read_stay(AT + what + UNTIL)
    assert stay is not None
    assert (stay.cites, stay.until, stay.back_on) == (
        cites,
        date(2026, 11, 9),
        date(2026, 11, 10),
    )
    assert (str(stay.citation), stay.citation.published) == ("90 FR 50857", date(2025, 11, 12))


@pytest.mark.parametrize(
    "words",
    [
        "",
        AT + "in § 744.16, the introductory text of paragraph (e) was" + UNTIL,
        AT + "in § 744.8, the first sentence of paragraph (b) was" + UNTIL,
        AT + "in § 744.11, paragraph (a)(1) was stayed indefinitely.",
        AT + "in § 744.11, paragraph (a)(1) was stayed, effective until further notice.",
        AT + "in § 744.11, paragraph (a)(1) was stayed, effective until Nov. 31, 2026.",
        "In § 744.11, paragraph (a)(1) was" + UNTIL,
    ],
)
def test_any_other_note_is_left_to_a_person(words: str) -> None:
    assert read_stay(words) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("§ 744.11(a)(1)", "§ 744.11 (a)(1)", True),
        ("Supplement No. 8 to part 744", "supplement no. 8 to part 744", True),
        ("§ 744.11(a)(1)", "§ 744.11(a)(11)", False),
        ("§ 744.11(a)", "§ 744.11(a)(1)", False),
        ("", "", False),
    ],
)
def test_citations_of_one_provision_are_the_same_however_they_are_set(
    one: str, other: str, same: bool
) -> None:
    assert same_provision(one, other) is same
