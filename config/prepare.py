"""What ``make run`` does before the processes start: migrate, load the starting record."""

import os
import sys

import django
from django.core.management import call_command


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_record")
    return 0


if __name__ == "__main__":
    sys.exit(main())
