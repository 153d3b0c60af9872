"""By which day a half-year is due."""

from __future__ import annotations

import datetime as dt

from portal.lib.periods import HalfYear
from reports.models import Deadline

DAYS_AFTER_THE_END = 10  # where the city has set no day


def due_on(half: HalfYear) -> dt.date:
    """Return the last day on which a unit is in time: as the city set it, else ten days after the half-year's end."""
    chosen = Deadline.objects.filter(half=half.code).values_list("due_on", flat=True).first()
    return chosen or half.last_day + dt.timedelta(days=DAYS_AFTER_THE_END)


def due_dates(halves: list[HalfYear]) -> dict[str, dt.date]:
    """`due_on` of several half-years in one query, by code."""
    usual = {half.code: half.last_day + dt.timedelta(days=DAYS_AFTER_THE_END) for half in halves}
    return usual | dict(Deadline.objects.filter(half__in=usual).values_list("half", "due_on"))


_HOLIDAYS = {(1, 1), (30, 4), (1, 5), (2, 9)}  # by the calendar of the sun; Tết and Giỗ Tổ move and are not counted


def next_working_day(day: dt.date) -> dt.date:
    """Return the day itself, or the next that is no Saturday, Sunday or fixed holiday (Bộ luật Lao động, Điều 112)."""
    while day.weekday() >= 5 or (day.day, day.month) in _HOLIDAYS:
        day += dt.timedelta(days=1)
    return day
