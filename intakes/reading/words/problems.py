"""What is wrong with a cell, what was silently put right, and the sentences for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.lib import vietnamese
from portal.vocabulary import ProgrammeKind

SENTENCES: dict[str, str | Promise] = vietnamese.SENTENCES | {
    "missing_name": _("The name is missing. Write the full name."),
    "missing_date": _("The date is missing, in the row and in the title. Write it as day/month/year."),
    "missing_kind": _("The kind is missing, in the row and in the title. Write one: %(kinds)s."),
    "formula": _("“%(value)s” is a formula instead of a name. Type the name itself."),
    "formula_without_value": _("“%(value)s” is a formula without a result. Type the value itself."),
    "cell_error": _("“%(value)s” is an error of the spreadsheet program. Type the value itself."),
    "amount_merged": _("“%(value)s” is merged over several people. Write the amount on each row."),
    "amount_far": _(
        "“%(value)s” is far more than the other rows of this column get. Correct the amount, or type it again if it is "
        "right."
    ),
    "row_total_differs": _(
        "The row's total says “%(value)s”, its amounts add up to something else. Correct one of them, or type the "
        "amount again if it is right."
    ),
    "words_differ": _(
        "In words the amount is “%(value)s”, in figures another. Correct one of them, or type the amount again if it "
        "is right."
    ),
    "class_is_number": _(
        "“%(value)s”: the spreadsheet program seems to have made a number of the class. Write the class as it is "
        "called, for example 6E1."
    ),
    "several_kinds": _(
        "“%(value)s”: one amount, but several kinds are ticked. Tick one kind or write one row for each."
    ),
}

NOTES: dict[str, Any] = {
    "hidden_rows": ngettext_lazy("%(count)d hidden row was taken.", "%(count)d hidden rows were taken.", "count"),
    "hidden_columns": ngettext_lazy(
        "%(count)d hidden column was read.", "%(count)d hidden columns were read.", "count"
    ),
    "sheet_veiled": ngettext_lazy(
        "The sheet “%(sheet)s” is hidden so that nobody sees it: its %(count)d row (%(amount)s) was left out.",
        "The sheet “%(sheet)s” is hidden so that nobody sees it: its %(count)d rows (%(amount)s) were left out.",
        "count",
    ),
    "sheet_of_examples": ngettext_lazy(
        "The sheet “%(sheet)s” holds examples: its %(count)d row (%(amount)s) was left out.",
        "The sheet “%(sheet)s” holds examples: its %(count)d rows (%(amount)s) were left out.",
        "count",
    ),
    "rows_of_examples": ngettext_lazy(
        "%(count)d row of the sheet “%(sheet)s” is an example (%(amount)s) and was left out.",
        "%(count)d rows of the sheet “%(sheet)s” are examples (%(amount)s) and were left out.",
        "count",
    ),
    "sheet_skipped": _("The sheet “%(sheet)s” was left out: no headings of a list were found on it."),
    "sheet_empty": _("The sheet “%(sheet)s” was left out: it is empty."),
    "sheet_without_rows": _("The sheet “%(sheet)s” was left out: there are headings, but no rows below them."),
    "no_headings": _("The sheet “%(sheet)s” has no headings; its columns were recognised by their contents."),
    "subtotals_skipped": ngettext_lazy(
        "%(count)d row of totals was not counted.", "%(count)d rows of totals were not counted.", "count"
    ),
    "blocks": ngettext_lazy(
        "%(count)d heading between the rows was read.", "%(count)d headings between the rows were read.", "count"
    ),
    "headings_repeated": ngettext_lazy(
        "The headings come again %(count)d time.", "The headings come again %(count)d times.", "count"
    ),
    "rows_dropped": ngettext_lazy(
        "%(count)d row was left out as you asked.", "%(count)d rows were left out as you asked.", "count"
    ),
    "lines_skipped": ngettext_lazy(
        "%(count)d line after the list was not read.", "%(count)d lines after the list were not read.", "count"
    ),
    "example_skipped": ngettext_lazy(
        "%(count)d example row of the form was left out.", "%(count)d example rows of the form were left out.", "count"
    ),
    "capitals": ngettext_lazy(
        "%(count)d name in capitals or small letters was corrected.",
        "%(count)d names in capitals or small letters were corrected.",
        "count",
    ),
    "spaces": ngettext_lazy(
        "Odd spaces were corrected in %(count)d name.", "Odd spaces were corrected in %(count)d names.", "count"
    ),
    "decomposed": ngettext_lazy(
        "Split accents were joined in %(count)d name.", "Split accents were joined in %(count)d names.", "count"
    ),
    "kind_from_title": ngettext_lazy(
        "The kind of %(count)d row is that of the title or heading above it.",
        "The kind of %(count)d rows is that of the title or heading above them.",
        "count",
    ),
    "date_from_title": ngettext_lazy(
        "The date of %(count)d row is that of the title or heading above it.",
        "The date of %(count)d rows is that of the title or heading above them.",
        "count",
    ),
    "amount_from_title": ngettext_lazy(
        "The amount of %(count)d row is that of the title or heading above it.",
        "The amount of %(count)d rows is that of the title or heading above them.",
        "count",
    ),
    "year_from_title": ngettext_lazy(
        "%(count)d date without a year was completed from the title.",
        "%(count)d dates without a year were completed from the title.",
        "count",
    ),
    "scaled": ngettext_lazy(
        "%(count)d amount is counted in thousands or millions and was multiplied.",
        "%(count)d amounts are counted in thousands or millions and were multiplied.",
        "count",
    ),
    "ditto": ngettext_lazy(
        "%(count)d ditto mark was replaced by the text above it.",
        "%(count)d ditto marks were replaced by the text above them.",
        "count",
    ),
    "merged_cells": ngettext_lazy(
        "%(count)d cell merged downwards was read for each row.",
        "%(count)d cells merged downwards were read for each row.",
        "count",
    ),
    "several_turns": ngettext_lazy(
        "%(count)d person has amounts in several columns and is counted for each.",
        "%(count)d people have amounts in several columns and are counted for each.",
        "count",
    ),
    "circumstance_denied": _("“%(text)s” was not counted as a difficult circumstance."),
    "titles": ngettext_lazy(
        "The form of address before %(count)d name was taken off.",
        "The form of address before %(count)d names was taken off.",
        "count",
    ),
    "second_phone": ngettext_lazy(
        "%(count)d cell holds a second telephone number; the first was taken.",
        "%(count)d cells hold a second telephone number; the first was taken.",
        "count",
    ),
    "guardian_phone_unread": ngettext_lazy(
        "%(count)d guardian's telephone is no telephone number and was left out.",
        "%(count)d guardians' telephones are no telephone numbers and were left out.",
        "count",
    ),
    "second_unit": _("“%(text)s” names several units in one cell."),
    "second_class": _("“%(text)s” names several classes in one cell."),
    "class_odd": _("“%(text)s” is hardly the name of a class."),
    "amount_from_heading": ngettext_lazy(
        "The amount of %(count)d row is that of the heading of its tick.",
        "The amount of %(count)d rows is that of the heading of their ticks.",
        "count",
    ),
    "subtotal_differs": _("“%(label)s” says %(written)s, but the rows it covers add up to %(computed)s."),
    "count_differs": _("The file speaks of %(written)s people, the list holds %(computed)s."),
    "amount_differs": _("The file speaks of %(written)s in all, the rows add up to %(computed)s."),
    "file_name_count": _("The name of the file speaks of %(written)s people, the list holds %(computed)s."),
    "amount_not_as_title": ngettext_lazy(
        "The title says %(said)s for each, %(count)d row another amount.",
        "The title says %(said)s for each, %(count)d rows other amounts.",
        "count",
    ),
    "day_not_as_title": ngettext_lazy(
        "The title says %(said)s, %(count)d row another day.",
        "The title says %(said)s, %(count)d rows other days.",
        "count",
    ),
    "kind_not_as_title": ngettext_lazy(
        "The title speaks of “%(said)s”, %(count)d row of another kind.",
        "The title speaks of “%(said)s”, %(count)d rows of other kinds.",
        "count",
    ),
    "cells_cut": _("Cells far to the right of the sheet “%(sheet)s” were not read."),
    "mapping_unused": _("No column is headed “%(heading)s”; your choice for it was not used."),
    "mapping_unknown": _("“%(field)s”, your choice for “%(heading)s”, is not a field of the list."),
    "macros": _("The workbook holds macros; they were not run."),
    "links": _("The workbook refers to other workbooks; they were not opened."),
}


#: Notes of how the file is made; all others tell of money, of the half-year or of people.
QUIET = frozenset(
    [
        "spaces", "capitals", "decomposed", "sheet_empty", "sheet_without_rows", "headings_repeated", "no_headings",
        "blocks", "subtotals_skipped", "rows_dropped", "hidden_columns", "ditto", "macros", "links", "mapping_unused",
        "mapping_unknown",
    ]
)  # fmt: skip
ROWS_OF_NOTE = _("%(sentence)s (Sheet “%(sheet)s”, row %(rows)s.)")
_MOST_LISTED = 20


def listed_rows(rows: Sequence[int]) -> str:
    """Return the numbers of rows as people write them: "3, 5-8, 12"; of very many the first ones."""
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:_MOST_LISTED]]
    return ", ".join(shown) + ("…" if len(spans) > _MOST_LISTED else "")


@dataclass(slots=True)
class Problem:
    """One cell that cannot be taken. `suggestion` is a reading that may be meant, for the officer to confirm."""

    field: str
    column: str
    value: str
    code: str
    suggestion: str = ""

    @property
    def message(self) -> str:
        """Return the sentence for the officer."""
        return str(SENTENCES[self.code]) % {"value": self.value, "kinds": ProgrammeKind.listed()}


@dataclass(slots=True)
class Note:
    """Something the officer should know but need not mend."""

    code: str
    count: int = 1
    params: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    rows: list[int] = field(default_factory=list)  # the numbers that the spreadsheet program shows

    @property
    def message(self) -> str:
        """Return the sentence for the officer; where the rows are known, it ends with their numbers."""
        sentence = str(NOTES[self.code] % {"count": self.count, **self.params})
        if not self.rows:
            return sentence
        return str(ROWS_OF_NOTE) % {"sentence": sentence, "sheet": self.sheet, "rows": listed_rows(self.rows)}

    @property
    def is_quiet(self) -> bool:
        """Whether it only tells how the file is made."""
        return self.code in QUIET

    @property
    def sentence(self) -> str:
        """Return the same as `message`."""
        return self.message
