"""Files beside a list: the corrected one that takes the place of its rows, what of one is left out, one taken out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services.intakes import discard_intake, start_intake
from portal import audit
from portal.lib.language import official_language
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs, require_reason
from portal.services.texts import longest, shorten
from portal.services.versions import lock_row
from scholarships.models import Batch, BatchEvent, BatchFile
from scholarships.services.lists import DisbursementList
from scholarships.services.rows import TAKEN_OUT, lock_entry


@needs(Permission.ENTER_BATCH, on="batch.unit")
def start_correction(*, batch: Batch, file_name: str, content: bytes, actor: User) -> Intake:
    """Keep a corrected file for its preview: taken in, it takes the place of the rows of this draft or returned list.

    A corrected file that waited for the same list is given up. ValidationError as in `start_intake`.
    """
    batch = lock_written(batch)
    for waiting in (
        Intake.objects.unfinished().taken_into_list(Intake.Kind.DISBURSEMENTS, batch.pk).filter(corrects=True)
    ):
        discard_intake(intake=waiting, actor=actor)
    return start_intake(
        kind=DisbursementList(), unit=batch.unit, half=batch.half, mode=batch.mode, file_name=file_name,
        content=content, corrects=batch.pk, actor=actor,
    )  # fmt: skip


@needs(Permission.ENTER_BATCH, on=("batch.unit", "intake.unit"))
def correct_with(*, batch: Batch, intake: Intake, actor: User) -> Intake:
    """Let a file that was sent as a new list take the place of the rows of this draft or returned list instead."""
    batch = lock_written(batch)
    found = Intake.objects.select_for_update(of=("self",)).defer("content").get(pk=intake.pk)
    if found.finished_at is not None or found.taken_into is not None or found.unit_id != batch.unit_id:
        raise ValidationError(_("This file no longer waits to be taken in as a new list."), code="finished")
    found.taken_into, found.corrects, found.half, found.mode = batch.pk, True, batch.half, batch.mode
    found.save(update_fields=["taken_into", "corrects", "half", "mode"])
    found.helpers.get_or_create(person=actor)
    detail = {"batch": batch.pk}
    audit.record(actor=actor, action=audit.Action.INTAKE_CORRECT, target=found, unit=batch.unit, detail=detail)
    return found


@needs(Permission.ENTER_BATCH, on="file.batch.unit")
def leave_rows(*, file: BatchFile, reason: str, version: str | None = None, actor: User) -> BatchFile:
    """Give up the rows of a file that are not in its list, with the reason that the approver reads; erase the file."""
    batch = lock_row(Batch.objects.select_related("unit"), file.batch)
    file = lock_row(batch.files.filter(undone_at=None), file, version)
    reason = require_reason(reason, _("Say why these rows stay out of the batch."))
    waiting = Intake.objects.unfinished().filter(pk=file.intake_id or 0).exclude(left_rows=None).first()
    if waiting is None:
        raise ValidationError(_("No rows of this file wait any more. Look at the batch again."), code="finished")
    discard_intake(intake=waiting, actor=actor)
    file.left_reason = reason
    file.save(update_fields=["left_reason"])
    detail = {"file": file.pk, "rows": file.left_rows}
    audit.record(actor=actor, action=audit.Action.BATCH_LEAVE_ROWS, target=batch, unit=batch.unit, detail=detail)
    return file


@needs(Permission.ENTER_BATCH, on="file.batch.unit")
def undo_file(*, file: BatchFile, version: str | None = None, actor: User) -> Batch:
    """Undo the last taking in of a file: its rows leave the draft or returned list, those it took out come back.

    ValidationError when a later file stands upon it, or when a row that comes back was entered anew meanwhile.
    """
    batch = lock_written(Batch(pk=file.batch_id), version)
    lock_entry(batch.unit)
    last = batch.files.filter(undone_at=None).order_by("-id").first()
    if last is None or last.pk != file.pk:
        sentence = _("Only the last file can be taken out again. Look at the batch again.")
        raise ValidationError(sentence, code="later_file")
    for waiting in Intake.objects.unfinished().filter(pk=last.intake_id or 0):
        discard_intake(intake=waiting, actor=actor)
    gone = batch.disbursements.standing().filter(file=last).update(
        taken_out=True, reversed_at=timezone.now(), reversed_half=batch.half, reversal_reason=TAKEN_OUT
    )  # fmt: skip
    back = batch.disbursements.filter(left_with=last, taken_out=True).update(
        taken_out=False, reversed_at=None, reversed_half="", reversal_reason="", left_with=None
    )
    last.undone_at = timezone.now()
    last.save(update_fields=["undone_at"])
    with official_language():
        told = _("File %(file)s taken out again: %(gone)d rows out, %(back)d back")
    told = shorten(told % {"file": last.file_name, "gone": gone, "back": back}, longest(BatchEvent, "reason"))
    BatchEvent.objects.create(batch=batch, action="edit", actor=actor, reason=told)
    detail = {"file": last.pk, "out": gone, "back": back}
    audit.record(actor=actor, action=audit.Action.BATCH_UNDO_FILE, target=batch, unit=batch.unit, detail=detail)
    return batch


def lock_written(batch: Batch, version: str | None = None) -> Batch:
    """Return the list under lock while its rows may be changed."""
    batch = lock_row(Batch.objects.select_related("unit"), batch, version)
    if not batch.is_editable:
        raise ValidationError(
            _("The batch is “%(state)s”, so its rows cannot be changed.") % {"state": batch.get_state_display()},
            code="batch_state",
        )
    return batch
