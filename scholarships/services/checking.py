"""What a careful officer looks at once more before a list is sent: what is missing, what jumps, what is unfinished."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.vietnamese import format_int, format_money
from portal.models import User
from scholarships.models import Batch, DisbursementSum
from scholarships.services.findings import Findings
from scholarships.services.places import problems_of_programmes

_JUMP = 3  # times the sum of the half-year before, or a third of it
_OWN = {"paid", "before", "twice", "far", "late"}  # of the approver's findings, those that its sender can settle


@dataclass(frozen=True)
class ToCheck:
    """One sentence; `is_grave`: sending all the same is asked about."""

    sentence: str
    is_grave: bool = False


def look_over(batch: Batch, user: User) -> list[ToCheck]:
    """Return what is worth a look before the list is sent, the gravest first."""
    rows = batch.disbursements.standing()
    found = [
        ToCheck(
            f"{format_int(one.count)}: {one.kind.label} ({one.kind.means})", one.kind.is_grave or one.kind.code == "far"
        )
        for one in Findings(batch, user)
        if one.kind.code in _OWN
    ]
    found += [ToCheck(said, is_grave=True) for said in problems_of_programmes(batch)]
    no_birth = rows.filter(recipient__birth_year=None).count()
    if no_birth:
        said = ngettext("%(count)d row has no birth.", "%(count)d rows have no birth.", no_birth)
        found.append(ToCheck(said % {"count": no_birth}))
    no_school = rows.filter(Q(school="") & Q(school_class="")).count()
    if no_school:
        said = ngettext(
            "%(count)d row has neither class nor school.", "%(count)d rows have neither class nor school.", no_school
        )
        found.append(ToCheck(said % {"count": no_school}))
    if jump := _find_jump(batch):
        found.append(jump)
    return sorted(found, key=lambda one: not one.is_grave)


def equals_total_row(batch: Batch) -> bool:
    """Whether the list adds up to exactly what the total lines of its files say."""
    totals = list(batch.files.filter(undone_at=None).values_list("total_row", flat=True))
    if not totals or None in totals:
        return False
    amount = batch.disbursements.standing().aggregate(amount=Sum("amount", default=0))["amount"]
    return bool(amount == sum(total for total in totals if total is not None))


def _find_jump(batch: Batch) -> ToCheck | None:
    before = DisbursementSum.objects.filter(unit_id=batch.unit_id, half=batch.half_year.previous().code)
    past = before.aggregate(amount=Sum("amount", default=0))["amount"]
    now = batch.disbursements.standing().aggregate(amount=Sum("amount", default=0))["amount"]
    if not past or past / _JUMP <= now <= past * _JUMP:
        return None
    said = _("The list adds up to %(now)s; the whole half-year before was %(past)s.")
    return ToCheck(said % {"now": format_money(now), "past": format_money(past)})
