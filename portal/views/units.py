"""The administrator's units: the tree of a day, one unit with its story, making and changing one."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from portal.forms import UnitForm
from portal.lib.vietnamese import fold
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services import units

manages_units = requires(Permission.MANAGE_UNITS)


def _day(request: HttpRequest) -> datetime.date:
    try:
        return parse_date(request.GET.get("ngay", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


@manages_units
def unit_list(request: HttpRequest) -> HttpResponse:
    """The units of a day, by name, accents or not."""
    day, query = _day(request), request.GET.get("q", "").strip()
    found = Unit.objects.covered_by(request.user, Permission.MANAGE_UNITS).in_force(day).named_on(day)
    if query:
        found = found.extra(
            where=[
                "portal_unit.code ILIKE %s OR EXISTS (SELECT 1 FROM portal_unitversion v WHERE v.unit_id = portal_unit.id AND portal_fold(v.name) LIKE %s)"
            ],
            params=[f"{query}%", f"%{fold(query)}%"],
        )
    page = Paginator(found.order_by("versions__level__rank", "code"), settings.PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "portal/unit_list.html", {"page": page, "query": query, "day": day})


@manages_units
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A unit: what it was and is called, under whom, what it succeeded, what it became, what is below it."""
    unit = get_object_or_404(Unit.objects.covered_by(request.user, Permission.MANAGE_UNITS), code=code)
    day = timezone.localdate()
    context = {
        "unit": unit,
        "name": unit.name_on(day),
        "versions": list(unit.versions.select_related("level", "parent").order_by("-valid")),
        "became": unit.successions.select_related("to_unit"),
        "was": unit.predecessions.select_related("from_unit"),
        "children": Paginator(Unit.objects.children_of(unit, day).named_on(day), settings.PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
    }
    ids = (
        {v.parent_id for v in context["versions"]}
        | {s.to_unit_id for s in context["became"]}
        | {s.from_unit_id for s in context["was"]}
    )
    context["names"] = dict(Unit.objects.filter(pk__in=ids).named_on(day).values_list("pk", "name"))
    return render(request, "portal/unit_detail.html", context)


@manages_units
def unit_create(request: HttpRequest) -> HttpResponse:
    """Make a unit."""
    scope = Unit.objects.covered_by(request.user, Permission.MANAGE_UNITS)
    form = UnitForm(
        request.POST or None,
        units=scope,
        initial={"since": timezone.localdate(), "parent": request.GET.get("tren", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            unit = units.create_unit(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The unit has been made."))
            return redirect("unit_detail", unit.code)
    suggestions = scope.in_force(timezone.localdate()).named_on(timezone.localdate())[:300]
    return render(request, "portal/unit_create.html", {"form": form, "suggestions": suggestions})


@manages_units
def unit_update(request: HttpRequest, code: str) -> HttpResponse:
    """Give a unit another name, level or parent from a day on."""
    scope = Unit.objects.covered_by(request.user, Permission.MANAGE_UNITS)
    unit = get_object_or_404(scope, code=code)
    today = timezone.localdate()
    version = unit.version_on(today) or unit.versions.order_by("-valid").first()
    initial = (
        {"name": version.name, "level": version.level, "parent": version.parent, "since": today} if version else {}
    )
    form = UnitForm(request.POST or None, units=scope, with_code=False, initial=initial)
    form.fields["parent"].required = bool(version and version.parent_id)
    if request.method == "POST" and form.is_valid():
        try:
            units.change_unit(unit=unit, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("unit_detail", unit.code)
    suggestions = scope.in_force(today).named_on(today)[:300]
    return render(
        request,
        "portal/unit_update.html",
        {"form": form, "unit": unit, "name": unit.name_on(today), "suggestions": suggestions},
    )
