"""Which files ``collectstatic`` leaves out."""

from typing import ClassVar

from django.contrib.staticfiles.apps import StaticFilesConfig


class EarmarkStaticFilesConfig(StaticFilesConfig):
    ignore_patterns: ClassVar = ["CVS", ".*", "*~", "*.md"]
