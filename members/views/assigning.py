"""After a split: the members that still stand with the ended unit, and the form that assigns them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from members.forms.assigning import AssignMembersForm
from members.services import assigning
from portal.addresses import takes_form
from portal.lists import numbered_page
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services.assigning import heirs_of
from portal.views.attempts import attempt
from portal.views.staff import user_of


@takes_form
@requires(Permission.MANAGE_MEMBERS)
def member_assign(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever is left with a split unit: by list, by words of the address, or all the others."""
    scope = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS)
    unit, day = get_object_or_404(scope, code=code), timezone.localdate()
    left = assigning.undecided_members(unit).select_related("member").order_by("member__sort_key", "pk")
    heir = heirs_of(unit).filter(pk__in=scope).named_on(day).order_by("code").first()
    form = AssignMembersForm(request.POST or None, units=scope.in_force(day), initial={"heir": heir})
    if request.method == "POST" and form.is_valid():
        values = form.selection(request.POST.getlist("chosen"))
        if count := attempt(form, assigning.assign_members, unit=unit, actor=user_of(request), **values):
            said = ngettext("%(count)d member assigned.", "%(count)d members assigned.", count) % {"count": count}
            messages.success(request, said)
            return redirect("member_assign", unit.code)
    context = {
        "form": form, "unit": unit, "name": unit.name_on(day), "page": numbered_page(left, request.GET.get("page")),
        "heirs": heirs_of(unit).named_on(day).order_by("code"),
    }  # fmt: skip
    return render(request, "members/member_assign.html", context)
