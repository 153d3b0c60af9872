"""The append-only record of who did what."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models.account import User
from portal.models.checks import days_check
from portal.models.unit import Unit, UnitScopedQuerySet, unit_scope
from portal.permissions import Permission


class AuditQuerySet(UnitScopedQuerySet):
    """Audit entries of the units a person may audit."""

    view_permission = Permission.VIEW_AUDIT

    def auditable_by(self, user: User) -> Self:
        """Entries of the units the person audits; those of no unit (accounts, the site) belong to the root unit."""
        audited = Q(unit_id__in=unit_scope(user, self.view_permission))
        return self.filter(audited | Q(unit__isnull=True) if user.may_at_root(self.view_permission) else audited)


class AuditEntry(models.Model):
    """Who did what, on which row, when, from where: field names and ids, never personal values.

    The database refuses UPDATE, DELETE and TRUNCATE. Erasing a person must stay possible, so no value stands here.
    """

    at = models.DateTimeField(_("time"), auto_now_add=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    action = models.CharField(_("action"), max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("unit"))
    fields = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    source = models.CharField(_("from"), max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["unit", "-id"], name="audit_unit"),
            models.Index(fields=["actor", "-id"], condition=Q(action="portal.request.refuse"), name="audit_refused"),
        ]
        constraints = [
            days_check("audit_entry_days", moments=("at",)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type}:{self.target_id}"
