"""Members on their way: to another unit, out of the association, back into it."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member, Membership, Position
from members.services.members import lock_member, units_of_member
from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs
from portal.vocabulary import LeavingReason

#: For so long both units are told of a move, and either may take it back in one step.
TOLD_FOR = datetime.timedelta(days=14)


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def transfer_member(
    *, member: Member, unit: Unit, moved_on: datetime.date, version: str | None = None, actor: User
) -> Membership:
    """Move a member to another unit from a day on, in one step; both units' officers see it on their home.

    The day of joining stays. Where the half-year of that day is closed the move counts in the first one that is open
    for both units, in the same for both, so that nobody is counted twice or not at all.
    """
    member = lock_member(member, version)
    old = _present(member)
    if unit.pk == old.unit_id:
        raise ValidationError({"unit": _("The member belongs to this unit already. Choose the unit they move to.")})
    _demand_day(moved_on, old, "moved_on")
    if not unit.versions.filter(valid__contains=moved_on).exists():
        said = _("%(unit)s does not exist on %(day)s. Choose the unit of that time, or correct the day.")
        raise ValidationError({"unit": said % {"unit": unit.name_on(moved_on), "day": short_date(moved_on)}})
    half = open_for_all(HalfYear.containing(moved_on), [old.unit, unit], actor)
    old.valid, old.left_half = DateRange(old.valid.lower, moved_on), half.code
    old.save(update_fields=["valid", "left_half"])
    made = Membership.objects.create(
        member=member, unit=unit, joined_on=old.joined_on, valid=DateRange(moved_on, None), half=half.code,
        is_transfer=True, from_unit=old.unit, recorded_by=actor,
    )  # fmt: skip
    detail = {"from": old.unit_id, "to": unit.pk}
    audit.record(actor=actor, action=audit.Action.MEMBER_TRANSFER, target=member, unit=old.unit, detail=detail)
    return made


def _units_of_move(values: dict[str, Any]) -> list[Unit]:
    """Return the unit of the two whose members the actor keeps: either side may take a move back."""
    mine = _sides_kept(values["actor"], values["move"])
    if not mine:
        raise PermissionDenied
    return mine[:1]


def may_take_back(user: User, move: Membership) -> bool:
    """Whether this is a move that stands, and the person keeps the members of one of its two units."""
    return move.from_unit_id is not None and move.valid.upper is None and bool(_sides_kept(user, move))


def _sides_kept(user: User, move: Membership) -> list[Unit]:
    sides = [unit for unit in (move.unit, move.from_unit) if unit is not None]
    return [unit for unit in sides if user.may(Permission.MANAGE_MEMBERS, unit)]


@needs(Permission.MANAGE_MEMBERS, on=_units_of_move)
def undo_transfer(*, move: Membership, version: str | None = None, actor: User) -> Member:
    """Take a transfer back: the member belongs where they belonged, as if nobody had moved them.

    ValidationError once something was built on it, or the half-year in which it counts is closed.
    """
    member = lock_member(move.member, version)
    last = Membership.objects.filter(member=member).order_by("-valid").first()
    if last is None or last.pk != move.pk or last.from_unit_id is None or last.valid.upper is not None:
        raise ValidationError(_("This move is not the last that happened to the member. Move them once more instead."))
    before = Membership.objects.get(member=member, valid__endswith=last.valid.lower)
    last.delete()
    before.valid, before.left_half = DateRange(before.valid.lower, None), ""
    before.save(update_fields=["valid", "left_half"])
    detail = {"from": before.unit_id, "to": last.unit_id}
    audit.record(actor=actor, action=audit.Action.MEMBER_UNDO_TRANSFER, target=member, unit=before.unit, detail=detail)
    return member


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def end_membership(
    *, member: Member, last_day: datetime.date, reason: str, version: str | None = None, actor: User
) -> Member:
    """Let a member leave after a last day, for a reason of the list; their offices end with the same day."""
    member = lock_member(member, version)
    membership, end = _present(member), last_day + datetime.timedelta(days=1)
    _demand_day(last_day, membership, "last_day")
    if reason not in LeavingReason.values:
        raise ValidationError({"reason": _("Choose why the member leaves.")})
    half = next_open_half(unit=membership.unit, half=HalfYear.containing(end), people=[actor])
    membership.valid, membership.left_half = DateRange(membership.valid.lower, end), half.code
    membership.left_reason = reason
    membership.save(update_fields=["valid", "left_half", "left_reason"])
    for position in Position.objects.select_for_update().filter(member=member, valid__contains=last_day):
        if position.valid.upper is None or position.valid.upper > end:
            position.valid = DateRange(position.valid.lower, end)
            position.save(update_fields=["valid"])
    audit.record(
        actor=actor, action=audit.Action.MEMBER_LEAVE, target=member, unit=membership.unit, fields=["valid"]
    )  # fmt: skip
    return member


@needs(Permission.MANAGE_MEMBERS, on=(units_of_member, "unit"))
def return_member(
    *, member: Member, unit: Unit, joined_on: datetime.date, version: str | None = None, actor: User
) -> Member:
    """Take a former member in again; what they were before stays as it was.

    Who returns on the very day after the last one in the same unit never left: the leaving is taken back.
    """
    member = lock_member(member, version)
    last = Membership.objects.select_related("unit").filter(member=member).order_by("-valid").first()
    if last is None or last.valid.upper is None:
        raise ValidationError(_("This person is a member already."))
    if joined_on > timezone.localdate():
        raise ValidationError({"joined_on": _("%(day)s lies in the future.") % {"day": short_date(joined_on)}})
    if joined_on < last.valid.upper:
        said = _("The member belonged to %(unit)s until then. Write a day from %(day)s on.")
        name = last.unit.name_on(last.valid.lower)
        raise ValidationError({"joined_on": said % {"unit": name, "day": short_date(last.valid.upper)}})
    if not unit.versions.filter(valid__contains=joined_on).exists():
        said = _("%(unit)s does not exist on %(day)s. Choose the unit of that time, or correct the day.")
        raise ValidationError({"unit": said % {"unit": unit.name_on(joined_on), "day": short_date(joined_on)}})
    if unit.pk == last.unit_id and joined_on == last.valid.upper:
        last.valid, last.left_half, last.left_reason = DateRange(last.valid.lower, None), "", ""
        last.save(update_fields=["valid", "left_half", "left_reason"])
    else:
        half = next_open_half(unit=unit, half=HalfYear.containing(joined_on), people=[actor])
        Membership.objects.create(
            member=member, unit=unit, joined_on=joined_on, valid=DateRange(joined_on, None), half=half.code,
            recorded_by=actor,
        )  # fmt: skip
    audit.record(actor=actor, action=audit.Action.MEMBER_RETURN, target=member, unit=unit)
    return member


def moves_told_to(user: User) -> QuerySet[Membership]:
    """Return the transfers of the last days into or out of the units whose members the person keeps, newest first."""
    mine = Unit.objects.covered_by(user, Permission.MANAGE_MEMBERS).values("pk")
    moved = Membership.objects.of_people().filter(is_transfer=True, recorded_at__gt=timezone.now() - TOLD_FOR)
    told = moved.filter(from_unit__isnull=False).filter(Q(unit__in=mine) | Q(from_unit__in=mine))
    return told.select_related("member", "unit", "from_unit", "recorded_by").order_by("-recorded_at", "-pk")


def _present(member: Member) -> Membership:
    """Return the membership that has not ended, locked. ValidationError for somebody who has left."""
    found = Membership.objects.select_for_update(of=("self",)).select_related("unit")
    present: Membership | None = found.filter(member=member, valid__upper_inf=True).first()
    if present is None:
        raise ValidationError(_("This person has left; take them in again first."))
    return present


def _demand_day(day: datetime.date, membership: Membership, field: str) -> None:
    """Refuse a day that lies in the future or before the membership's second day."""
    if day > timezone.localdate():
        raise ValidationError({field: _("%(day)s lies in the future.") % {"day": short_date(day)}})
    if day <= membership.valid.lower:
        said = _("The member belongs to %(unit)s from %(day)s on only. Write a later day.")
        name = membership.unit.name_on(membership.valid.lower)
        raise ValidationError({field: said % {"unit": name, "day": short_date(membership.valid.lower)}})


def open_for_all(half: HalfYear, units: list[Unit], person: User) -> HalfYear:
    """Return the first half-year from this one on that is open for each of the units."""
    while True:
        found = max(next_open_half(unit=unit, half=half, people=[person]) for unit in units)
        if found == half:
            return half
        half = found
