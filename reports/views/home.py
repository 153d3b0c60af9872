"""The staff's home: what waits for me."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.permissions import Permission, requires
from reports.figures import DatedTree, FigureSet, compute, due_on
from reports.models import Report, Submission
from reports.services.board import board_of
from reports.services.desk import lay_out, split_closing
from reports.services.leading import MOST_RANKED, find_gaps, find_trends, rank_units, say_compared, talking_points
from reports.services.payloads import read_compared
from reports.services.reminding import ask_for_reminders
from reports.services.waiting import waiting_for
from reports.views.scope import chosen_half, chosen_year, user_of
from scholarships.models import Fund
from scholarships.services.holding import find_low

_MOST_LOW = 3  # funds named on a leader's home


@require_safe
@requires()
def work_home(request: HttpRequest) -> HttpResponse:
    """The staff's home: what waits for the person, and the half-year of the highest unit whose figures they may see."""
    user, today = user_of(request), timezone.localdate()
    if (year := chosen_year(request)) is not None and (code := _find_top(user, DatedTree(year.last_day))):
        return redirect("report_detail", year, code)
    half = chosen_half(request)
    tree = DatedTree(half.last_day)
    ask_for_reminders()
    context = {
        "items": waiting_for(user, today),
        "half": half,
        "today": today,
        "desk": lay_out(user, half, today, tree),
    }
    if Permission.VIEW_REPORT in user.permissions and (top := _find_top(user, tree)):
        unit = Unit.objects.get(code=top)
        glance = compute(unit, half, tree=tree)
        own, ended = split_closing(unit, half, glance.figures.get("funds.closing", 0), tree)
        context |= {"glance": glance, "closing": own, "closing_ended": ended}
        if user.may(Permission.ISSUE_REPORT, unit) and glance.names:
            context["leading"] = _lead(user, unit, half, glance, tree)
    return render(request, "reports/work_home.html", context)


def _find_top(user: User, tree: DatedTree) -> str:
    """Return the code of the highest unit whose figures the person may see; "" without one."""
    seen = set(Unit.objects.covered_by(user, Permission.VIEW_REPORT).values_list("pk", flat=True))
    places = (place for place in tree.places.values() if place.in_force and place.unit_id in seen)
    top = min(places, key=lambda place: (place.rank, place.code), default=None)
    return top.code if top else ""


def _lead(user: User, unit: Unit, half: HalfYear, figures: FigureSet, tree: DatedTree) -> dict[str, Any]:
    """Return what a leader asks first: better or worse than a year ago, who is late, three points, who leads."""
    rows = board_of(user, half, tree, due_on(half))
    sent = sum(row.state == Submission.State.APPROVED for row in rows)
    before = read_compared(unit, half.same_last_year())
    report = Report.objects.of(half).filter(unit=unit).latest_versions().without_files().first()
    ranked, low = rank_units(figures), find_low(Fund.objects.filter(unit__in=tree.units_under(unit.pk)))
    return {
        "trends": find_trends(figures, before),
        "compared": say_compared(before),
        "approved": sent,
        "owing": len(rows),
        "left": len(rows) - sent,
        "late": sum(row.is_overdue for row in rows),
        "points": [point.partition("; ")[::2] for point in talking_points(figures, before, (sent, len(rows)))],
        "most": ranked[:MOST_RANKED],
        "least": ranked[MOST_RANKED:],
        "gaps": find_gaps(figures),
        "low": low.order_by("balance", "pk")[:_MOST_LOW],
        "low_count": low.count(),
        "report": report,
    }
