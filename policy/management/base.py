"""What the project's own commands share."""

from django.core.management.base import BaseCommand


class RecordCommand(BaseCommand):
    """A command that reads or writes the record.

    Django's checks would first load every page and the API, which takes as long as a short
    command itself; ``make test`` and the web server run them.
    """

    requires_system_checks = ()
