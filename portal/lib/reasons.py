"""How long the reason of an act is: the same for forms, services and the database's own checks."""

from __future__ import annotations

LEAST_REASON = 10  # letters, where the reason stands in a book for ever
MOST_REASON = 300
LASTING_REASON = rf"^.{{{LEAST_REASON},}}$"  # for CHECK constraints
