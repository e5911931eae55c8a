"""Keeps what rules, documents, sources and the like say as the first state of each."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

REASON = "What identities say is kept from here on; this is what they said."


def keep(apps: Any, _editor: Any) -> None:
    """One revision with a state for each identity that stands; nothing for an empty record."""
    from policy.actions.identities_past import keep_what_stands

    keep_what_stands(apps, reason=REASON, at=datetime.now(UTC))


class Migration(migrations.Migration):
    dependencies = [("entities", "0005_history"), ("policy", "0021_identity_states")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
