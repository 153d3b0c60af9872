#!/usr/bin/env python
"""Django's command line, with the embedded database started when a command needs it."""

import os
import sys


def main() -> None:
    """Run a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Django is not installed here: run `make setup`, then `.venv/bin/python manage.py ...`.")
    from portal import database, settings

    try:
        database.ensure_for(sys.argv[1:], settings.DATABASE_URL, settings.PORTAL_DATA)
    except database.EmbeddedDatabaseError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
