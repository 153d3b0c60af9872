"""People who ask to join, what they agreed to, and whoever takes it back."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.member import Member
from portal.lib import identifiers
from portal.lib.qr import format_code
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.person import Person
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import ApplicationState

State = ApplicationState
_KEEPS = (Permission.MANAGE_MEMBERS,)
APPLICATION_STEPS = Machine(
    Step("approve", (State.SENT,), State.APPROVED, _KEEPS),
    Step("refuse", (State.SENT,), State.REFUSED, _KEEPS),
    Step("withdraw", (State.SENT,), State.WITHDRAWN, _KEEPS),
    Step("reconsider", (State.REFUSED,), State.SENT, _KEEPS),
)


class ConsentText(models.Model):
    """A text to which people agreed, word for word; kept for ever."""

    digest = models.CharField(max_length=64, unique=True)  # sha256 of the text
    text = models.TextField(_("text"))
    first_used_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {"consent_text_kept": _("What people agreed to is kept as they read it.")}

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("consent_text_days", moments=("first_used_at",)),
            seen_check("consent_text_seen", "text"),
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class MembershipApplicationQuerySet(UnitScopedQuerySet["MembershipApplication"]):
    """Applications."""

    view_permission = Permission.VIEW_MEMBERS

    def waiting(self) -> Self:
        """Applications that nobody has decided."""
        return self.filter(state=State.SENT)


class MembershipApplication(Person):
    """Somebody who asks a unit to take them in; whoever has the code sees what became of it."""

    State = ApplicationState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="applications", verbose_name=_("unit"))
    code = models.CharField(max_length=12, unique=True)
    state = entry_field(_("state"), ApplicationState, max_length=10, default=ApplicationState.SENT)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    consent_text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="applications", null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "application_state": _("This application has been decided already. Look at it again.")
    }

    objects = MembershipApplicationQuerySet.as_manager()

    class Meta(Person.Meta):
        ordering = ("-sent_at", "-id")
        indexes = [models.Index(fields=["unit"], name="application_waiting", condition=Q(state="sent"))]
        constraints = (
            *Person.Meta.constraints,
            days_check("application_days", moments=("sent_at", "decided_at")),
            entry_check("application_state", "state", ApplicationState),
            models.CheckConstraint(
                name="application_phone_written",
                condition=Q(phone="") | Q(phone__regex=f"^{identifiers.PHONE}$"),
                violation_error_message=_("This is not a Vietnamese phone number."),
            ),
            models.CheckConstraint(
                name="application_member_approved",
                condition=Q(state="approved", member__isnull=False) | (~Q(state="approved") & Q(member__isnull=True)),
            ),
            models.CheckConstraint(name="application_refused_why", condition=~Q(state="refused") | ~Q(reason="")),
        )

    @property
    def printed_code(self) -> str:
        """The code as it is written on paper: "B7KM-2QTV-9HLC"."""
        return format_code(self.code)


class MemberConsent(models.Model):
    """What a member agreed to, and when they took it back; `text` is empty for a paper that the unit keeps."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    given_on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-given_on", "-id")
        constraints = [
            days_check("member_consent_days", days=("given_on", "withdrawn_on"), moments=("recorded_at",)),
            models.CheckConstraint(
                name="member_consent_withdrawn_after",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=models.F("given_on")),
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.given_on}"
