"""The fund book: what a paid list takes out of funds, and what a reversal puts back."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_money
from portal.models import User
from portal.services.periods import next_open_half
from scholarships.models import Batch, Disbursement, Fund, LedgerEntry


def hold_periods(keys: Iterable[tuple[int, str]]) -> None:
    """Keep half-years of units (unit id, code) from being closed until this transaction ends.

    Taken before any fund is locked: a closing that waits for a payment must not stand between two payments.
    """
    with connection.cursor() as cursor:
        for unit_id, half in sorted(set(keys)):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(period_key(%s, %s))", [unit_id, half])


def lock_funds(ids: Iterable[int]) -> dict[int, Fund]:
    """Lock funds in the order of their ids and return them with their present balances."""
    return {
        fund.pk: fund
        for fund in Fund.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk__in=set(ids))
        .order_by("pk")
    }


def post_payouts(
    *, batch: Batch, amounts: Mapping[int, int], occurred_on: datetime.date, actor: User
) -> list[LedgerEntry]:
    """Take `amounts` (fund id -> đồng) out of the funds, one line of the book for each fund of the list.

    ValidationError with balance and need when a fund does not hold enough; the database refuses it as well.
    """
    funds = lock_funds(amounts)
    short = [
        _("The fund “%(fund)s” holds %(balance)s, %(amount)s are needed.")
        % {"fund": fund.name, "balance": format_money(fund.balance), "amount": format_money(amounts[pk])}
        for pk, fund in funds.items()
        if fund.balance < amounts[pk]
    ]
    if short:
        raise ValidationError(short, code="fund_not_negative")
    return [
        LedgerEntry.objects.create(
            fund=fund, half=_half_of(fund, batch), kind=LedgerEntry.Kind.PAYOUT, amount=-amounts[pk],
            occurred_on=occurred_on, batch=batch, actor=actor,
        )
        for pk, fund in funds.items()
    ]  # fmt: skip


def take_back(
    *, rows: Iterable[Disbursement], half: HalfYear, reason: str, occurred_on: datetime.date, batch: Batch, actor: User
) -> None:
    """Put back what reversed rows had taken, each fund's sum against the line that paid it. `batch` is why."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row.fund_id is not None:
            sums[row.batch_id, row.fund_id] += row.amount
    if not sums:
        return
    funds = lock_funds(fund_id for _batch_id, fund_id in sums)
    payouts = LedgerEntry.objects.filter(
        kind=LedgerEntry.Kind.PAYOUT, batch_id__in={batch_id for batch_id, _fund_id in sums}
    )
    by_key = {(entry.batch_id, entry.fund_id): entry for entry in payouts}
    for (batch_id, fund_id), amount in sorted(sums.items()):
        fund = funds[fund_id]
        LedgerEntry.objects.create(
            fund=fund, half=next_open_half(unit=fund.unit, half=half).code,
            kind=LedgerEntry.Kind.REVERSAL, amount=amount,
            occurred_on=occurred_on, batch=batch, reverses=by_key[batch_id, fund_id], reason=reason, actor=actor,
        )  # fmt: skip


def sums_by_fund(batch: Batch) -> dict[int, int]:
    """What the list's standing rows take out of each fund: fund id -> đồng."""
    rows = (
        batch.disbursements.standing()
        .filter(fund__isnull=False)
        .order_by()
        .values("fund_id")
        .annotate(total=Sum("amount"))
    )
    return {row["fund_id"]: row["total"] for row in rows}


def _half_of(fund: Fund, batch: Batch) -> str:
    """The half-year in which the fund's book shows a payment: the list's, or the next that its owner has open."""
    if fund.unit_id == batch.unit_id:
        return batch.half
    return next_open_half(unit=fund.unit, half=batch.half_year).code
