"""Members: named people who join a unit."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member, Membership
from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.sameness import Likeness, compare_births
from portal.lib.vietnamese import SENTENCES, Birth, name_fault, name_key, proper_name, search_key, short_date
from portal.models import Unit, User, birth_parts, person_columns
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs
from portal.services.texts import fitting, longest
from portal.services.versions import lock_row

MEMBER_FIELDS = ("full_name", "birth", "gender", "phone", "occupation", "address")


@needs(Permission.MANAGE_MEMBERS, on="unit")
def add_member(
    *,
    unit: Unit,
    full_name: str,
    birth: Birth | None = None,
    joined_on: datetime.date,
    gender: str = "",
    phone: str = "",
    occupation: str = "",
    address: str = "",
    confirmed: bool = False,
    actor: User,
) -> Member:
    """Record somebody who joined the unit on a day. `phone` in E.164 or "".

    Of a closed half-year the joining keeps its day and counts in the first open one.

    ValidationError with the code "known" when the unit has a member of this name and birth (the id in `params["row"]`):
    `confirmed` says that this is another person; with the same phone it never is.
    """
    _check_joining(unit, joined_on)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    member = Member(
        created_by=actor,
        phone=phone,
        **describe(full_name, birth, gender),
        occupation=fitting(Member, "occupation", occupation),
        address=fitting(Member, "address", address),
    )
    _check_known(member, unit, joined_on, confirmed=confirmed)
    member.save()
    half = next_open_half(unit=unit, half=HalfYear.containing(joined_on), people=[actor])
    Membership.objects.create(
        member=member, unit=unit, joined_on=joined_on, valid=DateRange(joined_on, None), half=half.code
    )
    audit.record(actor=actor, action=audit.Action.MEMBER_ADD, target=member, unit=unit)
    return member


def _units_of_member(values: dict[str, Any]) -> list[Unit]:
    """Return the unit that the person belongs to, or belonged to last; without one nobody may change them."""
    last = Membership.objects.filter(member=values["member"].pk).select_related("unit").order_by("-valid").first()
    if last is None:
        raise PermissionDenied
    return [last.unit]


@needs(Permission.MANAGE_MEMBERS, on=_units_of_member)
def update_member(*, member: Member, version: str | None = None, actor: User, **values: Any) -> Member:
    """Change what is known of a person; `values` are names of MEMBER_FIELDS."""
    member = lock_row(Member.objects.all(), member, version)
    unit = _units_of_member({"member": member})[0]
    new = describe(
        values.get("full_name", member.full_name),
        values.get("birth", member.birth),
        fitting(Member, "gender", values.get("gender", member.gender)),
    )
    new |= {name: fitting(Member, name, values[name]) for name in ("phone", "occupation", "address") if name in values}
    changed = [name for name, value in new.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, new[name])
    if changed:
        member.save(update_fields=changed)
        audit.record(actor=actor, action=audit.Action.MEMBER_UPDATE, target=member, unit=unit, fields=changed)
    return member


def describe(full_name: str, birth: Birth | None, gender: str = "") -> dict[str, Any]:
    """Return the columns of Member that say who somebody is. ValidationError for what is no name.

    The key for searching may end early: it is read by no one, and a search for so many letters finds by the others.
    """
    name = proper_name(full_name)
    if problem := name_problem(name):
        raise ValidationError({"full_name": problem})
    return {
        **person_columns(name, birth, gender),
        "search_text": search_key(name)[: longest(Member, "search_text")],
    }


def name_problem(full_name: str, key: str | None = None) -> str | None:
    """Why this cannot be stored as a name, or None. `key`: its `name_key` where that is at hand."""
    if not full_name:
        return _("The name is missing. Write the full name.")
    most = longest(Member, "full_name")
    if len(full_name) > most or len(key or name_key(full_name)) > most:
        return _("The name is longer than %(limit)d letters. Shorten it.") % {"limit": most}
    if fault := name_fault(full_name):
        sentence = str(SENTENCES[fault.code]) % {"value": full_name}
        if fault.suggestion:
            return _("%(problem)s Is it “%(name)s”?") % {"problem": sentence, "name": fault.suggestion}
        return sentence
    return None


def joining_problem(joined_on: datetime.date) -> str | None:
    """Why nobody can have joined on this day, or None."""
    if joined_on > timezone.localdate():
        return _("%(day)s lies in the future. Correct the day of joining.") % {"day": short_date(joined_on)}
    return None


def _check_joining(unit: Unit, joined_on: datetime.date) -> None:
    if problem := joining_problem(joined_on):
        raise ValidationError({"joined_on": problem})
    if not unit.versions.filter(valid__contains=joined_on).exists():
        sentence = _("%(unit)s does not exist on %(day)s. Choose the unit of that time, or correct the day.")
        raise ValidationError({"unit": sentence % {"unit": unit.name_on(joined_on), "day": short_date(joined_on)}})


def _check_known(member: Member, unit: Unit, joined_on: datetime.date, *, confirmed: bool) -> None:
    born = birth_parts(member.birth)
    for other in Member.objects.filter(name_key=member.name_key, memberships__unit=unit).order_by("pk"):
        births = compare_births(born, birth_parts(other.birth))
        same_phone = bool(member.phone) and other.phone == member.phone
        if (births == Likeness.EQUAL and same_phone) or (not confirmed and (births or same_phone)):
            break
    else:
        return
    sentence = _("%(name)s, born %(birth)s, is a member of this unit already.") % {
        "name": other.full_name,
        "birth": other.birth_text or "?",
    }
    raise ValidationError(sentence.replace("%", "%%"), code="known", params={"row": other.pk})
