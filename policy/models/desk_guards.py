"""What the database itself refuses of changes, whichever door it is tried through.

Views, commands and SQL by hand all end here: nobody approves their own words, nothing that was
submitted is altered, and the desk records nothing that was not approved.
"""

from collections.abc import Iterable

from policy.domain.roles import Power, Role, has_power
from policy.domain.workflow import TABLE, WRITABLE, Step
from policy.models.desk import Contribution
from policy.models.guards import Guard, changed
from policy.models.source_guards import GUARDS as SOURCE_GUARDS

CHANGE, ITEM, CONTRIBUTION = "policy_change", "policy_changeitem", "policy_contribution"
REVISION = "policy_revision"
WORDS = (
    "title",
    "why",
    "source_id",
    "quote",
    "version",
    "based_on",
    "publish_at",
    "undoes_id",
    "settles",
    "touches",
    "is_emergency",
    "subject_kind",
    "subject_id",
    "submitted_at",
)


def quoted(words: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in sorted(words)) + ")"


IS_WRITABLE = quoted(WRITABLE)
MAY_APPROVE = quoted(role.value for role in Role if has_power(role, Power.APPROVE))
# What the clock does by itself, in nobody's name.
OF_THE_CLOCK = quoted({Step.APPLY, Step.RETURN})
OF_WRITERS = quoted(Contribution.OF_WRITERS)


def wrote(person: str) -> str:
    """Whether a column names somebody who wrote the change."""
    return (
        f"(NEW.{person} IS NOT NULL AND (NEW.{person} = NEW.author_id OR EXISTS (SELECT 1 FROM "
        f"{CONTRIBUTION} k WHERE k.change_id = NEW.id "
        f"AND k.step IN {OF_WRITERS} AND k.by_id = NEW.{person})))"
    )


def not_a_step() -> str:
    """Whether a state changes in a way that the table of the workflow does not have."""
    steps = {(start, rule.end) for rule in TABLE.values() for start in rule.start}
    allowed = " OR ".join(
        f"(OLD.state = '{start}' AND NEW.state = '{end}')"
        for start, end in sorted(steps)
        if start != end
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


def is_fixed(row: str) -> str:
    """Whether the change of an item has been submitted."""
    return (
        f"EXISTS (SELECT 1 FROM {CHANGE} c WHERE c.id = {row}.change_id "
        f"AND c.state NOT IN {IS_WRITABLE})"
    )


# Whoever approved it may still do so: the hour of publication may come long after.
APPROVER_STANDS = (
    f"EXISTS (SELECT 1 FROM policy_user u WHERE u.id = c.approved_by_id "
    f"AND u.is_active AND u.role IN {MAY_APPROVE})"
)
APPROVED = (
    f"EXISTS (SELECT 1 FROM {CHANGE} c WHERE c.id = NEW.change_id AND "
    f"((c.state = 'approved' AND {APPROVER_STANDS}) "
    f"OR (c.is_emergency AND c.state IN {IS_WRITABLE})))"
)
APPROVING = "(OLD.state = 'submitted' AND NEW.state = 'approved')"

GUARDS = (
    Guard(
        "change_begins_as_draft",
        CHANGE,
        ("INSERT",),
        "NEW.state <> 'draft' OR NEW.approved_by_id IS NOT NULL OR NEW.reviewed_by_id IS NOT NULL",
        "A change begins as a draft that nobody has approved.",
    ),
    Guard(
        "change_author_stays",
        CHANGE,
        ("UPDATE",),
        changed("author_id", "created_at"),
        "The author of a change stays its author.",
    ),
    Guard(
        "change_steps",
        CHANGE,
        ("UPDATE",),
        not_a_step(),
        "A change goes from state to state as the workflow has it.",
    ),
    Guard(
        "change_second_pair_of_eyes",
        CHANGE,
        ("UPDATE",),
        f"{wrote('approved_by_id')} OR {wrote('reviewed_by_id')}",
        "Nobody approves or reviews a change that they wrote.",
    ),
    Guard(
        "change_is_approved",
        CHANGE,
        ("UPDATE",),
        "NEW.approved_by_id IS NULL AND (NEW.state = 'approved' "
        "OR (NEW.state = 'applied' AND NOT NEW.is_emergency))",
        "A change is approved by somebody before it is applied.",
    ),
    Guard(
        "change_approval_stays",
        CHANGE,
        ("UPDATE",),
        f"{changed('approved_by_id', 'approved_at')} AND NOT {APPROVING} "
        "AND NOT (NEW.state = 'returned' AND NEW.approved_by_id IS NULL)",
        "An approval is given when a submitted change is approved, and stays.",
    ),
    Guard(
        "change_review_stays",
        CHANGE,
        ("UPDATE",),
        f"{changed('reviewed_by_id', 'reviewed_at')} "
        "AND NOT (OLD.state = 'applied' AND OLD.is_emergency AND OLD.reviewed_by_id IS NULL)",
        "Only an emergency publication is reviewed, and once.",
    ),
    Guard(
        "change_words_stay",
        CHANGE,
        ("UPDATE",),
        f"OLD.state NOT IN {IS_WRITABLE} AND NEW.state NOT IN {IS_WRITABLE} AND {changed(*WORDS)}",
        "A change that was submitted stays as it is; take it back or return it first.",
    ),
    Guard("change_is_kept", CHANGE, ("DELETE",), "TRUE", "A change is never deleted."),
    Guard(
        "change_item_stays",
        ITEM,
        ("UPDATE", "DELETE"),
        is_fixed("OLD"),
        "What a submitted change writes stays as it is.",
    ),
    Guard(
        "change_item_added",
        ITEM,
        ("INSERT", "UPDATE"),
        is_fixed("NEW"),
        "Nothing is added to a submitted change.",
    ),
    Guard(
        "contribution_words",
        CONTRIBUTION,
        ("INSERT",),
        f"NEW.step = 'write' AND {is_fixed('NEW')}",
        "Nobody writes in a submitted change.",
    ),
    Guard(
        "contribution_has_a_person",
        CONTRIBUTION,
        ("INSERT",),
        f"NEW.by_id IS NULL AND NEW.step NOT IN {OF_THE_CLOCK}",
        "Whatever the clock does not do by itself, somebody did.",
    ),
    Guard(
        "contribution_is_kept",
        CONTRIBUTION,
        ("UPDATE", "DELETE"),
        "TRUE",
        "What somebody did with a change is only ever added.",
    ),
    Guard(
        "revision_of_desk",
        REVISION,
        ("INSERT",),
        f"NEW.kind = 'desk' AND NOT {APPROVED}",
        "The legal desk records nothing that a second person has not approved.",
    ),
    *SOURCE_GUARDS,
)
