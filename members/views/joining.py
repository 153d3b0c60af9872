"""Joining: the public form and its status page; the officer's list of applications and the decision."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members.forms.joining import ApplicationCodeForm, ApplicationForm, ApproveForm, RefuseForm
from members.models import MembershipApplication, MembershipApplicationQuerySet
from members.services import joining
from members.tables import ApplicationTable
from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.qr import clean_code, is_code
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of

keeps_members = requires(Permission.MANAGE_MEMBERS)


@require_safe
def member_join(request: HttpRequest) -> HttpResponse:
    """How to join, and whom to ask."""
    return render(request, "members/member_join.html")


@takes_form
@never_cache
def application_create(request: HttpRequest) -> HttpResponse:
    """The form by which somebody asks to join; an address may send so many only, a robot is thanked for nothing."""
    if request.method == "POST":
        refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="join")
        if refusal is not None:
            return refusal
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if values.pop("website"):
            return redirect("member_join")
        sent = attempt(form, joining.send_application, **values)
        if sent is not None:
            return redirect("application_status", sent.code)
    context = {"form": form, "consent_text": joining.CONSENT_TEXT}
    return render(request, "members/application_create.html", context)


@require_safe
@never_cache
def application_check(request: HttpRequest) -> HttpResponse:
    """Where the code of an application is typed in."""
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="join_status")
    if refusal is not None:
        return refusal
    form = ApplicationCodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        plain = clean_code(form.cleaned_data["code"])
        if is_code(plain) and MembershipApplication.objects.filter(code=plain).exists():
            return redirect("application_status", plain)
        sentence = _("No application has the code “%(code)s”. Compare it with your paper, character by character.")
        form.add_error("code", sentence % {"code": form.cleaned_data["code"]})
    return render(request, "members/application_check.html", {"form": form})


@takes_form
@never_cache
def application_status(request: HttpRequest, code: str) -> HttpResponse:
    """What became of an application; POST takes it back. It names no one: a code may be found by somebody else."""
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="join_status")
    if refusal is not None:
        return refusal
    application = get_object_or_404(MembershipApplication.objects.select_related("unit"), code=clean_code(code))
    if request.method == "POST":
        values = {"application": application, "version": shown_version(request)}
        if attempt(request, joining.withdraw_application, **values):
            messages.success(request, _("Your application has been withdrawn."))
        return redirect("application_status", application.code)
    unit = application.unit.name_on(timezone.localdate())
    return render(request, "members/application_status.html", {"application": application, "unit_name": unit})


@require_safe
@keeps_members
def application_list(request: HttpRequest) -> HttpResponseBase:
    """Applications to the person's units, those that wait first."""
    rows = _within_reach(request).with_unit_name()
    return show_list(request, ApplicationTable(request, rows), "members/application_list.html")


@takes_form
@saves_typing()
@keeps_members
def application_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at an application and take the person in."""
    application = get_object_or_404(_within_reach(request).select_related("unit", "consent_text", "member"), pk=pk)
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS)
    form = ApproveForm(
        request.POST or None, units=units, initial={"unit": application.unit, "joined_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        member = attempt(form, joining.approve_application, application=application, **values)
        if member is not None:
            messages.success(request, _("%(name)s is a member now.") % {"name": member.full_name})
            return redirect("member_detail", member.pk)
        form.ask_about_namesake()
    fresh = _within_reach(request).with_unit_name().select_related("consent_text").get(pk=pk)
    return render(request, "members/application_approve.html", {"form": form, "application": fresh})


@takes_form
@saves_typing()
@keeps_members
def application_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not take somebody in, with a reason that they read."""
    application = get_object_or_404(_within_reach(request), pk=pk)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, joining.refuse_application, application=application, **values):
            messages.success(request, _("The person reads the reason on the page of their application."))
            return redirect("application_list")
    fresh = _within_reach(request).with_unit_name().get(pk=pk)
    return render(request, "members/application_refuse.html", {"form": form, "application": fresh})


@takes_post("application_approve")
@keeps_members
def application_reconsider(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a refusal back."""
    application = get_object_or_404(_within_reach(request), pk=pk)
    values = {"application": application, "version": shown_version(request), "actor": user_of(request)}
    if attempt(request, joining.reconsider_application, **values):
        messages.success(request, _("The application waits again."))
    return redirect("application_approve", pk)


def _within_reach(request: HttpRequest) -> MembershipApplicationQuerySet:
    return MembershipApplication.objects.within(user_of(request), Permission.MANAGE_MEMBERS)
