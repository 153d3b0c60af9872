"""A corrected file beside the list that it corrects: which rows stand as they are, which are changed, new or gone."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from portal.lib.sameness import compare_births
from portal.lib.vietnamese import Birth, format_money, short_date
from portal.vocabulary import Circumstance
from scholarships.models import Disbursement
from scholarships.services.rules import RecipientKey

ALIKE = 0.75  # two names this like each other, in the same row of the sheet, are one name mended


@dataclass(slots=True)
class OwnRow:
    """A row of the list that is corrected, as far as comparing needs it."""

    id: int
    key: RecipientKey
    name: str
    birth: Birth | None
    programme_id: int
    programme: str
    given_on: datetime.date
    amount: int
    sheet: str
    row: int | None
    repeat_no: int
    repeat_reason: str
    others: tuple[str, ...]  # circumstance in words and as a code, school, class, note, source

    @property
    def told(self) -> dict[str, str]:
        """Return the row in words, label by label."""
        text, code, school, school_class, note, source = self.others
        return tell_facts(
            self.name, self.birth, self.programme, self.given_on, self.amount,
            text or _in_words(code), school, school_class, note, str(Disbursement.Source(source).label),
        )  # fmt: skip


@dataclass(slots=True)
class ChangedRow:
    """A row of the list beside the one of the file that takes its place: `cells` are (label, before, after)."""

    id: str
    row: int
    name: str
    cells: list[tuple[str, str, str]]
    planned: Any


def own_rows(batch_id: int) -> list[OwnRow]:
    """Return the standing rows of a list, in one query."""
    rows = (
        Disbursement.objects.standing()
        .filter(batch=batch_id)
        .order_by("repeat_no", "id")
        .values_list(
            "pk", "recipient__name_key", "recipient__birth_year", "recipient__birth_month", "recipient__birth_day",
            "recipient__full_name", "programme_id", "programme__name", "given_on", "amount", "sheet", "row_number",
            "repeat_no", "repeat_reason", "circumstance_text", "circumstance", "school", "school_class", "note",
            "source",
        )
    )  # fmt: skip
    found = []
    for pk, key, year, month, day, name, *facts in rows:
        birth = Birth(year, month, day) if year else None
        first: list[Any] = [pk, (key, year, month, day), name, birth, *facts[:8], tuple(facts[8:])]
        found.append(OwnRow(*first))
    return found


def pair_rows(planned: Iterable[Any], own: list[OwnRow]) -> dict[str, OwnRow]:
    """Return the list's row for each row of the corrected file that stands for one: id of the file's row -> own row.

    The nearest first: the same gift; the same person, programme and day; the same person; the same name with a birth
    that may be theirs; the same line of the same sheet with the same birth or a name mended. What is refused in the
    file stands for its row all the same.
    """
    pairs: dict[str, OwnRow] = {}
    taken: set[int] = set()
    rows = [row for row in planned if row.key[0]]

    def pair(
        of_row: Callable[[Any], Hashable],
        of_own: Callable[[OwnRow], Hashable],
        fits: Callable[[Any, OwnRow], bool] = lambda _row, _one: True,
    ) -> None:
        waiting: dict[Hashable, list[OwnRow]] = defaultdict(list)
        for one in own:
            if one.id not in taken:
                waiting[of_own(one)].append(one)
        for row in rows:
            group = waiting.get(of_row(row), ()) if row.id not in pairs else ()
            group = [one for one in group if one.id not in taken and fits(row, one)]
            if group:
                found = next((one for one in group if one.row == row.row), group[0])
                pairs[row.id] = found
                taken.add(found.id)

    def programme(row: Any) -> int:
        return row.programme.pk if row.programme else 0

    pair(
        lambda row: (row.key, programme(row), row.given_on, row.amount),
        lambda one: (one.key, one.programme_id, one.given_on, one.amount),
    )
    pair(lambda row: (row.key, programme(row), row.given_on), lambda one: (one.key, one.programme_id, one.given_on))
    pair(lambda row: (row.key, programme(row)), lambda one: (one.key, one.programme_id))
    pair(lambda row: row.key, lambda one: one.key)
    pair(
        lambda row: row.key[0], lambda one: one.key[0], lambda row, one: bool(compare_births(row.key[1:], one.key[1:]))
    )
    lines = {(one.sheet, one.row): one for one in own if one.id not in taken}
    for row in rows:
        line = lines.get((row.sheet, row.row))
        if row.id not in pairs and line is not None and _is_mended(row.key, line.key):
            pairs[row.id] = line
    return pairs


def _is_mended(key: RecipientKey, other: RecipientKey) -> bool:
    if key[0] == other[0] or (key[1:] == other[1:] and key[1]):
        return True
    return SequenceMatcher(None, key[0], other[0]).ratio() >= ALIKE


def others_of(row: Any) -> tuple[str, ...]:
    """Return what `OwnRow.others` holds, of a planned row."""
    values = row.values
    return (
        values["circumstance"] or "", values["circumstance_code"] or "", values["school"] or "",
        values["school_class"] or "", values["note"] or "", str(row.paid_from),
    )  # fmt: skip


def tell_facts(
    name: str,
    birth: Birth | None,
    programme: str,
    given_on: datetime.date | None,
    amount: int | None,
    circumstance: str,
    *others: str,
) -> dict[str, str]:
    """Return the cells of a row in words, label by label."""
    school, school_class, note, source = others
    return {
        _("Full name"): name,
        _("Born"): birth.text if birth else "",
        _("Programme"): programme,
        _("Given on"): short_date(given_on) if given_on else "",
        _("Amount"): format_money(amount or 0),
        _("Circumstance"): circumstance,
        _("School"): school,
        _("Class"): school_class,
        _("Note"): note,
        _("Source"): source,
    }


def changed_row(row: Any, own: OwnRow) -> ChangedRow:
    """Return the two rows beside each other, cell by cell where they differ."""
    text, code, school, school_class, note, source = others_of(row)
    programme = row.programme.name if row.programme else ""
    after = tell_facts(
        row.name, row.birth, programme, row.given_on, row.amount, text or _in_words(code), school, school_class, note,
        str(Disbursement.Source(source).label),
    )  # fmt: skip
    cells = [(label, before, after[label]) for label, before in own.told.items() if before != after[label]]
    return ChangedRow(row.id, row.row, row.name, cells, row)


def _in_words(code: str) -> str:
    return str(Circumstance(code).label) if code else ""
