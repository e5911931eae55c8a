"""What sources say, word for word, and who registered or stored what."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SourceText(models.Model):
    """The text of a source as somebody stored it; only ever added.

    A newer text stands beside the older one: what a change was checked against stays readable.
    ``text`` has line feeds as line ends; ``sha256`` is that of its UTF-8.
    """

    class How(models.TextChoices):
        PASTED = "pasted", "Pasted"
        FETCHED = "fetched", "From the bytes that were fetched"
        IMPORTED = "imported", "From what the record holds"

    source = models.ForeignKey("policy.Source", models.PROTECT, related_name="stored_texts")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    how = models.CharField(max_length=8, choices=How.choices)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["source", "pk"]

    def __str__(self) -> str:
        return f"text of {self.source}, stored {self.added_at:%Y-%m-%d}"


class SourceRegistration(models.Model):
    """Who registered a source by hand, and when; only ever added."""

    source = models.OneToOneField("policy.Source", models.PROTECT, related_name="registration")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source} registered by {self.by_id}"
