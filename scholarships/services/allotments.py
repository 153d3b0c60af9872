"""Allotments: how much of a programme's money a unit gives by its own approver, granted by two persons."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import Act
from portal.lib.vietnamese import format_money
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import demand, needs
from portal.services.versions import check_version, lock_row
from scholarships.models import Allotment, Programme
from scholarships.services.ledger import allotted_left


@needs(Permission.MANAGE_PROGRAMME, on="programme.unit")
def propose_allotment(
    *, programme: Programme, unit: Unit, amount: int, reason: str, version: str | None = None, actor: User
) -> ProposedChange:
    """Propose how much of the programme's money the unit may give by its own approver; 0 ends it.

    `amount` is all that may be given, what was given already included. ValidationError when the programme pays from no
    fund of its own, the unit is the fund's own or cannot use the programme, or nothing would change.
    """
    programme = lock_row(Programme.objects.select_related("unit", "fund__unit"), programme)
    now = _find_allotment(programme.pk, unit.pk)
    check_version(now or Allotment(), version)
    if programme.fund is None:
        raise ValidationError(
            _("“%(name)s” pays from each unit's own main fund, so nothing is allotted.") % {"name": programme.name}
        )
    demand(actor, Permission.MANAGE_FUND, programme.fund.unit)
    if unit.pk == programme.fund.unit_id:
        raise ValidationError({"unit": _("The fund is this unit's own: its approver needs no allotment.")})
    if not Programme.objects.usable_by(unit, timezone.localdate()).filter(pk=programme.pk).exists():
        raise ValidationError({"unit": _("This unit cannot use the programme.")})
    before, given = now.amount if now else 0, _sum_given(programme, unit, now)
    if amount == before:
        raise ValidationError({"amount": _("The allotment is %(amount)s already.") % {"amount": format_money(amount)}})
    if amount and amount < given:
        raise ValidationError(
            {"amount": _("%(given)s have been given already. Allot at least that, or end the allotment.")
             % {"given": format_money(given)}}
        )  # fmt: skip
    same = (
        ProposedChange.objects.on(programme).waiting().filter(act=Act.ALLOTMENT, after__contains={"unit_id": unit.pk})
    )
    if same.exists():
        raise ValidationError(_("A proposal about this waits already. It is decided or withdrawn first."))
    return propose(
        act=Act.ALLOTMENT, target=programme, unit=programme.fund.unit,
        before={"amount": before, "fund_id": programme.fund_id}, after={"unit_id": unit.pk, "amount": amount},
        reason=reason, actor=actor,
    )  # fmt: skip


class AllotmentChange(Change):
    """How much of a programme's money a unit gives by its own approver."""

    def state_of(self, target: Any, change: ProposedChange) -> dict[str, Any]:
        """The allotment as it stands, and the fund that pays."""
        now = _find_allotment(target.pk, change.after["unit_id"])
        return {"amount": now.amount if now else 0, "fund_id": target.fund_id}

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Grant it; whoever proposed it must still keep the programme and the fund."""
        programme = Programme.objects.select_related("unit", "fund__unit").get(pk=target.pk)
        demand_of_proposer(change, Permission.MANAGE_PROGRAMME, programme.unit)
        demand_of_proposer(change, Permission.MANAGE_FUND, change.unit)
        values = {
            "amount": change.after["amount"], "granted_by": change.proposed_by, "agreed_by": change.decided_by,
            "proposal": change,
        }  # fmt: skip
        Allotment.objects.update_or_create(programme=programme, unit_id=change.after["unit_id"], defaults=values)
        audit.record(
            actor=change.decided_by or change.proposed_by, action=audit.Action.ALLOTMENT_GRANT, target=programme,
            unit=Unit.objects.get(pk=change.after["unit_id"]), fields=["amount"],
            detail={"amount": change.after["amount"], "before": change.before["amount"], "proposal": change.pk,
                    "proposed_by": change.proposed_by_id},
        )  # fmt: skip

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """The unit, how much before and after, what it has given, and the fund that pays."""
        unit = Unit.objects.get(pk=change.after["unit_id"])
        given = _sum_given(target, unit, _find_allotment(target.pk, unit.pk))
        after = change.after["amount"]
        words = format_money(after) if after else _("ended: from now on the fund's unit decides on every batch")
        return [
            Line(_("Unit"), "", unit.name_on(timezone.localdate())),
            Line(_("Allotment"), format_money(change.before["amount"]), words),
            Line(_("Given so far"), format_money(given), format_money(given)),
            Line(_("Paid from"), "", target.fund.name if target.fund else "–"),
        ]

    def url(self, target: Any) -> str:
        """Return the list of allotments."""
        return reverse("allotment_list")


def _find_allotment(programme_id: int, unit_id: int) -> Allotment | None:
    found: Allotment | None = Allotment.objects.filter(programme_id=programme_id, unit_id=unit_id).first()
    return found


def _sum_given(programme: Programme, unit: Unit, now: Allotment | None) -> int:
    return (now.amount if now else 0) - allotted_left(programme, unit)
