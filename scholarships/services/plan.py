"""What taking in a list would do, before it does it: every row decided, with the sentence for each refused one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.reading.columns.tables import Ambiguity, Column
from intakes.reading.reading import understand
from intakes.reading.rows.results import Reading
from intakes.reading.words.problems import Note
from intakes.reading.words.schemas import DISBURSEMENTS
from intakes.services.intakes import RowError, read_upload, rows_keyed
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money
from portal.models import Unit
from scholarships.models import Batch
from scholarships.services.deciding import Decider, PlainRow, PlanRow
from scholarships.services.rules import demand_in_force, window_for

__all__ = ["Plan", "PlanRow", "build_plan", "plan_from_rows"]


@dataclass
class Warning_:  # noqa: N801 - the builtin has the name
    """Something of several rows that is taken but should be looked at."""

    code: str
    message: str
    count: int


@dataclass
class Plan:
    """A list looked at: what is new, known, refused, and how it was read. Amounts in đồng."""

    unit: Unit
    asked: HalfYear  # the half-year that was asked for
    half: HalfYear  # the one in which the rows count: the next open one when that is closed
    mode: str
    rows: list[PlanRow]
    file_name: str = ""
    file_sha256: str = ""
    reading: Reading | None = None
    refusals: list[str] = field(default_factory=list)  # why nothing can be taken in at all
    gone: list[dict[str, Any]] = field(default_factory=list)  # recorded from an earlier file of this list, missing here
    new_people: int = 0

    @property
    def accepted(self) -> list[PlanRow]:
        """The rows that taking in adds."""
        return [row for row in self.rows if row.status == "new"]

    @property
    def known(self) -> list[PlanRow]:
        """The rows that are recorded already."""
        return [row for row in self.rows if row.status == "known"]

    @property
    def rejected(self) -> list[PlanRow]:
        """The rows that are refused, undecided changes and repeats among them."""
        return [row for row in self.rows if row.errors]

    @property
    def changes(self) -> list[PlanRow]:
        """Of the refused rows: recorded with another amount (`recorded_id`, `recorded_amount`); may be decided."""
        return [row for row in self.rows if row.status == "change"]

    @property
    def repeats(self) -> list[PlanRow]:
        """Of the refused rows: the same as an earlier row; may be decided with a reason."""
        return [row for row in self.rows if row.status == "repeat"]

    @property
    def late(self) -> list[PlanRow]:
        """The new rows of a closed half-year that count in this one."""
        return [row for row in self.rows if row.status == "new" and row.late_for]

    @property
    def errors(self) -> list[RowError]:
        """Every error, in the order of the rows."""
        return [error for row in self.rows for error in row.errors]

    @property
    def turns(self) -> int:
        """How many rows taking in adds."""
        return len(self.accepted)

    @property
    def amount(self) -> int:
        """What those rows add up to."""
        return sum(row.amount or 0 for row in self.accepted)

    @property
    def read_amount(self) -> int:
        """What all rows of the file add up to, the refused ones too as far as they can be read."""
        return sum(row.amount or 0 for row in self.rows)

    @property
    def total_row(self) -> int | None:
        """The amount that the file's total line says; None without one."""
        total = self.reading.grand_total if self.reading else None
        return total.written if total else None

    @property
    def difference(self) -> int | None:
        """What the total line says less what the rows add up to; None without one."""
        return None if self.total_row is None else self.total_row - self.read_amount

    @property
    def ambiguities(self) -> list[Ambiguity]:
        """Readings between which the officer must choose before anything is taken in."""
        return self.reading.ambiguities if self.reading else []

    @property
    def notes(self) -> list[Note]:
        """How the file was read."""
        return self.reading.notes if self.reading else []

    @property
    def columns(self) -> list[Column]:
        """The columns as they were understood, table after table."""
        return [column for table in self.reading.tables for column in table.columns] if self.reading else []

    @property
    def is_blocked(self) -> bool:
        """Whether nothing can be taken in as it stands."""
        return bool(self.refusals or self.ambiguities)

    @property
    def summary(self) -> str:
        """The preview in one line: rows, sum, the total line, what is to be mended."""
        count = len(self.rows)
        parts = [
            ngettext("%(count)s row, %(amount)s", "%(count)s rows, %(amount)s", count)
            % {"count": format_int(count), "amount": format_money(self.read_amount)}
        ]
        if self.difference == 0:
            parts.append(_("equal to the total line"))
        elif self.difference is not None:
            parts.append(
                _("the total line says %(amount)s (%(difference)s off)")
                % {"amount": format_money(self.total_row or 0), "difference": format_money(abs(self.difference))}
            )
        bad = len(self.rejected)
        tail = (
            [ngettext("%(count)s row to mend", "%(count)s rows to mend", bad) % {"count": format_int(bad)}]
            if bad
            else []
        )
        if known := len(self.known):
            tail.append(
                ngettext("%(count)s row recorded already", "%(count)s rows recorded already", known)
                % {"count": format_int(known)}
            )
        return "; ".join([", ".join(parts), *tail])

    @property
    def warnings(self) -> list[Warning_]:
        """What is taken but should be looked at, grouped."""
        found = []
        if late := len(self.late):
            text = ngettext(
                "%(count)s row belongs to a closed half-year and counts in %(half)s.",
                "%(count)s rows belong to a closed half-year and count in %(half)s.",
                late,
            )
            found.append(Warning_("late", text % {"count": format_int(late), "half": self.half.label}, late))
        days = Counter((row.key, row.programme.pk, row.given_on) for row in self.accepted if row.programme)
        if twice := sum(count for count in days.values() if count > 1):
            text = ngettext(
                "%(count)s row names the same person and day with another amount.",
                "%(count)s rows name the same person and day with different amounts.",
                twice,
            )
            found.append(Warning_("same_day", text % {"count": format_int(twice)}, twice))
        if unborn := sum(1 for row in self.accepted if row.birth is None):
            text = ngettext(
                "%(count)s row has no date of birth: namesakes cannot be told apart.",
                "%(count)s rows have no date of birth: namesakes cannot be told apart.",
                unborn,
            )
            found.append(Warning_("no_birth", text % {"count": format_int(unborn)}, unborn))
        return found

    @property
    def token(self) -> str:
        """A digest of what would be added: it differs when something has changed between looking and taking in."""
        digest = hashlib.sha256(f"{self.half}|{len(self.rows)}|{len(self.rejected)}".encode())
        for row in self.accepted:
            programme = row.programme.pk if row.programme else 0
            said = f"|{row.sheet}!{row.row}:{row.amount}:{programme}:{row.given_on}:{row.replaces_id or 0}"
            digest.update(said.encode())
        return digest.hexdigest()[:32]


def build_plan(
    *,
    unit: Unit,
    half: HalfYear,
    content: bytes,
    file_name: str,
    mode: str = Batch.Mode.HANDED_OUT,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[str, Mapping[str, str]] | None = None,
    decisions: Mapping[str, Mapping[str, Any]] | None = None,
) -> Plan:
    """Read a workbook and decide every row; writes nothing. ValidationError when the file or the unit is refused.

    `repairs` and `decisions` by "sheet!row", as an Intake keeps them. The number of queries does not depend on the
    rows.
    """
    decided = rows_keyed(dict(decisions or {}))
    dropped = {key for key, decision in decided.items() if decision.get("drop")}
    workbook = read_upload(content, file_name)
    reading = understand(
        workbook, DISBURSEMENTS, mapping=mapping, repairs=rows_keyed(dict(repairs or {})), dropped=dropped
    )
    plan = _plan(unit=unit, half=half, mode=mode, rows=reading.rows, decisions=decided)
    plan.reading, plan.file_name, plan.file_sha256 = reading, file_name, hashlib.sha256(content).hexdigest()
    if not reading.rows:
        plan.refusals.append(
            _("No list was found in the file. Its first rows should head the columns: full name, kind, amount, date.")
        )
    return plan


def plan_from_rows(
    *,
    unit: Unit,
    half: HalfYear,
    rows: Iterable[Mapping[str, Any]],
    mode: str = Batch.Mode.HANDED_OUT,
    file_name: str = "",
) -> Plan:
    """Decide rows that are typed values already.

    full_name, birth (Birth or None), kind or programme (a name), amount (int) and given_on (date); where known gender,
    school, school_class, circumstance, circumstance_code, note, recipient_kind and source.
    """
    typed = [PlainRow(number, values) for number, values in enumerate(rows, start=1)]
    plan = _plan(unit=unit, half=half, mode=mode, rows=typed, decisions={})
    plan.file_name = file_name
    return plan


def _plan(*, unit: Unit, half: HalfYear, mode: str, rows: list[Any], decisions: dict[tuple[str, int], Any]) -> Plan:
    window = window_for(unit=unit, half=half, mode=mode)
    demand_in_force(unit, window.half)
    decider = Decider(unit=unit, window=window, decisions=decisions)
    decided = decider.decide(rows)
    return Plan(
        unit=unit,
        asked=half,
        half=window.half,
        mode=mode,
        rows=decided,
        refusals=decider.refusals,
        gone=decider.gone(),
        new_people=decider.new_people,
    )
