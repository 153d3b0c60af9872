"""An officer's desk: what can be begun, what is unfinished, what was done last, whose money it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from intakes.models import Intake
from intakes.services.intakes import SENDING
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.permissions import Permission
from reports.figures import DatedTree, due_on
from reports.services.submissions import units_owing
from scholarships.models import Batch, BatchEvent, LedgerEntry

MOST_LAST = 3  # of the lists that the person worked on last


def lay_out(user: User, half: HalfYear, today: dt.date, tree: DatedTree) -> dict[str, Any]:
    """Return what stands on the person's desk: {"sends", "fills", "days_left", "unfinished", "last_work"}."""
    due = due_on(half)
    desk: dict[str, Any] = {"due_on": due, "days_left": (due - today).days}
    desk["sends"] = bool(user.permissions.intersection(SENDING))
    desk["fills"] = _link_to_fill(user, half, tree)
    desk["unfinished"] = Intake.objects.own_unfinished(user) if desk["sends"] else []
    desk["last_work"] = _find_last_work(user)
    return desk


def split_closing(unit: Unit, half: HalfYear, closing: int, tree: DatedTree) -> tuple[int, int]:
    """Return what the unit's figure of funds is made of: its own living units' money, and that of units that ended."""
    ended = [pk for pk in tree.units_under(unit.pk) if pk not in tree.places or not tree.places[pk].in_force]
    entries = LedgerEntry.objects.filter(fund__unit_id__in=ended, half__lte=half.code)
    not_handed_over = entries.aggregate(total=Sum("amount", default=0))["total"]
    return closing - not_handed_over, not_handed_over


def _link_to_fill(user: User, half: HalfYear, tree: DatedTree) -> str:
    """Return the address where the person fills in a half-year: of one unit, else the board; "" for none."""
    if Permission.FILE_SUBMISSION not in user.permissions:
        return ""
    mine = set(Unit.objects.covered_by(user, Permission.FILE_SUBMISSION).values_list("pk", flat=True))
    owing = [place for place in units_owing(half, tree) if place.unit_id in mine]
    if len(owing) == 1:
        return reverse("submission_edit", args=[half.code, owing[0].code])
    return reverse("half_board", args=[half.code]) if owing else ""


def _find_last_work(user: User) -> list[Batch]:
    """Return the lists on which the person did something last, newest first."""
    latest = BatchEvent.objects.filter(actor=user).order_by("-id").values_list("batch_id", flat=True)[:50]
    ids = list(dict.fromkeys(latest))[:MOST_LAST]
    found = Batch.objects.visible_to(user).with_totals().with_unit_name().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
