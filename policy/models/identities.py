"""What rules, documents, sources and the like said of themselves, state by state."""

import json
from typing import Any, ClassVar

from django.db import models

from policy.domain.chain import canonical
from policy.domain.identity_chain import State, state_hash
from policy.models.dates import Deadline
from policy.models.facts import Revision
from policy.models.places import Country
from policy.models.rules import Docket, Document, Provision, Rule
from policy.models.sections import Section
from policy.models.sources import Source
from policy.models.voices import Organization, Person

# Parties have no columns that could change: what they are called is in facts.
IDENTITIES: tuple[type[models.Model], ...] = (
    *(Source, Document, Docket, Rule, Provision, Deadline, Section, Country, Organization, Person),
)


class IdentityState(models.Model):
    """What one identity's columns said once a revision had written them; only ever added.

    ``table`` and ``row`` name the identity: the label of its model and its primary key.
    ``hash`` is that of this state and of all before it; see ``policy.domain.identity_chain``.
    """

    table = models.CharField(max_length=60)
    row = models.CharField(max_length=40)
    position = models.PositiveIntegerField(help_text="Among its states, from 1.")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="identity_states")
    values = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "row", "position"], name="one_identity_state_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}, state {self.position}"

    @property
    def state(self) -> State:
        return State(self.table, self.row, self.position, self.revision_id, self.values)


def columns_of(state: State, previous: bytes) -> dict[str, Any]:
    """A state as a row has it, by column, after the one with the hash ``previous``."""
    return {
        "table": state.table,
        "row": state.row,
        "position": state.position,
        "revision_id": state.revision,
        "values": state.values,
        "hash": state_hash(previous, state),
    }


def said_by(identity: models.Model) -> dict[str, Any]:
    """The columns of an identity that are not as they are by default, as JSON has them.

    So a column that a later migration adds, with a default, leaves every state as it was.
    """
    fields = [field for field in identity._meta.concrete_fields if not field.primary_key]
    values = {field.attname: field.to_python(getattr(identity, field.attname)) for field in fields}
    changed = {f.attname: values[f.attname] for f in fields if values[f.attname] != f.get_default()}
    found: dict[str, Any] = json.loads(canonical(changed))
    return found
