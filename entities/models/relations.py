"""What one party is to another: its owner, its parent, or the very same party."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from policy.models.facts import Fact


class Ownership(Fact):
    """That a party belongs to another, in whole or in part, as a source says.

    What the law makes of a share is not said here. ``per_cent`` is as the source gives it;
    empty is not known.
    """

    key_fields = ("entity", "owner")

    class Kind(models.TextChoices):
        SUBSIDIARY = "subsidiary", "Subsidiary of"
        OWNED = "owned", "Owned in part by"
        BRANCH = "branch", "Branch of"

    entity = models.ForeignKey("entities.Entity", models.PROTECT, related_name="owners")
    owner = models.ForeignKey("entities.Entity", models.PROTECT, related_name="owned")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    per_cent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="The owner's share, as the source gives it; empty: not known.",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(entity=F("owner")), name="nobody_owns_itself")
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {self.get_kind_display().lower()} {self.owner}"


class SameParty(Fact):
    """That what the record holds as two parties is one: ``entity`` is shown with ``shown_as``.

    Both keep their listings, names and history; only where readers are led to is changed, and
    only on the days and from the revision on that somebody says so.
    """

    key_fields = ("entity",)

    entity = models.ForeignKey("entities.Entity", models.PROTECT, related_name="same_as")
    shown_as = models.ForeignKey("entities.Entity", models.PROTECT, related_name="also_recorded")

    class Meta:
        verbose_name_plural = "same parties"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(entity=F("shown_as")), name="nobody_is_also_itself")
        ]

    def __str__(self) -> str:
        return f"{self.entity} is {self.shown_as}"
