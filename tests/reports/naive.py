"""A half-year counted by hand: rows exported once as plain values, added up in plain Python, no query and no tree.

It is written without looking at how the portal does it: what it says is compared with the portal's own figures.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import F

from members.models import Membership
from portal.lib.periods import HalfYear, Period
from portal.models import UnitSuccession, UnitVersion
from reports.models import ApprovedValue
from scholarships.models import Disbursement, Donation, LedgerEntry, Recipient, RecipientVerdict

Figures = dict[str, int]


class Rows:
    """Everything that was recorded, exported now."""

    def __init__(self) -> None:
        self.given = _export(Disbursement, "unit_id half source amount is_hardship paid_at reversed_half recipient_id",
                             kind=F("programme__kind"))  # fmt: skip
        self.people = {one["id"]: one for one in _export(Recipient, "id unit_id kind")}
        self.joined = {
            one["other_id"]: one["kept_id"] for one in _export(RecipientVerdict, "other_id kept_id is_same undone_at")
            if one["is_same"] and one["undone_at"] is None
        }  # fmt: skip
        self.book = _export(LedgerEntry, "half kind amount", unit_id=F("fund__unit_id"), of=F("reverses__kind"),
                            of_half=F("reverses__half"), giver=F("donation__source"),
                            taken=F("reverses__donation__source"))  # fmt: skip
        self.gifts = _export(Donation, "unit_id half goods amount source reversed_half")
        self.members = _export(Membership, "unit_id member_id half left_half merged_half is_transfer")
        approved = _export(ApprovedValue, "indicator value replaced_at", unit_id=F("submission__unit_id"),
                           half=F("submission__half"))  # fmt: skip
        self.declared = [one for one in approved if one["replaced_at"] is None]
        self.versions = _export(UnitVersion, "unit_id parent_id valid", code=F("unit__code"))
        self.heirs = _export(UnitSuccession, "from_unit_id to_unit_id on_date")

    def place(self, half: Period, root: int) -> dict[int, int]:
        """Return for every unit that counts in the root under which of the root's rows it stands (itself: the root)."""
        day, last = half.last_day, {}
        for one in sorted(self.versions, key=lambda one: one["valid"].lower):
            if one["valid"].lower <= day:
                last[one["unit_id"]] = one
        going = {unit for unit, one in last.items() if one["valid"].upper is None or one["valid"].upper > day}
        taken_over = defaultdict(list)
        for one in self.heirs:
            if one["on_date"] <= day:
                taken_over[one["from_unit_id"]].append(one["to_unit_id"])
        placed = {}
        for unit in last:
            way = [unit]
            while way[-1] != root and way[-1] in last and len(way) <= len(last):
                ended = way[-1] not in going
                way.append(taken_over[way[-1]][0] if ended and len(taken_over[way[-1]]) == 1
                           else last[way[-1]]["parent_id"])  # fmt: skip
            if way[-1] != root:
                continue
            row = way[-2] if len(way) > 1 else root
            is_child = row in going and last[row]["parent_id"] == root
            placed[unit] = row if is_child or (row not in going and len(taken_over[row]) > 1) else root
        return placed

    def count(self, units: set[int], half: HalfYear) -> Figures:
        """Return every computed figure of the units together; nothing is left out but zeros."""
        sums: Figures = defaultdict(int)
        self._count_given(sums, units, half.code)
        self._count_people(sums, units, half.code)
        self._count_money(sums, units, half.code)
        for one in self.gifts:
            if one["goods"] and one["unit_id"] in units and one["half"] == half.code != one["reversed_half"]:
                sums["funds.in_kind"] += one["amount"]
                sums[f"funds.in_kind.{one['source']}"] += one["amount"]
        for one in self.members:
            if one["unit_id"] not in units or "" != one["merged_half"] <= half.code:
                continue
            sums["members.new"] += one["half"] == half.code and not one["is_transfer"]
            sums["members.total"] += one["half"] <= half.code and not "" != one["left_half"] <= half.code
        return {code: value for code, value in sums.items() if value}

    def _count_given(self, sums: Figures, units: set[int], half: str) -> None:
        for one in self.given:
            if one["unit_id"] not in units or one["paid_at"] is None:
                continue
            if one["half"] == half != one["reversed_half"]:
                parts = ["", f".{one['kind']}", f".{one['source']}", *[".hardship"] * one["is_hardship"]]
            elif one["reversed_half"] == half != one["half"]:
                parts = [".recalled"]
            else:
                continue
            for part in parts:
                turns, amount = f"disbursements.turns{part}", f"disbursements.amount{part}"
                if part == ".recalled":
                    turns, amount = "disbursements.recalled.turns", "disbursements.recalled.amount"
                sums[turns] += 1
                sums[amount] += one["amount"]
            if one["half"] == half != one["reversed_half"]:
                person = self.joined.get(one["recipient_id"], one["recipient_id"])
                sums[f"recipients.turns.{self.people[person]['kind']}"] += 1

    def _count_people(self, sums: Figures, units: set[int], half: str) -> None:
        for person in self._receive(half):
            if self.people[person]["unit_id"] in units:
                sums["recipients.distinct"] += 1
                sums[f"recipients.{self.people[person]['kind']}"] += 1

    def _receive(self, half: str) -> set[int]:
        return {
            self.joined.get(one["recipient_id"], one["recipient_id"]) for one in self.given
            if one["paid_at"] is not None and one["half"] == half != one["reversed_half"]
        }  # fmt: skip

    def _count_money(self, sums: Figures, units: set[int], half: str) -> None:
        plain = {"donation": "income", "payout": "spending", "taken_over": "taken_over", "passed_on": "passed_on"}
        late = {"donation": "refunded", "opening": "refunded", "payout": "recalled"}
        for one in self.book:
            if one["unit_id"] not in units or one["half"] > half:
                continue
            sums["funds.closing"] += one["amount"]
            kind = one["of"] or one["kind"]
            if one["half"] < half:
                sums["funds.opening"] += one["amount"]
            elif one["of"] and one["of_half"] != half and kind in late:
                sums[f"funds.{late[kind]}"] += one["amount"] * (1 if kind == "payout" else -1)
            elif kind == "opening":
                sums["funds.opening"] += one["amount"]
            else:
                out = kind in {"payout", "passed_on"}
                sums[f"funds.{plain[kind]}"] += -one["amount"] if out else one["amount"]
                if kind == "donation":
                    sums[f"funds.income.{one['giver'] or one['taken']}"] += one["amount"]

    def count_year(self, units: set[int], year: int) -> Figures:
        """Return the same of a year: what flows is added up, what stands is of its ends, a person counts once."""
        first, second = f"{year}-H1", f"{year}-H2"
        sums: Figures = defaultdict(int)
        received = set()
        for half in (first, second):
            self._count_given(sums, units, half)
            self._count_money(sums, units, half)
            received |= self._receive(half)
            for one in self.gifts:
                if one["goods"] and one["unit_id"] in units and one["half"] == half != one["reversed_half"]:
                    sums["funds.in_kind"] += one["amount"]
                    sums[f"funds.in_kind.{one['source']}"] += one["amount"]
            for one in self.members:
                if one["unit_id"] in units and one["half"] == half and not "" != one["merged_half"] <= half:
                    sums["members.new"] += not one["is_transfer"]
        for person in received:
            if self.people[person]["unit_id"] in units:
                sums["recipients.distinct"] += 1
                sums[f"recipients.{self.people[person]['kind']}"] += 1
        for one in self.members:
            if one["unit_id"] in units and not "" != one["merged_half"] <= second:
                sums["members.total"] += one["half"] <= second and not "" != one["left_half"] <= second
        lines = [one for one in self.book if one["unit_id"] in units and one["half"] <= second]
        sums["funds.closing"] = sum(one["amount"] for one in lines)
        sums["funds.opening"] = sum(
            one["amount"] for one in lines
            if one["half"] < first or ((one["of"] or one["kind"]) == "opening" and one["of_half"] in {None, one["half"]})
        )  # fmt: skip
        return {code: value for code, value in sums.items() if value}

    def declare_year(self, root: int, year: int, standing: set[str]) -> tuple[Figures, dict[int, Figures]]:
        """Return what is declared of a year: `standing` figures of its end, of titles registered the latest word."""
        first, second, last = HalfYear(year, 1), HalfYear(year, 2), {}
        placed, total, rows = self.place(second, root), defaultdict(int), defaultdict(lambda: defaultdict(int))
        for one in self.versions:
            if one["valid"].lower <= second.last_day and (
                one["valid"].upper is None or one["valid"].upper > second.last_day
            ):
                last[one["unit_id"]] = one["parent_id"]
        said = {(one["unit_id"], one["indicator"]) for one in self.declared if one["half"] == second.code}
        for one in self.declared:
            unit, code = one["unit_id"], one["indicator"]
            if one["half"] not in {first.code, second.code} or unit not in placed:
                continue
            if one["half"] == first.code and code in standing:
                continue
            told_later = unit not in last or (unit, code) in said or (last.get(unit), code) in said
            if one["half"] == first.code and code.endswith(".registered") and told_later:
                continue
            total[code] += one["value"]
            rows[placed[unit]][code] += one["value"]
        return dict(total), rows

    def declare(self, root: int, half: HalfYear) -> tuple[Figures, dict[int, Figures]]:
        """Return what is declared in all and by the root's rows, where no unit declares for one below it."""
        placed, total, rows = self.place(half, root), defaultdict(int), defaultdict(lambda: defaultdict(int))
        for one in self.declared:
            if one["half"] == half.code and one["unit_id"] in placed:
                total[one["indicator"]] += one["value"]
                rows[placed[one["unit_id"]]][one["indicator"]] += one["value"]
        return dict(total), rows


def _export(model: Any, columns: str, **more: Any) -> list[dict[str, Any]]:
    return list(model.objects.order_by("pk").values(*columns.split(), **more))
