"""Lists for the screen (django-tables2) and the same facts for a workbook (portal.lib.tables)."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.lib.tables import Column, Table
from portal.lib.vietnamese import format_int, short_date
from scholarships.models import Batch, Disbursement

_NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class BatchTable(tables.Table):
    """Batches with their sums. `names` gives each unit's name by its id."""

    title = tables.Column(verbose_name=_("List"))
    unit = tables.Column(verbose_name=_("Unit"), accessor="unit_id", order_by="unit__code")
    half = tables.Column(verbose_name=_("Half-year"))
    turns = tables.Column(verbose_name=_("Turns"), attrs=_NUMBER)
    amount = tables.Column(verbose_name=_("Amount (đồng)"), attrs=_NUMBER)
    state = tables.Column(verbose_name=_("State"))
    entered_at = tables.Column(verbose_name=_("Entered"))

    class Meta:
        row_attrs = {"data-href": lambda record: reverse("batch_detail", args=[record.pk])}

    def __init__(self, *args: Any, names: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def render_title(self, record: Batch) -> str:
        """Link the title to the list."""
        return format_html('<a href="{}">{}</a>', reverse("batch_detail", args=[record.pk]), record.title)

    def render_unit(self, value: int) -> str:
        """Show the unit's name."""
        return self.names.get(value, "")

    def render_half(self, value: str) -> str:
        """Show "6T đầu 2023"."""
        return HalfYear.parse(value).short_label

    def render_turns(self, value: int) -> str:
        """Show "1.269"."""
        return format_int(value)

    def render_amount(self, value: int) -> str:
        """Show "856.400.000"."""
        return format_int(value)

    def render_state(self, value: str, record: Batch) -> str:
        """Show the state by colour, icon and word."""
        return render_to_string("components/_status.html", {"state": record.state})

    def render_entered_at(self, record: Batch) -> str:
        """Show the day."""
        return short_date(timezone.localtime(record.entered_at).date())


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
