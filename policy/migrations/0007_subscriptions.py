"""Lead times become rows, mails share their content, subscribers have a zone and an hour."""

import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat


def leads_to_rows(apps, _editor):
    subscription = apps.get_model("policy", "Subscription")
    lead = apps.get_model("policy", "SubscriptionLead")
    for row in subscription.objects.all():
        lead.objects.bulk_create(lead(subscription=row, days=days) for days in row.leads)


def leads_to_codes(apps, _editor):
    """A number of calendar days becomes its code."""
    alerts = apps.get_model("policy", "Alert").objects
    alerts.exclude(lead="").update(lead=Concat(F("lead"), Value("d")))


class Migration(migrations.Migration):
    dependencies = [("policy", "0006_channels")]

    operations = [
        migrations.AddField(
            "subscriber", "zone", models.CharField(default="America/New_York", max_length=64)
        ),
        migrations.AddField("subscriber", "hour", models.TimeField(default=datetime.time(8, 0))),
        migrations.AddField("subscriber", "paused_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("subscriber", "paused_because", models.TextField(blank=True, default="")),
        migrations.AlterField("subscriber", "paused_because", models.TextField(blank=True)),
        migrations.AddField("subscriber", "erased_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "subscription",
            "subject",
            models.CharField(
                choices=[
                    ("everything", "Everything closing"),
                    ("rule", "A rule"),
                    ("docket", "A docket"),
                    ("country", "A country"),
                    ("entity", "A listed entity"),
                    ("kind", "A kind of deadline"),
                    ("search", "A saved search"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            "subscription", "subject_id", models.CharField(blank=True, max_length=300)
        ),
        migrations.AddField(
            "subscription",
            "delivery",
            models.CharField(
                choices=[
                    ("immediate", "At once"),
                    ("daily", "In a daily digest"),
                    ("weekly", "In a weekly digest"),
                ],
                default="immediate",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "subscription", "weekday", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            "subscription",
            "backup_email",
            models.EmailField(
                blank=True, default="", help_text="Told where nobody acknowledges.", max_length=254
            ),
        ),
        migrations.AlterField(
            "subscription",
            "backup_email",
            models.EmailField(
                blank=True, help_text="Told where nobody acknowledges.", max_length=254
            ),
        ),
        migrations.AddField(
            "subscription",
            "escalate_days",
            models.PositiveSmallIntegerField(
                blank=True, help_text="Calendar days before the date; empty: never.", null=True
            ),
        ),
        migrations.AddIndex(
            "subscription",
            models.Index(fields=["subject", "subject_id"], name="subscription_subject"),
        ),
        migrations.CreateModel(
            "SubscriptionLead",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("business", models.BooleanField(default=False)),
                (
                    "subscription",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chosen",
                        to="policy.subscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "days", "business"), name="one_lead_each"
                    )
                ]
            },
        ),
        migrations.RunPython(leads_to_rows, migrations.RunPython.noop),
        migrations.RemoveField("subscription", "leads"),
        migrations.CreateModel(
            "AlertContent",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=200)),
                ("told", models.CharField(max_length=30)),
                (
                    "revision",
                    models.PositiveIntegerField(help_text="The newest when the mail was planned."),
                ),
                ("data", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "told", "revision"), name="one_content_each"
                    )
                ]
            },
        ),
        migrations.RenameField("alert", "payload", "own"),
        migrations.AlterField(
            "alert",
            "own",
            models.JSONField(default=dict, help_text="What this mail alone says."),
        ),
        migrations.AlterField(
            "alert", "lead", models.CharField(blank=True, max_length=5, null=True)
        ),
        migrations.AlterField(
            "alert",
            "lead",
            models.CharField(
                blank=True, default="", help_text="The code of the lead time.", max_length=5
            ),
        ),
        migrations.AlterField(
            "alert",
            "lead",
            models.CharField(blank=True, help_text="The code of the lead time.", max_length=5),
        ),
        migrations.RunPython(leads_to_codes, migrations.RunPython.noop),
        migrations.AddField(
            "alert",
            "meant_for",
            models.DateTimeField(
                blank=True, help_text="When a lead was to go out.", null=True
            ),
        ),
        migrations.AddField(
            "alert",
            "revision",
            models.PositiveIntegerField(default=0, help_text="The newest when it was planned."),
        ),
        migrations.AddField(
            "alert",
            "content",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alerts",
                to="policy.alertcontent",
            ),
        ),
        migrations.AddField(
            "alert",
            "digest",
            models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The mail that this one is a part of.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="policy.alert",
            ),
        ),
        migrations.AlterField(
            "alert",
            "message_id",
            models.CharField(blank=True, max_length=120, null=True, unique=True),
        ),
        migrations.AlterField(
            "alert",
            "state",
            models.CharField(
                choices=[
                    ("collected", "Waits for a digest"),
                    ("queued", "Queued"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "alert",
            "reason",
            models.CharField(
                choices=[
                    ("lead", "Lead time"),
                    ("moved", "Date moved"),
                    ("changed", "Change to the record"),
                    ("digest", "Digest"),
                    ("escalated", "Not acknowledged"),
                    ("confirm", "Confirmation of the address"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveIndex("alert", "alert_topic"),
        migrations.AddIndex(
            "alert", models.Index(fields=["subscriber", "topic"], name="alert_reader")
        ),
        migrations.AlterField(
            "alert",
            "subscriber",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alerts",
                to="policy.subscriber",
            ),
        ),
    ]
