"""The administrator's units: the tree of a day, one unit with its story, making and changing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.forms.units import NewUnitForm, UnitForm
from portal.lists import numbered_page
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services import units
from portal.services.assigning import progress_of
from portal.services.founding import is_founded_here
from portal.services.tree_moves import parts
from portal.tables import UnitTable
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import names_of, user_of

MOST_SUGGESTED = 12
MOST_NAMED = 50

manages_units = requires(Permission.MANAGE_UNITS)
sees_units = requires(Permission.MANAGE_UNITS, Permission.VIEW_REPORT)


@require_safe
@manages_units
def unit_list(request: HttpRequest) -> HttpResponseBase:
    """The units of a day, by name, accents or not."""
    user = user_of(request)
    units = Unit.objects.covered_by(user, Permission.MANAGE_UNITS)
    context = {"keeps_levels": user.may_at_root(Permission.MANAGE_UNITS)}
    return show_list(request, UnitTable(request, units), "portal/unit_list.html", context)


@require_safe
@sees_units
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A unit: its story, who works for it, what the apps say of it, its numbers, what is below it."""
    user, day = user_of(request), timezone.localdate()
    kept = Unit.objects.covered_by(user, Permission.MANAGE_UNITS)
    unit = get_object_or_404(Unit, code=code)
    versions = list(unit.versions.select_related("level", "parent").order_by("-valid"))
    became, was = list(unit.successions.select_related("to_unit")), list(unit.predecessions.select_related("from_unit"))
    others = {version.parent_id for version in versions if version.parent_id}
    others |= {step.to_unit_id for step in became} | {step.from_unit_id for step in was}
    seen = set(Unit.objects.seen_by_staff(user).filter(pk__in={unit.pk, *others}).values_list("pk", flat=True))
    if unit.pk not in seen:
        raise Http404
    context = {
        "unit": unit, "name": unit.name_on(day), "versions": versions, "became": became, "was": was,
        "names": names_of(others, day), "seen": seen,
        "children": numbered_page(Unit.objects.children_of(unit, day).named_on(day), request.GET.get("page")),
        "corrections": unit.name_corrections.all(), "counts": unit.counts.all(),
        "officers": unit.postings.in_force(day).select_related("user").order_by("role", "user__full_name")[:MOST_NAMED],
        "told": [line for part in parts().values() for line in part.tell(unit, user)],
        "progress": progress_of(unit) if became else [], "may_keep": kept.filter(pk=unit.pk).exists(),
        "may_found": user.may(Permission.FOUND_UNIT, unit), "is_founded": is_founded_here(unit),
        "goes_on": bool(versions) and versions[0].valid.upper is None, "is_new": len(versions) == 1 and not was,
    }  # fmt: skip
    return render(request, "portal/unit_detail.html", context)


def find_unit(request: HttpRequest, code: str) -> Unit:
    """Return the unit of the address that the person keeps; 404 for any other."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_UNITS)
    unit: Unit = get_object_or_404(scope, code=code)
    return unit


@takes_form
@manages_units
def unit_create(request: HttpRequest) -> HttpResponse:
    """Make a unit."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_UNITS)
    form = NewUnitForm(
        request.POST or None,
        units=scope,
        initial={"since": timezone.localdate(), "parent": request.GET.get("parent", "")},
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and (unit := attempt(form, units.create_unit, actor=user_of(request), **form.cleaned_data)):
        messages.success(request, _("The unit has been made."))
        return redirect("unit_detail", unit.code)
    return render(request, "portal/unit_create.html", {"form": form})


@takes_form
@manages_units
def unit_update(request: HttpRequest, code: str) -> HttpResponse:
    """Give a unit another name, level or parent from a day on."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_UNITS)
    unit = get_object_or_404(scope, code=code)
    today = timezone.localdate()
    version = unit.version_on(today) or unit.versions.order_by("-valid").first()
    initial = (
        {"name": version.name, "level": version.level, "parent": version.parent, "since": today} if version else {}
    )
    form = UnitForm(request.POST or None, units=scope, with_code=False, initial=initial)
    form.fields["parent"].required = bool(version and version.parent_id)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, units.change_unit, unit=unit, **values):
            messages.success(request, _("Saved."))
            return redirect("unit_detail", unit.code)
    return render(
        request,
        "portal/unit_update.html",
        {"form": form, "unit": unit, "name": unit.name_on(today)},
    )


@require_safe
@requires()
def unit_suggest(request: HttpRequest, permission: str) -> HttpResponse:
    """Return units on which the person holds the right, by name or code: what a unit field proposes while one types."""
    if permission not in set(Permission):
        raise Http404
    scope = Unit.objects.covered_by(user_of(request), Permission(permission))
    found: Any = scope.called(request.GET.get("q", "")[:200]).named_on(timezone.localdate())
    units_found = [
        {"name": unit.name, "code": unit.code, "level": unit.level_name}
        for unit in found.order_by("code")[:MOST_SUGGESTED]
    ]
    return JsonResponse({"units": units_found})
