"""Citizen numbers of members: taken in, compared with what else is known, looked at for a purpose, taken out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from members.models import CitizenNumber, Member, Membership, NumberReveal
from members.services.members import leave_out, lock_member, units_of_member
from portal import audit
from portal.lib.citizen_numbers import space_citizen_number
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs, needs_nothing, require_reason
from portal.services.texts import fitting
from portal.vocabulary import NumberPurpose


@sensitive_variables("number")
@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def reveal_number(*, member: Member, purpose: str, reason: str, actor: User) -> str:
    """Return a member's citizen number, spaced to be read out; who looked at it and for what stays on record.

    The audit says that somebody looked and for which purpose, never the number, nor the reason in words.
    ValidationError without a purpose or reason, and for a member without a number.
    """
    member = lock_member(member, None)
    if purpose not in NumberPurpose.values:
        raise ValidationError({"purpose": _("Choose for what you need the number.")})
    reason = require_reason(reason, _("Say in a few words for what you need the number."))
    found = CitizenNumber.objects.of(member)
    number = found.read() if found is not None else ""
    if found is None:
        raise ValidationError(_("No citizen number is kept of this member any more."), code="none")
    if not number:
        raise ValidationError(
            _("The number cannot be opened: its key is missing on this server. Tell the administrator."), code="sealed"
        )
    leave_out([number], {"reason": reason})
    note_look(member=member, purpose=purpose, reason=reason, actor=actor)
    return space_citizen_number(number)


@needs_nothing("called by services that ask the right of their own act on the person")
def note_look(*, member: Member, purpose: str, reason: str, actor: User) -> NumberReveal:
    """Keep on record that somebody looks at a member's citizen number, and for what."""
    unit = units_of_member({"member": member})[0]
    audit.record(actor=actor, action=audit.Action.MEMBER_REVEAL, target=member, unit=unit, detail={"purpose": purpose})
    reason = fitting(NumberReveal, "reason", reason)
    return NumberReveal.objects.create(member=member, purpose=purpose, reason=reason, made_by=actor)


@sensitive_variables("number")
@needs_nothing("who is found is whom the person keeps")
def find_by_number(*, number: str, actor: User) -> list[Member]:
    """Return those with this citizen number whom the person keeps; of one that stands with another, that one.

    That somebody asked stays on record, also where nobody is found: never the number.
    """
    equal = CitizenNumber.objects.equal_to(number).values_list("member_id", "member__merged_into")
    standing = {merged or pk for pk, merged in equal}
    kept = Membership.objects.kept_by(actor).filter(member__in=standing)
    found = list(Member.objects.standing().filter(pk__in=kept.values("member")).order_by("pk"))
    looked_at: list[Member] | list[None] = found or [None]
    for one in looked_at:
        unit = units_of_member({"member": one})[0] if one else None
        audit.record(actor=actor, action=audit.Action.MEMBER_FIND, target=one, unit=unit, detail={"found": len(found)})
    return found
