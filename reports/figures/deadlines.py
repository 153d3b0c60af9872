"""By which day a half-year is due."""

from __future__ import annotations

import datetime as dt

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import next_working_day
from reports.models import Deadline

DAYS_AFTER_THE_END = 10  # where the city has set no day


def due_on(half: HalfYear) -> dt.date:
    """Return the last day on which a unit is in time: as the city set it, else about ten days after the end."""
    chosen = Deadline.objects.filter(half=half.code).values_list("due_on", flat=True).first()
    return chosen or _usually_due_on(half)


def due_dates(halves: list[HalfYear]) -> dict[str, dt.date]:
    """`due_on` of several half-years in one query, by code."""
    usual = {half.code: _usually_due_on(half) for half in halves}
    return usual | dict(Deadline.objects.filter(half__in=usual).values_list("half", "due_on"))


def _usually_due_on(half: HalfYear) -> dt.date:
    return next_working_day(half.last_day + dt.timedelta(days=DAYS_AFTER_THE_END))
