"""After a split: members of the ended unit assigned to its heirs, by list, by a rule on their address, or the rest."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from members.models import Membership
from members.services.handing_on import move_memberships
from portal import audit
from portal.models import Unit, User
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission
from portal.services.assigning import end_of, heirs_of
from portal.services.refusals import needs


def undecided_members(unit: Unit) -> QuerySet[Membership]:
    """Return the memberships that still stand with a unit that has ended."""
    ends = end_of(unit)
    standing: QuerySet[Membership] = Membership.objects.filter(unit=unit)
    if ends is None:
        return standing.none()
    goes_on = Q(valid__upper_inf=True) | Q(valid__endswith__gt=ends)
    return standing.filter(goes_on, valid__startswith__lt=ends)


def living_at(rows: QuerySet[Membership], words: str) -> QuerySet[Membership]:
    """Return the memberships of people whose address holds the words, accents or not."""
    return rows.alias(at=SearchKey("member__address")).filter(holding(words, "at"))


@needs(Permission.MANAGE_MEMBERS, on=("unit", "heir"))
def assign_members(
    *, unit: Unit, heir: Unit, chosen: list[int] | None = None, address: str = "", rest: bool = False, actor: User
) -> int:
    """Let members of an ended unit go on at an heir from the day on which it ended; return how many.

    `chosen`: ids of memberships, a list. `address`: all whose address holds the words, a rule. `rest`: all the others.
    """
    ends = end_of(unit)
    places = Unit.objects.filter(Q(pk__in=heirs_of(unit)) | Q(versions__parent__in=heirs_of(unit)))
    if ends is None or not places.filter(pk=heir.pk).exists():
        raise ValidationError({"heir": _("Choose one of the units that took over its tasks, or a chapter below one.")})
    if heir.version_on(ends) is None:
        raise ValidationError({"heir": _("This unit did not exist on the day on which the other one ended.")})
    rows = _choose(undecided_members(unit), chosen, address, rest=rest)
    moved = move_memberships(rows, heir, ends, actor)
    if not moved:
        raise ValidationError(_("Nobody was chosen, or they were assigned meanwhile. Look at the list again."))
    audit.record(
        actor=actor, action=audit.Action.MEMBER_ASSIGN, target=unit, unit=unit,
        detail={"heir": heir.pk, "members": len(moved), "since": f"{_last_day(ends):%Y-%m-%d}"},
    )  # fmt: skip
    return len(moved)


def _last_day(ends: datetime.date) -> datetime.date:
    return ends - datetime.timedelta(days=1)


def _choose(rows: QuerySet[Membership], chosen: list[int] | None, address: str, *, rest: bool) -> QuerySet[Membership]:
    if rest:
        return rows
    if address:
        return living_at(rows, address)
    return rows.filter(pk__in=chosen or [])
