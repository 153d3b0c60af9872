"""`manage.py import_titles FILE`: takes a list of learning titles in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from intakes.management.lists import ListCommand, unit_coded
from intakes.services.plans import Asked
from members.services.title_lists import TitleList


class Command(ListCommand):
    """Takes the good rows in and reports the others; the unit's column names where each title belongs."""

    help = "Takes a list of learning titles in. Good rows are taken, bad ones reported."
    kind = TitleList()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the unit for rows that name none."""
        super().add_arguments(parser)
        parser.add_argument(
            "--unit", default="", help="code of the unit of rows that name none, and above all that are named"
        )

    def ask(self, options: dict[str, Any]) -> Asked:
        """Return who acts, and the unit for rows that name none."""
        actor = self.actor(options)
        return Asked(actor=actor, unit=unit_coded(options["unit"]) if options["unit"] else None)
