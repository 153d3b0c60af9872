"""Taking a decided list in, thousands of rows at a time: the one way for the screen and for the command."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services.bulk import copy_rows, new_ids
from portal import audit
from portal.lib.language import official_language
from portal.lib.vietnamese import normalize
from portal.models import User, person_columns
from portal.permissions import Permission
from portal.services.refusals import ConflictError, ForbiddenError, needs
from portal.services.texts import fitting, longest, shorten, shorten_file_name
from portal.vocabulary import HARDSHIP
from scholarships.models import Batch, BatchEvent, BatchFile, Disbursement, Fund, Recipient
from scholarships.services.batches import post_paid, submit_batch
from scholarships.services.deciding import PlannedGift
from scholarships.services.locking import lock_in_order
from scholarships.services.plan import GiftPlan
from scholarships.services.rows import TAKEN_OUT, lock_entry
from scholarships.services.rules import RecipientKey

DROP, KEEP = "drop", "keep"  # what becomes of rows that a corrected file no longer holds
_KINDS = frozenset(Recipient.Kind.values)


@needs(Permission.ENTER_BATCH, on="plan.unit")
def take_in(
    *,
    plan: GiftPlan,
    state: str,
    actor: User,
    mode: str | None = None,
    title: str = "",
    makers: Collection[int] = (),
    into: int | None = None,
    upload: Intake | None = None,
) -> Batch | None:
    """Add the plan's new rows as one list; None when there is nothing to add.

    `state`: "draft", "submitted", or "paid" for a command on the server, where what was handed out needs no other
    approver than the operator. `makers` had a hand in the list beside the actor: none of them approves it. `into`: a
    draft or returned list of the same half-year that the rows join, if it still is one. `upload`: where they come from.
    ValidationError when the plan is blocked, a fund holds too little, or rows were recorded meanwhile.
    """
    if state == Batch.State.PAID and not actor.is_system:
        raise ForbiddenError(_("You cannot approve a batch that you entered or submitted yourself."), code="own")
    plan.demand_unblocked()
    rows = plan.accepted
    if not rows:
        return None
    lock_entry(plan.unit)
    now, paid = timezone.now(), state == Batch.State.PAID
    batch = _continue_batch(plan, into, actor, makers) or _make_batch(plan, actor, mode, title, makers)
    if paid:
        fund_ids = {row.fund_id for row in rows if row.fund_id is not None}
        owners = set(Fund.objects.filter(pk__in=fund_ids).values_list("unit_id", flat=True))
        periods = [(unit_id, plan.half.code) for unit_id in {plan.unit.pk, *owners}]
        lock_in_order(periods=periods, funds=fund_ids)  # before the sums of the half-year are touched
    people, file = _add_people(plan, rows), _keep_file(batch, plan, upload, actor)
    copy_rows(Disbursement, _lines(rows, people), _of_all(file, actor, now, now if paid else None))
    if state == Batch.State.SUBMITTED:
        return submit_batch(batch=batch, actor=actor)
    if paid:
        last = max(row.given_on for row in rows if row.given_on)
        post_paid(batch=batch, occurred_on=max(last, plan.half.first_day), paid_at=now, actor=actor)
    return batch


@needs(Permission.ENTER_BATCH, on="upload.unit")
def correct_list(
    *, plan: GiftPlan, upload: Intake, lost: str, makers: Collection[int] = (), actor: User
) -> Batch:  # fmt: skip
    """Put the rows of a corrected file in the place of those that its list holds; the same list, its history whole.

    Changed rows leave the list as they were, and can be seen below it; `lost` says what becomes of rows that the file
    no longer holds: "drop" or "keep". ValidationError when it does not say, or when the list is not a draft or returned
    any more.
    """
    plan.demand_unblocked()
    if plan.left_behind and lost not in (DROP, KEEP):
        raise ValidationError(_("Say what becomes of the rows that the file no longer holds."))
    lock_entry(plan.unit)
    batch = _continue_batch(plan, upload.taken_into, actor, makers)
    if batch is None:
        raise ValidationError(
            _("The list that this file corrects has been sent meanwhile, or is for another half-year."),
            code="batch_state",
        )
    now, rows = timezone.now(), plan.accepted
    file = _keep_file(batch, plan, upload, actor)
    gone = [one.id for one in plan.left_behind if lost == DROP]
    leaving = [row.instead_of for row in rows if row.instead_of] + gone
    left = batch.disbursements.standing().filter(pk__in=leaving)
    count = left.update(
        taken_out=True, reversed_at=now, reversed_half=batch.half, reversal_reason=TAKEN_OUT, left_with=file
    )
    if count != len(leaving):
        raise ConflictError(_("What would be imported has changed since you looked. Look at the preview again."))
    copy_rows(Disbursement, _lines(rows, _add_people(plan, rows)), _of_all(file, actor, now, None))
    batch.file_name, batch.file_sha256 = file.file_name, file.file_sha256
    batch.save(update_fields=["file_name", "file_sha256"])
    facts = {"file": file.file_name, "changed": len(plan.changed), "added": len(plan.added), "gone": len(gone)}
    with official_language():
        told = _("Corrected file %(file)s: %(changed)d changed, %(added)d new, %(gone)d taken out") % facts
    BatchEvent.objects.create(
        batch=batch, action="edit", actor=actor, reason=shorten(told, longest(BatchEvent, "reason"))
    )
    return batch


def _keep_file(batch: Batch, plan: GiftPlan, upload: Intake | None, actor: User) -> BatchFile:
    """Keep what the file said in all, beside the list; taken in by parts, it is one file."""
    asked, refused = plan.asked, plan.rejected
    dropped = sum(1 for decision in asked.decisions.values() if decision.get("drop"))
    found = BatchFile.objects.filter(batch=batch, intake=upload, undone_at=None).first() if upload is not None else None
    file = found or BatchFile(batch=batch, intake=upload, taken_by=actor)
    file.file_name = shorten_file_name(asked.file_name, longest(BatchFile, "file_name"))
    file.file_sha256, file.corrects = asked.file_sha256, asked.corrects is not None
    file.rows, file.amount, file.total_row = len(plan.rows) + dropped, plan.read_amount, plan.total_row
    file.known, file.left_rows = len(plan.known), len(refused) + dropped
    file.left_amount, file.left_reason = sum(row.amount or 0 for row in refused), ""
    file.save()
    return file


def _continue_batch(plan: GiftPlan, into: int | None, actor: User, makers: Collection[int]) -> Batch | None:
    """Return the list that earlier rows of the same file made, under lock, while its rows may be changed."""
    found = Batch.objects.select_for_update().filter(pk=into, unit=plan.unit, half=plan.half.code).first()
    if found is None or not found.is_editable:
        return None
    batch: Batch = found
    for pk in sorted({actor.pk, *makers} - {batch.entered_by_id}):
        BatchEvent.objects.create(batch=batch, action="edit", actor_id=pk)
    detail = {"rows": plan.turns, "amount": plan.amount, "rejected": len(plan.rejected)}
    audit.record(actor=actor, action=audit.Action.BATCH_TAKE_IN, target=batch, unit=plan.unit, detail=detail)
    return batch


def _make_batch(plan: GiftPlan, actor: User, mode: str | None, title: str, makers: Collection[int]) -> Batch:
    asked = plan.asked
    batch = Batch.objects.create(
        unit=plan.unit, half=plan.half.code, mode=mode or asked.mode, title=_title(plan, title),
        file_name=shorten_file_name(asked.file_name, longest(Batch, "file_name")),
        file_sha256=asked.file_sha256, by_command=actor.is_system, entered_by=actor,
    )  # fmt: skip
    BatchEvent.objects.create(batch=batch, action="create", actor=actor)
    for pk in sorted(makers):
        BatchEvent.objects.create(batch=batch, action="edit", actor_id=pk)
    detail = {"rows": plan.turns, "amount": plan.amount, "rejected": len(plan.rejected)}
    audit.record(actor=actor, action=audit.Action.BATCH_TAKE_IN, target=batch, unit=plan.unit, detail=detail)
    return batch


def _title(plan: GiftPlan, title: str) -> str:
    title = fitting(Batch, "title", title)
    stem = normalize(plan.asked.file_name.rsplit(".", 1)[0].replace("_", " "))
    with official_language():
        named = _("Batch of %(half)s") % {"half": plan.asked_half.label}
    return title or shorten(f"{named} ({stem})" if stem else named, longest(Batch, "title"))


def _add_people(plan: GiftPlan, rows: list[PlannedGift]) -> dict[RecipientKey, int]:
    """Add the people that the unit does not know yet and return all new ids by key; school and class of others stay.

    Of whom no guardian is known yet, the file's is kept.
    """
    _keep_guardians(rows)
    new: dict[RecipientKey, PlannedGift] = {}
    for row in rows:
        if row.recipient_id is None:
            new.setdefault(row.key, row)
    if not new:
        return {}
    ids = dict(zip(new, new_ids(Recipient, len(new)), strict=True))
    copy_rows(Recipient, (_person(ids[key], key, row) for key, row in new.items()), {"unit_id": plan.unit.pk})
    return ids


def _keep_guardians(rows: list[PlannedGift]) -> None:
    told = {
        row.recipient_id: (row.values["guardian_name"] or "", row.values["guardian_phone"] or "")
        for row in reversed(rows)
        if row.recipient_id and (row.values["guardian_name"] or row.values["guardian_phone"])
    }
    unknown = list(Recipient.objects.filter(pk__in=told, guardian_name="", guardian_phone=""))
    for person in unknown:
        person.guardian_name, person.guardian_phone = told[person.pk]
    Recipient.objects.bulk_update(unknown, ["guardian_name", "guardian_phone"], batch_size=500)


def _person(pk: int, key: RecipientKey, row: PlannedGift) -> dict[str, Any]:
    values = row.values
    kind = values["recipient_kind"] if values["recipient_kind"] in _KINDS else Recipient.Kind.PUPIL
    return {
        "id": pk, **person_columns(row.name, row.birth, values["gender"] or "", key=key[0]),
        "kind": kind, "school": values["school"], "school_class": values["school_class"],
        "guardian_name": values["guardian_name"] or "", "guardian_phone": values["guardian_phone"] or "",
    }  # fmt: skip


def _of_all(file: BatchFile, actor: User, now: datetime, paid_at: datetime | None) -> dict[str, Any]:
    """Return what all rows of a file have in common."""
    batch = file.batch
    return {
        "batch_id": batch.pk, "unit_id": batch.unit_id, "half": batch.half, "entered_by_id": actor.pk,
        "created_at": now, "paid_at": paid_at, "file_id": file.pk,
    }  # fmt: skip


def _lines(rows: list[PlannedGift], people: dict[RecipientKey, int]) -> Iterator[dict[str, Any]]:
    longest_sheet = longest(Disbursement, "sheet")
    for row in rows:
        values = row.values
        circumstance = values["circumstance_code"] or ""
        yield {
            "late_for": row.late_for, "programme_id": row.programme.pk if row.programme else None,
            "recipient_id": row.recipient_id or people[row.key], "amount": row.amount, "given_on": row.given_on,
            "circumstance": circumstance, "circumstance_text": values["circumstance"],
            "is_hardship": circumstance in HARDSHIP, "school": values["school"],
            "school_class": values["school_class"], "source": row.paid_from,
            "fund_id": row.fund_id if row.paid_from == Disbursement.Source.FUND else None, "note": values["note"],
            "sheet": shorten(row.sheet, longest_sheet), "row_number": row.row,
            "repeat_no": row.repeat_no, "repeat_reason": row.repeat_reason, "replaces_id": row.replaces_id,
        }  # fmt: skip
