"""What the database refuses about accounts: what was done stays, and so does who did it."""

from policy.models.guards import Guard

EVENT, USER = "policy_accountevent", "policy_user"

PEOPLE_GUARDS = (
    Guard(
        "account_event_keep",
        EVENT,
        ("UPDATE", "DELETE"),
        "TRUE",
        "What was done to an account is only ever added.",
    ),
    Guard(
        "account_keep",
        USER,
        ("DELETE",),
        "TRUE",
        "An account is deactivated, never deleted: history names its holder.",
    ),
)
