"""What changed between two versions of a report, figure by figure, and whether the difference tells single people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from portal.lib.vietnamese import format_int
from reports.figures import INDICATORS, Figures
from reports.figures.disclosure import LEAST
from reports.services.contents import Payload

_COUNTS = frozenset(one.code for one in INDICATORS.values() if one.counts_people)
_FAMILIES: dict[tuple[str, str], list[str]] = defaultdict(list)
for _one in INDICATORS.values():
    if _one.counts_people and _one.whole:
        _FAMILIES[_one.whole, _one.family].append(_one.code)


def _pair_rows(old: Payload, new: Payload) -> Iterator[tuple[str, Figures, Figures]]:
    """Yield the rows that both versions have: the total, then each unit in its order."""
    yield "", old["figures"], new["figures"]
    for code in new["order"]:
        if code in old["by_unit"]:
            yield code, old["by_unit"][code], new["by_unit"][code]


def _write(value: int | None) -> str:
    return "không có" if value is None else format_int(value)


def _find_few(before: Figures, after: Figures) -> set[str]:
    """Return the counts that changed by fewer than five people, and those by which a whole less its parts tells it."""

    def change(code: str) -> int:
        return after[code] - before[code]

    both = _COUNTS & set(before) & set(after)
    few = {code for code in both if 0 < abs(change(code)) < LEAST}
    for (whole, _family), codes in _FAMILIES.items():
        parts = [code for code in codes if code in both]
        if whole in both and parts and 0 < abs(change(whole) - sum(change(code) for code in parts)) < LEAST:
            few.update(parts)
    return few


def tells_people(old: Payload, new: Payload) -> bool:
    """Whether who reads both versions learns of fewer than five people, or of what the newer one withholds."""
    for row, before, after in _pair_rows(old, new):
        withheld = new["withheld"].get(row or new["unit"], ())
        if _find_few(before, after) or any(code not in after and code in withheld for code in _COUNTS & set(before)):
            return True
    return False


def list_changes(old: Payload, new: Payload) -> list[dict[str, Any]]:
    """Return every figure of the newer version that is another than in the older: unit, label, before and after.

    A change of fewer than five people is named without its figures (`few`), and an amount that follows it too.
    """
    changes = []
    for row, before, after in _pair_rows(old, new):
        few = _find_few(before, after)
        for code, told in new["indicators"].items():
            was, now = before.get(code), after.get(code)
            if was == now:
                continue
            is_few = code in few or INDICATORS[code].follows in few if code in INDICATORS else False
            changes.append(
                {
                    "unit": row, "name": new["units"][row] if row else new["unit_name"], "code": code,
                    "label": told["label"], "few": is_few,
                    "before": None if is_few else was, "after": None if is_few else now,
                    "text": "thay đổi ít (dưới 5 người, không nêu)" if is_few else f"{_write(was)} → {_write(now)}",
                }
            )  # fmt: skip
    return changes
