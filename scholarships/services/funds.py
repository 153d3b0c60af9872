"""Funds and what is given to them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import lock_row
from scholarships.models import Donation, Fund, LedgerEntry
from scholarships.services.locking import lock_in_order

FUND_FIELDS = ("name", "purpose", "bank_bin", "bank_account", "bank_account_name", "is_main", "is_public")


@needs(Permission.MANAGE_FUND, on="unit")
def open_fund(
    *,
    unit: Unit,
    name: str,
    opened_on: datetime.date,
    opening_balance: int | None = None,
    purpose: str = "",
    bank_bin: str = "",
    bank_account: str = "",
    bank_account_name: str = "",
    is_main: bool = True,
    is_public: bool = False,
    actor: User,
) -> Fund:
    """Open a fund; an opening balance in đồng is the first line of its book."""
    _must_not_lie_ahead("opened_on", opened_on)
    if opening_balance is not None and opening_balance < 0:
        raise ValidationError({"opening_balance": _("An opening balance cannot be below zero.")})
    fund = Fund.objects.create(
        unit=unit, name=fitting(Fund, "name", name), purpose=purpose.strip(), opened_on=opened_on, bank_bin=bank_bin,
        bank_account=bank_account, bank_account_name=fitting(Fund, "bank_account_name", bank_account_name),
        is_main=is_main, is_public=is_public,
    )  # fmt: skip
    if opening_balance:
        half = next_open_half(unit=unit, half=HalfYear.containing(opened_on))
        LedgerEntry.objects.create(
            fund=fund,
            half=half.code,
            kind=LedgerEntry.Kind.OPENING,
            amount=opening_balance,
            occurred_on=opened_on,
            actor=actor,
        )
        fund.refresh_from_db(fields=["balance"])
    audit.record(
        actor=actor,
        action=audit.Action.FUND_OPEN,
        target=fund,
        unit=unit,
        detail={"opening": opening_balance or 0},
    )
    return fund


@needs(Permission.MANAGE_FUND, on="fund.unit")
def update_fund(*, fund: Fund, version: str | None = None, actor: User, **values: Any) -> Fund:
    """Change a fund's name, purpose, account or visibility; `values` are names of FUND_FIELDS."""
    fund = lock_row(Fund.objects.select_related("unit"), fund, version)
    changed = [name for name in FUND_FIELDS if name in values and getattr(fund, name) != values[name]]
    for name in changed:
        value = values[name]
        setattr(fund, name, fitting(Fund, name, value) if name in {"name", "bank_account_name"} else value)
    if changed:
        fund.save(update_fields=changed)
        audit.record(actor=actor, action=audit.Action.FUND_UPDATE, target=fund, unit=fund.unit, fields=changed)
    return fund


@needs(Permission.MANAGE_FUND, on="fund.unit")
def record_donation(
    *,
    fund: Fund,
    donor_name: str,
    source: str,
    amount: int,
    received_on: datetime.date,
    may_be_named: bool = False,
    request_key: uuid.UUID | None = None,
    actor: User,
) -> Donation:
    """Record money that came in; its receipt gets the next number of the fund's year, without a gap.

    Money of a closed half-year counts in the next open one. The same `request_key` again gives the same donation again.
    """
    _must_not_lie_ahead("received_on", received_on)
    if amount <= 0:
        raise ValidationError({"amount": _("A gift is above zero.")})
    meant = HalfYear.containing(received_on)
    lock_in_order(periods=[(fund.unit_id, meant.code)])  # from here on it is closed or stays open
    half = next_open_half(unit=fund.unit, half=meant)
    fund = lock_in_order(periods=[(fund.unit_id, half.code)], funds=[fund.pk]).funds[fund.pk]
    sent = (
        LedgerEntry.objects.filter(request_key=request_key, fund=fund).select_related("donation").first()
        if request_key
        else None
    )
    if sent is not None and sent.donation is not None:
        return sent.donation
    year = received_on.year
    last = fund.donations.filter(receipt_year=year).aggregate(last=Max("receipt_number"))["last"] or 0
    donation = Donation.objects.create(
        fund=fund, donor_name=fitting(Donation, "donor_name", donor_name), may_be_named=may_be_named, source=source,
        amount=amount, received_on=received_on, receipt_year=year, receipt_number=last + 1, recorded_by=actor,
    )  # fmt: skip
    LedgerEntry.objects.create(
        fund=fund, half=half.code, kind=LedgerEntry.Kind.DONATION, amount=amount, occurred_on=received_on,
        donation=donation, request_key=request_key or uuid.uuid4(), actor=actor,
    )  # fmt: skip
    detail = {"donation": donation.pk, "amount": amount}
    audit.record(actor=actor, action=audit.Action.DONATION_RECORD, target=fund, unit=fund.unit, detail=detail)
    return donation


def _must_not_lie_ahead(field: str, day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("%(day)s lies in the future. Correct the day.") % {"day": short_date(day)}})
