"""Facts that stand already, of this app and of policy, are chained and their revisions sealed.

Which of two rows a revision wrote first is not known of the past: a revision's closings come
first, then what it inserted, kind by kind, as every action writes.
"""

from django.db import migrations

from policy.models import fact_models
from policy.actions.chain_past import chain_what_stands


def chain(apps, _schema_editor):
    kinds = {}
    for model in fact_models():
        try:
            kinds[model] = apps.get_model(model._meta.label)
        except LookupError:
            continue  # a kind of fact that came later
    chain_what_stands(
        kinds,
        revisions=apps.get_model("policy.Revision"),
        entries=apps.get_model("policy.HistoryEntry"),
        seals=apps.get_model("policy.Seal"),
    )


class Migration(migrations.Migration):
    dependencies = [("entities", "0004_relations"), ("policy", "0015_history")]

    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
