"""Members' cards: printed in sheets, ended when lost; the page behind a card's code tells no name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member, MemberCard, Membership
from members.services.members import units_of_member
from portal import audit
from portal.lib.language import official_language
from portal.lib.official import Verification
from portal.lib.pdf import render_pdf
from portal.lib.qr import new_code
from portal.models import SiteProfile, Unit, User
from portal.permissions import Permission
from portal.services.refusals import needs, require_reason
from portal.services.versions import lock_row

#: Cards of a sheet of A4, and how many are printed at once.
ON_A_SHEET, AT_ONCE = 10, 100


def without_card(unit: Unit) -> QuerySet[Membership]:
    """Return the members of a unit itself and of all below it today who have no card, by name."""
    today = timezone.localdate()
    cards = MemberCard.objects.running().filter(member=OuterRef("member"))
    rows: Any = Membership.objects.filter(unit__in=Unit.objects.below(unit, today)).in_force(today).of_people()
    found: QuerySet[Membership] = rows.with_consent().exclude(Exists(cards)).order_by("member__sort_key", "member_id")
    return found


@needs(Permission.MANAGE_MEMBERS, on="unit")
def print_new_cards(*, unit: Unit, actor: User) -> bytes:
    """Give cards to the next members of the unit who have none, and return the sheets as PDF."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    rows = without_card(unit).select_related("member").iterator(chunk_size=AT_ONCE)
    members = [row.member for row in islice(rows, AT_ONCE)]
    if not members:
        raise ValidationError(_("Every member of this unit has a card. The member's page prints it again."))
    return _print(members, unit, actor)


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def print_card(*, member: Member, actor: User) -> bytes:
    """Return a member's card as PDF; without one they are given one. Printed again it is the same."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    unit = units_of_member({"member": member})[0]
    standing = Membership.objects.filter(member=member).in_force(timezone.localdate()).of_people()
    if not standing.exists():
        raise ValidationError(_("A card is for somebody who is a member today."))
    return _print([member], unit, actor)


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def end_card(*, member: Member, reason: str, version: str | None = None, actor: User) -> MemberCard:
    """End a member's card, lost or damaged: its code is not valid from now on. The next one has a new number."""
    reason = require_reason(reason, _("Say why: lost, damaged."))
    card = member.cards.running().first()
    if card is None:
        raise ValidationError(_("This member has no card."))
    card = lock_row(MemberCard.objects.all(), card, version)
    card.ended_at, card.reason = timezone.now(), reason
    card.save(update_fields=["ended_at", "reason"])
    unit = units_of_member({"member": member})[0]
    audit.record(actor=actor, action=audit.Action.CARD_END, target=member, unit=unit)
    return card


def _print(members: Sequence[Member], unit: Unit, actor: User) -> bytes:
    have = {card.member_id: card for card in MemberCard.objects.running().filter(member__in=members)}
    before = set(MemberCard.objects.filter(member__in=members).values_list("number", flat=True))
    fresh = [
        MemberCard(member=member, number=_number(member, unit, before), code=new_code(), issued_by=actor)
        for member in members
        if member.pk not in have
    ]
    have |= {card.member_id: card for card in MemberCard.objects.bulk_create(fresh)}
    detail = {"cards": len(members), "new": len(fresh)}
    target = members[0] if len(members) == 1 else None
    audit.record(actor=actor, action=audit.Action.CARD_PRINT, target=target, unit=unit, detail=detail)
    return _render([have[member.pk] for member in members])


def _number(member: Member, unit: Unit, before: set[str]) -> str:
    """Return the number of the association's list, else one of unit and person; a later card adds which it is."""
    first = member.card_number or f"{unit.code}-{member.pk:06d}"
    number, place = first, 2
    while number in before:
        number, place = f"{first}/{place}", place + 1
    return number


def _render(cards: list[MemberCard]) -> bytes:
    today = timezone.localdate()
    rows = Membership.objects.filter(member__in=[card.member_id for card in cards]).in_force(today).with_unit_name()
    places = {row.member_id: row for row in rows}
    papers = [
        {
            "card": card, "unit_name": places[card.member_id].unit_name, "since": places[card.member_id].joined_on,
            "verification": Verification(
                card.code, f"{settings.SITE_URL}{reverse('report_verify', args=[card.code])}"
            ),
        }
        for card in cards
    ]  # fmt: skip
    sheets = [papers[start : start + ON_A_SHEET] for start in range(0, len(papers), ON_A_SHEET)]
    with official_language():
        context = {"sheets": sheets, "site": SiteProfile.objects.first() or SiteProfile(), "title": "Thẻ hội viên"}
        html = render_to_string("members/cards_document.html", context)
    return render_pdf(html, title="Thẻ hội viên", base_url=settings.SITE_URL)
