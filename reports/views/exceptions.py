"""Closed half-years opened for one person: the list of them, a new one as a proposal, and the early end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.lib.periods import HalfYear
from portal.models import ClosingException, Unit
from portal.permissions import Permission, requires
from portal.services.periods import end_exception, is_closed, people_entering
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from reports.forms import ExceptionForm, ExceptionPlaceForm
from reports.models import Submission
from reports.services import propose_exception
from reports.tables import ExceptionTable
from reports.views.scope import submission_of, unit_in_scope, user_of

opens = requires(Permission.APPROVE_SUBMISSION)


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def exception_list(request: HttpRequest) -> HttpResponseBase:
    """What is and was opened of the person's units, newest first: for whom, until when, by which two persons."""
    rows = ClosingException.objects.visible_to(user_of(request)).with_unit_name()
    rows = rows.select_related("unit", "person", "granted_by", "agreed_by")
    may_open = Permission.APPROVE_SUBMISSION in user_of(request).permissions
    return show_list(request, ExceptionTable(request, rows), "reports/exception_list.html", {"may_open": may_open})


@takes_form
@opens
def exception_create(request: HttpRequest) -> HttpResponse:
    """Choose the unit and the half-year that shall be opened; the next page asks for whom."""
    units = Unit.objects.covered_by(user_of(request), Permission.APPROVE_SUBMISSION)
    form = ExceptionPlaceForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        return redirect("submission_reopen", form.cleaned_data["half"], form.cleaned_data["unit"].code)
    return render(request, "reports/exception_create.html", {"form": form})


@takes_form
@opens
def submission_reopen(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Propose that a closed half-year of any unit is opened for one person; a second person decides."""
    unit = unit_in_scope(request, code, Permission.APPROVE_SUBMISSION)
    submission, user = submission_of(unit, half), user_of(request)
    people = people_entering(unit).exclude(pk=user.pk)
    last = submission.submitted_by_id or submission.entered_by_id if submission else None
    form = ExceptionForm(request.POST or None, people=people, initial={"person": last})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("person", "reason")} | {"until": form.moment()}
        change = attempt(
            form, propose_exception, unit=unit, half=half, version=shown_version(request), actor=user, **values
        )
        if change:
            messages.success(request, said_after(change))
            return redirect("proposal_detail", change.pk)
    context = {
        "form": form, "half": half, "unit": unit, "unit_name": unit.name_on(half.last_day),
        "versioned": submission or Submission, "closed": is_closed(unit=unit, half=half),
    }  # fmt: skip
    return render(request, "reports/submission_reopen.html", context)


@takes_form
@opens
def exception_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an exception before its time; the page says whose it is."""
    user = user_of(request)
    rows = ClosingException.objects.within(user, Permission.APPROVE_SUBMISSION).with_unit_name()
    exception = get_object_or_404(rows.select_related("person", "granted_by", "agreed_by"), pk=pk)
    ended = None
    if request.method == "POST":
        ended = attempt(request, end_exception, exception=exception, version=shown_version(request), actor=user)
    if ended:
        messages.success(request, _("Ended. The half-year is closed for everybody again."))
        return redirect("exception_list")
    return render(request, "reports/exception_end.html", {"exception": exception, "now": timezone.now()})
