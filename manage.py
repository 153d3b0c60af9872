#!/usr/bin/env python
"""Django's command line, with the embedded database and its tables made ready when a command needs them."""

import os
import sys


def main() -> None:
    """Run a management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Django is not installed here: run `make setup`, then `.venv/bin/python manage.py ...`.")
    from portal.management import start

    with start.told_in_a_sentence(sys.argv[1:]):
        start.prepare_for(sys.argv[1:])
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
