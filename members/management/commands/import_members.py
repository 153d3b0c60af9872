"""`manage.py import_members FILE`: takes a list of new members in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from intakes.management.lists import ListCommand, unit_coded
from intakes.reading.words.schemas import MEMBERS
from members.services.imports import build_plan, lock_entry, take_in
from portal.permissions import Permission


class Command(ListCommand):
    """Takes the good rows in and reports the others; the unit's column names where each person belongs."""

    help = "Takes a list of members in. Good rows are taken, bad ones reported."
    schema = MEMBERS

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the unit for rows that name none."""
        super().add_arguments(parser)
        parser.add_argument(
            "--unit", default="", help="code of the unit of rows that name none, and above all that are named"
        )

    def run(self, options: dict[str, Any]) -> None:
        """Read, decide, take in, print."""
        actor = self.actor(options)
        unit = unit_coded(options["unit"]) if options["unit"] else None
        if not actor.may(Permission.MANAGE_MEMBERS, unit):
            raise PermissionDenied
        content, mapping = self.content(options), self.mapping(options)
        asked = {
            "content": content,
            "file_name": options["file"].name,
            "actor": actor,
            "unit": unit,
            "mapping": mapping,
        }
        with transaction.atomic():
            plan = build_plan(**asked)
            if not options["dry_run"]:
                lock_entry(plan)
                plan = build_plan(**asked)  # again, now that nobody can enter the same people
            self.demand_mapped(mapping, plan.columns)
            if plan.is_blocked:
                raise CommandError("\n".join([*plan.refusals, *(ambiguity.message for ambiguity in plan.ambiguities)]))
            if not options["dry_run"]:
                take_in(plan, actor=actor)
        self.write_refused(options, content, mapping, plan.errors)
        self.stdout.write(plan.summary)
        self.conclude(
            {
                "rows": len(plan.rows), "accepted": len(plan.accepted), "known": len(plan.known),
                "rejected": len(plan.rejected), "total_row": None, "errors": [error.as_json() for error in plan.errors],
            }
        )  # fmt: skip
