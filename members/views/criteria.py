"""The criteria of the learning models: read by all who see titles, recorded by an administrator of the site."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.forms.titles import CriteriaForm
from members.models import CriteriaSet
from members.services.criteria import save_criteria
from portal.addresses import saves_typing, takes_form
from portal.permissions import ROOT, Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of


@require_safe
@requires(Permission.VIEW_MEMBERS, Permission.MANAGE_SITE)
def criteria_list(request: HttpRequest) -> HttpResponse:
    """All criteria there were and are, by model."""
    context = {
        "criteria": CriteriaSet.objects.order_by("model", "-valid"),
        "may_record": user_of(request).may_at_root(Permission.MANAGE_SITE),
    }
    return render(request, "members/criteria_list.html", context)


@takes_form
@saves_typing()
@requires(Permission.MANAGE_SITE, on=ROOT)
def criteria_create(request: HttpRequest) -> HttpResponse:
    """Record new criteria."""
    form = CriteriaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"actor": user_of(request)}
        if attempt(form, save_criteria, **values):
            messages.success(request, _("Saved."))
            return redirect("criteria_list")
    return render(request, "members/criteria_create.html", {"form": form})


@takes_form
@saves_typing()
@requires(Permission.MANAGE_SITE, on=ROOT)
def criteria_update(request: HttpRequest, number: int) -> HttpResponse:
    """Correct criteria, or give them a last day."""
    criteria = get_object_or_404(CriteriaSet, pk=number)
    form = CriteriaForm(request.POST or None, initial=CriteriaForm.facts_of(criteria))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, save_criteria, criteria=criteria, **values):
            messages.success(request, _("Saved."))
            return redirect("criteria_list")
    return render(request, "members/criteria_update.html", {"form": form, "criteria": criteria})
