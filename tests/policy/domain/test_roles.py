"""Which role has which power: the whole table, written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.roles import Power, Role, has_power, lacks_words, needs_second_factor

WHO = [None, *Role]
# visitor, reader, analyst, editor, approver, administrator
TABLE = {
    Power.READ: "yes yes yes yes yes yes",
    Power.OWN_ACCOUNT: "no yes yes yes yes yes",
    Power.SEE_DESK: "no no yes yes yes yes",
    Power.DRAFT_VOICES: "no no yes yes yes yes",
    Power.DRAFT: "no no no yes yes yes",
    Power.SEE_MAILS: "no no no yes yes yes",
    Power.APPROVE: "no no no no yes yes",
    Power.MANAGE_PEOPLE: "no no no no no yes",
}
CELLS = [
    (role, power, answer == "yes")
    for power, row in TABLE.items()
    for role, answer in zip(WHO, row.split(), strict=True)
]


def test_the_table_names_every_power() -> None:
    assert TABLE.keys() == set(Power)


@pytest.mark.parametrize(("role", "power", "expected"), CELLS)
def test_a_role_has_the_powers_of_the_table(
    role: Role | None, power: Power, expected: bool
) -> None:
    assert has_power(role, power) is expected


@given(st.sampled_from(Role), st.sampled_from(Role), st.sampled_from(Power))
def test_a_higher_role_never_has_less(lower: Role, higher: Role, power: Power) -> None:
    if lower.rank <= higher.rank:
        assert has_power(lower, power) <= has_power(higher, power)


@pytest.mark.parametrize(("role", "power", "expected"), CELLS)
def test_a_second_factor_is_needed_by_editors_and_up_for_all_but_reading(
    role: Role | None, power: Power, expected: bool
) -> None:
    strong = role in {Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR}
    own = power in {Power.READ, Power.OWN_ACCOUNT}
    assert needs_second_factor(role, power) is (strong and not own)


def test_who_lacks_a_power_is_told_who_has_it_and_what_to_do() -> None:
    assert lacks_words(Role.EDITOR, Power.APPROVE) == (
        "Only an approver or an administrator may approve changes, and your account is an editor. "
        "Ask an administrator if that should change."
    )
    assert lacks_words(None, Power.SEE_DESK) == (
        "Only somebody who has signed in may see the legal desk."
    )
    assert lacks_words(None, Power.READ) == ""
