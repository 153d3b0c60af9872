"""The lists of the members app."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from portal.forms.fields import filter_by_unit
from portal.lib.vietnamese import PhoneError, format_phone, parse_phone
from portal.lists import Column, ListFilter, ListTable, Nothing, link, words
from portal.models import Unit, User
from portal.models.unit import holding
from portal.permissions import Permission


class MemberFilter(ListFilter):
    """By name without accents or phone, and by a unit with all below it."""

    q = words(_("Name (accents or not) or phone"))

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units of today."""
        today = timezone.localdate()
        units = Unit.objects.covered_by(user, Permission.VIEW_MEMBERS).in_force(today).named_on(today).order_by("code")
        self.fields["unit"] = filter_by_unit(
            units, permission=Permission.VIEW_MEMBERS, label=_("Unit"), every=_("all units")
        )

    def narrow_q(self, rows: QuerySet[Membership], value: str) -> QuerySet[Membership]:
        """Names that hold the words; or the phone, in any usual way of writing it."""
        try:
            return rows.filter(member__phone=parse_phone(value))
        except PhoneError:
            return rows.filter(holding(value, "member__search_text"))

    def narrow_unit(self, rows: QuerySet[Membership], value: Unit) -> QuerySet[Membership]:
        """The unit and everything under it."""
        return rows.filter(unit__in=Unit.objects.below(value, timezone.localdate()))


class MemberTable(ListTable):
    """Memberships of today, by the Vietnamese order of names; needs `with_unit_name`."""

    columns = (
        Column("name", _("Full name"), value=lambda row: row.member.full_name, sort=("member__sort_key", "member_id")),
        Column("birth", _("Born"), "code", value=lambda row: row.member.birth_text),
        Column("gender", _("Gender"), value=lambda row: row.member.get_gender_display(), on_screen=False),
        Column("unit_name", _("Unit")),
        Column("phone", _("Phone"), "code", value=lambda row: format_phone(row.member.phone), css="nowrap"),
        Column("occupation", _("Occupation"), value=lambda row: row.member.occupation),
        Column("address", _("Address"), value=lambda row: row.member.address, on_screen=False),
        Column("joined_on", _("Member since"), "date"),
    )
    order = ("member__sort_key", "member_id")
    caption = _("Members")
    filters = MemberFilter
    file_name = "hoi-vien"
    nothing = Nothing(_("No member yet"), _("Send the workbook you have, or add the first member."))
    nothing_fits = Nothing(
        _("No one matches"), _("Try part of the name, without accents, or the phone number."), "search"
    )

    def href(self, row: Membership) -> str:
        """Lead to the member."""
        return reverse("member_detail", args=[row.member_id])

    def show_name(self, row: Membership) -> str:
        """Link the name."""
        return link(self.href(row), row.member.full_name)
