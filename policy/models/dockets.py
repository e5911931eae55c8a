"""What regulations.gov says of a docket: its documents, their comment periods, the comments."""

from datetime import date

from django.db import models

from policy.domain.regulations import period_of
from policy.models.facts import Fact


class DocketDocument(Fact):
    """A document as it stands in one docket; it may stand in others, each with its own row.

    ``comment_start`` and ``comment_end`` are the UTC instants that regulations.gov writes for
    Eastern days. In force from the Eastern day of posting, or of the change that it records.
    """

    key_fields = ("docket", "number")

    docket = models.ForeignKey("policy.Docket", models.PROTECT, related_name="documents")
    number = models.CharField(max_length=60, help_text="As regulations.gov has it.")
    title = models.TextField(blank=True)
    type = models.CharField(max_length=60, blank=True)
    fr_number = models.CharField(max_length=20, blank=True, help_text="Of the Federal Register.")
    comment_start = models.DateTimeField(null=True, blank=True)
    comment_end = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(null=True, blank=True, help_text="Empty: not known.")
    modified = models.DateTimeField(null=True, blank=True, help_text="Of the answer, UTC.")

    def __str__(self) -> str:
        return f"{self.number} in {self.docket}"

    @property
    def first_day(self) -> date | None:
        return period_of(self.comment_start, None).start

    @property
    def last_comment_day(self) -> date | None:
        """The Eastern day until whose end comments are taken."""
        return period_of(None, self.comment_end).end


class CommentCount(Fact):
    """How many comments regulations.gov counted in a docket at an instant."""

    key_fields = ("docket",)

    docket = models.ForeignKey("policy.Docket", models.PROTECT, related_name="comment_counts")
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField(help_text="The UTC instant of the answer.")

    def __str__(self) -> str:
        return f"{self.count} comments in {self.docket}"
