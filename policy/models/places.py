"""Countries and other destinations, and the groups that rules put them in."""

from typing import ClassVar

from django.db import models

from policy.models.facts import Fact


class Country(models.Model):
    """A destination: an ISO 3166-1 place, Kosovo, or one that only the EAR name."""

    class Kind(models.TextChoices):
        COUNTRY = "country", "Country"
        TERRITORY = "territory", "Territory"
        EAR_DESTINATION = "ear-destination", "Destination named by the EAR"

    key = models.SlugField(max_length=20, primary_key=True, help_text="ISO alpha-2 where it exists")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    iso3 = models.CharField(max_length=3, blank=True)
    iso_numeric = models.CharField(max_length=3, blank=True)
    other_names = models.JSONField(default=list)
    entity_list_names = models.JSONField(default=list, help_text="As Supplement No. 4 prints it.")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="territories"
    )

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name


class CountryGroup(Fact):
    """The group that a country is in, under one scheme, on a day."""

    key_fields = ("country", "scheme")

    class Scheme(models.TextChoices):
        D5 = "d5", "Country Group D:5"
        DIFFUSION = "diffusion", "AI Diffusion rule"

    class Group(models.TextChoices):
        D5 = "d5", "Country Group D:5"
        UNITED_STATES = "united-states", "United States"
        SUPPLEMENT_5_A = "supplement-5-a", "Supplement No. 5 to part 740, paragraph (a)"
        D5_OR_MACAU = "d5-or-macau", "Country Group D:5 or Macau"
        EVERYONE_ELSE = "everyone-else", "Every other destination"

    country = models.ForeignKey(Country, models.PROTECT, related_name="groups")
    scheme = models.CharField(max_length=12, choices=Scheme.choices)
    group = models.CharField(max_length=20, choices=Group.choices)
    derived_from = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.country_id}: {self.get_group_display()}"
