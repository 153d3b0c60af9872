"""The lists of the members app."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Membership, holding_name, holding_number
from portal.forms.fields import filter_by_unit
from portal.lib.vietnamese import format_phone
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, link, words
from portal.models import Unit, User
from portal.permissions import Permission


class MemberFilter(ListFilter):
    """By name without accents, phone or card number; by a unit with all it covers; members or former ones."""

    q = words(_("Name (accents or not), phone or card number"))
    who = choice(_("Who"), [("left", _("former members")), ("all", _("members and former ones"))], every=_("members"))

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units of today, and those that have ended as a group."""
        today = timezone.localdate()
        units: Any = Unit.objects.covered_by(user, Permission.VIEW_MEMBERS).named_on(today).with_end(today)
        self.fields["unit"] = filter_by_unit(
            units.order_by("code"), permission=Permission.VIEW_MEMBERS, label=_("Unit"), every=_("all units")
        )
        self.order_fields(["q", "unit", "who"])

    def narrow(self, rows: Any) -> Any:
        """Show members of today unless former ones are asked for: whose last membership has ended."""
        rows = super().narrow(rows)
        return rows if "who" in self.chosen else rows.in_force(timezone.localdate())

    def narrow_who(self, rows: Any, value: str) -> Any:
        """People whose last membership has ended, or everybody by their last membership."""
        return rows.last_ended(timezone.localdate()) if value == "left" else rows.last_of_each()

    def narrow_q(self, rows: QuerySet[Membership], value: str) -> QuerySet[Membership]:
        """Phone and card number by their beginning, in any usual way of writing; names by their words."""
        number = holding_number(value, "member__")
        return rows.filter(number if number is not None else holding_name(value, "member__"))

    def narrow_unit(self, rows: Any, value: Unit) -> Any:
        """The unit, everything under it, and what those succeeded: as far as a right on it reaches."""
        return rows.of_units(Unit.objects.reached_from(value))


class MemberTable(ListTable):
    """Memberships of today, by the Vietnamese order of names; needs `with_unit_name` and `with_unit_code`."""

    columns = (
        Column("name", _("Full name"), value=lambda row: row.member.full_name, sort=("member__sort_key", "member_id")),
        Column("birth", _("Born"), "code", value=lambda row: row.member.birth_text),
        Column("gender", _("Gender"), value=lambda row: row.member.get_gender_display(), on_screen=False),
        Column("unit_name", _("Unit"), value=lambda row: f"{row.unit_name} ({row.unit_code})"),
        Column("phone", _("Phone"), "code", value=lambda row: format_phone(row.member.phone), css="nowrap"),
        Column("card_number", _("Card number"), "code", value=lambda row: row.member.card_number, css="nowrap"),
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
        _("No one matches"), _("Try part of the name, without accents, the phone or the card number."), "search"
    )

    def href(self, row: Membership) -> str:
        """Lead to the member."""
        return reverse("member_detail", args=[row.member_id])

    def show_name(self, row: Membership) -> str:
        """Link the name."""
        return link(self.href(row), row.member.full_name)

    def show_unit_name(self, row: Any) -> str:
        """Name the unit; files add its code, by which they are read back."""
        return str(row.unit_name)
