"""Columns that hold an entry of a closed list: choices and CHECK from the same place."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from portal.lib.closed_lists import ClosedList
from portal.vocabulary import SHORTEST_REASON

#: What a CHECK asks of a reason for what can never be taken back.
LONG_REASON = rf"^.{{{SHORTEST_REASON},}}$"


def entry_field(label: Any, entries: type[ClosedList], *, max_length: int, **options: Any) -> models.CharField:
    """Return a column for one entry of a closed list; a `default` is an entry too. `entry_check` goes with it."""
    if "default" in options:
        options["default"] = str(options["default"].value)  # a migration must not import the list
    return models.CharField(label, max_length=max_length, choices=entries.choices, **options)


def entry_check(name: str, field: str, entries: type[ClosedList], *, blank: bool = False) -> models.CheckConstraint:
    """Return the constraint that a column holds an entry of the list, or (`blank`) none."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [*entries.values, *([""] if blank else [])]})
    )
