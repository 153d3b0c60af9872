"""Batches on their way: begun, submitted, returned, approved, paid, withdrawn, reversed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money, normalize
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from scholarships.models import Batch, BatchEvent, Disbursement, Fund
from scholarships.services.ledger import hold_periods, lock_funds, post_payouts, sums_by_fund, take_back
from scholarships.services.refusals import Conflict, demand, kept_by_database
from scholarships.services.rows import add_disbursement, remove_disbursement, update_disbursement
from scholarships.services.rules import demand_in_force, window_for

__all__ = [
    "Conflict", "add_disbursement", "approve_batch", "create_batch", "pay_batch", "remove_disbursement", "return_batch",
    "reverse_batch", "submit_batch", "update_disbursement", "withdraw_batch",
]  # fmt: skip

State = Batch.State
SHORTEST_REASON = 10
CORRECTED = (
    "Thay bằng dòng đã đính chính"  # stands in the fund book, which is Vietnamese in every language of the screen
)


def create_batch(*, unit: Unit, half: HalfYear, mode: str, title: str = "", actor: User) -> Batch:
    """Begin a draft. A half-year closed for the unit becomes the next open one; its rows are then marked late."""
    demand(actor, Permission.ENTER_BATCH, unit)
    window = window_for(unit=unit, half=half, mode=mode)
    demand_in_force(unit, window.half)
    with kept_by_database():
        title = normalize(title) or _("List of %(half)s") % {"half": half.label}
        batch = Batch.objects.create(unit=unit, half=window.half.code, mode=mode, title=title[:200], entered_by=actor)
        _note(batch, "create", actor)
    return batch


def submit_batch(*, batch: Batch, actor: User) -> Batch:
    """Send a draft or returned list to the approver."""
    with kept_by_database():
        batch = _locked(batch, State.DRAFT, State.RETURNED)
        demand(actor, Permission.ENTER_BATCH, batch.unit)
        if not batch.disbursements.standing().exists():
            raise ValidationError(_("The list has no rows yet. Enter at least one."))
        _demand_open(batch)
        batch.state, batch.submitted_by, batch.submitted_at, batch.reason = State.SUBMITTED, actor, timezone.now(), ""
        batch.save(update_fields=["state", "submitted_by", "submitted_at", "reason"])
        _note(batch, "submit", actor)
    return batch


def return_batch(*, batch: Batch, reason: str, actor: User) -> Batch:
    """Send a submitted list back to be mended."""
    reason = _given(reason, _("Say what is to be mended."))
    with kept_by_database():
        batch = _locked(batch, State.SUBMITTED)
        demand(actor, Permission.APPROVE_BATCH, batch.unit)
        batch.state, batch.reason = State.RETURNED, reason
        batch.save(update_fields=["state", "reason"])
        _note(batch, "return", actor, reason)
    return batch


def approve_batch(*, batch: Batch, expected_turns: int, expected_amount: int, actor: User) -> Batch:
    """Approve exactly what was shown; handed out already, it is posted and paid in the same step.

    Raises Conflict when turns or amount differ from what was shown.
    """
    with kept_by_database():
        batch = _locked(batch, State.SUBMITTED)
        demand(actor, Permission.APPROVE_BATCH, batch.unit)
        if actor.pk in makers_of(batch):
            raise ValidationError(_("Nobody approves a list that they entered or submitted themselves."), code="own")
        found = batch.disbursements.standing().aggregate(turns=Count("id"), amount=Sum("amount", default=0))
        if (found["turns"], found["amount"]) != (expected_turns, expected_amount):
            raise Conflict(
                _(
                    "The list has changed: it now has %(turns)s turns and %(amount)s. "
                    "Look at it again before you approve it."
                )
                % {"turns": format_int(found["turns"]), "amount": format_money(found["amount"])}
            )
        batch.state, batch.approved_by, batch.approved_at = State.APPROVED, actor, timezone.now()
        batch.save(update_fields=["state", "approved_by", "approved_at"])
        _note(batch, "approve", actor, detail=found)
        if batch.mode == Batch.Mode.HANDED_OUT:
            last = batch.disbursements.standing().aggregate(last=Max("given_on"))["last"]
            _pay(batch, max(last, batch.half_year.first_day), actor)
    return batch


def pay_batch(*, batch: Batch, paid_on: datetime.date | None = None, actor: User) -> Batch:
    """Post an approved list that waited for its payment (today, unless `paid_on` says another day)."""
    day = paid_on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"paid_on": _("A payment cannot lie in the future.")})
    with kept_by_database():
        batch = _locked(batch, State.APPROVED)
        demand(actor, Permission.APPROVE_BATCH, batch.unit)
        _pay(batch, day, actor)
    return batch


def withdraw_batch(*, batch: Batch, reason: str, actor: User) -> Batch:
    """Take an unpaid list back; its rows may be entered again."""
    reason = _given(reason, _("Say why the list is withdrawn."))
    with kept_by_database():
        batch = _locked(batch, State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED)
        if not (actor.may(Permission.ENTER_BATCH, batch.unit) or actor.may(Permission.APPROVE_BATCH, batch.unit)):
            demand(actor, Permission.ENTER_BATCH, batch.unit)
        now = timezone.now()
        batch.disbursements.standing().update(reversed_at=now, reversed_half=batch.half, reversal_reason=reason)
        batch.state, batch.closed_at, batch.reason = State.WITHDRAWN, now, reason
        batch.save(update_fields=["state", "closed_at", "reason"])
        _note(batch, "withdraw", actor, reason)
    return batch


def reverse_batch(*, batch: Batch, reason: str, actor: User) -> Batch:
    """Reverse a paid list whole, with a reason of at least ten letters; its money goes back into the funds.

    It counts in the list's half-year while that is open, else in the next open one.
    """
    reason = _given(reason, _("Say why the list is reversed."))
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": _("Write at least ten letters: the reason stands in the fund book for ever.")})
    with kept_by_database():
        batch = _locked(batch, State.PAID)
        demand(actor, Permission.REVERSE_BATCH, batch.unit)
        half = next_open_half(unit=batch.unit, half=batch.half_year)
        rows = list(batch.disbursements.standing().select_for_update(of=("self",)).order_by("pk"))
        _hold(batch, {half.code, batch.half}, {row.fund_id for row in rows if row.fund_id})
        now = timezone.now()
        batch.disbursements.standing().update(reversed_at=now, reversed_half=half.code, reversal_reason=reason)
        take_back(rows=rows, half=half, reason=reason, occurred_on=timezone.localdate(), batch=batch, actor=actor)
        batch.state, batch.closed_at, batch.reason = State.REVERSED, now, reason
        batch.save(update_fields=["state", "closed_at", "reason"])
        _note(batch, "reverse", actor, reason, {"turns": len(rows), "half": half.code})
    return batch


def makers_of(batch: Batch) -> set[int]:
    """Ids of everybody who entered, changed or submitted anything of the list."""
    makers = set(batch.disbursements.order_by().values_list("entered_by_id", flat=True).distinct())
    makers |= set(batch.events.filter(action__in=["create", "edit", "submit"]).values_list("actor_id", flat=True))
    return makers | {pk for pk in (batch.entered_by_id, batch.submitted_by_id) if pk is not None}


def post_paid(*, batch: Batch, occurred_on: datetime.date, paid_at: datetime.datetime, actor: User) -> None:
    """Post the list's money and mark the list paid; its rows carry `paid_at` already. Called under the list's lock."""
    post_payouts(batch=batch, amounts=sums_by_fund(batch), occurred_on=occurred_on, actor=actor)
    batch.state, batch.paid_at = State.PAID, paid_at
    batch.save(update_fields=["state", "paid_at"])
    _note(batch, "pay", actor)


def _pay(batch: Batch, occurred_on: datetime.date, actor: User) -> None:
    """Mark the rows paid, reverse those that they replace, and post the money."""
    rows = batch.disbursements.standing()
    replaced = list(
        Disbursement.objects.standing().filter(replacements__in=rows, paid_at__isnull=False)
        .select_for_update(of=("self",)).order_by("pk")
    )  # fmt: skip
    _hold(batch, {batch.half}, {*sums_by_fund(batch), *(row.fund_id for row in replaced if row.fund_id)})
    _demand_open(batch)
    now = timezone.now()
    if replaced:
        ids = [row.pk for row in replaced]
        Disbursement.objects.filter(pk__in=ids).update(
            reversed_at=now, reversed_half=batch.half, reversal_reason=CORRECTED
        )
        take_back(
            rows=replaced, half=batch.half_year, reason=CORRECTED, occurred_on=occurred_on, batch=batch, actor=actor
        )
    rows.update(paid_at=now)
    post_paid(batch=batch, occurred_on=occurred_on, paid_at=now, actor=actor)


def _hold(batch: Batch, halves: set[str], fund_ids: Iterable[int]) -> None:
    """Keep the half-years concerned from being closed, then lock the funds: the order of every payment."""
    ids = set(fund_ids)
    owners = set(Fund.objects.filter(pk__in=ids).values_list("unit_id", flat=True))
    hold_periods((unit_id, half) for unit_id in {batch.unit_id, *owners} for half in halves)
    lock_funds(ids)


def _locked(batch: Batch, *states: State) -> Batch:
    """The list under lock, in one of the states."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    if batch.state not in states:
        raise ValidationError(
            _("The list is “%(state)s” now, so this is no longer possible.") % {"state": batch.get_state_display()},
            code="batch_state",
        )
    return batch


def _demand_open(batch: Batch) -> None:
    if window_for(unit=batch.unit, half=batch.half_year).half != batch.half_year:
        sentence = _(
            "%(half)s is closed for this unit. "
            "Ask for it to be opened again, or withdraw the list and enter it anew as late."
        )
        raise ValidationError(sentence % {"half": batch.half_year.label}, code="period_closed")


def _given(reason: str, sentence: str) -> str:
    reason = normalize(reason)[:300]
    if not reason:
        raise ValidationError({"reason": sentence})
    return reason


def _note(batch: Batch, action: str, actor: User, reason: str = "", detail: dict[str, int | str] | None = None) -> None:
    BatchEvent.objects.create(batch=batch, action=action, actor=actor, reason=reason)
    audit.record(actor=actor, action=f"scholarships.batch.{action}", target=batch, unit=batch.unit, detail=detail or {})
