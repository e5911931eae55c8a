"""Lifting the guards of the history, for tests of a past or of a fault that they forbid."""

from django.db import connection

from policy import vendor


def lift_guards() -> None:
    """Until the test's transaction is rolled back."""
    # PostgreSQL alters no table that has checks outstanding.
    connection.check_constraints()
    vendor.lift_guards()
