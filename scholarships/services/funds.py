"""Funds and what is given to them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import LARGE_GIFT, Act
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_money, short_date
from portal.lib.vietqr import BANKS
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.periods import half_to_reverse_in, next_open_half
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import needs, require_lasting_reason
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import DonorKind
from scholarships.models import Donation, Fund, FundAccount, LedgerEntry
from scholarships.services.locking import lock_in_order

#: What one person changes alone, and what two persons change: each field with the act that it belongs to.
FUND_FIELDS = ("name", "purpose", "is_main")
ACCOUNT_FIELDS = ("bank_bin", "bank_account", "bank_account_name")


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
    reason: str = "",
    actor: User,
) -> Fund:
    """Open a fund; an opening balance in đồng is the first line of its book.

    Its bank account, and showing it to the public, are proposed to a second person (the server itself needs none).
    """
    _must_not_lie_ahead("opened_on", opened_on)
    if opening_balance is not None and opening_balance < 0:
        raise ValidationError({"opening_balance": _("An opening balance cannot be below zero.")})
    fund = Fund.objects.create(
        unit=unit, name=fitting(Fund, "name", name), purpose=purpose.strip(), opened_on=opened_on, is_main=is_main,
        is_public=is_public and actor.is_system,
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
    account = {"bank_bin": bank_bin, "bank_account": bank_account, "bank_account_name": bank_account_name}
    _change_guarded(fund, account | {"is_public": is_public}, reason or _("A new fund is opened."), actor)
    return fund


@needs(Permission.MANAGE_FUND, on="fund.unit")
def update_fund(*, fund: Fund, reason: str = "", version: str | None = None, actor: User, **values: Any) -> Fund:
    """Change a fund's name and purpose at once; its account and visibility become proposals, with the reason.

    `values` are names of FUND_FIELDS, ACCOUNT_FIELDS and `is_public`.
    """
    fund = lock_row(Fund.objects.select_related("unit"), fund, version)
    changed = [name for name in FUND_FIELDS if name in values and getattr(fund, name) != values[name]]
    for name in changed:
        value = values[name]
        setattr(fund, name, fitting(Fund, name, value) if name == "name" else value)
    if changed:
        fund.save(update_fields=changed)
        audit.record(actor=actor, action=audit.Action.FUND_UPDATE, target=fund, unit=fund.unit, fields=changed)
    _change_guarded(fund, values, reason, actor)
    return fund


def _change_guarded(fund: Fund, values: dict[str, Any], reason: str, actor: User) -> None:
    """Propose what of a fund two persons change; the server itself changes it at once."""
    if "bank_account_name" in values:
        values = values | {"bank_account_name": fitting(Fund, "bank_account_name", values["bank_account_name"])}
    for act, names in ((Act.FUND_ACCOUNT, ACCOUNT_FIELDS), (Act.FUND_PUBLIC, ("is_public",))):
        after = {name: values[name] for name in names if name in values}
        before = {name: getattr(fund, name) for name in after}
        if before == after:
            continue
        if not actor.is_system:
            propose(act=act, target=fund, unit=fund.unit, before=before, after=after, reason=reason, actor=actor)
        elif act == Act.FUND_ACCOUNT:
            _set_account(fund, after, proposed_by=actor)
        else:
            Fund.objects.filter(pk=fund.pk).update(**after)
            fund.refresh_from_db(fields=list(after))


def _set_account(
    fund: Fund, after: dict[str, Any], *, proposed_by: User, change: ProposedChange | None = None
) -> FundAccount:
    """Put an account into the history and into force."""
    account = {name: after.get(name, getattr(fund, name)) for name in ACCOUNT_FIELDS}
    row = FundAccount.objects.create(
        fund=fund, proposed_by=proposed_by, decided_by=change.decided_by if change else None, proposal=change, **account
    )
    for name, value in account.items():
        setattr(fund, name, value)
    fund.save(update_fields=list(account))
    return row


class FundChange(Change):
    """A fund's public flag."""

    page = "fund_detail"

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Change the fund; whoever proposed it must still keep it."""
        demand_of_proposer(change, Permission.MANAGE_FUND, target.unit)
        for name, value in change.after.items():
            setattr(target, name, value)
        target.save(update_fields=list(change.after))
        _note_fund(target, change)


class FundAccountChange(FundChange):
    """A fund's bank account: where donors' money goes."""

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Put the account into the history and into force."""
        demand_of_proposer(change, Permission.MANAGE_FUND, target.unit)
        _set_account(target, change.after, proposed_by=change.proposed_by, change=change)
        _note_fund(target, change)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """The account before and after, the bank by its name."""
        return [
            Line(line.label, _bank_name(line.before), _bank_name(line.after)) for line in super().lines(target, change)
        ]


def _bank_name(value: str) -> str:
    return f"{BANKS[value].name} ({value})" if value in BANKS else value


def _note_fund(fund: Fund, change: ProposedChange) -> None:
    audit.record(
        actor=change.decided_by or change.proposed_by, action=audit.Action.FUND_UPDATE, target=fund, unit=fund.unit,
        fields=[*change.after], detail={"proposal": change.pk, "proposed_by": change.proposed_by_id},
    )  # fmt: skip


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
    reason: str = "",
    actor: User,
) -> Donation | ProposedChange:
    """Record money that came in; its receipt gets the next number of the fund's year, without a gap.

    Money of a closed half-year counts in the next open one. The same `request_key` again gives the same donation again.
    A gift of LARGE_GIFT and more is proposed to a second person; the proposal is returned.
    """
    _must_not_lie_ahead("received_on", received_on)
    if amount <= 0:
        raise ValidationError({"amount": _("A gift is above zero.")})
    if amount < LARGE_GIFT or actor.is_system:
        return _record(
            fund=fund, donor_name=donor_name, source=source, amount=amount, received_on=received_on,
            may_be_named=may_be_named, request_key=request_key, actor=actor,
        )  # fmt: skip
    after = {
        "donor_name": fitting(Donation, "donor_name", donor_name), "source": str(source),
        "amount": amount, "may_be_named": may_be_named,
        "received_on": received_on.isoformat(),
    }  # fmt: skip
    sent = ProposedChange.objects.on(fund).waiting().filter(act=Act.GIFT, after=after, proposed_by=actor).first()
    if sent is not None:
        return sent
    with official_language():
        why = reason or _("A gift of %(amount)s has come in.") % {"amount": format_money(amount)}
    return propose(act=Act.GIFT, target=fund, unit=fund.unit, after=after, reason=why, actor=actor)


class GiftChange(Change):
    """A large gift: it stands in the book when a second person agrees."""

    page = "fund_detail"

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Record it, as whoever proposed it would."""
        demand_of_proposer(change, Permission.MANAGE_FUND, target.unit)
        values = change.after | {"received_on": datetime.date.fromisoformat(change.after["received_on"])}
        _record(fund=target, actor=change.proposed_by, proposal=change, **values)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """Who gave how much and when."""
        after = change.after
        return [
            Line(_("Who gave"), "", f"{after['donor_name']} ({DonorKind(after['source']).label})"),
            Line(_("Amount"), "", format_money(after["amount"])),
            Line(_("Received on"), "", short_date(datetime.date.fromisoformat(after["received_on"]))),
        ]


@needs(Permission.MANAGE_FUND, on="donation.fund.unit")
def reverse_donation(*, donation: Donation, reason: str, version: str | None = None, actor: User) -> ProposedChange:
    """Propose that a gift be cancelled; a second person's agreement takes it out in the first open half-year."""
    reason = require_lasting_reason(reason, _("Say why the gift is cancelled."))
    donation = lock_row(Donation.objects.select_related("fund__unit"), donation, version)
    if donation.reversed_at is not None:
        raise ValidationError(_("This gift has been cancelled already."))
    return propose(
        act=Act.GIFT_REVERSAL, target=donation, unit=donation.fund.unit, before={"reversed_at": None},
        after={"amount": -donation.amount}, reason=reason, actor=actor,
    )  # fmt: skip


class GiftReversalChange(Change):
    """A gift that was recorded wrongly: cancelled, its receipt's number kept."""

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Take it out of the fund's book in the first open half-year, and mark its receipt."""
        donation = Donation.objects.select_related("fund__unit").get(pk=target.pk)
        demand_of_proposer(change, Permission.MANAGE_FUND, donation.fund.unit)
        entry = donation.entries.get(kind=LedgerEntry.Kind.DONATION)
        meant = HalfYear.parse(entry.half)
        lock_in_order(periods=[(donation.fund.unit_id, meant.code)])
        half = half_to_reverse_in(unit=donation.fund.unit, half=meant)
        fund = lock_in_order(periods=[(donation.fund.unit_id, half.code)], funds=[donation.fund_id]).funds[
            donation.fund_id
        ]
        if fund.balance < donation.amount:
            raise ValidationError(
                _("The fund “%(fund)s” holds %(balance)s, %(amount)s are needed.")
                % {
                    "fund": fund.name, "balance": format_money(fund.balance), "amount": format_money(donation.amount),
                }
            )  # fmt: skip
        LedgerEntry.objects.create(
            fund=fund, half=half.code, kind=LedgerEntry.Kind.REVERSAL, amount=-donation.amount,
            occurred_on=timezone.localdate(), reverses=entry, reason=change.reason, actor=change.proposed_by,
        )  # fmt: skip
        donation.reversed_at, donation.reversal_reason, donation.reversal = timezone.now(), change.reason, change
        donation.save(update_fields=["reversed_at", "reversal_reason", "reversal"])
        audit.record(
            actor=change.decided_by or change.proposed_by, action=audit.Action.DONATION_REVERSE, target=donation.fund,
            unit=donation.fund.unit,
            detail={"donation": donation.pk, "amount": donation.amount, "half": half.code, "proposal": change.pk,
                    "proposed_by": change.proposed_by_id},
        )  # fmt: skip

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """The gift before; cancelled after."""
        before = f"{target.donor_name}, {short_date(target.received_on)}: {format_money(target.amount)}"
        return [Line(_("Gift, receipt %(number)s") % {"number": target}, before, _("cancelled; the number stays"))]

    def name(self, target: Any) -> str:
        """Return the receipt and its fund."""
        return f"{target} – {target.fund.name}"

    def url(self, target: Any) -> str:
        """Return the fund's page."""
        return reverse("fund_detail", args=[target.fund_id])


def _record(
    *, fund: Fund, donor_name: str, source: str, amount: int, received_on: datetime.date, may_be_named: bool = False,
    request_key: uuid.UUID | None = None, proposal: ProposedChange | None = None, actor: User,
) -> Donation:  # fmt: skip
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
        amount=amount, received_on=received_on, receipt_year=year, receipt_number=last + 1,
        recorded_by=actor, proposal=proposal,
    )  # fmt: skip
    LedgerEntry.objects.create(
        fund=fund, half=half.code, kind=LedgerEntry.Kind.DONATION, amount=amount, occurred_on=received_on,
        donation=donation, request_key=request_key or uuid.uuid4(), actor=actor,
    )  # fmt: skip
    detail = {"donation": donation.pk, "amount": amount} | ({"proposal": proposal.pk} if proposal else {})
    audit.record(actor=actor, action=audit.Action.DONATION_RECORD, target=fund, unit=fund.unit, detail=detail)
    return donation


def _must_not_lie_ahead(field: str, day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("%(day)s lies in the future. Correct the day.") % {"day": short_date(day)}})
