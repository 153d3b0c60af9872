"""`manage.py import_disbursements FILE --unit LC --half 2023-H1`: takes a unit's list in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from intakes.management.lists import ListCommand, unit_coded
from intakes.reading.words.schemas import DISBURSEMENTS
from portal.lib.periods import HalfYear
from portal.permissions import Permission
from scholarships.services.plan import Plan, build_plan
from scholarships.services.refusals import demand
from scholarships.services.rows import lock_entry
from scholarships.services.taking import take_in


class Command(ListCommand):
    """Takes the good rows in and reports the others; see `intakes.management.lists` for what the commands share."""

    help = "Takes a unit's list of scholarships, awards and support in. Good rows are taken, bad ones reported."
    schema = DISBURSEMENTS

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the unit, the half-year and the state in which the list shall stand."""
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, help="code of the unit, for example LC")
        parser.add_argument("--half", required=True, help="half-year, for example 2023-H1")
        parser.add_argument("--state", choices=["paid", "submitted", "draft"], default="paid")

    def run(self, options: dict[str, Any]) -> None:
        """Read, decide, take in, print."""
        if options["username"] and options["state"] == "paid":
            raise CommandError(_("Nobody approves their own list: with --as, give --state submitted or draft."))
        try:
            half = HalfYear.parse(options["half"])
        except ValueError as error:
            raise CommandError(
                _("“%(half)s” is no half-year. Write it as 2023-H1 or 2023-H2.") % {"half": options["half"]}
            ) from error
        unit, actor = unit_coded(options["unit"]), self.actor(options)
        demand(actor, Permission.ENTER_BATCH, unit)
        content, mapping = self.content(options), self.mapping(options)
        with transaction.atomic():
            if not options["dry_run"]:
                lock_entry(unit)  # what is compared now must still hold when it is written
            plan = build_plan(unit=unit, half=half, content=content, file_name=options["file"].name, mapping=mapping)
            self.demand_mapped(mapping, plan.columns)
            if plan.is_blocked:
                raise CommandError("\n".join([*plan.refusals, *(ambiguity.message for ambiguity in plan.ambiguities)]))
            if not options["dry_run"]:
                take_in(plan, state=options["state"], actor=actor)
        errors = plan.errors
        self.write_refused(options, content, mapping, errors)
        self.report(plan)
        self.conclude(
            {
                "rows": len(plan.rows), "accepted": len(plan.accepted), "known": len(plan.known),
                "rejected": len(plan.rejected), "turns": plan.turns, "amount": plan.amount,
                "total_row": plan.total_row, "errors": [error.as_json() for error in errors],
            }
        )  # fmt: skip

    def report(self, plan: Plan) -> None:
        """Say in lines for people how the file was read."""
        self.stdout.write(plan.summary)
        for column in plan.columns:
            if column.field:
                self.stdout.write(f"  {column.letter} “{column.header}” = {column.field} ({column.reason})")
        for message in [note.message for note in plan.notes] + [warning.message for warning in plan.warnings]:
            self.stdout.write(f"  {message}")
