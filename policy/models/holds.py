"""Legal holds, and what became of proposals: rows that are only ever added."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> Self:
        """Those that nobody has lifted."""
        return self.filter(lifted__isnull=True)


class LegalHold(models.Model):
    """A note that somebody may have to show how a subject was kept: nothing of it may be purged.

    The record deletes no fact anyway, and there is no command that purges. Erasing the address
    of a subscriber is no matter of the record: a hold neither hinders nor delays it. Instants
    are UTC.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=160)
    because = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="hold_subject")
        ]

    def __str__(self) -> str:
        return f"hold {self.pk} on {self.subject_kind} {self.subject_id}"


class LiftedHold(models.Model):
    """That a hold no longer stands, and why."""

    hold = models.OneToOneField(LegalHold, models.PROTECT, related_name="lifted")
    because = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hold}, lifted"


class ProposalRejection(models.Model):
    """That a person judged a proposal to be wrong or of no use, and why."""

    proposal = models.OneToOneField("policy.Proposal", models.PROTECT, related_name="rejection")
    because = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.proposal}: rejected"
