"""The tree of units to walk through; an officer's new chapters, and one taken away again while nobody built on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import saves_typing, takes_form, takes_post
from portal.forms.units import FoundUnitForm
from portal.lists import numbered_page
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services import founding
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of
from portal.views.units import sees_units

founds = requires(Permission.FOUND_UNIT)


@require_safe
@sees_units
def unit_tree(request: HttpRequest) -> HttpResponse:
    """Walk through the tree from the city to a chapter: the way to a unit, and page by page what is below it.

    Without `unit` it begins at the unit of the person's posting, or where there are several at the list of them. What
    is shown is asked for by its place alone, so that 10,000 units cost what ten do.
    """
    user, day = user_of(request), timezone.localdate()
    seen = Unit.objects.seen_by_staff(user)
    posted = sorted({posting.unit_id for posting in user.current_postings})
    code = request.GET.get("unit", "")
    if code or len(posted) == 1:
        unit = get_object_or_404(seen, **({"code": code} if code else {"pk": posted[0]}))
        below = Unit.objects.children_of(unit, day)
    else:
        unit, below = None, seen.filter(pk__in=posted)
    way: list[Any] = list(Unit.objects.above(unit, day).named_on(day)) if unit else []
    opened = set(seen.filter(pk__in=[one.pk for one in way[:-1]]).values_list("pk", flat=True))
    for one in way[:-1]:
        one.opens = one.pk in opened  # what lies above a person's units is named, and leads nowhere
    context = {
        "unit": unit, "way": way[:-1], "name": way[-1].name if way else "",
        "children": numbered_page(below.named_on(day).with_children(day), request.GET.get("page")),
        "may_found": unit is not None and user.may(Permission.FOUND_UNIT, unit),
    }  # fmt: skip
    return render(request, "portal/unit_tree.html", context)


@takes_form
@saves_typing()
@founds
def unit_found(request: HttpRequest) -> HttpResponse:
    """Found a chapter or a committee below one's own unit."""
    user, today = user_of(request), timezone.localdate()
    scope = Unit.objects.covered_by(user, Permission.FOUND_UNIT).in_force(today)
    own = [posting.unit for posting in user.current_postings if posting.role == "officer"]
    named = scope.filter(code=request.GET.get("parent", "")).first()  # the form shows its name, not the code alone
    initial = {"founded_on": today, "parent": named or (own[0] if len(own) == 1 else None)}
    form = FoundUnitForm(request.POST or None, units=scope, levels=founding.founded_levels(), initial=initial)
    sent = request.method == "POST" and form.is_valid()
    if sent and (unit := attempt(form, founding.found_unit, actor=user, **form.cleaned_data)):
        name = unit.name_on(today)
        messages.success(
            request, _("%(name)s has been founded; its code is %(code)s.") % {"name": name, "code": unit.code}
        )
        return redirect("unit_detail", unit.code)
    return render(request, "portal/unit_found.html", {"form": form})


@takes_post("unit_detail")
@founds
def unit_unfound(request: HttpRequest, code: str) -> HttpResponse:
    """Take a founded unit away again on which nothing hangs yet."""
    scope = Unit.objects.covered_by(user_of(request), Permission.FOUND_UNIT)
    unit = get_object_or_404(scope, code=code)
    name = attempt(request, founding.undo_founding, unit=unit, version=shown_version(request), actor=user_of(request))
    if name is None:
        return redirect("unit_detail", code)
    messages.success(request, _("%(name)s has been taken away again.") % {"name": name})
    return redirect("unit_found")
