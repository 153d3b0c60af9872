"""Members' cards: printed in sheets, ended when lost; the page behind a card's code tells no name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
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
from portal.lib.pdf import render_pdf_in_parts
from portal.lib.qr import new_code
from portal.models import AskedFile, SiteProfile, Unit, User
from portal.permissions import Permission
from portal.services.background import FileMaker, SayFar, ask_for_file
from portal.services.refusals import needs, require_reason
from portal.services.versions import lock_row
from portal.vocabulary import AskedFileKind

#: Cards of a sheet of A4, and how many are printed at once.
ON_A_SHEET, AT_ONCE = 10, 1_000
_SHEETS_A_PART = 5


def without_card(unit: Unit) -> QuerySet[Membership]:
    """Return the members of a unit itself and of all below it today who have no card, by name."""
    today = timezone.localdate()
    cards = MemberCard.objects.running().filter(member=OuterRef("member"))
    rows: Any = Membership.objects.filter(unit__in=Unit.objects.below(unit, today)).in_force(today).of_people()
    found: QuerySet[Membership] = rows.with_consent().exclude(Exists(cards)).order_by("member__sort_key", "member_id")
    return found


@needs(Permission.MANAGE_MEMBERS, on="unit")
def ask_for_new_cards(*, unit: Unit, actor: User) -> AskedFile:
    """Give cards to the next members of the unit who have none, and have the worker print the sheets."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    rows = without_card(unit).select_related("member").iterator(chunk_size=AT_ONCE)
    members = [row.member for row in islice(rows, AT_ONCE)]
    if not members:
        raise ValidationError(_("Every member of this unit has a card. The member's page prints it again."))
    given = [card.pk for card in _give_cards(members, unit, actor)]
    return ask_for_file(
        kind=AskedFileKind.CARDS, file_name="the-hoi-vien.pdf", content_of={"cards": given}, total=len(given),
        unit=unit, actor=actor,
    )  # fmt: skip


class CardFile(FileMaker):
    """Sheets of cards, made by the worker."""

    is_made_again = True

    def make(self, file: AskedFile, say_far: SayFar) -> Iterator[bytes]:
        """Yield the sheets as one PDF; who has left or was erased meanwhile is not on them."""
        cards = MemberCard.objects.running().filter(pk__in=file.content_of["cards"])
        pdf = _render(cards.order_by("member__sort_key", "member_id"), say_far)
        if pdf is not None:
            yield pdf

    def may_have(self, file: AskedFile, reader: User) -> bool:
        """Whether the reader keeps the members of the unit still."""
        return file.unit is not None and reader.may(Permission.MANAGE_MEMBERS, file.unit)


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def print_card(*, member: Member, actor: User) -> bytes:
    """Return a member's card as PDF; without one they are given one. Printed again it is the same."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    unit = units_of_member({"member": member})[0]
    standing = Membership.objects.filter(member=member).in_force(timezone.localdate()).of_people()
    if not standing.exists():
        raise ValidationError(_("A card is for somebody who is a member today."))
    card = _give_cards([member], unit, actor)[0]
    pdf = _render(MemberCard.objects.filter(pk=card.pk), lambda _done: True)
    if pdf is None:
        raise ValidationError(_("A card is for somebody who is a member today."))
    return pdf


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


def _give_cards(members: Sequence[Member], unit: Unit, actor: User) -> list[MemberCard]:
    """Return the cards of the members, new ones for those who have none; the audit says that they are printed."""
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
    return [have[member.pk] for member in members]


def _number(member: Member, unit: Unit, before: set[str]) -> str:
    """Return the number of the association's list, else one of unit and person; a later card adds which it is."""
    first = member.card_number or f"{unit.code}-{member.pk:06d}"
    number, place = first, 2
    while number in before:
        number, place = f"{first}/{place}", place + 1
    return number


def _render(cards: QuerySet[MemberCard], say_far: SayFar) -> bytes | None:
    """Return the sheets of those who are members today; None when nobody is, or they are given up meanwhile."""
    today = timezone.localdate()
    standing = Membership.objects.in_force(today).with_unit_name()
    title, site = "Thẻ hội viên", SiteProfile.objects.first() or SiteProfile()

    def parts() -> Iterator[str]:
        found = iter(cards.select_related("member").iterator(chunk_size=AT_ONCE))
        while group := list(islice(found, ON_A_SHEET * _SHEETS_A_PART)):
            places = {row.member_id: row for row in standing.filter(member__in=[card.member_id for card in group])}
            papers = [_paper(card, places[card.member_id]) for card in group if card.member_id in places]
            sheets = [papers[start : start + ON_A_SHEET] for start in range(0, len(papers), ON_A_SHEET)]
            if sheets:
                with official_language():
                    yield render_to_string(
                        "members/cards_document.html", {"sheets": sheets, "site": site, "title": title}
                    )

    pages = parts()
    first = next(pages, None)
    if first is None:
        return None
    return render_pdf_in_parts(
        chain([first], pages), title=title, base_url=settings.SITE_URL,
        go_on=lambda part: say_far(part * ON_A_SHEET * _SHEETS_A_PART),
    )  # fmt: skip


def _paper(card: MemberCard, place: Membership) -> dict[str, Any]:
    address = f"{settings.SITE_URL}{reverse('report_verify', args=[card.code])}"
    return {
        "card": card, "unit_name": place.unit_name, "since": place.joined_on,  # type: ignore[attr-defined]  # annotated
        "verification": Verification(card.code, address),
    }  # fmt: skip
