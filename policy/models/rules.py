"""Rules, the documents that make and change them, and their status on both axes."""

from typing import ClassVar

from django.db import models

from policy.domain.partial_dates import PartialDate, Precision
from policy.models.facts import Fact


class Document(models.Model):
    """A Federal Register document, known by its number, or a stub known by a citation alone.

    A stub stands for the document that a list or source line cites, until the record learns
    whose pages hold the cited one: then ``merged_into`` is that document. ``cited`` is the
    stub's key, "90-FR-48193-2025-10-09": volume, page, and the day of publication printed.
    """

    # Null where it is unknown, since it is unique: the number of a stub, the key of others.
    number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    source = models.OneToOneField("policy.Source", models.PROTECT, related_name="document")
    cited = models.CharField(max_length=40, unique=True, null=True, blank=True)
    cited_volume = models.PositiveSmallIntegerField(null=True, blank=True)
    cited_page = models.PositiveIntegerField(null=True, blank=True)
    cited_published = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="stubs"
    )
    merged = models.ForeignKey(
        "policy.Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["number", "cited"]

    def __str__(self) -> str:
        return self.number or self.citation

    @property
    def is_stub(self) -> bool:
        return self.number is None

    @property
    def public_id(self) -> str:
        """What addresses name it by: the number, or the key of a stub."""
        return self.number or self.cited or ""

    @property
    def citation(self) -> str:
        """The page by which a stub is cited."""
        return f"{self.cited_volume} FR {self.cited_page}" if self.cited_volume else ""

    def resolved(self, revision: int | None = None) -> "Document":
        """The document that this one was found to be by ``revision``; None is the newest."""
        if self.merged_into is None or (revision is not None and (self.merged_id or 0) > revision):
            return self
        return self.merged_into


class DocumentFact(Fact):
    """What a Federal Register document says of itself. Null and empty mean: not known."""

    key_fields = ("document",)

    document = models.ForeignKey(Document, models.PROTECT, related_name="facts")
    title = models.TextField()
    action = models.CharField(max_length=200, blank=True, help_text="The ACTION line, as printed.")
    published = models.DateField(null=True, blank=True)
    published_precision = models.CharField(max_length=5, default="day")
    effective = models.DateField(null=True, blank=True, help_text="The first effective day.")
    volume = models.PositiveSmallIntegerField(null=True, blank=True)
    start_page = models.PositiveIntegerField(null=True, blank=True)
    end_page = models.PositiveIntegerField(null=True, blank=True)
    amending_pages = models.JSONField(
        default=list, help_text="Pages known to be its own where the last page is not known."
    )
    type = models.CharField(max_length=60, blank=True, help_text="Rule, Proposed Rule, Notice.")
    dates_text = models.TextField(blank=True, help_text="The DATES paragraph, as printed.")
    comments_close = models.DateField(
        null=True, blank=True, help_text="As the Federal Register's data give it."
    )
    cfr_parts = models.JSONField(
        null=True, blank=True, help_text="Parts amended; null is not known, empty is none."
    )
    corrects = models.CharField(
        max_length=20, blank=True, help_text="Number of the document that this one corrects."
    )
    rins = models.JSONField(default=list)
    agency_dockets = models.JSONField(default=list)
    abstract = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title

    @property
    def citation(self) -> str:
        return f"{self.volume} FR {self.start_page}" if self.volume and self.start_page else ""

    def holds_page(self, page: int) -> bool:
        """Whether the document's pages, so far as they are known, hold ``page``."""
        if self.start_page and self.end_page:
            return self.start_page <= page <= self.end_page
        return page == self.start_page or page in self.amending_pages

    @property
    def published_on(self) -> PartialDate | None:
        if self.published is None:
            return None
        return PartialDate(self.published, Precision(self.published_precision))


class Docket(models.Model):
    """A regulations.gov docket: what comment deadlines belong to."""

    number = models.CharField(max_length=40, unique=True)
    title = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.number


class Rule(models.Model):
    """A rule as a work: its text, dates and status change, its identity does not."""

    class Kind(models.TextChoices):
        RULE = "rule", "Rule"
        ENTITY_LIST = "entity-list-rule", "Entity List rule"
        NOTICE = "notice", "Notice or request"
        PLAN = "plan", "Planned or drafted"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.TextField()
    short_title = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    summary = models.TextField(blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="rules"
    )
    docket = models.ForeignKey(Docket, models.PROTECT, null=True, blank=True, related_name="rules")
    rin = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.short_title


class RuleDocument(Fact):
    """A document that acts on a rule: publishes, corrects, stays, extends, announces."""

    key_fields = ("rule", "document_source", "role")

    class Role(models.TextChoices):
        PUBLISHES = "publishes", "Publishes the rule"
        CORRECTS = "corrects", "Corrects"
        AMENDS = "amends", "Amends"
        STAYS = "stays", "Stays"
        EXTENDS = "extends", "Extends a period"
        ANNOUNCES = "announces", "Announces"
        EXPLAINS = "explains", "Explains"
        REVIEWS = "reviews", "Reviews"

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="documents")
    document_source = models.ForeignKey("policy.Source", models.PROTECT, related_name="acts_on")
    role = models.CharField(max_length=12, choices=Role.choices)
    summary = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.document_source} {self.role} {self.rule}"


class Provision(models.Model):
    """What a status is about: a rule's provision and, where one holds several, the duty."""

    slug = models.SlugField(max_length=120, unique=True)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="provisions")
    label = models.CharField(max_length=200)
    cite = models.CharField(max_length=120, blank=True, help_text="§ 742.6(a)(6)(iii)(A)")
    scope = models.CharField(max_length=200, blank=True, help_text="The duty within the paragraph.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["rule", "position", "slug"]

    def __str__(self) -> str:
        return self.label


class LegalForce(Fact):
    """Whether a provision is law on a day. Its source is the instrument that made it so."""

    key_fields = ("provision",)

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        IN_FORCE = "in-force", "In force"
        STAYED = "stayed", "Stayed"
        REMOVED = "removed", "Removed"

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="legal_force")
    state = models.CharField(max_length=10, choices=State.choices)
    scheduled = models.BooleanField(
        default=False, help_text="An earlier instrument set this; nothing has confirmed it since."
    )

    def __str__(self) -> str:
        return self.get_state_display()


class Enforcement(Fact):
    """Whether the agency says that it enforces a provision on a day."""

    key_fields = ("provision",)

    class Posture(models.TextChoices):
        ENFORCED = "enforced", "Enforced"
        NOT_ENFORCED = "not-enforced", "Not enforced"

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="enforcement")
    posture = models.CharField(max_length=14, choices=Posture.choices)
    scheduled = models.BooleanField(
        default=False, help_text="An earlier instrument set this; nothing has confirmed it since."
    )

    def __str__(self) -> str:
        return self.get_posture_display()


class Threshold(Fact):
    """A number that a rule turns on."""

    key_fields = ("slug",)

    slug = models.SlugField(max_length=80)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="thresholds")
    label = models.CharField(max_length=200)
    value = models.TextField(help_text="As the source gives it.")
    where = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.label
