"""The other lists that parties are screened against, as the Consolidated Screening List has them.

Its Entity List rows are kept too: they are compared with Supplement No. 4, never merged into it.
"""

from typing import ClassVar

from django.db import models

from policy.models.facts import Fact


class ScreeningEntry(Fact):
    """That a party stands on one of the lists, in the words of the publisher.

    ``ref`` is the publisher's own number; where a list has none it is made of the name, so
    that two parties of one name have two. ``valid_from`` is the start date that the list
    gives, or the day of the first list that held the entry where an earlier one did not; else
    it is not known. A field that is missing from ``fields`` is unknown; an empty one is none.
    """

    # The reference first: the database finds a key by its first column.
    key_fields = ("ref", "code")

    code = models.CharField(max_length=20, help_text="Of the list: EL, SDN, DPL, …")
    ref = models.CharField(max_length=60)
    list_name = models.CharField(max_length=200)
    name = models.CharField(max_length=500, help_text="As published.")
    searched = models.TextField(help_text="All names, in small letters, for looking them up.")
    countries = models.CharField(
        max_length=200, null=True, help_text="ISO codes of its addresses: |CN|HK|; null: unknown."
    )
    fields = models.JSONField(default=dict, help_text="Every field of the row, as published.")
    digest = models.CharField(max_length=64, help_text="Of the known fields in normal form.")

    class Meta:
        verbose_name_plural = "screening entries"
        indexes: ClassVar = [
            models.Index(fields=["ref"], name="screening_ref"),
            models.Index(fields=["code", "name"], name="screening_list_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def says_the_same_as(self, other: "ScreeningEntry") -> bool:
        """Text churn is not a change: entries compare in normal form."""
        return self.digest == other.digest

    @property
    def country_codes(self) -> list[str] | None:
        if self.countries is None:
            return None
        return [code for code in self.countries.split("|") if code]

    @property
    def published(self) -> list[tuple[str, list[str]]]:
        """The fields with something in them, each as the texts that it holds."""
        return [
            (name.replace("_", " ").capitalize(), value if isinstance(value, list) else [value])
            for name, value in self.fields.items()
            if value
        ]
