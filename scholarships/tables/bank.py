"""The lines of a fund's bank statements."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib.language import written
from portal.lib.vietnamese import format_int
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, lines, link, muted, words
from scholarships.models import BankLine, Fund


def _say_state(line: BankLine) -> str:
    if line.entry_id:
        return gettext("in the book")
    return f"{gettext('set aside')}: {line.reason}" if line.reason else gettext("waits for you")


class BankLineFilter(ListFilter):
    """By words and by what is known of a line."""

    q = words(_("Content or sender"))
    state = choice(
        _("What it is"),
        [("waiting", _("waits")), ("book", _("in the book")), ("aside", _("set aside"))],
        every=_("all lines"),
    )

    def narrow_q(self, rows: Any, value: str) -> Any:
        """Return the lines whose words hold the value."""
        return rows.filter(words__icontains=value) | rows.filter(payer__icontains=value)

    def narrow_state(self, rows: Any, value: str) -> Any:
        """Return the lines of which so much is known."""
        if value == "waiting":
            return rows.waiting()
        return rows.filter(entry__isnull=False) if value == "book" else rows.exclude(reason="")


class BankLineTable(ListTable):
    """Lines, newest first."""

    columns = (
        Column("day", _("Date"), "date", css="nowrap"),
        Column("words", _("Content")),
        Column("payer", _("Who sent it")),
        Column("bank_reference", _("Number at the bank"), "code", on_screen=False),
        Column("amount", _("Amount (đồng)"), "money"),
        Column("balance", _("Balance at the bank"), "money"),
        Column("state", _("What it is"), value=_say_state),
    )
    order: ClassVar[tuple[str, ...]] = ("-day", "-id")
    filters = BankLineFilter
    nothing = Nothing(_("No statement yet"), _("Save a statement on your bank's site and send it here."))
    nothing_fits = Nothing(_("No line matches"), "", "search")

    def __init__(self, request: HttpRequest, fund: Fund, *, manages: bool) -> None:
        super().__init__(request, fund.bank_lines.select_related("entry"))
        self.manages = manages
        self.caption = format_lazy("{} – {}", _("Bank statements"), fund.name)
        self.file_name = f"sao-ke-{fund.pk}"

    def href(self, row: BankLine) -> str:
        """Lead whoever manages the fund to the line; its page is for nobody else."""
        return reverse("bank_line", args=[row.fund_id, row.pk]) if self.manages else ""

    def show_words(self, row: BankLine) -> str:
        """The words, linked for whom the line opens; the bank's number."""
        number = muted(row.bank_reference) if row.bank_reference else ""
        said, address = row.words or gettext("(no content)"), self.href(row)
        return lines(link(address, said) if address else written(said), number)

    def show_amount(self, row: BankLine) -> str:
        """The amount with its sign."""
        return f"{'+' if row.amount > 0 else ''}{format_int(row.amount)}"
