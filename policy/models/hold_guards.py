"""What the database itself refuses of legal holds and of judged proposals."""

from policy.models.guards import Guard, changed

PROPOSAL, REJECTION = "policy_proposal", "policy_proposalrejection"
ADDED_ONLY = ("UPDATE", "DELETE")

HOLD_GUARDS = (
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
