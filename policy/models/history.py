"""The history of the record: what was written, chained so that nothing can be bent.

Both tables are only ever added to; ``policy.vendor`` has the database refuse everything else.
"""

from typing import ClassVar

from django.db import models

from policy.models.facts import Revision


class HistoryEntry(models.Model):
    """That a revision inserted or closed a row of one fact; see ``policy.domain.chain``.

    ``chain`` is the fact: the label of its table and its key. ``digest`` is of the row as it
    was inserted, ``parts`` the beginnings of the digests of its groups of fields, ``hash`` that
    of this entry and of all before it in the chain.
    """

    class Act(models.TextChoices):
        INSERTED = "inserted", "Recorded"
        CLOSED = "closed", "Closed"

    chain = models.CharField(max_length=700)
    position = models.PositiveIntegerField(help_text="In the chain, from 1.")
    act = models.CharField(max_length=8, choices=Act.choices)
    # The index for a revision has its entries in the order in which its seal takes them.
    revision = models.ForeignKey(
        Revision, models.PROTECT, db_index=False, related_name="history_entries"
    )
    because = models.TextField(blank=True, help_text="The reason of a closing.")
    digest = models.BinaryField(max_length=32)
    parts = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "history entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_entry_per_position")
        ]
        indexes: ClassVar = [models.Index(fields=["revision", "id"], name="history_revision")]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}: {self.act}"


class Seal(models.Model):
    """The hash over a revision, its entries, and the seal before it."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="seal")
    entries = models.PositiveIntegerField(help_text="How many entries the revision wrote.")
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"seal of {self.revision_id}: {self.hex}"

    @property
    def hex(self) -> str:
        return bytes(self.hash).hex()
