"""An officer who leaves: one act from a chosen day on, the way back until that day, and who may sign in."""

from __future__ import annotations

import datetime

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.vietnamese import short_date
from portal.models import Posting, ProposedChange, User
from portal.services.accounts import needs_whole_account
from portal.services.versions import lock_row

LATEST = datetime.timedelta(days=366)  # further ahead it is a slip of the pen
TOLD_FOR = datetime.timedelta(days=14)  # after the last day, whoever goes on is told


class AccountBackend(AuthenticationBackend):
    """Lets nobody in whose account is closed today; their sessions stop with the next request."""

    def user_can_authenticate(self, user: User | None) -> bool:
        """Return whether the account is open today."""
        return user is not None and not user.is_closed_on(timezone.localdate())


def who_may_go_on(person: User) -> QuerySet[User]:
    """Return the people posted on every unit of the person's postings, or above it: who can take over the open work."""
    today = timezone.localdate()
    found = User.objects.filter(is_active=True, locked_from__isnull=True).exclude(pk=person.pk)
    for unit_id in {posting.unit_id for posting in person.postings.in_force(today)}:
        above = RawSQL("SELECT unit_ancestors(%s, %s)", [unit_id, today])
        found = found.filter(pk__in=Posting.objects.in_force(today).filter(unit_id__in=above).values("user_id"))
    return found.order_by("full_name", "pk")


def work_handed_to(user: User) -> QuerySet[User]:
    """Return whose open work goes to the person, until some days after their last one, the next to leave first."""
    leaving = User.objects.filter(work_goes_to=user, locked_from__gt=timezone.localdate() - TOLD_FOR)
    return leaving.prefetch_related("postings__unit").order_by("locked_from", "pk")


@needs_whole_account
def leave_office(
    *, user: User, last_day: datetime.date, work_goes_to: User, version: str | None = None, actor: User
) -> User:
    """Let all postings of a person end after a day, close the account with them, and name who goes on with the work.

    Nothing waits for a job: from the next day on no posting holds. Who goes on must be posted there already: rights are
    given by their own act. ValidationError for oneself, a day that is past, or somebody without a posting there.
    """
    user = lock_row(User.objects.all(), user, version)
    today = timezone.localdate()
    if user.is_system or user.pk == actor.pk:
        raise ValidationError(_("You cannot end your own account; ask another administrator."))
    if user.is_closed_on(today):
        raise ValidationError(_("This account is closed already."))
    if not today <= last_day <= today + LATEST:
        sentence = _("%(day)s is past or too far ahead. Name a day from today on, within a year.")
        raise ValidationError({"last_day": sentence % {"day": short_date(last_day)}})
    if not who_may_go_on(user).filter(pk=work_goes_to.pk).exists():
        sentence = _("%(name)s has no posting on all units of this person. Add the posting first.")
        raise ValidationError({"work_goes_to": sentence % {"name": work_goes_to.full_name}})
    user.locked_from, user.work_goes_to = last_day + datetime.timedelta(days=1), work_goes_to
    user.save(update_fields=["locked_from", "work_goes_to"])
    audit.record(
        actor=actor, action=audit.Action.ACCOUNT_LEAVE, target=user, fields=["locked_from", "work_goes_to"],
        detail={"to": work_goes_to.pk},
    )  # fmt: skip
    return user


@needs_whole_account
def stay_in_office(*, user: User, version: str | None = None, actor: User) -> User:
    """Take a leaving back until its day; afterwards the account is opened again, and its postings are given anew."""
    user = lock_row(User.objects.all(), user, version)
    if user.locked_from is None or user.locked_from <= timezone.localdate():
        raise ValidationError(_("Nobody leaves with this account, or the day is past: open the account again instead."))
    user.locked_from = user.work_goes_to = None
    user.save(update_fields=["locked_from", "work_goes_to"])
    audit.record(actor=actor, action=audit.Action.ACCOUNT_STAY, target=user, fields=["locked_from", "work_goes_to"])
    return user


def waiting_of(user: User) -> QuerySet[ProposedChange]:
    """Return what the person proposed and nobody has decided: it needs their rights when it is agreed to."""
    return ProposedChange.objects.waiting().filter(proposed_by=user)
