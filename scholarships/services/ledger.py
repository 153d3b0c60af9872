"""The fund book: what a paid list takes out of funds, and what a reversal puts back."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_money
from portal.models import Posting, Unit, User
from portal.permissions import Permission, roles_granting
from portal.services.periods import next_open_half
from portal.services.refusals import ForbiddenError, needs
from scholarships.models import Allotment, Batch, Disbursement, Fund, LedgerEntry, Programme
from scholarships.services.holding import refuse_restricted
from scholarships.services.locking import lock_in_order


def demand_fund(
    *, actor: User, fund: Fund, programme: Programme, unit: Unit, amount: int, on: datetime.date, ahead: bool = False
) -> None:
    """Refuse a payment (`amount` above zero) or a taking back that is not the person's to make out of the fund.

    `ahead`: the rows that are to be paid are not marked paid yet.

    Whoever approves for the fund's own unit may. For lists of another unit the fund pays what a programme of its own
    unit says that names it and is open to that unit, within the programme's allotment to that unit; beyond it the
    fund's unit decides. What such a programme gave goes back into it.
    """
    if actor.may(Permission.APPROVE_BATCH, fund.unit):
        return
    own = programme.unit_id == fund.unit_id
    opened = Programme.objects.usable_by(unit, on).filter(pk=programme.pk, fund=fund).exists() if amount > 0 else True
    if not own or not opened:
        raise ForbiddenError(
            _("The fund “%(fund)s” belongs to another unit, and “%(programme)s” does not open it to this one.")
            % {"fund": fund.name, "programme": programme.name},
            code="fund_of_another",
        )
    if amount > 0:
        _demand_allotment(fund, programme, unit, amount, ahead=ahead)


def foresee_refusals(*, batch: Batch, actor: User) -> list[str]:
    """Return why the person could not take the list's money out of its funds, before anybody presses anything.

    Balances are not asked here: they are part of what is shown (`effects`).
    """
    said: list[str] = []
    shares = sums_by_fund_and_programme(batch)
    funds = Fund.objects.select_related("unit").in_bulk({fund_id for fund_id, _programme_id in shares})
    programmes = Programme.objects.in_bulk({programme_id for _fund_id, programme_id in shares})
    for (fund_id, programme_id), amount in shares.items():
        try:
            demand_fund(
                actor=actor, fund=funds[fund_id], programme=programmes[programme_id], unit=batch.unit, amount=amount,
                on=batch.half_year.last_day, ahead=True,
            )  # fmt: skip
        except ValidationError as refusal:
            said += refusal.messages
    return said


def allotted_left(programme: Programme, unit: Unit) -> int:
    """Return how much of its allotment a unit may still give; below zero when it gave more; reversals count no more."""
    allotted = Allotment.objects.filter(programme=programme, unit=unit).values_list("amount", flat=True).first() or 0
    given = Disbursement.objects.standing().filter(programme=programme, unit=unit, fund__isnull=False)
    spent = given.filter(paid_at__isnull=False).aggregate(total=Sum("amount", default=0))["total"]
    return int(allotted - spent)


def _demand_allotment(fund: Fund, programme: Programme, unit: Unit, amount: int, *, ahead: bool) -> None:
    left = allotted_left(programme, unit)
    if not ahead:
        left += amount  # the list's own rows are marked paid already; the fund is locked
    if amount <= left:
        return
    today = timezone.localdate()
    deciding = roles_granting(Permission.APPROVE_BATCH)
    postings = Posting.objects.in_force(today).filter(unit=fund.unit, role__in=deciding, user__is_active=True)
    names = ", ".join(postings.order_by("pk").values_list("user__full_name", flat=True)[:3])
    raise ForbiddenError(
        _(
            "This batch takes %(amount)s out of the fund “%(fund)s” of %(owner)s; of the allotment of “%(programme)s” "
            "%(left)s are left for this unit. So %(owner)s decides: %(names)s."
        )
        % {
            "amount": format_money(amount), "fund": fund.name, "owner": fund.unit.name_on(today),
            "programme": programme.name, "left": format_money(max(0, left)), "names": names or "–",
        },
        code="allotment",
    )  # fmt: skip


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def post_payouts(*, batch: Batch, occurred_on: datetime.date, actor: User) -> list[LedgerEntry]:
    """Take what the list's standing rows need out of the funds, one line of the book for each fund.

    The right is asked on each fund (`demand_fund`). ValidationError with balance and need when a fund does not hold
    enough; the database refuses it as well.
    """
    shares = sums_by_fund_and_programme(batch)
    amounts: dict[int, int] = defaultdict(int)
    for (fund_id, _programme_id), amount in shares.items():
        amounts[fund_id] += amount
    funds = lock_in_order(funds=amounts).funds
    programmes = Programme.objects.in_bulk({programme_id for _fund_id, programme_id in shares})
    for (fund_id, programme_id), amount in shares.items():
        demand_fund(
            actor=actor, fund=funds[fund_id], programme=programmes[programme_id], unit=batch.unit, amount=amount,
            on=batch.half_year.last_day,
        )  # fmt: skip
    short = [
        short_sentence(fund.name, fund.balance, amounts[pk]) for pk, fund in funds.items() if fund.balance < amounts[pk]
    ]
    if short:
        raise ValidationError(short, code="fund_not_negative")
    held = [said for pk, fund in funds.items() for said in refuse_restricted(fund, fund.balance - amounts[pk], batch)]
    if held:
        raise ValidationError(held, code="fund_restricted")
    return [
        LedgerEntry.objects.create(
            fund=fund, half=_half_of(fund, batch), kind=LedgerEntry.Kind.PAYOUT, amount=-amounts[pk],
            occurred_on=occurred_on, batch=batch, actor=actor,
        )
        for pk, fund in funds.items()
    ]  # fmt: skip


@needs(Permission.APPROVE_BATCH, Permission.REVERSE_BATCH, on="batch.unit")
def take_back(
    *, rows: Iterable[Disbursement], half: HalfYear, reason: str, occurred_on: datetime.date, batch: Batch, actor: User
) -> list[LedgerEntry]:
    """Put back what reversed rows had taken, each fund's sum against the line that paid it. `batch` is why.

    The right is asked on each fund (`demand_fund`).
    """
    sums: dict[tuple[int, int], int] = defaultdict(int)
    shares: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row.fund_id is not None:
            sums[row.batch_id, row.fund_id] += row.amount
            shares[row.fund_id, row.programme_id] += row.amount
    funds = lock_in_order(funds={fund_id for _batch_id, fund_id in sums}).funds
    programmes = Programme.objects.in_bulk({programme_id for _fund_id, programme_id in shares})
    for (fund_id, programme_id), amount in shares.items():
        demand_fund(
            actor=actor, fund=funds[fund_id], programme=programmes[programme_id], unit=batch.unit, amount=-amount,
            on=occurred_on,
        )  # fmt: skip
    payouts = LedgerEntry.objects.filter(
        kind=LedgerEntry.Kind.PAYOUT, batch_id__in={batch_id for batch_id, _fund_id in sums}
    )
    by_key = {(entry.batch_id, entry.fund_id): entry for entry in payouts}
    return [
        LedgerEntry.objects.create(
            fund=funds[fund_id], half=next_open_half(unit=funds[fund_id].unit, half=half).code,
            kind=LedgerEntry.Kind.REVERSAL, amount=amount,
            occurred_on=occurred_on, batch=batch, reverses=by_key[batch_id, fund_id], reason=reason, actor=actor,
        )
        for (batch_id, fund_id), amount in sorted(sums.items())
    ]  # fmt: skip


def short_sentence(fund: str, balance: int, needed: int) -> str:
    """The sentence for a fund that does not hold enough."""
    found = {"fund": fund, "balance": format_money(balance), "amount": format_money(needed)}
    return _("The fund “%(fund)s” holds %(balance)s, %(amount)s are needed.") % found


def sums_by_fund_and_programme(batch: Batch) -> dict[tuple[int, int], int]:
    """Return what the list's standing rows take out of funds: (fund id, programme id) -> đồng."""
    rows = (
        batch.disbursements.standing()
        .filter(fund__isnull=False)
        .order_by("fund_id", "programme_id")
        .values("fund_id", "programme_id")
        .annotate(total=Sum("amount"))
    )
    return {(row["fund_id"], row["programme_id"]): row["total"] for row in rows}


def _half_of(fund: Fund, batch: Batch) -> str:
    """The half-year in which the fund's book shows a payment: the list's, or the next that its owner has open."""
    if fund.unit_id == batch.unit_id:
        return str(batch.half)
    return str(next_open_half(unit=fund.unit, half=batch.half_year).code)
