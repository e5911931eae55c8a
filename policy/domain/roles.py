"""Who may do what: the roles of an account, the powers, and which role has which.

A role has every power of the roles before it. Whoever has no account reads, and no more.
"""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for, from the least to the most."""

    READER = "reader"
    ANALYST = "analyst"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    @property
    def words(self) -> str:
        """As a sentence has it: ``an editor``."""
        article = "an" if self.value[0] in "ae" else "a"
        return f"{article} {self.value}"


class Power(StrEnum):
    """What can be done here; the value ends the sentence "… may not"."""

    READ = "read the record"
    OWN_ACCOUNT = "keep an account of their own"
    SEE_DESK = "see the legal desk"
    DRAFT_VOICES = "draft reactions and claims"
    DRAFT = "draft changes to the record"
    SEE_MAILS = "see the mails"
    APPROVE = "approve changes"
    MANAGE_PEOPLE = "manage accounts"


# The least role that has each power; None is everybody, signed in or not.
LEAST: dict[Power, Role | None] = {
    Power.READ: None,
    Power.OWN_ACCOUNT: Role.READER,
    Power.SEE_DESK: Role.ANALYST,
    Power.DRAFT_VOICES: Role.ANALYST,
    Power.DRAFT: Role.EDITOR,
    Power.SEE_MAILS: Role.EDITOR,
    Power.APPROVE: Role.APPROVER,
    Power.MANAGE_PEOPLE: Role.ADMINISTRATOR,
}
# From this role on an account needs a second factor for all but reading and its own account.
SECOND_FACTOR_FROM = Role.EDITOR
WITHOUT_SECOND_FACTOR = frozenset({Power.READ, Power.OWN_ACCOUNT})


def has_power(role: Role | None, power: Power) -> bool:
    """Whether a role has a power; no role is a visitor who has not signed in."""
    least = LEAST[power]
    return least is None or (role is not None and role.rank >= least.rank)


def needs_second_factor(role: Role | None, power: Power) -> bool:
    """Whether this role may use this power with a second factor only."""
    if role is None or power in WITHOUT_SECOND_FACTOR:
        return False
    return role.rank >= SECOND_FACTOR_FROM.rank


def lacks_words(role: Role | None, power: Power) -> str:
    """The sentence for somebody without the power: who may, what they are, what to do."""
    least = LEAST[power]
    if least is None:
        return ""
    if role is None:
        return f"Only somebody who has signed in may {power.value}."
    named = [each.words for each in Role if each.rank >= least.rank]
    return (
        f"Only {' or '.join(named)} may {power.value}, and your account is {role.words}. "
        "Ask an administrator if that should change."
    )
