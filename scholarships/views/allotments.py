"""Allotments of programmes: who may give how much by their own approver, and proposals to grant, change and end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.forms.programmes import AllotmentForm, AllotmentUpdateForm
from scholarships.models import Allotment, Programme
from scholarships.services.allotments import propose_allotment
from scholarships.tables import AllotmentTable


@require_safe
@requires(Permission.VIEW_FUND)
def allotment_list(request: HttpRequest) -> HttpResponseBase:
    """The allotments of the person's programmes and those to the person's units: granted, given, left."""
    user = user_of(request)
    rows = Allotment.objects.seen_by(user).with_unit_name().with_given()
    rows = rows.select_related("programme__fund", "unit", "granted_by", "agreed_by")
    context = {"may_grant": Permission.MANAGE_PROGRAMME in user.permissions}
    return show_list(request, AllotmentTable(request, rows), "scholarships/allotment_list.html", context)


@takes_form
@requires(Permission.MANAGE_PROGRAMME)
def allotment_create(request: HttpRequest) -> HttpResponse:
    """Propose an allotment of one of the person's programmes to a unit, or another amount of one."""
    user = user_of(request)
    programmes = Programme.objects.visible_to(user).filter(is_active=True, fund__isnull=False)
    form = AllotmentForm(
        request.POST or None, programmes=programmes, units=Unit.objects.covered_by(user, Permission.MANAGE_PROGRAMME)
    )
    if request.method == "POST" and form.is_valid():
        change = attempt(form, propose_allotment, actor=user, **form.cleaned_data)
        if change:
            messages.success(request, said_after(change))
            return redirect("proposal_detail", change.pk)
    return render(request, "scholarships/allotment_create.html", {"form": form})


@takes_form
@requires(Permission.MANAGE_PROGRAMME)
def allotment_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose another amount of an allotment, or its end."""
    user = user_of(request)
    mine = Allotment.objects.filter(programme__in=Programme.objects.visible_to(user)).with_unit_name().with_given()
    allotment = get_object_or_404(mine.select_related("programme__fund", "unit"), pk=pk)
    ends = request.method == "POST" and "end" in request.POST
    form = AllotmentUpdateForm(
        request.POST if request.method == "POST" else None, initial={"amount": allotment.amount}, ends=ends
    )
    if request.method == "POST" and form.is_valid():
        change = attempt(
            form, propose_allotment, programme=allotment.programme, unit=allotment.unit,
            amount=0 if ends else form.cleaned_data["amount"], reason=form.cleaned_data["reason"],
            version=shown_version(request), actor=user,
        )  # fmt: skip
        if change:
            messages.success(request, said_after(change))
            return redirect("proposal_detail", change.pk)
    return render(request, "scholarships/allotment_update.html", {"form": form, "allotment": allotment})
