"""How long the long tests run: a short version in the suite, the whole of it with SOAK set (`make soak`)."""

from __future__ import annotations

import os

IS_SOAK = os.environ.get("SOAK", "") not in {"", "0"}


def at_length(short: int, soak: int) -> int:
    """The number for the suite, or the one for the soak."""
    return soak if IS_SOAK else short
