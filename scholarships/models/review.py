"""What an approver does while looking through a list: rows remarked on, lists opened."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import User
from portal.models.checks import days_check, seen_check
from scholarships.models.batch import Batch, BatchEvent
from scholarships.models.disbursement import Disbursement


class RowRemarkQuerySet(models.QuerySet["RowRemark"]):
    """Remarks."""

    def open_on(self, batch: Batch) -> Self:
        """Remarks that an approver is still writing: they go to the unit with the list's next return."""
        return self.filter(row__batch=batch, row__reversed_at__isnull=True, event__isnull=True)

    def of_last_return(self, batch: Batch) -> Self:
        """Remarks with which the list was returned last: what the officer is to look at first."""
        last = BatchEvent.objects.filter(batch=batch, action="return").order_by("-id").values("pk")[:1]
        return self.filter(row__batch=batch, row__reversed_at__isnull=True, event_id__in=last)


class RowRemark(models.Model):
    """What an approver says of one row that is to be looked at again; with its `event` it has been sent to the unit."""

    row = models.ForeignKey(Disbursement, on_delete=models.CASCADE, related_name="remarks")
    text = models.CharField(_("what is to be looked at"), max_length=300)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)
    event = models.ForeignKey(BatchEvent, on_delete=models.PROTECT, related_name="remarks", null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "row_remark_sent": _("This remark has been sent to the unit already. Look at the batch again."),
    }

    objects = RowRemarkQuerySet.as_manager()

    class Meta:
        ordering = ("row", "id")
        constraints = [
            days_check("row_remark_days", moments=("written_at",)),
            seen_check("row_remark_seen", "text"),
            models.UniqueConstraint(
                fields=["row"],
                condition=Q(event__isnull=True),
                name="row_remark_one_open",
                violation_error_message=_(
                    "Somebody else is writing a remark on the same row. Look at the batch again."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class BatchSight(models.Model):
    """That somebody has opened a list, and when last: how many of the waiting ones an approver has seen."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="sights")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("batch", "id")
        constraints = [
            days_check("batch_sight_days", moments=("seen_at",)),
            models.UniqueConstraint(fields=["batch", "user"], name="batch_sight_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.user_id}"
