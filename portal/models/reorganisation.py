"""Reorganisations: what was decided, by whom, from which day, and what the act made, so that it can be undone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models.account import User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.proposal import ProposedChange
from portal.models.unit import Unit, UnitScopedQuerySet
from portal.permissions import Permission
from portal.vocabulary import SuccessionKind


class ReorganisationQuerySet(UnitScopedQuerySet["Reorganisation"]):
    """Reorganisations of the units that a person sees."""

    view_permission = Permission.VIEW_PROPOSAL


class Reorganisation(models.Model):
    """Units merged, split, renamed or dissolved by a decision from a day on, below `unit`.

    `made` holds what the act wrote, by ids: versions ended and made, units made, and what each app moved. It changes in
    nothing; that it was undone is written once.
    """

    Kind = SuccessionKind

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "reorganisation_kept": _("A reorganisation stays as it was decided; it can only be undone once.")
    }

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit above"))
    kind = entry_field(_("kind"), SuccessionKind, max_length=10)
    summary = models.CharField(_("what becomes what"), max_length=400)
    on_date = models.DateField(_("in force from"))
    decision = models.CharField(_("number of the decision"), max_length=80)
    decided_on = models.DateField(_("date of the decision"))
    issuer = models.CharField(_("issued by"), max_length=120)
    made = models.JSONField(default=dict)
    proposal = models.OneToOneField(
        ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # None: by a command on the server
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    done_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    UNVERSIONED = ("made",)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("reorganisation_days", days=("on_date", "decided_on"), moments=("done_at", "undone_at")),
            entry_check("reorganisation_kind", "kind", SuccessionKind),
            seen_check("reorganisation_basis", "decision", "issuer"),
            models.CheckConstraint(
                name="reorganisation_undone_whole",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.summary
