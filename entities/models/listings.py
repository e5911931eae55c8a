"""Parties on the Entity List. A name identifies nobody: only a person says two are one."""

from datetime import date
from typing import ClassVar

from django.db import models

from policy.models.facts import Fact


class Entity(models.Model):
    """A party: one listing's, or one named inside another's listing."""

    slug = models.SlugField(max_length=140, unique=True)
    created = models.ForeignKey("policy.Revision", models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "entities"

    def __str__(self) -> str:
        return self.slug


class Listing(Fact):
    """That an entity stands on the Entity List, and what the listing requires.

    ``valid_from`` is the rule's effective day where the record knows it. Otherwise it is
    the publication date in the first citation, and ``reconstructed`` is set. The wording is
    that of the last cited revision; ``worded_since`` is its effective day where the record
    knows it, else that of publication.
    """

    key_fields = ("entity",)

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="listings")
    # The index together with sort_name serves the country alone too.
    country = models.ForeignKey("policy.Country", models.PROTECT, db_index=False, related_name="+")
    destination = models.CharField(max_length=120, help_text="As Supplement No. 4 prints it.")
    name = models.CharField(max_length=500, help_text="The primary name, as printed.")
    sort_name = models.CharField(max_length=500)
    requirement = models.TextField(blank=True)
    footnotes = models.JSONField(default=list, help_text="Marks of the footnotes that apply.")
    review_policy = models.TextField(blank=True)
    review_policy_normal = models.CharField(
        max_length=200, blank=True, help_text="The policy in normal form, cut, for counting."
    )
    cross_references = models.JSONField(default=list)
    raw = models.JSONField(default=dict, help_text="The four cells as published.")
    digest = models.CharField(max_length=64, help_text="Of the row's substance in normal form.")
    reconstructed = models.BooleanField(default=False)
    worded_since = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["country", "sort_name"], name="listing_country"),
            models.Index(fields=["sort_name", "id"], name="listing_sort"),
        ]

    def __str__(self) -> str:
        return self.name

    def says_the_same_as(self, other: "Listing") -> bool:
        """Text churn is not amendment: listings compare in normal form, not as printed."""
        return self.digest == other.digest and self.reconstructed == other.reconstructed

    def wording_is_later_than(self, day: date) -> bool:
        """Whether the text held is from a revision after ``day`` (an Eastern day)."""
        return self.worded_since is not None and self.worded_since > day

    @property
    def lacks_earlier_wordings(self) -> bool:
        """Whether the listing is older than the revision whose text is held."""
        if self.valid_from is None:
            return self.worded_since is not None
        return self.wording_is_later_than(self.valid_from)


class PartyName(Fact):
    """A name of an entity: primary, alias, former, acronym, or added by the record."""

    key_fields = ("entity", "normal")

    class Kind(models.TextChoices):
        PRIMARY = "name", "Name"
        ALIAS = "alias", "Alias"
        FORMER = "former", "Former name"
        ACRONYM = "acronym", "Acronym"
        NATIVE = "native", "Name in its own script"

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="names")
    text = models.CharField(max_length=500)
    normal = models.CharField(max_length=500, help_text="Normal form, for comparison.")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=12, blank=True, help_text="BCP 47: zh-Hans, zh-Hant.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        # The search index asks which revision touched a name last.
        indexes: ClassVar = [
            models.Index(fields=["recorded"], name="name_recorded"),
            models.Index(
                fields=["superseded"],
                name="name_superseded",
                condition=models.Q(superseded__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def says_the_same_as(self, other: "PartyName") -> bool:
        """The spelling in print may churn, and the normal form is the key: the kind decides.

        A name that the record adds is the record's own statement, to the last word.
        """
        if self.Kind.NATIVE in (self.kind, other.kind):
            return super().says_the_same_as(other)
        return self.kind == other.kind and self.language == other.language


class Address(Fact):
    """An address of an entity, as printed."""

    key_fields = ("entity", "digest")

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="addresses")
    text = models.TextField()
    digest = models.CharField(max_length=64, help_text="Of the normal form.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.text

    def says_the_same_as(self, other: "Address") -> bool:
        return self.digest == other.digest


class ListedUnder(Fact):
    """That a party is named inside another party's listing and shares its requirement."""

    key_fields = ("entity",)

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="listed_under")
    parent = models.ForeignKey(Entity, models.PROTECT, related_name="parties")
    name = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    def says_the_same_as(self, other: "ListedUnder") -> bool:
        return self.parent_id == other.parent_id


class ListingCitation(Fact):
    """A Federal Register citation of a listing: the first listed it, later ones revised it.

    The date in a citation is that of publication. ``document`` is set where the record
    knows a document whose pages hold the cited one.
    """

    key_fields = ("entity", "volume", "page", "position")

    class Act(models.TextChoices):
        LISTED = "listed", "Listed"
        REVISED = "revised", "Revised"

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=8, choices=Act.choices)
    volume = models.PositiveSmallIntegerField()
    page = models.PositiveIntegerField()
    printed = models.CharField(max_length=120)
    published = models.DateField(null=True, blank=True)
    problems = models.JSONField(default=list)
    document = models.ForeignKey(
        "policy.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["volume", "page"], name="citation_volume_page")]

    def __str__(self) -> str:
        return f"{self.volume} FR {self.page}"

    def says_the_same_as(self, other: "ListingCitation") -> bool:
        return (self.published, self.act) == (other.published, other.act)


class ListingChange(Fact):
    """What one version of the list changed in an entry since the version before.

    ``fields`` are [field, before, after] as printed. ``document`` is the one whose pages hold
    the citation that is new in the entry; of a removal, the one known document of that time
    that removes entries. Empty: the record does not know which document did it.
    """

    key_fields = ("entity", "day", "act")

    class Act(models.TextChoices):
        ADDED = "added", "Added"
        REVISED = "revised", "Revised"
        REMOVED = "removed", "Removed"

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="changes")
    day = models.DateField(help_text="The first Eastern day of the entry as it then reads.")
    act = models.CharField(max_length=8, choices=Act.choices)
    fields = models.JSONField(default=list)
    printed = models.CharField(max_length=120, blank=True, help_text="90 FR 48195, 10/9/25")
    document = models.ForeignKey(
        "policy.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.entity} {self.act}"


class ListTerm(Fact):
    """A text that entries of the list refer to: a footnote, or the rule on exceptions."""

    key_fields = ("mark",)

    LICENSE_EXCEPTIONS = "license-exceptions"

    mark = models.CharField(max_length=30, help_text="A footnote's mark, or a name.")
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.mark}: {self.text}"


class OrganizationLink(Fact):
    """That an organisation which makes statements is a listed entity: a sourced fact."""

    key_fields = ("organization", "entity")

    organization = models.ForeignKey("policy.Organization", models.PROTECT, related_name="+")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="organization_links")

    def __str__(self) -> str:
        return f"{self.organization} is {self.entity}"
