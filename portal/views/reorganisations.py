"""Reorganisations: proposed with a preview, looked at, undone; what a split has left assigned until nothing is left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.forms.units import AssignChaptersForm, ReasonForm, ReorganisationForm
from portal.models import ProposedChange, Reorganisation, Unit
from portal.permissions import Permission, requires
from portal.services import assigning, reorganising
from portal.services.proposals import said_after
from portal.tables import ReorganisationTable
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of

proposes = requires(Permission.MANAGE_UNITS)
looks_on = requires(Permission.MANAGE_UNITS, Permission.DECIDE_POSTING)


@require_safe
@looks_on
def reorganisation_list(request: HttpRequest) -> HttpResponseBase:
    """What was merged, split, renamed and dissolved, newest first."""
    rows = Reorganisation.objects.visible_to(user_of(request))
    return show_list(request, ReorganisationTable(request, rows), "portal/reorganisation_list.html")


@takes_form
@proposes
def reorganisation_create(request: HttpRequest) -> HttpResponse:
    """Type a decision, look at what it moves, send it to the second person."""
    user = user_of(request)
    form = ReorganisationForm(
        request.POST or None,
        units=Unit.objects.covered_by(user, Permission.MANAGE_UNITS).going_on(),
        initial={"ends": request.GET.get("unit", "")},
    )
    lines: Any = None
    if request.method == "POST" and form.is_valid():
        plan = form.plan()
        if "send" not in request.POST:
            lines = attempt(form, reorganising.preview_plan, plan=plan, actor=user)
        elif change := attempt(
            form, reorganising.propose_reorganisation, plan=plan, reason=form.cleaned_data["reason"], actor=user
        ):
            messages.success(request, said_after(change))
            return redirect("proposal_detail", change.pk)
    return render(request, "portal/reorganisation_create.html", {"form": form, "lines": lines})


@require_safe
@looks_on
def reorganisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One reorganisation: by which paper, what it did, and what of the ended units is not handed over yet."""
    user = user_of(request)
    done = get_object_or_404(Reorganisation.objects.visible_to(user).select_related("unit", "done_by"), pk=pk)
    day = timezone.localdate()
    ended = Unit.objects.filter(pk__in=done.made.get("ends", [])).named_on(day).order_by("code")[:20]
    waiting = ProposedChange.objects.on(done).waiting().first()
    context = {
        "done": done, "unit_name": done.unit.name_on(day), "waiting": waiting,
        "ended": [(unit, assigning.progress_of(unit)) for unit in ended] if done.undone_at is None else [],
        "may_undo": user.may(Permission.MANAGE_UNITS, done.unit) and done.undone_at is None and not waiting,
    }  # fmt: skip
    return render(request, "portal/reorganisation_detail.html", context)


@takes_form
@proposes
def reorganisation_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a reorganisation be undone."""
    user = user_of(request)
    done = get_object_or_404(Reorganisation.objects.visible_to(user), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {"reason": form.cleaned_data["reason"], "version": shown_version(request), "actor": user}
        if change := attempt(form, reorganising.propose_undoing, done=done, **values):
            messages.success(request, said_after(change))
            return redirect("proposal_detail", change.pk)
    return render(request, "portal/reorganisation_undo.html", {"form": form, "done": done})


@takes_form
@proposes
def unit_assign(request: HttpRequest, code: str) -> HttpResponse:
    """What hung below a split unit and is undecided: chosen one by one or by words, it goes on below an heir."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_UNITS)
    unit = get_object_or_404(scope, code=code)
    day = timezone.localdate()
    heirs = assigning.heirs_of(unit).filter(pk__in=scope).named_on(day).order_by("code")
    left = assigning.undecided_below(unit).named_on(day).order_by("code")
    form = AssignChaptersForm(request.POST or None, heirs=heirs, chapters=left)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = assigning.chapters_called(unit, data["words"]) if data["words"] else list(data["chapters"])
        values = {"heir": data["heir"], "chapters": chosen, "version": shown_version(request)}
        if moved := attempt(form, assigning.assign_chapters, unit=unit, actor=user_of(request), **values):
            said = ngettext("%(count)d chapter assigned.", "%(count)d chapters assigned.", len(moved))
            messages.success(request, said % {"count": len(moved)})
            return redirect("unit_assign", unit.code)
    context = {"form": form, "unit": unit, "name": unit.name_on(day), "progress": assigning.progress_of(unit),
               "is_left": left.exists(), "has_heirs": heirs.exists()}  # fmt: skip
    return render(request, "portal/unit_assign.html", context)
