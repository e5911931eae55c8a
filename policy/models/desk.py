"""Changes on their way into the record: what is written, by whom, and who looked at it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from policy.domain.workflow import UNDER_WAY, WRITABLE, Standing, State, Step

IS_UNDER_WAY = Q(state__in=sorted(state.value for state in UNDER_WAY))
STATES = [(state.value, state.value.capitalize()) for state in State]


class ChangeQuerySet(models.QuerySet["Change"]):
    def waiting(self) -> Self:
        """Those that wait for a second pair of eyes, an emergency's review among them."""
        unreviewed = Q(state=State.APPLIED, is_emergency=True, reviewed_at__isnull=True)
        return self.filter(Q(state=State.SUBMITTED) | unreviewed)

    def to_publish(self, at: datetime) -> Self:
        """Those approved whose instant of publication has come by the UTC instant ``at``."""
        return self.filter(state=State.APPROVED).exclude(publish_at__gt=at)

    def settling(self, conflict: str) -> Self:
        """The one on its way that settles a conflict, by its slug; there are never two."""
        return self.filter(IS_UNDER_WAY, settles=conflict)


class Change(models.Model):
    """One change of the record: what it writes stands in its items.

    ``version`` counts what was written to it, so that two writers see each other; ``based_on``
    is the revision of the record that its writers saw. Once submitted its items, its reason and
    its source stay as they are, and its author always: triggers in ``policy.vendor`` see to it.
    """

    title = models.CharField(max_length=200)
    why = models.TextField(blank=True, help_text="The reason, which history shows.")
    source = models.ForeignKey("policy.Source", models.PROTECT, null=True, related_name="+")
    quote = models.TextField(blank=True, help_text="The words of the source, as printed.")
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="changes")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    based_on = models.PositiveIntegerField(help_text="Number of the revision that was seen.")
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.CharField(max_length=160, blank=True)
    touches = models.TextField(
        blank=True, default="", help_text="All its subjects as it was submitted, for the guards."
    )
    proposals = models.ManyToManyField("policy.Proposal", related_name="changes")
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    settles = models.CharField(
        max_length=80, blank=True, default="", help_text="Slug of the conflict that it closes."
    )
    publish_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty: once approved.")
    is_emergency = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "publish_at"], name="change_queue"),
            models.Index(fields=["subject_kind", "subject_id"], name="change_subject"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["settles"],
                condition=IS_UNDER_WAY & ~Q(settles=""),
                name="one_change_settles_a_conflict",
            )
        ]

    def __str__(self) -> str:
        return f"change {self.pk}: {self.title}"

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def standing(self) -> Standing:
        """What the workflow has to know; one query for who has written."""
        written = self.contributions.filter(step__in=Contribution.OF_WRITERS)
        return Standing(
            state=State(self.state),
            author=self.author_id,
            writers=frozenset(written.values_list("by_id", flat=True)) | {self.author_id},
            is_emergency=self.is_emergency,
            is_reviewed=self.reviewed_at is not None,
        )


class ChangeItem(models.Model):
    """One thing that a change writes: a fact for a span of days, the end of one, an identity.

    ``values`` are texts as they were typed, by field; ``policy.actions.desk.kinds`` reads them.
    """

    class Act(models.TextChoices):
        SET = "set", "In force for these days"
        END = "end", "No longer in force"
        RETRACT = "retract", "Was never true"
        RESTORE = "restore", "As before"
        CREATE = "create", "New"
        AMEND = "amend", "As it should read"

    change = models.ForeignKey(Change, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    act = models.CharField(max_length=10, choices=Act.choices, default=Act.SET)
    values = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["change", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "position"], name="one_item_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.kind}"


class Contribution(models.Model):
    """What somebody did with a change, and when: words written, or a step. Only ever added.

    ``by`` is empty for what the clock does, which publishes or returns at the scheduled hour.
    """

    WRITE = "write"
    CLOCK = "Earmark, at the scheduled hour"
    # Whoever published it at once stands for its words as those do who wrote them.
    OF_WRITERS = (WRITE, Step.PUBLISH_AT_ONCE.value)

    change = models.ForeignKey(Change, models.PROTECT, related_name="contributions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="contributions"
    )
    at = models.DateTimeField()
    step = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    written: Any = models.JSONField(
        null=True, blank=True, help_text="The words, as they were then."
    )

    class Meta:
        ordering: ClassVar = ["change", "pk"]

    def __str__(self) -> str:
        return f"{self.step} by {self.by_id or self.CLOCK}"

    @property
    def who(self) -> str:
        """How a page names whoever did it."""
        return self.by.name if self.by else self.CLOCK
