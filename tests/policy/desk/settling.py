"""A conflict settled by two people, for tests that are about what comes after."""

from datetime import datetime

from policy.actions.desk.conflicts import close_conflict
from policy.actions.desk.review import approve_change
from policy.domain.roles import Role
from policy.models import Change
from tests.people import account


def settle(slug: str, governs: str, at: datetime) -> Change:
    """Close an open conflict at a UTC instant."""
    editor = account(name=f"Editor of {slug}", email=f"{slug}@example.org")
    second = account(Role.APPROVER, name=f"Second of {slug}", email=f"{slug}-2@example.org")
    change = close_conflict(slug, governs=governs, by=editor, at=at)
    return approve_change(change, version=change.version, by=second, at=at)
