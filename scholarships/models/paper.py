"""What is printed of lists: papers made in the background, and the codes that stand on certificates."""

from __future__ import annotations

import datetime
import re
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import initials
from portal.models import User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.vocabulary import PaperKind, RecipientKind
from scholarships.models.batch import Batch
from scholarships.models.disbursement import Disbursement

KEPT = datetime.timedelta(days=30)  # a paper names children: it is made again sooner than kept
STILL = datetime.timedelta(minutes=3)  # no part of a paper takes the worker so long: it has stopped, or never began


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers."""

    def being_made(self) -> Self:
        """Papers that the worker still makes or has not begun."""
        return self.filter(finished_at__isnull=True)

    def run_out(self) -> Self:
        """Papers that are ready and have been kept for as long as they are."""
        return self.filter(content__isnull=False, finished_at__lte=timezone.now() - KEPT)

    def without_content(self) -> Self:
        """Papers without their bytes, for pages; `is_ready` says whether there are any."""
        return self.annotate(is_ready=Q(content__isnull=False)).defer("content")


class Paper(models.Model):
    """One PDF of a list, asked for by somebody and made by the worker; given up, or with its bytes when it is ready."""

    Kind = PaperKind

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="papers")
    row = models.ForeignKey(Disbursement, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # it alone
    kind = entry_field(_("what is printed"), PaperKind, max_length=12)
    number = models.CharField(_("number of the decision"), max_length=40, blank=True)
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    is_failed = models.BooleanField(default=False)
    moved_at = models.DateTimeField(default=timezone.now)  # when the worker last said how far it is
    finished_at = models.DateTimeField(null=True, blank=True)  # ready, given up or failed
    expired_at = models.DateTimeField(null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check(
                "paper_days", days=("decided_on",), moments=("asked_at", "moved_at", "finished_at", "expired_at")
            ),
            entry_check("paper_kind", "kind", PaperKind),
            models.CheckConstraint(
                name="paper_content_finished", condition=Q(content__isnull=True) | Q(finished_at__isnull=False)
            ),
            models.CheckConstraint(
                name="paper_expired_gone",
                condition=Q(expired_at__isnull=True) | Q(content__isnull=True, finished_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["batch", "kind", "row"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="paper_once_at_a_time",
                violation_error_message=_("This paper is being made already. Wait for it, or give it up first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.batch_id}"

    @property
    def is_being_made(self) -> bool:
        """Whether the worker still makes it."""
        return self.finished_at is None

    @property
    def is_left_behind(self) -> bool:
        """Whether nothing has come of it for so long that its worker must have stopped."""
        return self.finished_at is None and self.moved_at <= timezone.now() - STILL

    @property
    def expires_at(self) -> datetime.datetime | None:
        """When a paper that is ready goes; None before it is."""
        return self.finished_at + KEPT if self.finished_at else None


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates."""

    def of_code(self, code: str) -> Certificate | None:
        """Return the certificate on which the code stands, with its row."""
        return self.filter(code=code).select_related("row__recipient", "row__programme", "row__unit").first()


class Certificate(models.Model):
    """The code on a child's certificate, with the decision that it names; printed again it is the same."""

    row = models.OneToOneField(Disbursement, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=12, unique=True)
    number = models.CharField(_("number of the decision"), max_length=40)
    decided_on = models.DateField(_("day of the decision"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ("row",)
        constraints = [
            days_check("certificate_days", days=("decided_on",), moments=("issued_at",)),
            seen_check("certificate_number_seen", "number"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def public_name(self) -> str:
        """How whoever checks the paper sees the person: "em N.T.A, lớp 5"; never the school or the birth.

        The whole name only while the guardian's two consents stand: withdrawn, it is gone with the next request.
        """
        child = self.row.recipient
        short = child.full_name if child.may_be_named else initials(child.full_name)
        if self.row.recipient.kind != RecipientKind.PUPIL:
            return short
        found = re.search(r"[0-9]{1,2}", self.row.school_class)
        return f"em {short}, lớp {found[0]}" if found else f"em {short}"

    @property
    def unit_name(self) -> str:
        """What the unit was called on the day of the decision."""
        return self.row.unit.name_on(self.decided_on)

    @property
    def unit_name_today(self) -> str:
        """Which units have its tasks now, where it has ended since; else ""."""
        today = timezone.localdate()
        heirs = self.row.unit.successions.filter(on_date__lte=today).select_related("to_unit")
        return ", ".join(heir.to_unit.name_on(today) for heir in heirs)
