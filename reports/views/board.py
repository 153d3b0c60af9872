"""The board of a half-year: every unit that owes it, its state, whether in time, how complete."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_post
from portal.lib.language import screen_weekday
from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from reports.figures import DatedTree, due_on
from reports.forms import DeadlineForm
from reports.models import Deadline, Submission
from reports.services import set_deadline
from reports.services.board import board_of, count_groups, lay_tiles, sort_by_lateness, write_reminder
from reports.services.reminding import count_reminded
from reports.tables import BoardTable
from reports.views.scope import chosen_half, user_of

State = Submission.State


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def half_current(request: HttpRequest) -> HttpResponse:
    """To the half-year that units are reporting on."""
    return redirect("half_board", chosen_half(request))


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def half_board(request: HttpRequest, half: HalfYear) -> HttpResponseBase:
    """Every unit that owes the half-year and that the person may see: its state, whether in time, how complete."""
    user, tree, due = user_of(request), DatedTree(half.last_day), due_on(half)
    rows = sort_by_lateness(board_of(user, half, tree, due))
    counts = count_groups(rows)
    seen = set(Unit.objects.covered_by(user, Permission.VIEW_SUBMISSION).values_list("pk", flat=True))
    context = {
        "half": half,
        "due": due,
        "due_weekday": screen_weekday(due),
        "reminder": write_reminder(rows, half, due) if Permission.APPROVE_SUBMISSION in user.permissions else "",
        "reminded": count_reminded(half, due),
        "total": len(rows),
        "tiles": lay_tiles(rows),
        "settled": sum(counts[state] for state in State.those("is_settled")),
        "roots": [root for root in tree.roots() if root.unit_id in seen],
        "halves": _list_halves(half),
        "deadline": Deadline.objects.filter(half=half.code).first() or Deadline,
        "deadline_form": DeadlineForm(initial={"due_on": due}),
    }
    return show_list(request, BoardTable(request, rows, half), "reports/half_board.html", context)


def _list_halves(half: HalfYear) -> list[HalfYear]:
    """Half-years to choose from: the one in view, and from the running one back over three years."""
    now = HalfYear.containing(timezone.localdate())
    recent = HalfYear.range(HalfYear(now.year - 3, 1), now)
    return sorted({*recent, half}, reverse=True)


@takes_post("half_board")
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
        given = {"due_on": form.cleaned_data["due_on"], "version": shown_version(request)}
        if attempt(request, set_deadline, half=half, actor=user_of(request), **given):
            messages.success(request, _("The day has been set."))
    else:
        for sentence in form.errors["due_on"]:
            messages.error(request, str(sentence))
    return redirect("half_board", half)
