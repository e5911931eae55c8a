"""What the desk says that an identity is called, and what it belongs to."""

from django.db import models

from policy.models.facts import Fact


class Particulars(Fact):
    """The particulars of a rule, docket, organisation or the like, as the desk put them.

    ``values`` are texts as they are typed, by field. The identity's own columns say the same as
    the newest row; the rows before it are its history, the first of them what the columns said
    before the desk touched them.
    """

    key_fields = ("kind", "public_id")

    kind = models.CharField(max_length=40, help_text="Of the desk: new-rule.")
    public_id = models.CharField(max_length=160)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "particulars"

    def __str__(self) -> str:
        said = (str(value) for value in self.values.values())
        return f"{self.public_id}: {', '.join(s for s in said if s and s != self.public_id)}"[:200]
