"""The policy app: rules, dates, places, voices, alerts, and what all facts share."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from policy.registry import register_record_loader


class PolicyConfig(AppConfig):
    name = "policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        folder = Path(self.path) / "record"
        register_record_loader("policy", folder, "policy.actions.record_policy.policy_sections")
        post_migrate.connect(install_guards, sender=self)


def install_guards(using: str, **_kwargs: Any) -> None:
    """After any migration, since SQLite drops a table's triggers when it rebuilds it."""
    from policy.vendor import install_overlap_guards  # noqa: PLC0415  # models load after apps

    install_overlap_guards(using)
