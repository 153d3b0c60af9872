"""An approver looks through a list: who opened it is kept, and what is to be looked at again stands beside its rows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import REMOVED, ConflictError, needs
from portal.services.texts import fitting
from portal.services.versions import lock_row
from scholarships.models import Batch, BatchSight, RowRemark

AGAIN_AFTER = datetime.timedelta(hours=12)  # an evening over one list is one opening in the audit, not fifty


@needs(Permission.VIEW_BATCH, on="batch.unit")
def see_batch(*, batch: Batch, actor: User) -> BatchSight:
    """Keep that the person has opened the list; an opening after half a day is a line of the audit of its own."""
    now = timezone.now()
    sight = BatchSight.objects.select_for_update().filter(batch=batch, user=actor).first()
    if sight is None or sight.seen_at < now - AGAIN_AFTER:
        audit.record(actor=actor, action=audit.Action.BATCH_SEE, target=batch, unit=batch.unit)
    if sight is None:
        return BatchSight.objects.update_or_create(batch=batch, user=actor, defaults={"seen_at": now})[0]
    sight.seen_at = now
    sight.save(update_fields=["seen_at"])
    return sight


@needs(Permission.APPROVE_BATCH, on="batch.unit")
def remark_rows(*, batch: Batch, remarks: Mapping[int, str], actor: User) -> Batch:
    """Put what is to be looked at again beside rows of a submitted list (row id -> text; an empty one takes it away).

    The remarks go to the unit with the list's return. Raises ConflictError when one of the rows is there no more.
    """
    batch = lock_row(Batch.objects.select_related("unit"), batch)
    if batch.state != Batch.State.SUBMITTED:
        sentence = _("The batch is “%(state)s” now, so this is no longer possible.")
        raise ValidationError(sentence % {"state": batch.get_state_display()}, code="batch_state")
    rows = set(batch.disbursements.standing().filter(pk__in=remarks).values_list("pk", flat=True))
    if rows != set(remarks):
        raise ConflictError(REMOVED)
    said = {pk: fitting(RowRemark, "text", text) for pk, text in remarks.items()}
    found = {one.row_id: one for one in RowRemark.objects.open_on(batch).filter(row_id__in=rows)}
    for pk, text in said.items():
        one = found.get(pk) or RowRemark(row_id=pk)
        if not text and one.pk:
            one.delete()
        elif text and text != one.text:
            one.text, one.author = text, actor
            one.save()
    return batch
