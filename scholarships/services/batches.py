"""Batches on their way: begun, submitted, returned, approved, paid, withdrawn, reversed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.models import Intake
from portal import audit
from portal.acts import Act
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money, short_date
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.periods import half_to_reverse_in, is_closed
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import ConflictError, ForbiddenError, holds, needs, require_lasting_reason, require_reason
from portal.services.texts import fitting
from portal.services.versions import check_version, lock_row
from scholarships.models import Batch, BatchEvent, Disbursement, Fund, Programme, RowRemark
from scholarships.models.batch import BATCH_STEPS
from scholarships.services.effects import ListEffect, effect_of
from scholarships.services.holding import foresee_shortage
from scholarships.services.ledger import foresee_refusals, post_payouts, short_sentence, take_back
from scholarships.services.locking import Held, lock_in_order
from scholarships.services.places import demand_programmes, limited_programmes, problems_of_programmes
from scholarships.services.rows import (
    add_disbursement,
    remove_disbursement,
    restore_disbursement,
    update_disbursement,
)
from scholarships.services.rules import demand_in_force, window_for

__all__ = [
    "add_disbursement", "approve_batch", "create_batch", "pay_batch", "remove_disbursement", "restore_disbursement",
    "return_batch", "reverse_batch", "reverse_row", "submit_batch", "take_back_batch", "update_disbursement",
    "withdraw_batch",
]  # fmt: skip

State = Batch.State
Rows = QuerySet[Disbursement]
CORRECTED = (
    "Thay bằng dòng đã đính chính"  # stands in the fund book, which is Vietnamese in every language of the screen
)


@needs(Permission.ENTER_BATCH, on="unit")
def create_batch(*, unit: Unit, half: HalfYear, mode: str, title: str = "", actor: User) -> Batch:
    """Begin a draft. A half-year closed for the unit becomes the next open one; its rows are then marked late."""
    demand_in_force(unit, half)
    window = window_for(unit=unit, half=half, mode=mode, people=[actor])
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
    demand_programmes(batch)
    batch.state, batch.submitted_by, batch.submitted_at, batch.reason = State.SUBMITTED, actor, timezone.now(), ""
    batch.save(update_fields=["state", "submitted_by", "submitted_at", "reason"])
    _note(batch, "submit", actor)
    return batch


@needs(Permission.ENTER_BATCH, on="batch.unit")
def take_back_batch(*, batch: Batch, version: str | None = None, actor: User) -> Batch:
    """Undo the sending of a list that no approver has opened yet: it is a draft again, with all its rows."""
    batch = _locked(batch, version, "take_back")
    if opener := batch.find_opener():
        sentence = _("%(name)s has opened the batch already. Ask for it to be returned.")
        raise ValidationError(sentence % {"name": opener.full_name}, code="opened")
    batch.state = State.DRAFT
    batch.save(update_fields=["state"])
    _note(batch, "take_back", actor)
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def return_batch(*, batch: Batch, reason: str, version: str | None = None, actor: User) -> Batch:
    """Send a submitted list back to be mended; what approvers have said beside its rows goes with it."""
    reason = require_reason(reason, _("Say what is to be corrected."))
    batch = _locked(batch, version, "return")
    batch.state, batch.reason = State.RETURNED, reason
    batch.save(update_fields=["state", "reason"])
    event = _note(batch, "return", actor, reason)
    RowRemark.objects.open_on(batch).update(event=event)
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def approve_batch(*, batch: Batch, version: str | None = None, actor: User) -> Batch:
    """Approve exactly what was shown; handed out already, it is posted and paid in the same step.

    Raises ConflictError when anything that the approval would change differs from what was shown: a row, a replaced
    row, a line of the fund book, a balance; or when a programme that had a place left when it was shown has none now,
    or has given meanwhile to a person to whom it gives once. Without `version` that is a ValidationError.
    """
    batch, effect = _seen(batch, "approve", version)
    if batch.is_made_by(actor):
        raise ForbiddenError(str(Batch.guards["batch_not_approved_by_its_maker"]), code="own")
    if version is not None and (said := problems_of_programmes(batch)):
        raise ConflictError(" ".join(said))
    demand_programmes(batch)
    batch.state, batch.approved_by, batch.approved_at = State.APPROVED, actor, timezone.now()
    batch.save(update_fields=["state", "approved_by", "approved_at"])
    found: dict[str, int | str] = {"turns": effect.turns, "amount": effect.amount, "sha256": effect.digest}
    _note(batch, "approve", actor, detail=found)
    if batch.mode == Batch.Mode.HANDED_OUT:
        last = batch.disbursements.standing().aggregate(last=Max("given_on"))["last"]
        _pay(batch, max(last, batch.half_year.first_day), actor)
    return batch


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def pay_batch(*, batch: Batch, paid_on: datetime.date | None = None, version: str | None = None, actor: User) -> Batch:
    """Post an approved list that waited for its payment (today, unless `paid_on` says another day), as it was shown."""
    day = paid_on or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"paid_on": _("A payment cannot lie in the future.")})
    batch, _effect = _seen(batch, "pay", version)
    _pay(batch, day, actor)
    return batch


@needs(Permission.ENTER_BATCH, Permission.APPROVE_BATCH, on="batch.unit")
def withdraw_batch(*, batch: Batch, reason: str, version: str | None = None, actor: User) -> Batch | ProposedChange:
    """Take an unpaid list back; its rows may be entered again. An approved one is proposed to a second person."""
    reason = require_reason(reason, _("Say why the batch is withdrawn."))
    batch = _locked(batch, version, "withdraw")
    if batch.state == State.APPROVED and not actor.is_system:
        return _propose(Act.BATCH_WITHDRAWAL, batch, "withdraw", State.WITHDRAWN, reason, actor)
    return _withdraw(batch, reason, actor)


def _withdraw(batch: Batch, reason: str, actor: User, change: ProposedChange | None = None) -> Batch:
    now = timezone.now()
    batch.disbursements.standing().update(reversed_at=now, reversed_half=batch.half, reversal_reason=reason)
    batch.state, batch.closed_at, batch.reason = State.WITHDRAWN, now, reason
    batch.save(update_fields=["state", "closed_at", "reason"])
    _note(batch, "withdraw", actor, reason, change=change)
    return batch


@needs(Permission.REVERSE_BATCH, on="batch.unit")
def reverse_batch(*, batch: Batch, reason: str, version: str | None = None, actor: User) -> Batch | ProposedChange:
    """Propose that a paid list be reversed whole, with a reason of at least ten letters; a second person decides.

    Then its money goes back into the funds, in the list's half-year while that is open, else in the one of today (or
    the first open one after it), on a line of its own: what an earlier half-year has published stands.
    """
    reason = require_lasting_reason(reason, _("Say why the batch is reversed."))
    batch, _effect = _seen(batch, "reverse", version)
    if not actor.is_system:
        return _propose(Act.BATCH_REVERSAL, batch, "reverse", State.REVERSED, reason, actor)
    return _reverse(batch, reason, actor)


def _reverse(batch: Batch, reason: str, actor: User, change: ProposedChange | None = None) -> Batch:
    half = half_to_reverse_in(unit=batch.unit, half=batch.half_year)
    standing = batch.disbursements.standing()
    rows = _hold(batch, {half.code, batch.half}, standing).rows
    now = timezone.now()
    standing.update(reversed_at=now, reversed_half=half.code, reversal_reason=reason)
    take_back(rows=rows, half=half, reason=reason, occurred_on=timezone.localdate(), batch=batch, actor=actor)
    batch.state, batch.closed_at, batch.reason = State.REVERSED, now, reason
    batch.save(update_fields=["state", "closed_at", "reason"])
    _note(batch, "reverse", actor, reason, {"turns": len(rows), "half": half.code}, change)
    return batch


@needs(Permission.REVERSE_BATCH, on="row.batch.unit")
def reverse_row(*, row: Disbursement, reason: str, version: str | None = None, actor: User) -> ProposedChange:
    """Propose that one row of a paid list be reversed; a second person decides. It may then be entered rightly anew."""
    reason = require_lasting_reason(reason, _("Say why the row is reversed."))
    batch = lock_row(Batch.objects.select_related("unit"), row.batch)
    row = lock_row(batch.disbursements.select_related("recipient", "programme"), row)
    check_version(row, version, effect_of(batch, "reverse", row))
    _in_state(batch, "reverse_row")
    if row.reversed_at is not None:
        raise ValidationError(_("This row has been reversed already."))
    return propose(
        act=Act.ROW_REVERSAL, target=row, unit=batch.unit, before={"reversed_at": None}, after={"amount": -row.amount},
        reason=reason, actor=actor,
    )  # fmt: skip


def _reverse_row(row: Disbursement, change: ProposedChange) -> None:
    batch, actor = _locked(row.batch, None, "reverse_row"), change.proposed_by
    half = half_to_reverse_in(unit=batch.unit, half=batch.half_year)
    rows = Disbursement.objects.standing().filter(pk=row.pk)
    held = _hold(batch, {half.code, batch.half}, rows).rows
    rows.update(reversed_at=timezone.now(), reversed_half=half.code, reversal_reason=change.reason)
    take_back(rows=held, half=half, reason=change.reason, occurred_on=timezone.localdate(), batch=batch, actor=actor)
    BatchEvent.objects.create(batch=batch, action="reverse_row", actor=actor, reason=change.reason, proposal=change)
    audit.record(
        actor=actor, action=audit.Action.DISBURSEMENT_REVERSE, target=row, unit=batch.unit,
        detail={"batch": batch.pk, "amount": row.amount, "half": half.code, "proposal": change.pk,
                "agreed_by": change.decided_by_id},
    )  # fmt: skip


def _propose(act: Act, batch: Batch, verb: str, target: str, reason: str, actor: User) -> ProposedChange:
    before = {"state": str(batch.state), "rows": effect_of(batch, verb).rows}
    return propose(
        act=act, target=batch, unit=batch.unit, before=before, after={"state": str(target)}, reason=reason, actor=actor
    )


class BatchWithdrawal(Change):
    """An approved list is taken back before its payment."""

    page = "batch_detail"
    verb = "withdraw"
    right: tuple[Permission, ...] = (Permission.ENTER_BATCH, Permission.APPROVE_BATCH)

    def state_of(self, target: Any, change: ProposedChange) -> dict[str, Any]:
        """The list's state and its rows; what else came into or went out of the funds is no matter of this list."""
        return {"state": target.state, "rows": effect_of(target, self.verb).rows}

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Withdraw the list."""
        self.demand(target, change)
        _withdraw(_locked(target, None, self.verb), change.reason, change.proposed_by, change)

    def demand(self, target: Any, change: ProposedChange) -> None:
        """Whoever proposed it must still have one of the rights."""
        held = [right for right in self.right if holds(change.proposed_by, right, target.unit)]
        demand_of_proposer(change, (held or list(self.right))[0], target.unit)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """The list's state, its sums, and what each fund holds afterwards."""
        names = {entry.value: str(entry.label) for entry in State}
        effect = effect_of(target, self.verb)
        turns = ngettext("%(count)s turn", "%(count)s turns", effect.turns) % {"count": format_int(effect.turns)}
        found = [
            Line(_("State"), names[change.before["state"]], names[change.after["state"]]),
            Line(_("Rows"), f"{turns}, {format_money(effect.amount)}", _("no longer count")),
        ]
        return found + fund_lines(effect) if change.is_waiting else found


class BatchReversal(BatchWithdrawal):
    """A paid list is reversed whole."""

    verb = "reverse"
    right = (Permission.REVERSE_BATCH,)

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Reverse the list."""
        self.demand(target, change)
        _reverse(_locked(target, None, self.verb), change.reason, change.proposed_by, change)


class RowReversal(Change):
    """One row of a paid list is reversed."""

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Reverse the row; the right is asked of the proposer once more."""
        demand_of_proposer(change, Permission.REVERSE_BATCH, change.unit)
        _reverse_row(target, change)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """Whose gift, how much, and what the fund holds afterwards."""
        what = f"{target.recipient.full_name}, {target.programme.name}, {short_date(target.given_on)}"
        found = [Line(what, format_money(target.amount), _("no longer counts"))]
        return found + fund_lines(effect_of(target.batch, "reverse", target)) if change.is_waiting else found

    def name(self, target: Any) -> str:
        """Return the list's title."""
        return str(target.batch.title)

    def url(self, target: Any) -> str:
        """Return the list's page."""
        return reverse("batch_detail", args=[target.batch_id])


def fund_lines(effect: ListEffect) -> list[Line]:
    """Return what each fund holds before and after."""
    moved: dict[int, int] = defaultdict(int)
    for one in effect.lines:
        moved[one.fund] += one.amount
    return [
        Line(one.name, format_money(one.balance_after - moved[one.fund]), format_money(one.balance_after))
        for one in effect.totals
    ]


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


def _seen(batch: Batch, verb: str, version: str | None) -> tuple[Batch, ListEffect]:
    """Lock the list and what the step moves, compute that anew, and refuse it unless the page showed exactly this."""
    batch = lock_row(Batch.objects.select_related("unit"), batch)
    rows = batch.disbursements.standing()
    old = Disbursement.objects.standing().filter(replacements__in=rows)
    limited = limited_programmes(batch) if verb == "approve" else None
    _hold(batch, {batch.half}, rows, old if verb in {"approve", "pay"} else None, limited)
    effect = effect_of(batch, verb)
    check_version(batch, version, effect)
    return _in_state(batch, verb), effect


def _hold(
    batch: Batch, halves: set[str], paying: Rows, locked: Rows | None = None, limited: QuerySet[Programme] | None = None
) -> Held:
    """Lock what posting moves: half-years, `limited` programmes, the funds of the rows, the rows (or `locked` ones)."""
    locked = paying if locked is None else locked
    funds = Fund.objects.filter(
        pk__in=[pk for rows in (paying, locked) for pk in rows.order_by().values_list("fund_id", flat=True).distinct()]
    )
    owners = dict(funds.order_by().values_list("pk", "unit_id"))
    periods = [(unit_id, half) for unit_id in {batch.unit_id, *owners.values()} for half in halves]
    programmes = [] if limited is None else limited.values_list("pk", flat=True)
    return lock_in_order(periods=periods, programmes=programmes, funds=owners, rows=locked)


def _locked(batch: Batch, version: str | None, verb: str) -> Batch:
    """Return the list under lock, as the page showed it and in a state from which the step leads on."""
    return _in_state(lock_row(Batch.objects.select_related("unit"), batch, version), verb)


def _in_state(batch: Batch, verb: str) -> Batch:
    """Return the list, or refuse a step that its state does not allow."""
    if not BATCH_STEPS.allows(verb, batch.state):
        raise ValidationError(state_problem(batch), code="batch_state")
    return batch


def state_problem(batch: Batch) -> str:
    """The sentence for a step that the list's state does not allow."""
    return _("The batch is “%(state)s” now, so this is no longer possible.") % {"state": batch.get_state_display()}


def _demand_answered(batch: Batch) -> None:
    """Refuse to send a list whose file still has an open question, or beside which a corrected file waits."""
    files = Intake.objects.unfinished().taken_into_list(Intake.Kind.DISBURSEMENTS, batch.pk)
    if waiting := files.with_open_questions().first():
        asks = _("The file %(file)s still has questions to answer. Answer them first, or give the file up.")
        corrects = _("The corrected file %(file)s waits beside this batch. Take it in first, or give it up.")
        raise ValidationError((corrects if waiting.corrects else asks) % {"file": waiting.file_name}, code="questions")


def _demand_open(batch: Batch) -> None:
    if sentence := _say_closed(batch):
        raise ValidationError(sentence, code="period_closed")


def _say_closed(batch: Batch) -> str:
    if not is_closed(unit=batch.unit, half=batch.half_year, people=[batch.entered_by_id]):
        return ""
    sentence = _(
        "%(half)s is closed for this unit. Ask for it to be opened again, or withdraw the batch and "
        "enter it anew as late."
    )
    return sentence % {"half": batch.half_year.screen_label}


def problems_of_approval(batch: Batch, effect: ListEffect, actor: User) -> list[str]:
    """Return why the person's approval of the list would be refused, known before anybody presses the button.

    `approve_batch` and the database decide; here stands what they would say.
    """
    if not BATCH_STEPS.allows("approve", batch.state):
        return [state_problem(batch)]
    said = [str(Batch.guards["batch_not_approved_by_its_maker"])] if batch.is_made_by(actor) else []
    said += problems_of_programmes(batch)
    if batch.mode != Batch.Mode.HANDED_OUT:
        return said
    said += [closed] if (closed := _say_closed(batch)) else []
    payouts = [one for one in effect.lines if one.amount < 0 and one.balance_after < 0]
    said += [short_sentence(one.name, one.balance_after - one.amount, -one.amount) for one in payouts]
    return said + foresee_shortage(batch, effect) + foresee_refusals(batch=batch, actor=actor)


def _note(
    batch: Batch, action: str, actor: User, reason: str = "", detail: dict[str, int | str] | None = None,
    change: ProposedChange | None = None,
) -> BatchEvent:  # fmt: skip
    event: BatchEvent = BatchEvent.objects.create(
        batch=batch, action=action, actor=actor, reason=reason, proposal=change
    )
    agreed: dict[str, Any] = {"proposal": change.pk, "agreed_by": change.decided_by_id} if change else {}
    audit.record(
        actor=actor,
        action=audit.Action(f"scholarships.batch.{action}"),
        target=batch,
        unit=batch.unit,
        detail=(detail or {}) | agreed,
        reason_in=(event, "reason"),
    )
    return event
