"""Members found, looked at, added and changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intakes.models import Intake
from members.forms.people import MemberForm, MemberUpdateForm
from members.models import Member, Membership
from members.services import members
from members.services.lists import MemberList
from members.tables import MemberTable
from portal.addresses import saves_typing, takes_form
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of


@require_safe
@requires(Permission.VIEW_MEMBERS)
def member_list(request: HttpRequest) -> HttpResponseBase:
    """The members of today within the person's scope, by name without accents, phone or unit."""
    rows = (
        Membership.objects.visible_to(user_of(request))
        .in_force(timezone.localdate())
        .with_unit_name()
        .select_related("member")
    )
    unfinished = Intake.objects.waiting_for(user_of(request), MemberList.code, MemberList.permission)
    return show_list(request, MemberTable(request, rows), "members/member_list.html", {"unfinished": unfinished})


@require_safe
@requires(Permission.VIEW_MEMBERS)
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A member, with the units in the reader's scope that they belong or belonged to."""
    memberships = list(
        Membership.objects.visible_to(user_of(request))
        .filter(member_id=pk)
        .select_related("member", "unit")
        .order_by("-valid")
    )
    if not memberships:
        raise Http404
    rows = [(membership, membership.unit.name_on(membership.valid.lower)) for membership in memberships]
    member = memberships[0].member
    context = {
        "member": member, "memberships": rows, "birth": member.birth_text or "?", "today": timezone.localdate(),
        "keeps": user_of(request).may(Permission.MANAGE_MEMBERS, memberships[0].unit),
    }  # fmt: skip
    return render(request, "members/member_detail.html", context)


@takes_form
@saves_typing()
@requires(Permission.MANAGE_MEMBERS)
def member_create(request: HttpRequest) -> HttpResponse:
    """Record somebody who joined; a namesake born the same day is shown first."""
    today = timezone.localdate()
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS)
    own = [posting.unit for posting in user_of(request).current_postings if posting.role == "officer"]
    form = MemberForm(
        request.POST or None, units=units, initial={"joined_on": today, "unit": own[0] if len(own) == 1 else None}
    )
    if request.method == "POST" and form.is_valid():
        member = attempt(form, members.add_member, actor=user_of(request), **form.cleaned_data)
        if member is None:
            _ask_whether_another(form)
        else:
            messages.success(request, _("%(name)s is a member now.") % {"name": member.full_name})
            return redirect(
                "member_create" if "again" in request.POST else "member_detail",
                *([] if "again" in request.POST else [member.pk]),
            )
    return render(request, "members/member_create.html", {"form": form})


@takes_form
@saves_typing()
@requires(Permission.MANAGE_MEMBERS)
def member_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a member."""
    kept = (
        Membership.objects.within(user_of(request), Permission.MANAGE_MEMBERS)
        .filter(member_id=pk)
        .select_related("member")
    )
    membership = kept.order_by("-valid").first()
    if membership is None:
        raise Http404
    form = MemberUpdateForm(request.POST or None, initial=MemberUpdateForm.facts_of(membership.member))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, members.update_member, member=membership.member, **values):
            messages.success(request, _("Saved."))
            return redirect("member_detail", pk)
    return render(request, "members/member_update.html", {"form": form, "member": Member.objects.get(pk=pk)})


def _ask_whether_another(form: MemberForm) -> None:
    """Of a namesake ask whether it is somebody else."""
    if not form.has_error("full_name", "known"):
        return
    field: Any = form.fields["confirmed"]
    field.widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
