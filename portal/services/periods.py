"""Closing and reopening a unit's half-year."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.models import PeriodLock, Unit, User
from portal.services.refusals import needs_nothing, require_reason

LONGEST_REOPENING = datetime.timedelta(days=30)


@needs_nothing("a step of closing a half-year, whose right `reports` asks on the unit that is closed")
def lock_period(*, unit: Unit, half: HalfYear, reason: str, actor: User) -> PeriodLock:
    """Close the half-year of the unit; waits for payments under way. Closing again ends a reopening early."""
    lock, created = PeriodLock.objects.get_or_create(
        unit=unit, half=half.code, defaults={"reason": reason, "locked_by": actor}
    )
    if not created and lock.open_until is not None:
        lock.open_until, lock.open_for, lock.open_reason = None, None, ""
        lock.save(update_fields=["open_until", "open_for", "open_reason"])
    audit.record(actor=actor, action=audit.Action.PERIOD_LOCK, target=lock, unit=unit, detail={"half": half.code})
    return lock


@needs_nothing("a step of opening a half-year, whose right `reports` asks on the unit that is opened")
def reopen_period(
    *, unit: Unit, half: HalfYear, person: User, until: datetime.datetime, reason: str, actor: User
) -> PeriodLock:
    """Open a closed half-year of the unit for a person and a time; it closes again by itself."""
    reason = require_reason(reason, _("Say why this half-year is opened again."))
    now = timezone.now()
    if not now < until <= now + LONGEST_REOPENING:
        raise ValidationError({"until": _("Choose an end within the next 30 days.")})
    lock = PeriodLock.objects.select_for_update(of=("self",)).filter(unit=unit, half=half.code).first()
    if lock is None:
        raise ValidationError(_("This half-year is not closed."))
    lock.open_until, lock.open_for, lock.open_reason = until, person, reason
    lock.save(update_fields=["open_until", "open_for", "open_reason"])
    detail = {"half": half.code, "person": person.pk, "until": until.isoformat()}
    audit.record(actor=actor, action=audit.Action.PERIOD_REOPEN, target=lock, unit=unit, detail=detail)
    return lock


def next_open_half(*, unit: Unit, half: HalfYear) -> HalfYear:
    """The half-year itself when it is open for the unit, else the next one that is (late rows count there)."""
    closed = set(PeriodLock.objects.closed().filter(unit=unit, half__gte=half.code).values_list("half", flat=True))
    while half.code in closed:
        half = half.next()
    return half
