"""What planning lays out for the database to join with the subscriptions; empty between runs."""

from typing import ClassVar

from django.db import models


class DueSubject(models.Model):
    """A subject whose followers are told of a topic."""

    run = models.CharField(max_length=32)
    topic = models.CharField(max_length=200)
    subject = models.CharField(max_length=12)
    subject_id = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "topic"], name="due_subject")]

    def __str__(self) -> str:
        return f"{self.topic} for {self.subject} {self.subject_id}"


class DueMoment(models.Model):
    """The UTC instant at which those of one clock are told of a topic by one lead time.

    ``change`` is the revision that scheduled the change, where the topic is one.
    """

    run = models.CharField(max_length=32)
    topic = models.CharField(max_length=200)
    told = models.CharField(max_length=30)
    days = models.PositiveSmallIntegerField()
    business = models.BooleanField()
    lead = models.CharField(max_length=5)
    zone = models.CharField(max_length=64)
    hour = models.TimeField()
    send_at = models.DateTimeField()
    not_after = models.DateTimeField()
    change = models.PositiveIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "topic"], name="due_moment")]

    def __str__(self) -> str:
        return f"{self.topic}, {self.lead}: {self.send_at}"
