"""The entities app: the Entity List, which stands on the policy app."""

from datetime import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from policy.domain.freshness import Rhythm
from policy.fetching.channel import Channel
from policy.registry import (
    register_channel,
    register_desk_kinds,
    register_learned,
    register_record_loader,
)

# What comes with a listing, which begins when its document took effect.
MOVED = (
    *("entities.listing", "entities.partyname", "entities.address"),
    *("entities.listingcitation", "entities.listedunder", "entities.listingchange"),
)


class EntitiesConfig(AppConfig):
    name = "entities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from policy.queries.scopes import register_scope  # noqa: PLC0415
        from policy.queries.search import register_search  # noqa: PLC0415
        from policy.queries.subjects import register_subject_kind  # noqa: PLC0415

        folder = Path(self.path) / "record"
        register_record_loader("entities", folder, "entities.actions.load_record.entity_sections")
        register_desk_kinds("entities", "entities.actions.desk_kinds.entity_kinds")
        register_learned("entities", "entities.actions.redate.redate_listings", MOVED)
        register_search("entities.queries.hits.entity_hits")
        register_scope("entities:entity", "entities.queries.scope.entity_scope")
        register_subject_kind("entity", "entities.queries.followed.ENTITY")
        register_channels()
        post_migrate.connect(install_guards, sender=self)


def register_channels() -> None:
    """The sources whose imports live in this app; the Entity List comes with part 744."""
    register_channel(
        Channel(
            slug="ecfr",
            title="eCFR",
            rhythm=Rhythm("each business day, 11:00 Eastern", time(11), business_days=True),
            run="entities.actions.channels.fetch_ecfr",
            site="https://www.ecfr.gov",
            import_command="manage.py import_ecfr FILE_OR_FOLDER --date DAY",
        )
    )
    register_channel(
        Channel(
            slug="csl",
            title="Consolidated Screening List",
            # trade.gov writes it anew each day at 5:00.
            rhythm=Rhythm("daily, 8:00 Eastern", time(8), business_days=False),
            run="entities.actions.channels.fetch_csl",
            site="https://data.trade.gov",
            import_command="manage.py import_csl FILE --date DAY",
        )
    )


def install_guards(using: str, **_kwargs: Any) -> None:
    """After this app's migrations too: its tables do not exist when policy's have run."""
    from policy import vendor  # noqa: PLC0415  # models load after apps

    vendor.install_overlap_guards(using)
    vendor.install_guards(using)
