"""Whole numbers as they stand in addresses and hidden fields: read in one way, refused in one way."""

from __future__ import annotations

MOST_ID = 2**63 - 1  # what a BIGINT holds
_LONGEST = 19  # figures of MOST_ID: longer text is no number of ours, and Python need not read five thousand figures


def whole_number(text: str | None, *, least: int = 0, most: int = MOST_ID) -> int | None:
    """Return the number written with the figures 0 to 9 alone, None for all else ("²", "+1", "1.0", "", too long).

    Numbers below `least` or above `most` are None too: the caller has one question to ask.
    """
    if not text or len(text) > _LONGEST or not text.isascii() or not text.isdigit():
        return None
    number = int(text)
    return number if least <= number <= most else None
