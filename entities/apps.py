"""The entities app: the Entity List, which stands on the policy app."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from policy.registry import register_learned, register_record_loader


class EntitiesConfig(AppConfig):
    name = "entities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from policy.queries.search import register_search  # noqa: PLC0415

        folder = Path(self.path) / "record"
        register_record_loader("entities", folder, "entities.actions.load_record.entity_sections")
        register_learned("entities", "entities.actions.redate.redate_listings")
        register_search("entities.queries.hits.entity_hits")
        post_migrate.connect(install_guards, sender=self)


def install_guards(using: str, **_kwargs: Any) -> None:
    """After this app's migrations too: its tables do not exist when policy's have run."""
    from policy.vendor import install_overlap_guards  # noqa: PLC0415  # models load after apps

    install_overlap_guards(using)
