"""The lists of people who receive."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import filter_by_unit
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, link, words
from portal.models import Unit, User
from portal.permissions import Permission
from portal.vocabulary import RecipientKind
from scholarships.models import Recipient
from scholarships.services.recipients import reasons_of_likeness


class RecipientFilter(ListFilter):
    """By words of name, school, class and guardian, by kind, and by a unit with all below it."""

    q = words(_("Name, school, class or guardian"))
    kind = choice(_("Kind of person"), RecipientKind.choices, every=_("all kinds"))

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units of the person."""
        units = Unit.objects.covered_by(user, Permission.VIEW_BATCH).named_on(timezone.localdate()).order_by("code")
        self.fields["unit"] = filter_by_unit(
            units, permission=Permission.VIEW_BATCH, label=_("Unit"), every=_("all units")
        )

    def narrow_q(self, rows: Any, value: str) -> QuerySet[Recipient]:
        """Every word stands somewhere, accents or not."""
        found: QuerySet[Recipient] = rows.matching(value)
        return found


class RecipientTable(ListTable):
    """People by the Vietnamese order of names; needs `with_unit_name` and `with_support`."""

    columns = (
        Column("name", _("Full name"), value=lambda row: row.full_name, sort=("sort_key", "id")),
        Column("birth", _("Born"), "code", value=lambda row: row.birth_text),
        Column("school_class", _("Class")),
        Column("school", _("School")),
        Column("unit_name", _("Unit")),
        Column("turns", _("Turns"), "int"),
        Column("given", _("Received (đồng)"), "money"),
    )
    order = ("sort_key", "id")
    caption = _("People who receive")
    filters = RecipientFilter
    file_name = "nguoi-nhan"
    nothing = Nothing(_("No one yet"), _("People come with the rows of batches."))
    nothing_fits = Nothing(_("No one matches"), _("Try part of the name or the school, without accents."), "search")

    def href(self, row: Recipient) -> str:
        """Lead to the person."""
        return reverse("recipient_detail", args=[row.pk])

    def show_name(self, row: Recipient) -> str:
        """Link the name."""
        return link(self.href(row), row.full_name)


class DuplicateTable(ListTable):
    """People beside the one who may be the same; needs `with_twin` and `with_unit_name`."""

    columns = (
        Column("name", _("Full name"), value=lambda row: row.full_name),
        Column("birth", _("Born"), "code", value=lambda row: row.birth_text),
        Column("place", _("Class, school, unit")),
        Column("beside", _("May be the same as")),
        Column("reason", _("Why")),
    )
    order = ("sort_key", "id")
    caption = _("People who may be entered twice")
    nothing = Nothing(_("No one stands here twice"), _("Nobody of the same name and birth waits to be judged."))

    def beside(self, row: Any) -> Recipient | None:
        """Return the other person of a row of this page (one query for the page)."""
        if not hasattr(self, "_others"):
            twins = [one.twin for one in self.page.rows]
            self._others = Recipient.objects.with_unit_name().in_bulk(twins)
        return self._others.get(row.twin)

    def href(self, row: Any) -> str:
        """Lead to the two side by side."""
        return reverse("recipient_compare", args=[row.pk, row.twin])

    def show_name(self, row: Any) -> str:
        """Link the name to the comparison."""
        return link(self.href(row), row.full_name)

    def show_place(self, row: Any) -> str:
        """Return class, school and unit."""
        return _place(row)

    def show_beside(self, row: Any) -> str:
        """Return what is known of the other."""
        other = self.beside(row)
        return format_html("{} {}<br>{}", other.full_name, other.birth_text, _place(other)) if other else ""

    def show_reason(self, row: Any) -> str:
        """Return why the two may be one."""
        other = self.beside(row)
        return ", ".join(reasons_of_likeness(row, other)) if other else gettext("gone")


def _place(person: Any) -> str:
    return ", ".join(filter(None, (person.school_class, person.school, person.unit_name)))
