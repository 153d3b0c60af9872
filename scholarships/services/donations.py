"""Gifts to funds: recording them with their receipts, large ones by two persons, and putting them right."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import LARGE_GIFT, Act
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_money, short_date
from portal.models import ProposedChange, User
from portal.permissions import Permission
from portal.services.periods import half_to_reverse_in, next_open_half
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import needs, require_lasting_reason
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import DonorKind
from scholarships.models import GIFT_LIMIT, NAMELESS, Donation, Fund, LedgerEntry, Programme
from scholarships.services.holding import payable_from
from scholarships.services.locking import lock_in_order

#: Refusals that ask: they are answered by looking again and saying so.
QUESTIONS = ("equal_gift", "earlier_year")


@dataclass(frozen=True)
class Gift:
    """What was given. `goods` "" for money; otherwise `amount` is the value of the goods."""

    donor_name: str
    source: str
    amount: int
    received_on: datetime.date
    goods: str = ""
    is_anonymous: bool = False
    may_be_named: bool = False
    programme_id: int | None = None  # only this programme may spend it

    def as_json(self) -> dict[str, Any]:
        """The gift as a proposal keeps it."""
        return asdict(self) | {"source": str(self.source), "received_on": self.received_on.isoformat()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Gift:
        """The gift that a proposal keeps."""
        return cls(**values | {"received_on": datetime.date.fromisoformat(values["received_on"])})


@needs(Permission.MANAGE_FUND, on="fund.unit")
def record_donation(
    *,
    fund: Fund,
    donor_name: str,
    source: str,
    amount: int,
    received_on: datetime.date,
    goods: str = "",
    is_anonymous: bool = False,
    may_be_named: bool = False,
    programme: Programme | None = None,
    confirmed: bool = False,
    request_key: uuid.UUID | None = None,
    reason: str = "",
    actor: User,
) -> Donation | ProposedChange:
    """Record what was given; its receipt gets the next number of unit and year. The same `request_key` adds nothing.

    A large gift (LARGE_GIFT) becomes a proposal, decided by a second person; the server itself needs none. Money is
    posted to the fund's book, goods are not. With a `programme` only that one may spend
    it. An equal gift, and a day of an earlier year, are asked about
    (ValidationError with a code of QUESTIONS) unless `confirmed`. A day before the fund's opening is refused.
    """
    gift = Gift(
        donor_name=NAMELESS if is_anonymous else fitting(Donation, "donor_name", donor_name), source=source,
        amount=amount, received_on=received_on, goods=fitting(Donation, "goods", goods), is_anonymous=is_anonymous,
        may_be_named=may_be_named, programme_id=programme.pk if programme else None,
    )  # fmt: skip
    sent = _find_sent(fund, request_key)
    if sent is not None:
        return sent
    _check_gift(fund, gift, confirmed=confirmed or actor.is_system)
    if amount < LARGE_GIFT or actor.is_system:
        return _record(fund=fund, gift=gift, request_key=request_key, actor=actor)
    waiting = ProposedChange.objects.on(fund).waiting().filter(act=Act.GIFT, after=gift.as_json(), proposed_by=actor)
    if (proposed := waiting.first()) is not None:
        return proposed
    with official_language():
        why = reason or _("A gift of %(amount)s has come in.") % {"amount": format_money(amount)}
    return propose(act=Act.GIFT, target=fund, unit=fund.unit, after=gift.as_json(), reason=why, actor=actor)


class GiftChange(Change):
    """A large gift: it stands in the book when a second person agrees."""

    page = "fund_detail"

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Record it, as whoever proposed it would."""
        demand_of_proposer(change, Permission.MANAGE_FUND, target.unit)
        _record(fund=target, gift=Gift.from_json(change.after), proposal=change, actor=change.proposed_by)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """Who gave what and when."""
        gift = Gift.from_json(change.after)
        goods = [Line(_("Given in kind"), "", gift.goods)] if gift.goods else []
        return [
            Line(_("Who gave"), "", f"{gift.donor_name} ({DonorKind(gift.source).label})"),
            *goods,
            *_tell_programme(gift),
            Line(_("Amount"), "", format_money(gift.amount)),
            Line(_("Received on"), "", short_date(gift.received_on)),
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


@needs(Permission.MANAGE_FUND, on="donation.fund.unit")
def unname_donation(*, donation: Donation, version: str | None = None, actor: User) -> Donation:
    """Take the giver's name off the public page at once: consent to be named may be taken back at any time."""
    donation = lock_row(Donation.objects.select_related("fund__unit"), donation, version)
    if donation.may_be_named:
        donation.may_be_named = False
        donation.save(update_fields=["may_be_named"])
        audit.record(
            actor=actor, action=audit.Action.DONATION_UNNAME, target=donation.fund, unit=donation.fund.unit,
            detail={"donation": donation.pk},
        )  # fmt: skip
    return donation


class GiftReversalChange(Change):
    """A gift that was recorded wrongly: cancelled, its receipt's number kept."""

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Take it out of the fund's book in the first open half-year, and mark its receipt."""
        donation = Donation.objects.select_related("fund__unit").get(pk=target.pk)
        demand_of_proposer(change, Permission.MANAGE_FUND, donation.fund.unit)
        meant = HalfYear.parse(donation.half)
        lock_in_order(periods=[(donation.unit_id, meant.code)])
        half = half_to_reverse_in(unit=donation.fund.unit, half=meant)
        held = lock_in_order(periods=[(donation.unit_id, half.code)], funds=[donation.fund_id])
        if not donation.is_in_kind:
            _take_out(donation, held.funds[donation.fund_id], half, change)
        donation.reversed_at, donation.reversed_half = timezone.now(), half.code
        donation.reversal_reason, donation.reversal = change.reason, change
        donation.save(update_fields=["reversed_at", "reversed_half", "reversal_reason", "reversal"])
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


def _take_out(donation: Donation, fund: Fund, half: HalfYear, change: ProposedChange) -> None:
    if fund.balance < donation.amount:
        raise ValidationError(
            _("The fund “%(fund)s” holds %(balance)s, %(amount)s are needed.")
            % {"fund": fund.name, "balance": format_money(fund.balance), "amount": format_money(donation.amount)}
        )
    LedgerEntry.objects.create(
        fund=fund, half=half.code, kind=LedgerEntry.Kind.REVERSAL, amount=-donation.amount,
        occurred_on=timezone.localdate(), reverses=donation.entries.get(kind=LedgerEntry.Kind.DONATION),
        reason=change.reason, actor=change.proposed_by,
    )  # fmt: skip


def _tell_programme(gift: Gift) -> list[Line]:
    programme = Programme.objects.filter(pk=gift.programme_id).first() if gift.programme_id else None
    return [Line(_("Only for the programme"), "", programme.name)] if programme else []


def _find_sent(fund: Fund, request_key: uuid.UUID | None) -> Donation | None:
    return Donation.objects.filter(request_key=request_key, fund=fund).first() if request_key else None


def _check_gift(fund: Fund, gift: Gift, *, confirmed: bool) -> None:
    """Refuse what cannot be, and ask about what is seldom meant."""
    today, day = timezone.localdate(), {"day": short_date(gift.received_on)}
    if gift.received_on > today:
        raise ValidationError({"received_on": _("%(day)s lies in the future. Correct the day.") % day})
    if gift.received_on < fund.opened_on:
        sentence = _(
            "%(day)s lies before the opening of the fund (%(opened)s). Correct the day, or choose another fund."
        )
        raise ValidationError({"received_on": sentence % (day | {"opened": short_date(fund.opened_on)})})
    if not 0 < gift.amount < GIFT_LIMIT:
        raise ValidationError({"amount": _("A gift is above zero and below a million billion đồng.")})
    if gift.programme_id and gift.goods:
        raise ValidationError(
            {"programme": _("Goods stand in no fund's book, so nothing can be held for a programme.")}
        )
    if gift.programme_id and not payable_from(fund).filter(pk=gift.programme_id).exists():
        raise ValidationError({"programme": str(Donation.guards["donation_of_its_programme"])})
    if gift.is_anonymous and gift.may_be_named:
        raise ValidationError({"may_be_named": _("Who wishes to be anonymous is not named in public.")})
    if not confirmed and (questions := list(_questions(fund, gift, today.year))):
        raise ValidationError(questions)


def _questions(fund: Fund, gift: Gift, this_year: int) -> Iterator[ValidationError]:
    same = Donation.objects.equal_to(
        fund=fund, donor_name=gift.donor_name, amount=gift.amount, received_on=gift.received_on
    )
    equal = same.select_related("recorded_by").order_by("id").first()
    if equal is not None:
        sentence = _(
            "The same giver, amount and day stand in the book already: receipt %(number)s, recorded by %(by)s."
        )
        yield ValidationError(sentence % {"number": equal, "by": equal.recorded_by.full_name}, code="equal_gift")
    if gift.received_on.year < this_year:
        sentence = _("%(day)s lies in an earlier year; the receipt gets a number of that year.")
        yield ValidationError(sentence % {"day": short_date(gift.received_on)}, code="earlier_year")


def _record(
    *,
    fund: Fund,
    gift: Gift,
    request_key: uuid.UUID | None = None,
    proposal: ProposedChange | None = None,
    actor: User,
) -> Donation:
    meant = HalfYear.containing(gift.received_on)
    lock_in_order(periods=[(fund.unit_id, meant.code)])  # from here on it is closed or stays open
    half = next_open_half(unit=fund.unit, half=meant)
    fund = lock_in_order(periods=[(fund.unit_id, half.code)], funds=[fund.pk]).funds[fund.pk]
    sent = _find_sent(fund, request_key)
    if sent is not None:
        return sent
    donation = Donation.objects.create(
        **asdict(gift), fund=fund, unit_id=fund.unit_id, half=half.code, receipt_year=gift.received_on.year,
        request_key=request_key, recorded_by=actor, proposal=proposal,
    )  # fmt: skip
    donation.refresh_from_db(fields=["receipt_number"])
    if not donation.is_in_kind:
        LedgerEntry.objects.create(
            fund=fund, half=half.code, kind=LedgerEntry.Kind.DONATION, amount=gift.amount, occurred_on=gift.received_on,
            donation=donation, request_key=request_key or uuid.uuid4(), actor=actor,
        )  # fmt: skip
    detail = {"donation": donation.pk, "amount": gift.amount} | ({"proposal": proposal.pk} if proposal else {})
    audit.record(actor=actor, action=audit.Action.DONATION_RECORD, target=fund, unit=fund.unit, detail=detail)
    return donation
