"""What planning lays out, and the day of a mail's content."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy", "0010_feeds")]

    operations = [
        migrations.CreateModel(
            name="DueMoment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.CharField(max_length=32)),
                ("topic", models.CharField(max_length=200)),
                ("told", models.CharField(max_length=30)),
                ("days", models.PositiveSmallIntegerField()),
                ("business", models.BooleanField()),
                ("lead", models.CharField(max_length=5)),
                ("zone", models.CharField(max_length=64)),
                ("hour", models.TimeField()),
                ("send_at", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("change", models.PositiveIntegerField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["run", "topic"], name="due_moment")]},
        ),
        migrations.CreateModel(
            name="DueSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.CharField(max_length=32)),
                ("topic", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=12)),
                ("subject_id", models.CharField(blank=True, max_length=300)),
            ],
            options={"indexes": [models.Index(fields=["run", "topic"], name="due_subject")]},
        ),
        migrations.RemoveConstraint("alertcontent", "one_content_each"),
        migrations.AddField(
            "alertcontent",
            "on",
            models.DateField(default=datetime.date(2025, 1, 1)),
            preserve_default=False,
        ),
        migrations.AlterField(
            "alertcontent",
            "revision",
            models.PositiveIntegerField(help_text="The newest at that moment."),
        ),
        migrations.AddConstraint(
            "alertcontent",
            models.UniqueConstraint(
                fields=("topic", "told", "revision", "on"), name="one_content_each"
            ),
        ),
        migrations.AddIndex(
            "alert",
            models.Index(
                condition=models.Q(("digest__isnull", False)),
                fields=["digest"],
                name="alert_digest",
            ),
        ),
        migrations.AlterField("alert", "key", models.CharField(max_length=300)),
        migrations.AlterField(
            "alert", "message_id", models.CharField(blank=True, max_length=120, null=True)
        ),
        migrations.AddConstraint(
            "alert", models.UniqueConstraint(fields=("key",), name="one_alert_a_key")
        ),
        migrations.AddConstraint(
            "alert",
            models.UniqueConstraint(
                condition=models.Q(("message_id__isnull", False)),
                fields=("message_id",),
                name="one_alert_a_message",
            ),
        ),
    ]
