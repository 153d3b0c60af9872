"""Files beside a list: the corrected one that takes the place of its rows."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services.intakes import discard_intake, start_intake
from portal import audit
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.services.versions import lock_row
from scholarships.models import Batch
from scholarships.services.lists import DisbursementList


@needs(Permission.ENTER_BATCH, on="batch.unit")
def start_correction(*, batch: Batch, file_name: str, content: bytes, actor: User) -> Intake:
    """Keep a corrected file for its preview: taken in, it takes the place of the rows of this draft or returned list.

    A corrected file that waited for the same list is given up. ValidationError as in `start_intake`.
    """
    batch = _lock_written(batch)
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
    batch = _lock_written(batch)
    found = Intake.objects.select_for_update(of=("self",)).defer("content").get(pk=intake.pk)
    if found.finished_at is not None or found.taken_into is not None or found.unit_id != batch.unit_id:
        raise ValidationError(_("This file no longer waits to be taken in as a new list."), code="finished")
    found.taken_into, found.corrects, found.half, found.mode = batch.pk, True, batch.half, batch.mode
    found.save(update_fields=["taken_into", "corrects", "half", "mode"])
    found.helpers.get_or_create(person=actor)
    detail = {"batch": batch.pk}
    audit.record(actor=actor, action=audit.Action.INTAKE_CORRECT, target=found, unit=batch.unit, detail=detail)
    return found


def _lock_written(batch: Batch) -> Batch:
    """Return the list under lock while its rows may be changed."""
    batch = lock_row(Batch.objects.select_related("unit"), batch)
    if not batch.is_editable:
        raise ValidationError(
            _("The batch is “%(state)s”, so its rows cannot be changed.") % {"state": batch.get_state_display()},
            code="batch_state",
        )
    return batch
