"""What the database itself refuses of the texts of sources: a stored word stays."""

from policy.models.guards import Guard

GUARDS = (
    Guard(
        "source_text_stays",
        "policy_sourcetext",
        ("UPDATE", "DELETE"),
        "TRUE",
        "The text of a source stays as it was stored; a newer one is added beside it.",
    ),
    Guard(
        "source_registration_stays",
        "policy_sourceregistration",
        ("UPDATE", "DELETE"),
        "TRUE",
        "Who registered a source stays written.",
    ),
    Guard(
        "fetched_text_stays",
        "policy_fetchedtext",
        ("UPDATE", "DELETE"),
        "TRUE",
        "The bytes that a text was made of stay as they came.",
    ),
)
