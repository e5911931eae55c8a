"""Dates say by which act they came; what only regulations.gov gives is no printed date."""

import django.db.models.deletion
from django.db import migrations, models

# The note of dates that imports of regulations.gov set; their basis says the same from now on.
NOTE = "As regulations.gov gives the last day of comments; the printed words were not read."
# The act by which a document of each role moves a date that another had set.
ROLES = {"extends": "extended", "corrects": "corrected"}
# What the starting record says of dates whose act their documents alone do not tell.
RECORD = {
    ("affiliates-stay-ends", "2025-19846"): "set",
    ("affiliates-stay-effective", "2025-19846"): "set",
    ("affiliates-stay-filed", "2025-19846"): "set",
    ("affiliates-stay-published", "2025-19846"): "set",
    ("ai-diffusion-briefing", "2025-00637"): "set",
    ("due-diligence-2025-comment", "2025-02655"): "corrected",
    ("due-diligence-2025-correction-effective", "2025-02655"): "set",
    ("due-diligence-2025-correction-published", "2025-02655"): "set",
    ("ic-designer-extension-2026-application", "2026-06851"): "extended",
}


def name_acts(apps, _editor):
    """Derive the act of each date from what the record holds; leave it empty elsewhere."""
    rows = apps.get_model("policy", "DeadlineDate").objects
    rows.filter(note=NOTE, basis="printed").update(basis="reported", act="set", note="")
    roles = roles_by_document(apps)
    first = {}
    found = rows.filter(act="").select_related("deadline__rule__document", "source")
    for row in sorted(found, key=start_of):
        first.setdefault(row.deadline_id, row.valid_from)
        row.act = act_of(row, roles, is_first=first[row.deadline_id] == row.valid_from)
        if row.act:
            row.save(update_fields=["act"])


def roles_by_document(apps):
    documents = apps.get_model("policy", "RuleDocument").objects.filter(role__in=ROLES)
    columns = documents.values_list("rule_id", "document_source_id", "role")
    return {(rule, source): role for rule, source, role in columns}


def start_of(row):
    return row.valid_from.isoformat() if row.valid_from else "", row.pk


def act_of(row, roles, *, is_first):
    named = RECORD.get((row.deadline.slug, row.source.slug))
    if named or row.withdrawn:
        return named or "withdrawn"
    rule = row.deadline.rule
    if is_first:
        is_own = rule.document is not None and rule.document.source_id == row.source_id
        return "set" if is_own else ""
    return ROLES.get(roles.get((rule.pk, row.source_id)), "")


class Migration(migrations.Migration):
    dependencies = [("policy", "0007_subscriptions")]

    operations = [
        migrations.AddField(
            "deadline",
            "provision",
            models.ForeignKey(
                "policy.Provision",
                django.db.models.deletion.PROTECT,
                blank=True,
                null=True,
                related_name="deadlines",
            ),
        ),
        migrations.AddField(
            "deadlinedate",
            "act",
            models.CharField(
                blank=True,
                choices=[
                    ("set", "Set"),
                    ("extended", "Extended"),
                    ("reopened", "Reopened"),
                    ("corrected", "Corrected"),
                    ("delayed", "Delayed"),
                    ("withdrawn", "Withdrawn"),
                    ("recomputed", "Recomputed"),
                ],
                help_text="By which it came; empty: not known.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "deadline",
            "kind",
            models.CharField(
                choices=[
                    ("public-inspection", "Public inspection"),
                    ("filed", "Filed"),
                    ("published", "Published"),
                    ("effective", "Effective"),
                    ("comment", "Comments due"),
                    ("compliance", "Compliance"),
                    ("stay-ends", "Last day of a stay"),
                    ("application", "Application deadline"),
                    ("registration", "Registration"),
                    ("hearing", "Hearing or briefing"),
                    ("information-collection", "Comments on an information collection"),
                    ("expiry", "Expiry"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            "deadlinedate",
            "basis",
            models.CharField(
                choices=[
                    ("printed", "Printed"),
                    ("computed", "Computed"),
                    ("reported", "As regulations.gov gives it"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(name_acts, migrations.RunPython.noop),
    ]
