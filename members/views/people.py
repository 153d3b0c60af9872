"""Members found, looked at, added and changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intakes.models import Intake
from intakes.views import preview
from members.forms.people import MemberForm, MemberUpdateForm
from members.models import Member, Membership
from members.services import members
from portal.forms.fields import take_errors
from portal.lib.vietnamese import PhoneError, parse_phone, search_key
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.staff import names_of, user_of

MOST_CHOICES = 400  # of units in the filter


@require_safe
@requires(Permission.VIEW_MEMBERS)
def member_list(request: HttpRequest) -> HttpResponse:
    """Show the members of today within the person's scope, by name without accents, phone or unit."""
    today = timezone.localdate()
    query, code = request.GET.get("q", "").strip(), request.GET.get("don_vi", "").strip()
    units = Unit.objects.covered_by(user_of(request), Permission.VIEW_MEMBERS)
    rows = (
        Membership.objects.visible_to(user_of(request))
        .in_force(today)
        .select_related("member")
        .order_by("member__sort_key", "id")
    )
    if query:
        rows = rows.filter(_named(query))
    chosen = units.filter(code=code).first() if code else None
    if chosen:
        rows = rows.filter(unit__in=Unit.objects.below(chosen, today))
    page = Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("page"))
    names = names_of(row.unit_id for row in page)
    living: Any = units.in_force(today).named_on(today).order_by("code")[:MOST_CHOICES]
    choices = [(unit.code, unit.name) for unit in living]
    context = {"page": page, "names": names, "query": query, "code": code, "choices": choices}
    context["unfinished"] = preview.unfinished(request, Intake.Kind.MEMBERS, Permission.MANAGE_MEMBERS)
    return render(request, "members/member_list.html", context)


@require_safe
@requires(Permission.VIEW_MEMBERS)
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a member and the units of the person's scope that they belong or belonged to."""
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
        "member": member, "memberships": rows, "birth": members.birth_text(member), "today": timezone.localdate(),
        "keeps": user_of(request).may(Permission.MANAGE_MEMBERS, memberships[0].unit),
    }  # fmt: skip
    return render(request, "members/member_detail.html", context)


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
        try:
            member = members.add_member(actor=user_of(request), **form.cleaned_data)
        except ValidationError as error:
            _refused(form, error)
        else:
            messages.success(request, _("%(name)s is a member now.") % {"name": member.full_name})
            return redirect(
                "member_create" if "again" in request.POST else "member_detail",
                *([] if "again" in request.POST else [member.pk]),
            )
    suggestions = units.in_force(today).named_on(today)[:300]
    return render(request, "members/member_create.html", {"form": form, "suggestions": suggestions})


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
        try:
            members.update_member(member=membership.member, actor=user_of(request), **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("member_detail", pk)
    return render(request, "members/member_update.html", {"form": form, "member": Member.objects.get(pk=pk)})


def _named(query: str) -> Q:
    """Names that hold the words without accents; or the phone, in any usual way of writing it."""
    try:
        return Q(member__phone=parse_phone(query))
    except PhoneError:
        return Q(member__search_text__contains=search_key(query))


def _refused(form: MemberForm, error: ValidationError) -> None:
    """Put the refusal into the form; of a namesake ask whether it is somebody else."""
    if getattr(error, "code", "") != "known":
        take_errors(form, error)
        return
    form.add_error("full_name", error)
    field: Any = form.fields["confirmed"]
    field.widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
