"""Hand-overs between funds: an ended unit's money to its heirs by decision and date, proposed by one person."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import Act
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_money, short_date
from portal.models import ProposedChange, Unit, UnitSuccession, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import demand, needs
from portal.services.texts import fitting
from scholarships.models import Fund, HandOver, LedgerEntry
from scholarships.services.locking import lock_in_order


@needs(Permission.MANAGE_FUND, on="from_fund.unit")
def propose_hand_over(
    *,
    from_fund: Fund,
    to_fund: Fund,
    amount: int,
    on_date: datetime.date,
    decision: str,
    reason: str,
    actor: User,
) -> ProposedChange:
    """Propose that money pass from a fund to another; a second person's agreement writes it into both books.

    The right is asked on both funds. Where an ended unit has several heirs, the unit above decides, so that no heir
    takes what belongs to all. ValidationError where the funds' units do not succeed each other, the day cannot be, or
    the fund holds less.
    """
    demand(actor, Permission.MANAGE_FUND, to_fund.unit)
    from_fund.refresh_from_db(fields=["balance"])
    _check(from_fund, to_fund, amount, on_date)
    after = {
        "to_fund_id": to_fund.pk, "amount": amount, "on_date": on_date.isoformat(),
        "decision": fitting(HandOver, "decision", decision),
    }  # fmt: skip
    sent = ProposedChange.objects.on(from_fund).waiting().filter(act=Act.HAND_OVER, after=after, proposed_by=actor)
    return sent.first() or propose(
        act=Act.HAND_OVER, target=from_fund, unit=_deciding_unit(from_fund.unit, to_fund.unit), after=after,
        reason=reason, actor=actor,
    )  # fmt: skip


def funds_to_hand_over_to(fund: Fund, person: User) -> Any:
    """Return the person's funds to which money of the fund may pass: of its heirs, of those it succeeds, its own."""
    pairs = UnitSuccession.objects.filter(Q(from_unit=fund.unit) | Q(to_unit=fund.unit))
    units = {fund.unit_id} | {unit for pair in pairs.values_list("from_unit_id", "to_unit_id") for unit in pair}
    funds = Fund.objects.within(person, Permission.MANAGE_FUND).filter(unit__in=units).exclude(pk=fund.pk)
    return funds.with_unit_name().select_related("unit").order_by("unit__code", "-is_main", "name")


class HandOverChange(Change):
    """Money that passes from a fund to another."""

    page = "fund_detail"

    def lock(self, change: ProposedChange) -> Any:
        """Lock the half-year first, then both funds, as every payment does."""
        funds = Fund.objects.select_related("unit").in_bulk([change.target_id, change.after["to_fund_id"]])
        half = _half_of(funds.values(), _day(change))
        periods = [(fund.unit_id, half.code) for fund in funds.values()]
        return lock_in_order(periods=periods, funds=funds).funds[change.target_id]

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Write it into both books; whoever proposed it must still keep both funds."""
        to_fund = Fund.objects.select_related("unit").get(pk=change.after["to_fund_id"])
        for fund in (target, to_fund):
            demand_of_proposer(change, Permission.MANAGE_FUND, fund.unit)
        _check(target, to_fund, change.after["amount"], _day(change))
        _record(target, to_fund, change.after["amount"], _day(change), change.after["decision"], change)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """Both funds before and after, the day and the decision."""
        to_fund, amount = Fund.objects.select_related("unit").get(pk=change.after["to_fund_id"]), change.after["amount"]
        moved = amount if change.is_waiting else 0
        today = timezone.localdate()
        return [
            Line(_("Amount"), "", format_money(amount)),
            *(
                Line(
                    f"{fund.name} ({fund.unit.name_on(today)})", format_money(fund.balance),
                    format_money(fund.balance + sign * moved),
                )
                for fund, sign in ((target, -1), (to_fund, 1))
            ),
            Line(_("Date of hand-over"), "", short_date(_day(change))),
            Line(_("Decision"), "", change.after["decision"]),
        ]  # fmt: skip


def _day(change: ProposedChange) -> datetime.date:
    return datetime.date.fromisoformat(change.after["on_date"])


def _half_of(funds: Any, day: datetime.date) -> HalfYear:
    """Return the first half-year from the day's on that is open for every one of the funds."""
    half = HalfYear.containing(day)
    return max(next_open_half(unit=fund.unit, half=half) for fund in funds)


def _successions(one: Unit, other: Unit) -> Any:
    return UnitSuccession.objects.filter(Q(from_unit=one, to_unit=other) | Q(from_unit=other, to_unit=one))


def _deciding_unit(one: Unit, other: Unit) -> Unit:
    if one == other:
        return one
    ended: Unit = _successions(one, other).select_related("from_unit").first().from_unit
    if UnitSuccession.objects.filter(from_unit=ended).values("to_unit").distinct().count() == 1:
        return ended
    above = ended.versions.order_by("-valid").values_list("parent", flat=True).first()
    return Unit.objects.get(pk=above) if above else ended


def _check(from_fund: Fund, to_fund: Fund, amount: int, day: datetime.date) -> None:
    if amount <= 0:
        raise ValidationError({"amount": _("The amount must be above zero.")})
    if day > timezone.localdate():
        raise ValidationError({"on_date": _("%(day)s lies in the future. Correct the day.") % {"day": short_date(day)}})
    first = max(from_fund.opened_on, to_fund.opened_on)
    if from_fund.unit_id != to_fund.unit_id:
        succession = _successions(from_fund.unit, to_fund.unit).order_by("on_date").first()
        if succession is None:
            raise ValidationError({"to_fund": HandOver.guards["hand_over_to_heir"]})
        first = max(first, succession.on_date)
    if day < first:
        sentence = _("Before %(day)s one of the funds was not open yet, or the unit had not ended. Correct the day.")
        raise ValidationError({"on_date": sentence % {"day": short_date(first)}})
    if from_fund.balance < amount:
        raise ValidationError(
            {
                "amount": _("The fund “%(fund)s” holds %(balance)s, %(amount)s are needed.")
                % {"fund": from_fund.name, "balance": format_money(from_fund.balance), "amount": format_money(amount)}
            }
        )


def _record(
    from_fund: Fund, to_fund: Fund, amount: int, day: datetime.date, decision: str, change: ProposedChange
) -> HandOver:
    half = _half_of((from_fund, to_fund), day).code
    made = HandOver.objects.create(
        from_fund=from_fund, to_fund=to_fund, amount=amount, on_date=day, half=half, decision=decision,
        recorded_by=change.proposed_by, proposal=change,
    )  # fmt: skip
    for fund, kind, signed in (
        (from_fund, LedgerEntry.Kind.PASSED_ON, -amount), (to_fund, LedgerEntry.Kind.TAKEN_OVER, amount)
    ):  # fmt: skip
        LedgerEntry.objects.create(
            fund=fund, half=half, kind=kind, amount=signed, occurred_on=day, hand_over=made, reason=decision,
            actor=change.proposed_by,
        )  # fmt: skip
        audit.record(
            actor=change.decided_by or change.proposed_by, action=audit.Action.FUND_HAND_OVER, target=fund,
            unit=fund.unit,
            detail={"hand_over": made.pk, "amount": signed, "half": half, "proposal": change.pk,
                    "proposed_by": change.proposed_by_id},
        )  # fmt: skip
    return made
