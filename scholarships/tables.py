"""The lists of the scholarships app."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.lib.tables import Table
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, lines, link, muted, status
from portal.models import Unit, User
from scholarships.models import Batch, Disbursement


def short_half(row: Any) -> str:
    """Return "6T đầu 2023" for a row of a half-year."""
    return HalfYear.parse(row.half).short_label


class BatchFilter(ListFilter):
    """Half-year, state and unit; offered is what occurs among the batches that the person may see."""

    half = choice(_("Half-year"), every=_("all half-years"))
    state = choice(_("State"), Batch.State.choices, every=_("all states"))
    unit = choice(_("Unit"), every=_("all units"))
    lookups = {"unit": "unit__code"}

    def offer(self, rows: Any, user: User) -> None:
        """Offer the half-years and units that have batches."""
        batches = rows.order_by()
        halves = batches.values_list("half", flat=True).distinct().order_by("-half")
        units: Any = Unit.objects.filter(pk__in=batches.values("unit_id")).named_on(timezone.localdate())
        fields: dict[str, Any] = self.fields
        fields["half"].choices = [(half, HalfYear.parse(half).label) for half in halves]
        fields["unit"].choices = [(unit.code, unit.name) for unit in units.order_by("code")]


class BatchTable(ListTable):
    """Batches, newest first; needs `with_totals` and `with_unit_name`."""

    columns = (
        Column("title", _("List")),
        Column("unit_name", _("Unit")),
        Column("half", _("Half-year"), value=short_half, sort=("half", "id"), css="nowrap"),
        Column("turns", _("Turns"), "int"),
        Column("amount", _("Amount (đồng)"), "money"),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
        Column("entered_at", _("Entered"), "date", sort=("id",)),
    )
    order = ("-id",)
    caption = _("Lists of scholarships, awards and support")
    filters = BatchFilter
    file_name = "danh-sach-trao"
    nothing = Nothing(
        _("No list yet"), _("Send the workbook you have, as it is; the portal reads it and shows what needs a look.")
    )
    nothing_fits = Nothing(_("No list fits"), _("Choose another half-year, state or unit."), "search")

    def href(self, row: Batch) -> str:
        """Lead to the list."""
        return reverse("batch_detail", args=[row.pk])

    def show_title(self, row: Batch) -> str:
        """Link the title."""
        return link(self.href(row), row.title)

    def show_state(self, row: Batch) -> str:
        """Show the state by colour, icon and word."""
        return status(row.state)


class BatchQueueTable(BatchTable):
    """Batches that wait for an approver, oldest first; one's own are marked: another approves them."""

    columns = (
        Column("title", _("List")),
        Column("unit_name", _("Unit")),
        Column("half", _("Half-year"), value=short_half, css="nowrap"),
        Column("mode", _("Kind of list"), value=lambda row: row.get_mode_display()),
        Column("turns", _("Turns"), "int"),
        Column("amount", _("Amount (đồng)"), "money"),
        Column("submitted_at", _("Sent"), "date"),
        Column("submitted_by", _("Sent by"), value=lambda row: row.submitted_by.full_name),
    )
    order = ("submitted_at", "id")
    caption = _("Waiting for approval")
    filters = ListFilter
    file_name = ""
    nothing = Nothing(_("Nothing waits for you"), _("Lists appear here as soon as a unit sends them."), "done")

    def show_title(self, row: Batch) -> str:
        """Link the title; say of one's own that somebody else approves it."""
        mine = self.user.pk in {row.entered_by_id, row.submitted_by_id}
        own = muted(gettext("yours: somebody else approves it")) if mine else ""
        return lines(link(self.href(row), row.title), own)


def rows_for_export(batch: Batch, rows: list[Disbursement]) -> Table:
    """Return the rows of a batch as they are written into a workbook, with their sum."""
    return Table(
        [
            Column("number", gettext("No."), "int", value=lambda row: row.place),
            Column("name", gettext("Full name"), value=lambda row: row.recipient.full_name),
            Column("birth", gettext("Born"), "code", value=lambda row: row.recipient.birth_text),
            Column("school_class", gettext("Class")),
            Column("school", gettext("School")),
            Column(
                "circumstance",
                gettext("Circumstance"),
                value=lambda row: row.circumstance_text or row.get_circumstance_display(),
            ),
            Column("programme", gettext("Programme"), value=lambda row: row.programme.name),
            Column("amount", gettext("Amount (đồng)"), "money", summed=True),
            Column("given_on", gettext("Given on"), "date"),
            Column("note", gettext("Note")),
            Column(
                "late_for",
                gettext("Meant for"),
                value=lambda row: HalfYear.parse(row.late_for).label if row.late_for else None,
            ),
            Column("reversed", gettext("Reversed"), value=lambda row: row.reversal_reason or None),
        ],
        rows,
        total_label=gettext("Total"),
        caption=f"{batch.title} – {batch.half_year.label}",
    )
