"""What the database itself refuses of legal holds and of judged proposals."""

from policy.models.guards import Guard, changed

PROPOSAL, REJECTION = "policy_proposal", "policy_proposalrejection"
ADDED_ONLY = ("UPDATE", "DELETE")


def contains(text: str, part: str) -> str:
    """Whether a text contains another, in SQL of both databases."""
    return f"REPLACE({text}, {part}, '') <> {text}"


# The numbers of the holds that a tick names: '{"holds": [1, 2]}' as '{"holds":  1, 2,}'.
NAMED = "REPLACE(REPLACE(CAST(k.written AS text), '[', ' '), ']', ',')"
IS_NAMED = contains(NAMED, "' ' || CAST(h.id AS text) || ','")
IS_TICKED = (
    "EXISTS (SELECT 1 FROM policy_contribution k WHERE k.change_id = c.id "
    "AND k.step = 'read hold' AND k.version = c.version "
    f"AND {IS_NAMED})"
)
TOUCHES = contains("c.touches", "'|' || h.subject_kind || ' ' || h.subject_id || '|'")
IS_LIFTED = "EXISTS (SELECT 1 FROM policy_liftedhold l WHERE l.hold_id = h.id)"

HOLD_GUARDS = (
    Guard(
        "change_names_what_it_touches",
        "policy_change",
        ("UPDATE",),
        "NEW.state = 'submitted' AND OLD.state <> 'submitted' AND NEW.touches = ''",
        "A change that is submitted says what it touches.",
    ),
    Guard(
        "revision_of_what_is_held",
        "policy_revision",
        ("INSERT",),
        "NEW.kind = 'desk' AND EXISTS (SELECT 1 FROM policy_change c, policy_legalhold h "
        f"WHERE c.id = NEW.change_id AND {TOUCHES} AND NOT {IS_LIFTED} AND NOT {IS_TICKED})",
        "Nothing under a legal hold is published before somebody has said that they read it.",
    ),
    Guard("hold_is_kept", "policy_legalhold", ADDED_ONLY, "TRUE", "A legal hold is kept."),
    Guard(
        "lifted_hold_is_kept",
        "policy_liftedhold",
        ADDED_ONLY,
        "TRUE",
        "That a legal hold was lifted is kept.",
    ),
    Guard(
        "rejection_is_kept",
        REJECTION,
        ADDED_ONLY,
        "TRUE",
        "Why a proposal was rejected is kept.",
    ),
    Guard(
        "proposal_judgement_stays",
        PROPOSAL,
        ("UPDATE",),
        f"OLD.state <> 'open' AND {changed('state', 'closed_id')}",
        "A proposal is judged once.",
    ),
    Guard(
        "proposal_rejected_with_reason",
        PROPOSAL,
        ("UPDATE",),
        f"OLD.state <> 'rejected' AND NEW.state = 'rejected' AND NOT EXISTS "
        f"(SELECT 1 FROM {REJECTION} r WHERE r.proposal_id = NEW.id)",
        "A proposal is rejected by somebody, with a reason.",
    ),
)
