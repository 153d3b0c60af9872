"""`manage.py import_disbursements FILE --unit LC --half 2023-H1`: takes a unit's list in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from intakes.management.lists import ListCommand, unit_coded
from intakes.services.plans import Asked
from portal.lib.periods import HalfYear
from scholarships.models import Batch
from scholarships.services.lists import DisbursementList
from scholarships.services.taking import take_in


class Command(ListCommand):
    """Takes the good rows in and reports the others; see `intakes.management.lists` for what the commands share."""

    help = "Takes a unit's list of scholarships, awards and support in. Good rows are taken, bad ones reported."
    kind = DisbursementList()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the unit, the half-year and the state in which the list shall stand."""
        super().add_arguments(parser)
        parser.add_argument("--unit", required=True, help="code of the unit, for example LC")
        parser.add_argument("--half", required=True, help="half-year, for example 2023-H1")
        parser.add_argument("--state", choices=["paid", "submitted", "draft"], default="paid")

    def ask(self, options: dict[str, Any]) -> Asked:
        """Return who acts, the unit and the half-year; CommandError for what cannot be asked."""
        if options["username"] and options["state"] == "paid":
            raise CommandError(_("No one may approve their own batch: with --as, give --state submitted or draft."))
        try:
            half = HalfYear.parse(options["half"])
        except ValueError as error:
            raise CommandError(
                _("“%(half)s” is no half-year. Write it as 2023-H1 or 2023-H2.") % {"half": options["half"]}
            ) from error
        unit, actor = unit_coded(options["unit"]), self.actor(options)
        return Asked(actor=actor, unit=unit, half=half.code, mode=Batch.Mode.HANDED_OUT)

    def take_in(self, plan: Any, options: dict[str, Any]) -> None:
        """Write the new rows as one list in the state asked for."""
        take_in(plan=plan, state=options["state"], actor=plan.asked.actor)
