"""An approver looks through a list: who opened it is kept, and what is to be looked at again stands beside its rows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from portal import audit
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import REMOVED, ConflictError, needs
from portal.services.texts import fitting
from portal.services.versions import lock_row
from scholarships.models import Batch, BatchSight, RowRemark
from scholarships.services.batches import state_problem

AGAIN_AFTER = datetime.timedelta(hours=12)  # an evening over one list is one opening in the audit, not fifty


@dataclass(frozen=True)
class Queue:
    """The lists that wait for a person: how many, how many of them seen since they were sent, and which comes next."""

    waiting: int
    seen: int
    following: Batch | None


def queue_of(user: User, batch: Batch) -> Queue:
    """Return where the person stands in the lists that wait for them; their own are another's to approve."""
    waiting = Batch.objects.within(user, Permission.APPROVE_BATCH).waiting_for_approval()
    waiting = waiting.exclude(pk__in=waiting.made_by(user).values("pk"))
    others = waiting.exclude(pk=batch.pk)
    after = Q(submitted_at__gt=batch.submitted_at) | Q(submitted_at=batch.submitted_at, pk__gt=batch.pk)
    following = others.filter(after).first() if batch.submitted_at else None
    return Queue(waiting.count(), waiting.seen_by(user).count(), following or others.first())


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
        raise ValidationError(state_problem(batch), code="batch_state")
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
