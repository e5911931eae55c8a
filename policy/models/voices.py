"""Who said what: organisations, people, reactions, claims, and the law's own milestones."""

from typing import ClassVar

from django.db import models

from policy.models.facts import Fact


class Organization(models.Model):
    """A body that speaks: one organisation, one name; other spellings stand beside it."""

    class Kind(models.TextChoices):
        COMPANY = "company", "Company"
        ASSOCIATION = "association", "Industry association"
        GOVERNMENT = "government", "Government"
        RESEARCH = "research", "Research or analysis"
        PRESS = "press", "Press"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    other_names = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


class Reaction(Fact):
    """A statement of an organisation on a rule; in force from the day it was made."""

    key_fields = ("slug",)

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "Supports"
        MIXED = "mixed", "Mixed"
        OPPOSES = "opposes", "Opposes"
        NO_STANCE = "no-stance", "States no position"

    slug = models.SlugField(max_length=100)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reactions")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="reactions"
    )
    role = models.CharField(max_length=160, blank=True, help_text="The person's office, as printed")
    rule = models.ForeignKey("policy.Rule", models.PROTECT, null=True, related_name="reactions")
    docket = models.ForeignKey(
        "policy.Docket", models.PROTECT, null=True, blank=True, related_name="reactions"
    )
    about = models.CharField(max_length=200, blank=True, help_text="Where it is not the rule.")
    title = models.TextField()
    stance = models.CharField(max_length=10, choices=Stance.choices)
    stance_printed = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class Claim(Fact):
    """What somebody asserts about the law, with the record's verdict on it."""

    key_fields = ("slug",)

    class Verdict(models.TextChoices):
        TRUE = "true", "True"
        FALSE = "false", "False"
        PARTLY = "partly", "Partly true"
        OPINION = "opinion", "Opinion"
        NOT_VERIFIED = "not-verified", "Not verified"

    slug = models.SlugField(max_length=40)
    claimant = models.CharField(max_length=160)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="claims"
    )
    rule = models.ForeignKey("policy.Rule", models.PROTECT, null=True, related_name="claims")
    text = models.TextField()
    is_quoted = models.BooleanField(default=False, help_text="Whether text is the claim's wording.")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    why = models.TextField()
    primary = models.ForeignKey(
        "policy.Source", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.text


class Milestone(Fact):
    """Something that happened to the law, or in its politics, on a day."""

    key_fields = ("slug",)

    slug = models.SlugField(max_length=100)
    title = models.TextField()
    detail = models.TextField(blank=True)
    rule = models.ForeignKey("policy.Rule", models.PROTECT, null=True, related_name="milestones")
    scheduled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Conflict(Fact):
    """Two official sources that give different values for one fact; both are kept."""

    key_fields = ("slug",)

    slug = models.SlugField(max_length=80)
    rule = models.ForeignKey("policy.Rule", models.PROTECT, null=True, related_name="conflicts")
    document = models.ForeignKey(
        "policy.Document", models.PROTECT, null=True, blank=True, related_name="conflicts"
    )
    about = models.CharField(max_length=160)
    one_says = models.TextField()
    other_says = models.TextField()
    governs = models.TextField(help_text="Which one governs and why, or that neither does.")
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.about


class Event(models.Model):
    """A change that readers, feeds and alerts may want to hear of.

    Any app writes these; the subject is named by kind and public id, never by a foreign key.
    """

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        ENDED = "ended", "Ended"
        MOVED = "moved", "Date moved"

    revision = models.ForeignKey("policy.Revision", models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=160)
    title = models.TextField()
    detail = models.TextField(blank=True)
    day = models.DateField(null=True, blank=True, help_text="The law's day, not the day recorded.")
    source = models.ForeignKey("policy.Source", models.PROTECT, null=True, related_name="+")
    url = models.CharField(max_length=300, blank=True)
    baseline = models.BooleanField(
        default=False, help_text="From a first load: sends no mail and is not new this week."
    )

    class Meta:
        ordering: ClassVar = ["-revision", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="event_subject")
        ]

    def __str__(self) -> str:
        return self.title
