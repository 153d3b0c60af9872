"""The board of a half-year: every unit that owes it, its state, whether in time, how complete."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.permissions import Permission, requires
from reports.figures import DECLARED, DatedTree, Place, due_on, half_to_report
from reports.forms import DeadlineForm
from reports.models import Submission
from reports.services import set_deadline, units_owing
from reports.views.scope import user_of

State = Submission.State


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def half_current(request: HttpRequest) -> HttpResponse:
    """To the half-year that units are reporting on."""
    return redirect("half_board", half_to_report(timezone.localdate()))


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def half_board(request: HttpRequest, half: HalfYear) -> HttpResponse:
    """Every unit that owes the half-year and that the person may see: its state, whether in time, how complete."""
    user, tree, today, due = user_of(request), DatedTree(half.last_day), timezone.localdate(), due_on(half)
    seen = set(Unit.objects.covered_by(user, Permission.VIEW_SUBMISSION).values_list("pk", flat=True))
    places = [place for place in units_owing(half, tree) if place.unit_id in seen]
    owed = Submission.objects.of(half).filter(unit_id__in=[place.unit_id for place in places])
    by_unit = {one.unit_id: one for one in owed.annotate(filled=Count("values")).select_related("submitted_by")}
    rows = [_board_row(place, by_unit.get(place.unit_id), due, today) for place in places]
    counts = {state: sum(row["state"] == state for row in rows) for state in (*State.values, "late")}
    chosen = request.GET.get("state", "")
    shown = [row for row in rows if row["state"] == chosen or (chosen == "late" and row["late"])] if chosen else rows
    settled = counts[State.APPROVED] + counts[State.MISSING]
    roots = [root for root in tree.roots() if root.unit_id in seen]
    context = {
        "half": half,
        "due": due,
        "page": Paginator(shown, settings.PAGE_SIZE).get_page(request.GET.get("page")),
        "total": len(rows),
        "settled": settled,
        "counts": counts,
        "chosen": chosen,
        "declared_count": len(DECLARED),
        "late_count": sum(row["late"] for row in rows),
        "roots": roots,
        "halves": _halves(half),
        "deadline_form": DeadlineForm(initial={"due_on": due}),
    }
    return render(request, "reports/half_board.html", context)


def _board_row(place: Place, submission: Any, due: dt.date, today: dt.date) -> dict[str, Any]:
    state = submission.state if submission else ""
    sent = submission.submitted_at if submission else None
    out = state in {"", State.DRAFT, State.RETURNED}
    return {
        "place": place,
        "submission": submission,
        "state": state or State.DRAFT,
        "begun": bool(submission),
        "late": (out and today > due) or bool(sent and timezone.localtime(sent).date() > due and not out),
        "overdue": out and today > due,
        "filled": submission.filled if submission else 0,
    }


def _halves(half: HalfYear) -> list[HalfYear]:
    """Half-years to choose from: the one in view, and from the running one back over three years."""
    now = HalfYear.containing(timezone.localdate())
    recent = HalfYear.range(HalfYear(now.year - 3, 1), now)
    return sorted({*recent, half}, reverse=True)


@require_POST
@requires(Permission.APPROVE_SUBMISSION)
def half_deadline(request: HttpRequest, half: HalfYear) -> HttpResponse:
    """Set by which day the units send the half-year; the city's to say."""
    city = Unit.objects.covered_by(user_of(request), Permission.APPROVE_SUBMISSION).filter(
        versions__parent__isnull=True
    )
    if not city.exists():
        raise Http404
    form = DeadlineForm(request.POST)
    if form.is_valid():
        try:
            set_deadline(half=half, due_on=form.cleaned_data["due_on"], actor=user_of(request))
            messages.success(request, _("The day has been set."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, _("Choose a day."))
    return redirect("half_board", half)
