"""What happens to a member: a move to another unit, leaving, returning, an office; each with its way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from members.forms.moves import LeaveForm, MoveForm, PositionEndForm, PositionForm, ReturnForm
from members.models import Member, Membership, Position
from members.services import moves, positions
from portal.addresses import saves_typing, takes_form, takes_post
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of

keeps_members = requires(Permission.MANAGE_MEMBERS)


@takes_form
@saves_typing()
@keeps_members
def member_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a member to another unit in one step."""
    member = member_kept(request, pk)
    form = MoveForm(request.POST or None, initial={"moved_on": timezone.localdate()})
    return _answer(
        request, form, member, "members/member_transfer.html", moves.transfer_member,
        _("%(name)s has been moved. Both units see it on their home for two weeks."),
    )  # fmt: skip


@takes_post("member_detail")
@keeps_members
def member_untransfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last move back, from either side."""
    member = get_object_or_404(Member.objects.standing(), pk=pk)
    seen = Membership.objects.within(user_of(request), Permission.MANAGE_MEMBERS).filter(member=member)
    move = Membership.objects.filter(member=member).order_by("-valid").first()
    if move is None or not seen.exists():
        raise Http404
    values = {"move": move, "version": shown_version(request), "actor": user_of(request)}
    if attempt(request, moves.undo_transfer, **values):
        messages.success(request, _("The move has been taken back."))
        return redirect("member_detail", pk) if seen.exists() else redirect("member_list")
    return redirect("member_detail", pk)


@takes_form
@saves_typing()
@keeps_members
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a member leave, with the last day and the reason."""
    form = LeaveForm(request.POST or None, initial={"last_day": timezone.localdate()})
    return _answer(
        request, form, member_kept(request, pk), "members/member_leave.html", moves.end_membership,
        _("%(name)s is no member any more. You find former members by the filter of the list."),
    )  # fmt: skip


@takes_form
@saves_typing()
@keeps_members
def member_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a former member in again."""
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS).in_force(timezone.localdate())
    form = ReturnForm(request.POST or None, units=units, initial={"joined_on": timezone.localdate()})
    return _answer(
        request, form, member_kept(request, pk), "members/member_return.html", moves.return_member,
        _("%(name)s is a member again."),
    )  # fmt: skip


@takes_form
@saves_typing()
@keeps_members
def position_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an office that a member holds."""
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS)
    form = PositionForm(request.POST or None, units=units, initial={"since": timezone.localdate()})
    return _answer(
        request, form, member_kept(request, pk), "members/position_create.html", positions.add_position,
        _("The office of %(name)s has been recorded."),
    )  # fmt: skip


@takes_form
@saves_typing()
@keeps_members
def position_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an office end."""
    kept = Position.objects.within(user_of(request), Permission.MANAGE_MEMBERS).select_related("member", "unit")
    position = get_object_or_404(kept, pk=pk)
    form = PositionEndForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, positions.end_position, position=position, **values):
            messages.success(request, _("Saved."))
            return redirect("member_detail", position.member_id)
    fresh = kept.get(pk=pk)
    return render(
        request, "members/position_end.html", {"form": form, "position": fresh, "member": fresh.member}
    )  # fmt: skip


def member_kept(request: HttpRequest, pk: int) -> Member:
    """Return a member whose last unit is one whose members the person keeps; 404 for any other."""
    found = Membership.objects.kept_by(user_of(request)).filter(member=pk).select_related("member").first()
    if found is None:
        raise Http404
    member: Member = found.member
    return member


def _answer(
    request: HttpRequest, form: forms.Form, member: Member, template: str, service: Any, sentence: str
) -> HttpResponse:
    """Do what a form asks of a member, or show the form."""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, service, member=member, **values):
            messages.success(request, sentence % {"name": member.full_name})
            seen = Membership.objects.visible_to(user_of(request)).filter(member=member).exists()
            return redirect("member_detail", member.pk) if seen else redirect("member_list")
    last = Membership.objects.filter(member=member).select_related("unit").order_by("-valid").first()
    unit = last.unit.name_on(timezone.localdate()) if last else ""
    return render(
        request, template, {"form": form, "member": Member.objects.get(pk=member.pk), "unit_name": unit}
    )  # fmt: skip
