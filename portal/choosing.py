"""Which half-year or year a page is about, and which one is chosen in the header: told in one place.

The header shows what the page is about; a page whose address names none is about the one that was chosen, and without
a choice about the one that units are reporting on.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from portal.lib.periods import HalfYear, Period, demand_neighbours, half_to_report, parse_period

QUERY = "nua-nam"  # what the header's choice is called in an address
SESSION = "half"  # where the half-year stays chosen


def shown_period(request: HttpRequest) -> Period:
    """Return the half-year or year that the page is about: the one in its address, else the chosen one."""
    named = request.resolver_match.kwargs if request.resolver_match else {}
    period: Period = named.get("period") or named.get("half") or chosen_half(request)
    return period


def asked_period(request: HttpRequest) -> Period | None:
    """Return what is being chosen in the header with this very request; None where nothing is, or nothing that is."""
    try:
        period = parse_period(request.GET.get(QUERY, ""))
        demand_neighbours(period)
    except ValueError:
        return None
    return period


def asked_half(request: HttpRequest) -> HalfYear | None:
    """Return the same where it is a half-year."""
    period = asked_period(request)
    return period if isinstance(period, HalfYear) else None


def chosen_half(request: HttpRequest) -> HalfYear:
    """Return the half-year chosen in the header, now or before; without a choice the one that units report on."""
    asked = asked_half(request)
    if asked is not None:
        return asked
    try:
        return HalfYear.parse(request.session.get(SESSION, ""))
    except ValueError:
        return half_to_report(timezone.localdate())
