"""What is known of a unit besides its place: whom to ask, a name put right, its numbers; and the levels of units."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.forms.units import CountForm, LevelForm, NameForm, UnitFactsForm
from portal.models import Level
from portal.permissions import ROOT, Permission, requires
from portal.services import units
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of
from portal.views.units import find_unit, manages_units

keeps_levels = requires(Permission.MANAGE_UNITS, on=ROOT)


@takes_form
@manages_units
def unit_facts(request: HttpRequest, code: str) -> HttpResponse:
    """Whom the public asks at a unit, and by which paper it was founded."""
    unit = find_unit(request, code)
    form = UnitFactsForm(request.POST or None, initial={name: getattr(unit, name) for name in units.FACTS})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, units.describe_unit, unit=unit, **values):
            messages.success(request, _("Saved."))
            return redirect("unit_detail", unit.code)
    context = {"form": form, "unit": unit, "name": unit.name_on(timezone.localdate())}
    return render(request, "portal/unit_facts.html", context)


@takes_form
@manages_units
def unit_correct(request: HttpRequest, code: str) -> HttpResponse:
    """Put a wrong name right; the wrong one stays written down."""
    unit = find_unit(request, code)
    name = unit.name_on(timezone.localdate())
    form = NameForm(request.POST or None, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, units.correct_name, unit=unit, **values):
            messages.success(request, _("The name has been put right."))
            return redirect("unit_detail", unit.code)
    return render(request, "portal/unit_correct.html", {"form": form, "unit": unit, "name": name})


@takes_post("unit_detail")
@manages_units
def unit_remove(request: HttpRequest, code: str) -> HttpResponse:
    """Undo the making of a unit on which nothing hangs yet."""
    unit = find_unit(request, code)
    if attempt(request, units.remove_unit, unit=unit, version=shown_version(request), actor=user_of(request)):
        messages.success(request, _("The unit has been taken away again."))
        return redirect("unit_list")
    return redirect("unit_detail", code)


@takes_form
@manages_units
def unit_count(request: HttpRequest, code: str) -> HttpResponse:
    """Record a number of people, households, lineages ... of a unit's place, as of a day."""
    unit = find_unit(request, code)
    form = CountForm(request.POST or None, initial={"on_date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, units.record_count, unit=unit, **values):
            messages.success(request, _("Saved."))
            return redirect("unit_detail", unit.code)
    context = {"form": form, "unit": unit, "name": unit.name_on(timezone.localdate())}
    return render(request, "portal/unit_count.html", context)


@require_safe
@keeps_levels
def level_list(request: HttpRequest) -> HttpResponse:
    """The levels of the association: data, never code."""
    return render(request, "portal/level_list.html", {"levels": Level.objects.all()})


@takes_form
@keeps_levels
def level_create(request: HttpRequest) -> HttpResponse:
    """Make a level."""
    form = LevelForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and (_level := attempt(form, units.save_level, actor=user_of(request), **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("level_list")
    return render(request, "portal/level_create.html", {"form": form, "title": _("New level")})


@takes_form
@keeps_levels
def level_update(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a level's name, rank and whether its units send a half-year."""
    level = get_object_or_404(Level, code=slug)
    initial = {"name": level.name, "rank": level.rank, "reporting": level.reporting}
    form = LevelForm(request.POST or None, with_code=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, units.save_level, level=level, **values):
            messages.success(request, _("Saved."))
            return redirect("level_list")
    return render(request, "portal/level_update.html", {"form": form, "title": level.name, "level": level})
