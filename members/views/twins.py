"""Members entered twice: proposed, looked at side by side, joined into one, and taken apart again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.forms.people import TwinForm
from members.models import LearningTitle, Member, MemberJoin
from members.services import twins
from members.tables import TwinTable
from members.views.moves import member_kept
from portal.addresses import saves_typing, takes_form, takes_post
from portal.permissions import Permission, requires
from portal.services.versions import Beside
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import names_of, user_of


@require_safe
@requires(Permission.MANAGE_MEMBERS)
def member_duplicates(request: HttpRequest) -> HttpResponseBase:
    """Members of the person's units who may be one with another, in one unit or in two, with the reason."""
    return show_list(request, TwinTable(request), "members/member_duplicates.html")


@takes_form
@saves_typing("same", "apart")
@requires(Permission.MANAGE_MEMBERS)
def member_compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two entries side by side, and whether they are one person; `pk` is the one that is kept."""
    kept, beside = member_kept(request, pk), member_kept(request, other)
    if kept == beside:
        raise Http404
    form = TwinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service = twins.join_members if "same" in request.POST else twins.part_members
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, service, kept=kept, other=beside, **values):
            said = _("The two are one member now.") if "same" in request.POST else _("The two stay two people.")
            messages.success(request, said + " " + _("This can be undone on the page of the person."))
            return redirect("member_detail", kept.pk)
    people = [_tell(member) for member in (kept, beside)]
    context = {
        "form": form, "kept": kept, "other": Member.objects.get(pk=beside.pk), "people": people,
        "names": names_of({row.unit_id for one in people for row in one["memberships"]}, timezone.localdate()),
        "reasons": twins.reasons_of_likeness(kept, beside), "beside": Beside(kept),
    }  # fmt: skip
    return render(request, "members/member_compare.html", context)


@takes_post("member_detail", keep=("pk",))
@requires(Permission.MANAGE_MEMBERS)
def member_unjoin(request: HttpRequest, pk: int, join: int) -> HttpResponse:
    """Take back that two entries are one person."""
    member = member_kept(request, pk)
    found = get_object_or_404(MemberJoin.objects.select_related("kept", "other"), pk=join, kept=member)
    if attempt(request, twins.undo_join, join=found, version=shown_version(request), actor=user_of(request)):
        messages.success(request, _("Undone: both stand as before."))
    return redirect("member_detail", pk)


def _tell(member: Member) -> dict[str, Any]:
    titles = LearningTitle.objects.filter(subject__member=member).order_by("-year")
    return {
        "member": member, "memberships": list(member.memberships.order_by("valid")), "titles": list(titles),
        "positions": list(member.positions.order_by("valid")), "cards": list(member.cards.running()),
    }  # fmt: skip
