"""The register of local budgets' yearly top-ups: who has a policy, what it promises, what arrived."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.forms.topups import NewTopUpForm, TopUpForm
from scholarships.models import TopUp
from scholarships.services.topups import record_topup
from scholarships.tables.topups import TopUpTable


@require_safe
@requires(Permission.VIEW_FUND)
def topup_list(request: HttpRequest) -> HttpResponseBase:
    """The last answer of each unit and year, with what really came from the local budget beside it."""
    user = user_of(request)
    rows = TopUp.objects.visible_to(user).current().with_unit_name().with_received().select_related("unit")
    context = {"may_record": Permission.FILE_SUBMISSION in user.permissions}
    return show_list(request, TopUpTable(request, rows), "scholarships/topup_list.html", context)


@takes_form
@requires(Permission.FILE_SUBMISSION)
def topup_create(request: HttpRequest) -> HttpResponse:
    """Write an answer down for a unit and a year that has none yet."""
    user = user_of(request)
    form = NewTopUpForm(request.POST or None, units=Unit.objects.covered_by(user, Permission.FILE_SUBMISSION))
    if request.method == "POST" and form.is_valid():
        unit, year = form.cleaned_data["unit"], form.cleaned_data["year"]
        if TopUp.objects.filter(unit=unit, year=year).exists():
            messages.info(request, _("The register has an answer for this unit and year: look at it, then change it."))
            return redirect("topup_update", unit.code, year)
        try:
            made = attempt(form, record_topup, **form.cleaned_data, version=shown_version(request), actor=user)
        except ConflictError:
            return redirect("topup_update", unit.code, year)
        if made:
            messages.success(request, _("Recorded."))
            return redirect("topup_list")
    return render(request, "scholarships/topup_create.html", {"form": form, "versioned": TopUp})


@takes_form
@requires(Permission.FILE_SUBMISSION)
def topup_update(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Correct the answer of a unit and year, or take it back; what was said before stays on the page."""
    user = user_of(request)
    unit = get_object_or_404(Unit.objects.covered_by(user, Permission.FILE_SUBMISSION), code=code)
    said = list(TopUp.objects.filter(unit=unit, year=year).select_related("entered_by").order_by("-pk"))
    if not said:
        return redirect("topup_create")
    first = {"answer": said[0].answer, "decision": said[0].decision, "amount": said[0].amount or None}
    form = TopUpForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user}
        if attempt(form, record_topup, unit=unit, year=year, **values):
            messages.success(request, _("Recorded. What was said before stays below."))
            return redirect("topup_update", code, year)
    name = unit.name_on(timezone.localdate())
    context = {"form": form, "unit": unit, "unit_name": name, "year": year, "said": said, "versioned": said[0]}
    return render(request, "scholarships/topup_update.html", context)
