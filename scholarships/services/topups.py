"""The register of local budgets' yearly top-ups: said, corrected, taken back; nothing of it is ever overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs, needs_nothing
from portal.services.texts import fitting
from portal.services.versions import check_version, lock_row
from portal.vocabulary import TopUpAnswer
from scholarships.models import TopUp
from scholarships.services.rules import demand_in_force

POLICY, AMOUNT = "funds.topup_policy", "funds.topup_amount"


@needs(Permission.FILE_SUBMISSION, on="unit")
def record_topup(
    *, unit: Unit, year: int, answer: str, decision: str = "", amount: int | None = None, version: str | None = None,
    actor: User,
) -> TopUp:  # fmt: skip
    """Write down whether the unit's local budget tops its fund up in the year; a later answer stands for an earlier.

    It counts from the first half-year of that year that is open. ValidationError where all of the year is closed, a
    policy has no decision or amount, or nothing would change.
    """
    unit = lock_row(Unit.objects.all(), unit)
    now = TopUp.objects.filter(unit=unit, year=year).order_by("pk").last()
    check_version(now or TopUp(), version)
    if not 2000 <= year <= timezone.localdate().year + 1:
        raise ValidationError({"year": _("Write a year from 2000 to the next one.")})
    half = next_open_half(unit=unit, half=HalfYear(year, 1), people=[actor])
    if half.year != year:
        sentence = _("The books of %(year)s are closed for this unit. Ask for the half-year to be opened first.")
        raise ValidationError(sentence % {"year": year}, code="period_closed")
    demand_in_force(unit, half)
    if answer == TopUpAnswer.YES:
        if not decision.strip():
            raise ValidationError({"decision": _("Write number and date of the decision.")})
        if not amount:
            raise ValidationError({"amount": _("Write how much the decision gives in a year.")})
    else:
        decision, amount = decision if answer == TopUpAnswer.NO else "", 0
    made = TopUp(
        unit=unit, year=year, half=half.code, answer=answer, decision=fitting(TopUp, "decision", decision),
        amount=amount or 0, entered_by=actor,
    )  # fmt: skip
    if now and (now.answer, now.decision, now.amount, now.is_declared) == (answer, made.decision, made.amount, False):
        raise ValidationError(_("This is what the register says already."))
    return _keep(made, actor)


@needs_nothing("a step of approving a half-year, whose right `reports` asks on its unit")
def keep_declared_topup(*, unit: Unit, half: HalfYear, values: Mapping[str, int], sender: User, actor: User) -> bool:
    """Put into the register what an approved half-year declares, where the unit said nothing there by itself."""
    now = TopUp.objects.filter(unit=unit).counting_in(half).first()
    if POLICY not in values or (now and not now.is_declared):
        return False
    answer = TopUpAnswer.YES if values[POLICY] else TopUpAnswer.NO
    amount = values.get(AMOUNT, 0) if values[POLICY] else 0
    if now and (now.answer, now.amount) == (answer, amount):
        return False
    made = TopUp(
        unit=unit, year=half.year, half=half.code, answer=answer, amount=amount, is_declared=True, entered_by=sender
    )
    _keep(made, actor)
    return True


def topup_figures(
    half: HalfYear, units: list[int] | None = None, *, as_of: dt.datetime | None = None
) -> dict[tuple[int, str], int]:
    """Return (unit id, indicator) -> figure of what the register says for the half-year (of the units, or of all)."""
    rows = TopUp.objects.counting_in(half, as_of).order_by()
    found: dict[tuple[int, str], int] = {}
    for row in rows if units is None else rows.filter(unit_id__in=units):
        found[row.unit_id, POLICY] = int(row.answer == TopUpAnswer.YES)
        if row.amount:
            found[row.unit_id, AMOUNT] = row.amount
    return found


def _keep(made: TopUp, actor: User) -> TopUp:
    made.save(force_insert=True)
    detail = {"year": made.year, "half": made.half, "answer": str(made.answer), "amount": made.amount}
    audit.record(actor=actor, action=audit.Action.TOP_UP_RECORD, target=made, unit=made.unit, detail=detail)
    return made
