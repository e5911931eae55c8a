"""What an import found that a person must judge: never a fact before somebody says so."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self, revision: int | None = None) -> Self:
        """Those that nobody had judged after ``revision``; None is the newest."""
        if revision is None:
            return self.filter(closed__isnull=True)
        return self.filter(Q(closed__isnull=True) | Q(closed__gt=revision), revision__lte=revision)


class Proposal(models.Model):
    """A change that needs judgement, with the evidence that it rests on.

    ``key`` names what is proposed, so that the same evidence imported again proposes
    nothing, and what a person rejected stays rejected.
    """

    class Kind(models.TextChoices):
        DATE = "date", "Date read from prose"
        UNREAD = "unread", "Text that could not be read"
        STATUS = "status", "Status of a provision"
        REMOVAL = "removal", "Suspected removal"
        DIFFERENCE = "difference", "Difference between sources"
        IDENTITY = "identity", "Who is this?"
        ACT = "act", "Document that acts on another"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=160)
    title = models.TextField()
    evidence = models.JSONField(default=dict, help_text="Quoted words, and the values read.")
    source = models.ForeignKey("policy.Source", models.PROTECT, null=True, related_name="+")
    revision = models.ForeignKey("policy.Revision", models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed = models.ForeignKey(
        "policy.Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-revision", "kind", "key"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="proposal_subject")
        ]

    def __str__(self) -> str:
        return self.title
