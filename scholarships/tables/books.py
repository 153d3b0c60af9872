"""The book of a fund: its lines as they were written, and by day with the running balance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, lines, link, muted
from portal.lists.paging import KeyPage
from portal.models import User
from scholarships.models import Fund, LedgerEntry


def other_fund(entry: LedgerEntry) -> str:
    """Return the name of the fund at the other end of a hand-over."""
    passed: Any = entry.hand_over
    return str(passed.to_fund.name if entry.amount < 0 else passed.from_fund.name)


def _entry_words(entry: LedgerEntry) -> str:
    what = (
        (entry.hand_over and other_fund(entry))
        or entry.batch
        or (entry.donation and f"{entry.donation.donor_name} ({gettext('receipt')} {entry.donation})")
    )
    return "; ".join(str(part) for part in (entry.get_kind_display(), what, entry.reason) if part)


class FundBookTable(ListTable):
    """The book of one fund, newest line first."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("occurred_on", _("Date"), "date", css="nowrap"),
        Column("what", _("What"), value=_entry_words),
        Column("amount", _("Amount (đồng)"), "money"),
        Column("balance_after", _("Balance after it"), "money"),
        Column("actor", _("By"), value=lambda row: row.actor.full_name),
    )
    order: ClassVar[tuple[str, ...]] = ("-id",)
    anchor = "book"
    nothing = Nothing(_("Nothing is written in this book yet."))

    def __init__(self, request: HttpRequest, fund: Fund) -> None:
        super().__init__(
            request,
            fund.entries.select_related("batch", "donation", "actor", "hand_over__from_fund", "hand_over__to_fund"),
        )
        self.caption = format_lazy("{} – {}", _("Fund book"), fund.name)
        self.file_name = f"so-quy-{fund.pk}"

    def row_attributes(self, row: LedgerEntry) -> dict[str, str]:
        """Mark reversals."""
        return {"class": "row-known" if row.kind == LedgerEntry.Kind.REVERSAL else ""}

    def show_what(self, row: LedgerEntry) -> str:
        """The kind of entry with what it is for."""
        kind = row.get_kind_display()
        if row.batch:
            kind = format_html("{}: {}", kind, link(reverse("batch_detail", args=[row.batch_id]), row.batch.title))
        elif row.donation:
            receipt = muted(f"({gettext('receipt')} {row.donation})")
            kind = format_html("{}: {} {}", kind, row.donation.donor_name, receipt)
        elif row.hand_over:
            kind = format_html("{}: {}", kind, other_fund(row))
        return lines(kind, muted(row.reason) if row.reason else "")

    def show_amount(self, row: LedgerEntry) -> str:
        """The amount with its sign."""
        return f"{'+' if row.amount > 0 else ''}{format_int(row.amount)}"


class FundDayFilter(ListFilter):
    """By half-year; offered are those in which the fund's book has lines."""

    half = choice(_("Half-year"), every=_("all half-years"))

    def offer(self, rows: Any, user: User) -> None:
        """Offer the half-years of the book, newest first."""
        halves = rows.order_by("-half").values_list("half", flat=True).distinct()
        fields: dict[str, Any] = self.fields
        fields["half"].choices = [(half, HalfYear.parse(half).screen_label) for half in halves]


class FundDayBookTable(FundBookTable):
    """The book of one fund by day, oldest first, within the half-years in which its lines count."""

    columns = (
        Column("number", _("No."), "int", value=lambda row: row.pk, on_screen=False),
        Column("half", _("Half-year"), value=lambda row: HalfYear.parse(row.half).screen_short_label, css="nowrap"),
        Column("occurred_on", _("Date"), "date", css="nowrap", sort=LedgerEntry.BY_DAY),
        Column("what", _("What"), value=_entry_words),
        Column("received", _("Received (đồng)"), "money", value=lambda row: row.amount if row.amount > 0 else None),
        Column("spent", _("Paid (đồng)"), "money", value=lambda row: -row.amount if row.amount < 0 else None),
        Column("running", _("Balance (đồng)"), "money"),
        Column("actor", _("By"), value=lambda row: row.actor.full_name),
    )
    order = LedgerEntry.BY_DAY
    filters = FundDayFilter
    anchor = ""
    nothing_fits = Nothing(_("No line in this half-year"), "", "search")

    def __init__(self, request: HttpRequest, fund: Fund) -> None:
        super().__init__(request, fund)
        self.file_name = f"so-quy-theo-ngay-{fund.pk}"

    @cached_property
    def page(self) -> KeyPage[LedgerEntry]:
        """The lines of this page, each with what the fund holds after it."""
        page = super().page
        if page.rows:
            turned = self.sorted_by[1]
            first = page.rows[-1] if turned else page.rows[0]
            _run(page.rows[::-1] if turned else page.rows, LedgerEntry.objects.before(first))
        return page

    def rows_of_file(self) -> Iterator[LedgerEntry]:
        """Yield the lines by day, each with what the fund holds after it."""
        held: int | None = None
        for row in self.rows.order_by(*LedgerEntry.BY_DAY).iterator(chunk_size=2000):
            held = (LedgerEntry.objects.before(row) if held is None else held) + row.amount
            _hold(row, held)
            yield row

    def show_half(self, row: LedgerEntry) -> str:
        """The half-year; whether the line came late."""
        half = HalfYear.parse(row.half)
        late = muted(gettext("late")) if row.occurred_on < half.first_day else ""
        return lines(half.screen_short_label, late)


def _run(rows: list[LedgerEntry], held: int) -> None:
    for row in rows:
        held += row.amount
        _hold(row, held)


def _hold(row: LedgerEntry, held: int) -> None:
    row.running = held  # type: ignore[attr-defined]  # the column of this name shows it
