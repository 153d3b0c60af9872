"""A member's citizen number shown for a purpose, and a member found by it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from members.forms.people import NumberForm, RevealForm
from members.models import CitizenNumber
from members.services import numbers
from members.views.moves import member_kept
from portal.addresses import takes_form
from portal.permissions import Permission, requires
from portal.views.attempts import attempt
from portal.views.staff import user_of


@takes_form
@requires(Permission.MANAGE_MEMBERS)
def number_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what a citizen number is needed, and show it on this answer alone."""
    member = member_kept(request, pk)
    kept = CitizenNumber.objects.of(member)
    if kept is None:
        raise Http404
    form, shown = RevealForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        shown = attempt(form, numbers.reveal_number, member=member, actor=user_of(request), **form.cleaned_data)
    context = {"form": form, "member": member, "number": kept, "shown": shown}
    answer = render(request, "members/number_reveal.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@sensitive_post_parameters("citizen_number")
@takes_form
@requires(Permission.MANAGE_MEMBERS)
def number_find(request: HttpRequest) -> HttpResponse:
    """Find a member by a citizen number, which stands in no address: in no log, and in no browser's history."""
    form, found = NumberForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["citizen_number"]
        found = attempt(form, numbers.find_by_number, number=number, actor=user_of(request)) or []
        if len(found) == 1:
            return redirect("member_detail", found[0].pk)
        if not found:
            form.add_error("citizen_number", _("No member of your units has this citizen number."))
    return render(request, "members/number_find.html", {"form": form, "found": found})
