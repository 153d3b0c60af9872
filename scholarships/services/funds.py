"""Funds: opening them, and what of them one person or two persons change."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import Act
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import FIRST_DAY, TIME_ZONE, short_date
from portal.lib.vietqr import BANKS
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.namesakes import ask_about_namesake
from portal.services.periods import next_open_half
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import needs
from portal.services.search import drop_search_entry, keep_search_entry
from portal.services.texts import fitting
from portal.services.versions import lock_row
from scholarships.models import Fund, FundAccount, LedgerEntry
from scholarships.models.fund import FundQuerySet

#: What one person changes alone, and what two persons change: each field with the act that it belongs to.
FUND_FIELDS = ("name", "purpose", "low_below", "is_main")
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
    low_below: int | None = None,
    reason: str = "",
    same_name: bool = False,
    actor: User,
) -> Fund:
    """Open a fund; an opening balance in đồng is the first line of its book.

    `same_name` says that it is another one than the unit's fund that is called so as well.

    Its bank account, and showing it to the public, are proposed to a second person (the server itself needs none).
    """
    _must_not_lie_ahead("opened_on", opened_on)
    if opening_balance is not None and opening_balance < 0:
        raise ValidationError({"opening_balance": _("An opening balance cannot be below zero.")})
    name = fitting(Fund, "name", name)
    _ask_about_sister(name, Fund.objects.filter(unit=unit), same=same_name)
    fund = Fund.objects.create(
        unit=unit, name=name, purpose=purpose.strip(), opened_on=opened_on, is_main=is_main,
        is_public=is_public and actor.is_system, low_below=low_below,
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
    _keep_findable(fund)
    account = {"bank_bin": bank_bin, "bank_account": bank_account, "bank_account_name": bank_account_name}
    _change_guarded(fund, account | {"is_public": is_public}, reason or _("A new fund is opened."), actor)
    return fund


@needs(Permission.MANAGE_FUND, on="fund.unit")
def update_fund(
    *, fund: Fund, reason: str = "", same_name: bool = False, version: str | None = None, actor: User, **values: Any
) -> Fund:
    """Change a fund's name and purpose at once; its account and visibility become proposals, with the reason.

    `values` are names of FUND_FIELDS, ACCOUNT_FIELDS and `is_public`.
    """
    fund = lock_row(Fund.objects.select_related("unit"), fund, version)
    if "name" in values:
        values["name"] = fitting(Fund, "name", values["name"])
    changed = [name for name in FUND_FIELDS if name in values and getattr(fund, name) != values[name]]
    if "name" in changed:
        _ask_about_sister(values["name"], Fund.objects.filter(unit=fund.unit).exclude(pk=fund.pk), same=same_name)
    for name in changed:
        setattr(fund, name, values[name])
    if changed:
        fund.save(update_fields=changed)
        _keep_findable(fund)
        audit.record(actor=actor, action=audit.Action.FUND_UPDATE, target=fund, unit=fund.unit, fields=changed)
    _change_guarded(fund, values, reason, actor)
    return fund


def _ask_about_sister(name: str, others: FundQuerySet, *, same: bool) -> None:
    """Ask about another fund of the unit that is called so; the very same name is refused by the database."""
    sentence = _("“%(name)s” is a fund of this unit already. Tick the box if this is another one.")
    ask_about_namesake(others.exclude(name=name), name, sentence, same_name=same)


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
            _keep_findable(fund)


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
        _keep_findable(target)
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


def _keep_findable(fund: Fund) -> None:
    """Let the search find a fund while it is shown to the public."""
    ref = f"scholarships.fund:{fund.pk}"
    if not fund.is_public:
        drop_search_entry(ref=ref)
        return
    opened = datetime.datetime.combine(max(fund.opened_on, FIRST_DAY), datetime.time(), TIME_ZONE)
    keep_search_entry(
        kind="fund", ref=ref, title=fund.name, text=fund.purpose, unit=fund.unit, visible_from=opened,
        link=reverse("fund_public", args=[fund.pk]),
    )  # fmt: skip


def _note_fund(fund: Fund, change: ProposedChange) -> None:
    audit.record(
        actor=change.decided_by or change.proposed_by, action=audit.Action.FUND_UPDATE, target=fund, unit=fund.unit,
        fields=[*change.after], detail={"proposal": change.pk, "proposed_by": change.proposed_by_id},
    )  # fmt: skip


def _must_not_lie_ahead(field: str, day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("%(day)s lies in the future. Correct the day.") % {"day": short_date(day)}})
