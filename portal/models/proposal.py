"""Changes that one person proposes and another decides."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.acts import ACTS, Act
from portal.models.account import User
from portal.models.checks import days_check
from portal.models.closed import LONG_REASON, entry_check, entry_field
from portal.models.unit import Unit, UnitScopedQuerySet, unit_scope
from portal.permissions import Permission
from portal.vocabulary import ProposalState

_PENDING, _ACCEPTED, _REFUSED, _EXPIRED, _WITHDRAWN = ProposalState.values
_ONE_AT_A_TIME = sorted(act.value for act, rule in ACTS.items() if rule.one_at_a_time)


class ProposedChangeQuerySet(UnitScopedQuerySet["ProposedChange"]):
    """Proposed changes."""

    view_permission = Permission.VIEW_PROPOSAL

    def waiting(self) -> Self:
        """Proposals that somebody may still decide."""
        return self.filter(state=_PENDING, expires_at__gt=timezone.now())

    def on(self, row: models.Model) -> Self:
        """Proposals about a row."""
        return self.filter(target_type=row._meta.label_lower, target_id=row.pk)

    def decidable_by(self, user: User) -> Self:
        """Waiting proposals of others that the person may decide."""
        mine = Q(pk__in=[])
        for permission in sorted({rule.decided_by for rule in ACTS.values()} & user.permissions):
            acts = [act.value for act, rule in ACTS.items() if rule.decided_by == permission]
            mine |= Q(act__in=acts, unit_id__in=unit_scope(user, permission))
        return self.waiting().filter(mine).exclude(proposed_by=user).exclude(after__contains={"person_id": user.pk})


class ProposedChange(models.Model):
    """What somebody wants to change, from what to what and why; another person decides it once, or it runs out.

    `before` and `after` hold names of fields and their values, rows as ids; `person_id` in `after` is whom it favours.
    The database takes no change of it but the one decision, and nobody decides what they proposed.
    """

    Act = Act
    State = ProposalState

    act = entry_field(_("what"), Act, max_length=20)
    target_type = models.CharField(max_length=60)  # as in the audit: "scholarships.fund"
    target_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("unit"))
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("why"), max_length=300)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    expires_at = models.DateTimeField(_("runs out"))
    state = entry_field(_("state"), ProposalState, max_length=10, default=ProposalState.PENDING)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)  # why it was refused

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "proposal_decided_once": _("This has been decided already, or has run out. Look at it again.")
    }

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="proposal_target"),
            models.Index(fields=["unit", "state"], name="proposal_unit_state"),
        ]
        constraints = [
            days_check("proposal_days", moments=("proposed_at", "expires_at", "decided_at")),
            entry_check("proposal_act", "act", Act),
            entry_check("proposal_state", "state", ProposalState),
            models.CheckConstraint(name="proposal_reason", condition=Q(reason__regex=LONG_REASON)),
            models.CheckConstraint(
                name="proposal_decided_whole",
                condition=Q(state=_PENDING, decided_by__isnull=True, decided_at__isnull=True, answer="")
                | Q(state=_EXPIRED, decided_by__isnull=True, decided_at__isnull=False, answer="")
                | Q(state__in=(_ACCEPTED, _WITHDRAWN), decided_by__isnull=False, decided_at__isnull=False, answer="")
                | (Q(state=_REFUSED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=Q(decided_by__isnull=True)
                | (Q(state=_WITHDRAWN) & Q(decided_by=F("proposed_by")))
                | (~Q(state=_WITHDRAWN) & ~Q(decided_by=F("proposed_by"))),
                violation_error_message=_("Nobody decides what they proposed themselves."),
            ),
            models.UniqueConstraint(
                fields=["act", "target_type", "target_id"],
                condition=Q(state=_PENDING, act__in=_ONE_AT_A_TIME),
                name="proposal_one_at_a_time",
                violation_error_message=_("A proposal about this waits already. It is decided or withdrawn first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.target_type}:{self.target_id}"

    @property
    def title(self) -> str:
        """What is proposed, in words."""
        return str(Act(self.act).label)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody may still decide it."""
        return self.state == _PENDING and self.expires_at > timezone.now()

    @property
    def shown_state(self) -> str:
        """The state as it is now: what has run out says so before anybody notes it."""
        return _EXPIRED if self.state == _PENDING and not self.is_waiting else self.state

    @property
    def state_label(self) -> str:
        """The word for that state."""
        return str(ProposalState(self.shown_state).label)
