"""The chain over the books: blocks of lines of the fund book and of the audit, each sealed with the one before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models.checks import days_check


class SealedBlock(models.Model):
    """Some lines of the fund book and of the audit, sealed: append-only, and made by the database alone.

    `ledger_ids` and `audit_ids` name the rows (an int8multirange), the digests are over all that stands in them, and
    `digest` is over the block and the digest of the block before. A row that was changed, put in or taken out
    afterwards, even by the owner of the tables, no longer fits its block; a block that was made anew no longer fits
    the next one, nor what somebody has written down of it.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("sealed"))
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    ledger_ids = models.TextField()
    ledger_digest = models.CharField(max_length=64)
    ledger_last = models.BigIntegerField()  # the highest number that was seen
    ledger_floor = models.BigIntegerField()  # up to here nothing can come to light any more
    audit_ids = models.TextField()
    audit_digest = models.CharField(max_length=64)
    audit_last = models.BigIntegerField()
    audit_floor = models.BigIntegerField()
    horizon = models.BigIntegerField()  # the first transaction that had not begun

    class Meta:
        ordering = ("number",)
        constraints = [
            days_check("sealed_block_days", moments=("at",)),
            models.CheckConstraint(name="sealed_block_first", condition=Q(number__gt=1) | Q(previous="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"
