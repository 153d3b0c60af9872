"""What taking in a list of gifts would do: its sums, its total line, what to look at before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.services.plans import Caution, Plan
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money
from portal.models import Unit
from scholarships.services.circumstances import CircumstanceText, circumstance_texts, is_circumstance_answer
from scholarships.services.correcting import ChangedRow, OwnRow, changed_row
from scholarships.services.deciding import PlannedGift


@dataclass(kw_only=True)
class GiftPlan(Plan[PlannedGift]):
    """A list of what was given, looked at. Amounts in đồng."""

    unit: Unit
    asked_half: HalfYear
    half: HalfYear  # the one in which the rows count: the next open one when the one asked for is closed
    gone: list[dict[str, Any]] = field(default_factory=list)  # recorded from an earlier file of this list, missing here
    new_people: int = 0
    left_behind: list[OwnRow] = field(default_factory=list)  # of the corrected list, in the file no more

    @property
    def changed(self) -> list[ChangedRow]:
        """Return the rows of the corrected list that the file changes, each beside the new one."""
        pairs = [(row, row.stands_for) for row in self.accepted if row.instead_of]
        return [changed_row(row, own) for row, own in pairs if own is not None]

    @property
    def added(self) -> list[PlannedGift]:
        """Return the rows that the corrected list does not hold yet."""
        return [row for row in self.accepted if not row.instead_of]

    @property
    def shown(self) -> list[PlannedGift]:
        """Return the new rows; those changed stand apart, beside the old ones."""
        return self.added

    @property
    def loses(self) -> bool:
        """Whether the corrected list holds rows that the file holds no more."""
        return bool(self.left_behind)

    @property
    def gain(self) -> int:
        """Return by how much the changed and added rows raise the corrected list's amount."""
        before = sum(row.stands_for.amount for row in self.accepted if row.instead_of and row.stands_for)
        return self.amount - before

    @property
    def token(self) -> str:
        """Return the digest of what would be added, and of what a corrected list would lose."""
        lost = "".join(f"|{one.id}:{one.amount}" for one in self.left_behind)
        return hashlib.sha256(f"{super().token}{lost}".encode()).hexdigest()[:32] if lost else super().token

    @property
    def changes(self) -> list[PlannedGift]:
        """Return the refused rows that are recorded with another amount (`recorded_amount`); may be decided."""
        return [row for row in self.rows if row.status == "change"]

    @property
    def late(self) -> list[PlannedGift]:
        """Return the new rows of a closed half-year that count in this one."""
        return [row for row in self.rows if row.status == "new" and row.late_for]

    @property
    def turns(self) -> int:
        """Return how many rows taking in adds."""
        return len(self.accepted)

    @property
    def amount(self) -> int:
        """Return what those rows add up to."""
        return sum(row.amount or 0 for row in self.accepted)

    @property
    def read_amount(self) -> int:
        """Return what all rows of the file add up to, the refused ones too as far as they can be read."""
        return sum(row.amount or 0 for row in self.rows)

    @property
    def credible_amount(self) -> int:
        """Return what they add up to without the amounts that no programme gives: those are to be corrected first."""
        return sum(row.amount or 0 for row in self.rows if not row.has_wrong_amount)

    @property
    def total_row(self) -> int | None:
        """Return the amount that the file's total line says; None without one."""
        total = self.reading.grand_total if self.reading else None
        return total.written if total else None

    @property
    def difference(self) -> int | None:
        """Return what the total line says less what the rows add up to; None without one."""
        return None if self.total_row is None else self.total_row - self.read_amount

    @property
    def needs_look(self) -> bool:
        """Whether something of the list is to be looked at, a total line that differs among it."""
        return bool(super().needs_look or self.difference)

    @property
    def counts(self) -> dict[str, int | None]:
        """Return what the command prints of the plan besides its errors."""
        counts = super().counts
        del counts["total_row"]
        return counts | {"turns": self.turns, "amount": self.amount, "total_row": self.total_row}

    @property
    def heading(self) -> list[str]:
        """Return the rows, their sum, and whether the total line says the same."""
        count = len(self.rows)
        parts = [
            ngettext("%(count)s row, %(amount)s", "%(count)s rows, %(amount)s", count)
            % {"count": format_int(count), "amount": format_money(self.credible_amount)}
        ]
        if self.difference == 0 and self.credible_amount != self.read_amount:
            parts.append(_("the total line says %(amount)s, wrong amounts included") % {
                "amount": format_money(self.total_row or 0)
            })  # fmt: skip
        elif self.difference == 0:
            parts.append(_("equal to the total line"))
        elif self.difference is not None:
            parts.append(
                _("the total line says %(amount)s (%(difference)s off)")
                % {"amount": format_money(self.total_row or 0), "difference": format_money(abs(self.difference))}
            )
        return parts

    @property
    def circumstances(self) -> list[CircumstanceText]:
        """Return the texts about circumstances, each with its reading and how many rows have it."""
        return circumstance_texts(self.rows, self.asked.answers, self.before)

    def knows_answer(self, name: str, choice: str) -> bool:
        """Whether an answer says what a text about circumstances means."""
        return is_circumstance_answer(name, choice, self.rows)

    @property
    def cautions(self) -> list[Caution]:
        """Return what is taken but should be looked at, grouped."""
        found = []
        if late := len(self.late):
            text = ngettext(
                "%(count)s row belongs to a closed half-year and counts in %(half)s.",
                "%(count)s rows belong to a closed half-year and count in %(half)s.",
                late,
            )
            found.append(Caution("late", text % {"count": format_int(late), "half": self.half.screen_label}, late))
        if completed := sum(1 for row in self.rows if row.completed):
            text = ngettext(
                "%(count)s day without a year was completed with %(year)d, the year of the half-year.",
                "%(count)s days without a year were completed with %(year)d, the year of the half-year.",
                completed,
            )
            text %= {"count": format_int(completed), "year": self.half.year}
            found.append(Caution("year_of_half", text, completed))
        if unborn := sum(1 for row in self.accepted if row.birth is None):
            text = ngettext(
                "%(count)s row has no date of birth: namesakes cannot be told apart.",
                "%(count)s rows have no date of birth: namesakes cannot be told apart.",
                unborn,
            )
            found.append(Caution("no_birth", text % {"count": format_int(unborn)}, unborn))
        return found

    def trace(self, row: PlannedGift) -> str:
        """Return what is given, from which programme, when, in which half-year, and what it replaces."""
        programme = row.programme.pk if row.programme else 0
        return f"{self.half}:{row.amount}:{programme}:{row.given_on}:{row.replaces_id or 0}:{row.instead_of or 0}"
