"""The staff's home: what waits for me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.models import Unit
from portal.permissions import Permission, requires
from reports.figures import DatedTree, compute, half_to_report
from reports.services.desk import lay_out, split_closing
from reports.services.waiting import waiting_for
from reports.views.scope import user_of


@require_safe
@requires()
def work_home(request: HttpRequest) -> HttpResponse:
    """The staff's home: what waits for the person, and the half-year of the highest unit whose figures they may see."""
    user, today = user_of(request), timezone.localdate()
    half = half_to_report(today)
    tree = DatedTree(half.last_day)
    context = {
        "items": waiting_for(user, today),
        "half": half,
        "today": today,
        "desk": lay_out(user, half, today, tree),
    }
    if Permission.VIEW_REPORT in user.permissions:
        seen = set(Unit.objects.covered_by(user, Permission.VIEW_REPORT).values_list("pk", flat=True))
        top = min(
            (place for place in tree.places.values() if place.in_force and place.unit_id in seen),
            key=lambda p: (p.rank, p.code),
            default=None,
        )
        if top is not None:
            unit = Unit.objects.get(pk=top.unit_id)
            glance = compute(unit, half, tree=tree)
            own, ended = split_closing(unit, half, glance.figures.get("funds.closing", 0), tree)
            context |= {"glance": glance, "closing": own, "closing_ended": ended}
    return render(request, "reports/work_home.html", context)
