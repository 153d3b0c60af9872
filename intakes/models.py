"""A workbook on its way in: uploaded, previewed and repaired, then taken in or given up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_field
from portal.vocabulary import BatchMode, IntakeKind


class Intake(models.Model):
    """An officer's file with the officer's decisions on it (columns, repairs, dropped rows), before it becomes facts.

    The file's bytes hold personal data: they are cleared as soon as the list is taken in or given up.
    """

    Kind = IntakeKind

    kind = entry_field(None, IntakeKind, max_length=20)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    half = half_field(blank=True)
    mode = entry_field(None, BatchMode, max_length=20, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    mapping = models.JSONField(default=dict)  # header -> field, as the officer settled it
    repairs = models.JSONField(default=dict)  # "sheet!row" -> {field: text}
    decisions = models.JSONField(
        default=dict
    )  # "sheet!row" -> {"drop": true} | {"repeat": reason} | {"replace": row id}
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at",)
        constraints = [
            days_check("intake_days", moments=("uploaded_at", "finished_at")),
            entry_check("intake_kind", "kind", IntakeKind),
            entry_check("intake_mode", "mode", BatchMode, blank=True),
            models.CheckConstraint(
                name="intake_content_cleared",
                condition=Q(finished_at__isnull=True, content__isnull=False)
                | Q(finished_at__isnull=False, content__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
