"""Batches on their way: begun, submitted, returned, approved, paid, withdrawn, reversed."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from intakes.models import Intake
from portal import audit
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs, require_lasting_reason, require_reason
from portal.services.texts import fitting
from portal.services.versions import lock_row
from scholarships.models import Batch, BatchEvent, Disbursement, Fund
from scholarships.models.batch import BATCH_STEPS
from scholarships.services.ledger import post_payouts, take_back
from scholarships.services.locking import Held, lock_in_order
from scholarships.services.rows import add_disbursement, remove_disbursement, update_disbursement
from scholarships.services.rules import demand_in_force, window_for

__all__ = [
    "add_disbursement", "approve_batch", "create_batch", "pay_batch", "remove_disbursement", "return_batch",
    "reverse_batch", "submit_batch", "update_disbursement", "withdraw_batch",
]  # fmt: skip

State = Batch.State
Rows = QuerySet[Disbursement]
CORRECTED = (
    "Thay bằng dòng đã đính chính"  # stands in the fund book, which is Vietnamese in every language of the screen
)


@needs(Permission.ENTER_BATCH, on="unit")
def create_batch(*, unit: Unit, half: HalfYear, mode: str, title: str = "", actor: User) -> Batch:
    """Begin a draft. A half-year closed for the unit becomes the next open one; its rows are then marked late."""
    window = window_for(unit=unit, half=half, mode=mode)
    demand_in_force(unit, window.half)
    title = fitting(Batch, "title", title)
    with official_language():
        title = title or _("Batch of %(half)s") % {"half": half.label}
    batch = Batch.objects.create(unit=unit, half=window.half.code, mode=mode, title=title, entered_by=actor)
    _note(batch, "create", actor)
    return batch


@needs(Permission.ENTER_BATCH, on="batch.unit")
def submit_batch(*, batch: Batch, version: str | None = None, actor: User) -> Batch:
    """Send a draft or returned list to the approver, as it was shown."""
    batch = _locked(batch, version, "submit")
    if not batch.disbursements.standing().exists():
        raise ValidationError(_("The batch has no rows yet. Enter at least one."))
    _demand_answered(batch)
    _demand_open(batch)
    batch.state, batch.submitted_by, batch.submitted_at, batch.reason = State.SUBMITTED, actor, timezone.now(), ""
    batch.save(update_fields=["state", "submitted_by", "submitted_at", "reason"])
    _note(batch, "submit", actor)
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def return_batch(*, batch: Batch, reason: str, version: str | None = None, actor: User) -> Batch:
    """Send a submitted list back to be mended."""
    reason = require_reason(reason, _("Say what is to be corrected."))
    batch = _locked(batch, version, "return")
    batch.state, batch.reason = State.RETURNED, reason
    batch.save(update_fields=["state", "reason"])
    _note(batch, "return", actor, reason)
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def approve_batch(*, batch: Batch, version: str | None = None, actor: User) -> Batch:
    """Approve exactly what was shown; handed out already, it is posted and paid in the same step.

    Raises ConflictError when a row, the sums or the state differ from what was shown.
    """
    batch = _locked(batch, version, "approve")
    if batch.is_made_by(actor):
        raise ValidationError(_("You cannot approve a batch that you entered or submitted yourself."), code="own")
    found = batch.disbursements.standing().aggregate(turns=Count("id"), amount=Sum("amount", default=0))
    batch.state, batch.approved_by, batch.approved_at = State.APPROVED, actor, timezone.now()
    batch.save(update_fields=["state", "approved_by", "approved_at"])
    _note(batch, "approve", actor, detail=found)
    if batch.mode == Batch.Mode.HANDED_OUT:
        last = batch.disbursements.standing().aggregate(last=Max("given_on"))["last"]
        _pay(batch, max(last, batch.half_year.first_day), actor)
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def pay_batch(*, batch: Batch, paid_on: datetime.date | None = None, version: str | None = None, actor: User) -> Batch:
    """Post an approved list that waited for its payment (today, unless `paid_on` says another day)."""
    day = paid_on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"paid_on": _("A payment cannot lie in the future.")})
    batch = _locked(batch, version, "pay")
    _pay(batch, day, actor)
    return batch


@needs(Permission.ENTER_BATCH, Permission.APPROVE_BATCH, on="batch.unit")
def withdraw_batch(*, batch: Batch, reason: str, version: str | None = None, actor: User) -> Batch:
    """Take an unpaid list back; its rows may be entered again."""
    reason = require_reason(reason, _("Say why the batch is withdrawn."))
    batch = _locked(batch, version, "withdraw")
    now = timezone.now()
    batch.disbursements.standing().update(reversed_at=now, reversed_half=batch.half, reversal_reason=reason)
    batch.state, batch.closed_at, batch.reason = State.WITHDRAWN, now, reason
    batch.save(update_fields=["state", "closed_at", "reason"])
    _note(batch, "withdraw", actor, reason)
    return batch


@needs(Permission.REVERSE_BATCH, on="batch.unit")
def reverse_batch(*, batch: Batch, reason: str, version: str | None = None, actor: User) -> Batch:
    """Reverse a paid list whole, with a reason of at least ten letters; its money goes back into the funds.

    It counts in the list's half-year while that is open, else in the next open one.
    """
    reason = require_lasting_reason(reason, _("Say why the batch is reversed."))
    batch = _locked(batch, version, "reverse")
    half = next_open_half(unit=batch.unit, half=batch.half_year)
    standing = batch.disbursements.standing()
    rows = _hold(batch, {half.code, batch.half}, standing).rows
    now = timezone.now()
    standing.update(reversed_at=now, reversed_half=half.code, reversal_reason=reason)
    take_back(rows=rows, half=half, reason=reason, occurred_on=timezone.localdate(), batch=batch, actor=actor)
    batch.state, batch.closed_at, batch.reason = State.REVERSED, now, reason
    batch.save(update_fields=["state", "closed_at", "reason"])
    _note(batch, "reverse", actor, reason, {"turns": len(rows), "half": half.code})
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def post_paid(*, batch: Batch, occurred_on: datetime.date, paid_at: datetime.datetime, actor: User) -> Batch:
    """Post the list's money and mark the list paid; its rows carry `paid_at` already. Called under the list's lock."""
    post_payouts(batch=batch, occurred_on=occurred_on, actor=actor)
    batch.state, batch.paid_at = State.PAID, paid_at
    batch.save(update_fields=["state", "paid_at"])
    _note(batch, "pay", actor)
    return batch


def _pay(batch: Batch, occurred_on: datetime.date, actor: User) -> None:
    """Mark the rows paid, reverse those that they replace, and post the money."""
    rows = batch.disbursements.standing()
    ids = list(rows.filter(replaces__isnull=False).values_list("replaces_id", flat=True))
    replaced = _hold(batch, {batch.half}, rows, Disbursement.objects.standing().filter(pk__in=ids)).rows
    _demand_open(batch)
    now = timezone.now()
    if replaced:
        Disbursement.objects.filter(pk__in=[row.pk for row in replaced]).update(
            reversed_at=now, reversed_half=batch.half, reversal_reason=CORRECTED
        )
        for row in replaced:
            audit.record(
                actor=actor, action=audit.Action.DISBURSEMENT_REVERSE, target=row, unit=batch.unit,
                detail={"batch": batch.pk, "amount": row.amount},
            )  # fmt: skip
        take_back(
            rows=replaced, half=batch.half_year, reason=CORRECTED, occurred_on=occurred_on, batch=batch, actor=actor
        )
    rows.update(paid_at=now)
    post_paid(batch=batch, occurred_on=occurred_on, paid_at=now, actor=actor)


def _hold(batch: Batch, halves: set[str], paying: Rows, locked: Rows | None = None) -> Held:
    """Lock what posting moves: the half-years concerned, the funds that the rows name, the rows (or `locked` ones)."""
    locked = paying if locked is None else locked
    funds = Fund.objects.filter(
        pk__in=[pk for rows in (paying, locked) for pk in rows.order_by().values_list("fund_id", flat=True).distinct()]
    )
    owners = dict(funds.order_by().values_list("pk", "unit_id"))
    periods = [(unit_id, half) for unit_id in {batch.unit_id, *owners.values()} for half in halves]
    return lock_in_order(periods=periods, funds=owners, rows=locked)


def _locked(batch: Batch, version: str | None, verb: str) -> Batch:
    """Return the list under lock, as the page showed it and in a state from which the step leads on."""
    batch = lock_row(Batch.objects.select_related("unit"), batch, version)
    if not BATCH_STEPS.allows(verb, batch.state):
        raise ValidationError(
            _("The batch is “%(state)s” now, so this is no longer possible.") % {"state": batch.get_state_display()},
            code="batch_state",
        )
    return batch


def _demand_answered(batch: Batch) -> None:
    """Refuse to send a list whose file still has an open question: its other rows are not in the list yet."""
    if waiting := Intake.objects.unfinished().taken_into_list(Intake.Kind.DISBURSEMENTS, batch.pk).first():
        raise ValidationError(
            _("The file %(file)s still has questions to answer. Answer them first, or give the file up.")
            % {"file": waiting.file_name},
            code="questions",
        )


def _demand_open(batch: Batch) -> None:
    if window_for(unit=batch.unit, half=batch.half_year).half != batch.half_year:
        sentence = _(
            "%(half)s is closed for this unit. Ask for it to be opened again, or withdraw the batch and "
            "enter it anew as late."
        )
        raise ValidationError(sentence % {"half": batch.half_year.label}, code="period_closed")


def _note(batch: Batch, action: str, actor: User, reason: str = "", detail: dict[str, int | str] | None = None) -> None:
    BatchEvent.objects.create(batch=batch, action=action, actor=actor, reason=reason)
    audit.record(
        actor=actor,
        action=audit.Action(f"scholarships.batch.{action}"),
        target=batch,
        unit=batch.unit,
        detail=detail or {},
    )
