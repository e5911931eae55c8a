"""Entries and seals. What stands already is chained by a migration of ``entities``, the app
that knows the facts of both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy", "0014_desk")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("revision", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="seal", serialize=False, to="policy.revision")),
                ("entries", models.PositiveIntegerField(help_text="How many entries the revision wrote.")),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="HistoryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.CharField(max_length=700)),
                ("position", models.PositiveIntegerField(help_text="In the chain, from 1.")),
                ("act", models.CharField(choices=[("inserted", "Recorded"), ("closed", "Closed")], max_length=8)),
                ("because", models.TextField(blank=True, help_text="The reason of a closing.")),
                ("digest", models.BinaryField(max_length=32)),
                ("parts", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                ("revision", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="history_entries", to="policy.revision")),
            ],
            options={
                "verbose_name_plural": "history entries",
                "indexes": [models.Index(fields=["revision", "id"], name="history_revision")],
                "constraints": [models.UniqueConstraint(fields=("chain", "position"), name="one_entry_per_position")],
            },
        ),
    ]
