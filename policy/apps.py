"""The policy app: rules, dates, places, voices, alerts, and what all facts share."""

from datetime import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

from policy.domain.freshness import Rhythm
from policy.fetching.channel import Channel
from policy.registry import register_channel, register_desk_kinds, register_record_loader


class PolicyConfig(AppConfig):
    name = "policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        folder = Path(self.path) / "record"
        register_record_loader("policy", folder, "policy.actions.record_policy.policy_sections")
        register_desk_kinds("policy", "policy.actions.desk.policy_kinds.policy_kinds")
        register_channels()
        pre_migrate.connect(lift_guards, sender=self)
        post_migrate.connect(install_guards, sender=self)
        follow_second_factors()
        follow_identities()
        if apps.is_installed("anymail"):
            follow_provider()


def follow_provider() -> None:
    """Take notice of what a mail provider reports; see config/urls.py for its webhook."""
    from anymail.signals import tracking  # noqa: PLC0415  # only where one is installed

    from policy.provider import note_tracking  # noqa: PLC0415  # models load after apps

    tracking.connect(note_tracking, dispatch_uid="policy.provider")


def follow_second_factors() -> None:
    """Keep what people do to their own second factor."""
    from policy.second_factors import follow  # noqa: PLC0415  # models load after apps

    follow()


def follow_identities() -> None:
    """Keep what rules, documents, sources and the like say of themselves."""
    from policy.actions import identities  # noqa: PLC0415  # models load after apps

    identities.follow_identities()


def register_channels() -> None:
    """The sources whose imports live in this app."""
    register_channel(
        Channel(
            slug="federal-register",
            title="Federal Register",
            # An issue is there by 8:45; some documents come in the hour after.
            rhythm=Rhythm("each issue day, 10:00 Eastern", time(10), business_days=True),
            run="policy.actions.channels.fetch_federal_register",
            site="https://www.federalregister.gov",
            import_command="manage.py import_federal_register FILE_OR_FOLDER",
        )
    )
    register_channel(
        Channel(
            slug="regulations",
            title="regulations.gov",
            rhythm=Rhythm("daily, 7:00 Eastern", time(7), business_days=False),
            run="policy.actions.channels.fetch_regulations",
            site="https://api.regulations.gov",
            import_command="manage.py import_regulations FILE_OR_FOLDER",
            needs="REGULATIONS_API_KEY",
        )
    )


def install_guards(using: str, **_kwargs: Any) -> None:
    """After any migration, since SQLite drops a table's triggers when it rebuilds it."""
    from policy import vendor  # noqa: PLC0415  # models load after apps

    vendor.install_overlap_guards(using)
    vendor.install_guards(using)


def lift_guards(using: str, **_kwargs: Any) -> None:
    """A migration may rebuild a table that another one's guard looks into."""
    from policy import vendor  # noqa: PLC0415  # models load after apps

    vendor.lift_guards(using)
