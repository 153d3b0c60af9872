"""Taking a decided list in, thousands of rows at a time: the one way for the screen and for the command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from intakes.services.bulk import copy_rows, new_ids
from portal import audit
from portal.lib.vietnamese import normalize, sort_key
from portal.models import User
from portal.permissions import Permission
from portal.vocabulary import HARDSHIP
from scholarships.models import Batch, BatchEvent, Disbursement, Fund, Recipient
from scholarships.services.batches import post_paid, submit_batch
from scholarships.services.deciding import PlanRow
from scholarships.services.ledger import hold_periods, lock_funds
from scholarships.services.plan import Plan
from scholarships.services.refusals import demand, kept_by_database
from scholarships.services.rows import lock_entry
from scholarships.services.rules import RecipientKey

_KINDS = frozenset(Recipient.Kind.values)
_RECIPIENT = (
    "id", "unit_id", "full_name", "name_key", "sort_key", "birth_year", "birth_month", "birth_day", "gender",
    "kind", "school", "school_class",
)  # fmt: skip
_DISBURSEMENT = (
    "batch_id", "unit_id", "half", "entered_by_id", "created_at", "paid_at", "reversed_half", "reversal_reason",
    "late_for", "programme_id", "recipient_id", "amount", "given_on", "circumstance", "circumstance_text",
    "is_hardship", "school", "school_class", "source", "fund_id", "note", "sheet", "row_number", "repeat_no",
    "repeat_reason", "replaces_id",
)  # fmt: skip


def take_in(plan: Plan, *, state: str, actor: User, mode: str | None = None, title: str = "") -> Batch | None:
    """Add the plan's new rows as one list; None when there is nothing to add.

    `state`: "draft", "submitted", or "paid" for a command on the server, where what was handed out needs no other
    approver than the operator. ValidationError when the plan is blocked, a fund holds too little, or rows were recorded
    meanwhile.
    """
    mode = mode or plan.mode
    demand(actor, Permission.ENTER_BATCH, plan.unit)
    if state == Batch.State.PAID and not actor.is_system:
        raise ValidationError(_("Nobody approves a list that they entered or submitted themselves."), code="own")
    if plan.is_blocked:
        raise ValidationError([*plan.refusals, *(ambiguity.message for ambiguity in plan.ambiguities)])
    rows = plan.accepted
    if not rows:
        return None
    with kept_by_database():
        lock_entry(plan.unit)
        now = timezone.now()
        paid = state == Batch.State.PAID
        batch = Batch.objects.create(
            unit=plan.unit, half=plan.half.code, mode=mode, title=_title(plan, title), file_name=plan.file_name[-200:],
            file_sha256=plan.file_sha256, by_command=actor.is_system, entered_by=actor,
        )  # fmt: skip
        BatchEvent.objects.create(batch=batch, action="create", actor=actor)
        detail = {"rows": len(rows), "amount": plan.amount, "rejected": len(plan.rejected)}
        audit.record(actor=actor, action="scholarships.batch.take_in", target=batch, unit=plan.unit, detail=detail)
        if paid:
            fund_ids = {row.fund_id for row in rows if row.fund_id is not None}
            owners = set(Fund.objects.filter(pk__in=fund_ids).values_list("unit_id", flat=True))
            hold_periods((unit_id, plan.half.code) for unit_id in {plan.unit.pk, *owners})
            lock_funds(fund_ids)  # before the sums of the half-year: every payment goes in this order
        people = _add_people(plan, rows)
        copy_rows(Disbursement, _DISBURSEMENT, _lines(batch, rows, people, actor, now, now if paid else None))
        if state == Batch.State.SUBMITTED:
            return submit_batch(batch=batch, actor=actor)
        if paid:
            last = max(row.given_on for row in rows if row.given_on)
            post_paid(batch=batch, occurred_on=max(last, plan.half.first_day), paid_at=now, actor=actor)
    return batch


def _title(plan: Plan, title: str) -> str:
    stem = plan.file_name.rsplit(".", 1)[0].replace("_", " ")
    return (normalize(title) or normalize(stem) or _("List of %(half)s") % {"half": plan.asked.label})[:200]


def _add_people(plan: Plan, rows: list[PlanRow]) -> dict[RecipientKey, int]:
    """Add the people that the unit does not know yet and return all new ids by key; school and class of others stay."""
    new: dict[RecipientKey, PlanRow] = {}
    for row in rows:
        if row.recipient_id is None:
            new.setdefault(row.key, row)
    if not new:
        return {}
    ids = dict(zip(new, new_ids(Recipient, len(new)), strict=True))
    copy_rows(Recipient, _RECIPIENT, (_person(plan.unit.pk, ids[key], key, row) for key, row in new.items()))
    return ids


def _person(unit_id: int, pk: int, key: RecipientKey, row: PlanRow) -> tuple[Any, ...]:
    values = row.values
    kind = values["recipient_kind"] if values["recipient_kind"] in _KINDS else Recipient.Kind.PUPIL
    return (
        pk, unit_id, row.name[:120], key[0][:120], sort_key(row.name)[:400], key[1], key[2], key[3],
        values["gender"] or "", kind, values["school"][:160], values["school_class"][:40],
    )  # fmt: skip


def _lines(
    batch: Batch,
    rows: list[PlanRow],
    people: dict[RecipientKey, int],
    actor: User,
    now: datetime,
    paid_at: datetime | None,
) -> Iterator[tuple[Any, ...]]:
    same = (batch.pk, batch.unit_id, batch.half, actor.pk, now, paid_at, "", "")
    for row in rows:
        values = row.values
        circumstance = values["circumstance_code"] or ""
        programme_id = row.programme.pk if row.programme else None
        fund_id = row.fund_id if row.paid_from == Disbursement.Source.FUND else None
        yield (
            *same, row.late_for, programme_id, row.recipient_id or people[row.key], row.amount, row.given_on,
            circumstance, values["circumstance"][:120], circumstance in HARDSHIP, values["school"][:160],
            values["school_class"][:40], row.paid_from, fund_id,
            values["note"][:200], row.sheet[:80], row.row, row.repeat_no, row.repeat_reason, row.replaces_id,
        )  # fmt: skip
