"""Proposed changes: the list of those that wait, one with what it changes, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.forms.accounts import AnswerForm
from portal.models import ProposedChange, User
from portal.permissions import Permission, requires
from portal.services import proposals
from portal.tables import ProposalTable
from portal.views.attempts import attempt, shown_version
from portal.views.identity import asks_password
from portal.views.lists import show_list
from portal.views.staff import user_of

sees_proposals = requires(Permission.VIEW_PROPOSAL)
decides = requires(Permission.DECIDE_CHANGE, Permission.DECIDE_POSTING)


@require_safe
@sees_proposals
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    """The proposals of the person's units, newest first; above them how many wait for this person."""
    user = user_of(request)
    rows = ProposedChange.objects.visible_to(user).with_unit_name().select_related("proposed_by", "decided_by")
    waiting = ProposedChange.objects.decidable_by(user).count()
    return show_list(request, ProposalTable(request, rows), "portal/proposal_list.html", {"waiting": waiting})


@require_safe
@sees_proposals
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what changes from what to what, why, who, until when; and the decision."""
    change, user = _found(pk, user_of(request)), user_of(request)
    target = proposals.target_of(change)
    kind = proposals.change_of(change.act)
    context = {
        "change": change, "target_name": kind.name(target) if target else "",
        "target_url": _address_for(user, kind.url(target)) if target else "",
        "lines": list(proposals.lines_of(change)), "unit_name": change.unit.name_on(timezone.localdate()),
        "deciders": proposals.deciders_of(change) if change.is_waiting else [],
        "may_decide": proposals.may_decide(user, change), "is_mine": change.proposed_by_id == user.pk,
        "alike": proposals.alike(change.proposed_by, user),
    }  # fmt: skip
    return render(request, "portal/proposal_detail.html", context)


def _address_for(user: User, url: str) -> str:
    """Return the address where the page behind it is for people of this role, else nothing: no link leads to a 403."""
    asked = getattr(resolve(url).func, "required_permissions", ()) if url else ()
    return url if user.permissions.intersection(asked) else ""


@takes_post("proposal_detail")
@decides
@asks_password
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree: the change takes effect now."""
    change, user = _found(pk, user_of(request)), user_of(request)
    if attempt(request, proposals.accept_change, change=change, version=shown_version(request), actor=user):
        messages.success(request, _("You have agreed; the change is in force."))
    return redirect("proposal_detail", pk)


@takes_form
@decides
def proposal_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse, with a reason; nothing changes."""
    change, user = _found(pk, user_of(request)), user_of(request)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user}
        if attempt(form, proposals.refuse_change, change=change, **values):
            messages.success(request, _("Refused; whoever proposed it sees your reason."))
            return redirect("proposal_detail", pk)
    return render(request, "portal/proposal_refuse.html", {"change": change, "form": form})


@takes_post("proposal_detail")
@sees_proposals
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    change, user = _found(pk, user_of(request)), user_of(request)
    if attempt(request, proposals.withdraw_change, change=change, version=shown_version(request), actor=user):
        messages.success(request, _("The proposal has been withdrawn."))
    return redirect("proposal_detail", pk)


def _found(pk: int, user: User) -> ProposedChange:
    rows = ProposedChange.objects.visible_to(user).select_related("unit", "proposed_by", "decided_by")
    return get_object_or_404(rows, pk=pk)
