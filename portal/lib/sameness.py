"""When two rows may speak of one person: the same rules for a typed row, a workbook and a command, for every list.

Two people are equal when their names (`name_key`) and births are. They are alike when the names are and what is known
of the births does not contradict: that is asked, never decided. Accents always count: Hà is not Hạ.
"""

from __future__ import annotations

from enum import StrEnum

Born = tuple[int | None, int | None, int | None]  # year, month, day as far as they are known


class Likeness(StrEnum):
    """How two births agree."""

    EQUAL = "equal"
    MISSING = "missing"  # one of them is not known
    SHORTER = "shorter"  # one is the year, or the month and year, of the other
    SWAPPED = "swapped"  # day and month stand the other way round


def compare_births(one: Born, other: Born) -> Likeness | None:
    """Return how two births agree; None when they are those of two people."""
    if one == other:
        return Likeness.EQUAL
    if one[0] is None or other[0] is None:
        return Likeness.MISSING
    if one[0] != other[0]:
        return None
    if all(None in (mine, theirs) or mine == theirs for mine, theirs in zip(one, other, strict=True)):
        return Likeness.SHORTER
    if one[1:] == other[:0:-1]:
        return Likeness.SWAPPED
    return None
