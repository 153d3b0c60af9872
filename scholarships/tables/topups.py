"""The list of yearly top-ups."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lists import Column, ListFilter, ListTable, Nothing, choice, link, words
from portal.models import Unit
from portal.permissions import Permission
from scholarships.models import TopUp


def _decision(row: TopUp) -> str:
    if row.answer != TopUp.Answer.YES:
        return row.decision
    return row.decision or gettext("declared with the half-year; number not written yet")


class TopUpFilter(ListFilter):
    """By unit, year and answer."""

    q = words(_("Unit"))
    year = choice(_("Year"), (), every=_("all years"))
    answer = choice(_("Policy"), TopUp.Answer.choices, every=_("all answers"))

    def offer(self, rows: Any, user: Any) -> None:
        """Offer the years that there are."""
        years = rows.order_by("-year").values_list("year", flat=True).distinct()
        self.fields["year"].choices = [("", _("all years")), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]  # a choice

    def narrow_q(self, rows: Any, value: str) -> Any:
        """Return the answers of units that are called so, accents or not."""
        return rows.filter(unit__in=Unit.objects.called(value).values("pk"))


class TopUpTable(ListTable):
    """Answers with what arrived; needs `unit_name` and `received`."""

    columns = (
        Column("unit_name", _("Unit")),
        Column("year", _("Year"), "code"),
        Column("answer", _("Policy"), value=lambda row: row.get_answer_display()),
        Column("decision", _("Decision"), value=_decision),
        Column("amount", _("Promised a year (đồng)"), "money", value=lambda row: row.amount or None),
        Column("received", _("Arrived in the year (đồng)"), "money"),
        Column("half", _("Counts from"), "code", on_screen=False),
    )
    order = ("-year", "-id")
    caption = _("Yearly top-ups by local budgets")
    filters = TopUpFilter
    file_name = "bo-sung-hang-nam"
    nothing = Nothing(_("Nothing is recorded yet"), _("Write down for each unit and year whether there is a policy."))
    nothing_fits = Nothing(_("Nothing matches"), _("Try another year or part of the name."), "search")

    def show_unit_name(self, row: TopUp) -> str:
        """Link the unit to the page that corrects the answer, for whom it opens; others read the name."""
        name: str = row.unit_name  # type: ignore[attr-defined]  # annotated
        if Permission.FILE_SUBMISSION not in self.user.permissions:
            return format_html("{}", name)
        return link(reverse("topup_update", args=[row.unit.code, row.year]), name)
