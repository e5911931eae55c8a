"""Which files ``collectstatic`` leaves out."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class EarmarkStaticFilesConfig(StaticFilesConfig):
    ignore_patterns = ["CVS", ".*", "*~", "*.md"]  # noqa: RUF012  # as Django declares it
