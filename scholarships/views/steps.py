"""What happens to a list: submitted, withdrawn, returned, approved, paid, reversed."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.addresses import takes_form, takes_post
from portal.lib.language import official_language
from portal.models import ProposedChange
from portal.permissions import Permission, requires
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of
from scholarships.forms.batches import ReasonForm, ReversalForm
from scholarships.models import Batch, RowRemark
from scholarships.services import batches
from scholarships.services.effects import effect_of


@takes_post("batch_detail")
@requires(Permission.ENTER_BATCH)
def batch_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a list for approval."""
    batch = _found(request, pk, Permission.ENTER_BATCH)
    version = shown_version(request)
    if attempt(request, batches.submit_batch, batch=batch, version=version, actor=user_of(request)):
        messages.success(
            request, _("The batch has been submitted. Next, the city looks at it; you see its answer here.")
        )
        return redirect("batch_receipt", pk)
    return redirect("batch_detail", pk)


@takes_post("batch_detail")
@requires(Permission.ENTER_BATCH)
def batch_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sent list back that no approver has opened yet."""
    batch = _found(request, pk, Permission.ENTER_BATCH)
    version = shown_version(request)
    if attempt(request, batches.take_back_batch, batch=batch, version=version, actor=user_of(request)):
        messages.success(request, _("The batch is a draft again, with all its rows. Change it, then submit it again."))
    return redirect("batch_detail", pk)


@takes_form
@requires(Permission.ENTER_BATCH, Permission.APPROVE_BATCH)
def batch_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an unpaid list; an approved one is proposed to a second person."""
    batch = _found(request, pk, Permission.ENTER_BATCH, Permission.APPROVE_BATCH)
    return _with_reason(
        request, batch, ReasonForm, batches.withdraw_batch, _("The batch has been withdrawn."), "batch_withdraw"
    )


@takes_form
@requires(Permission.APPROVE_BATCH)
def batch_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a list to its unit with a reason."""
    batch = _found(request, pk, Permission.APPROVE_BATCH)
    return _with_reason(
        request,
        batch,
        ReasonForm,
        batches.return_batch,
        _("The batch has been returned; the unit sees your reason."),
        "batch_return",
    )


@takes_form
@requires(Permission.REVERSE_BATCH)
def batch_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a paid list be reversed as a whole; a second person decides."""
    batch = _found(request, pk, Permission.REVERSE_BATCH)
    done = _("The batch has been reversed; its money is back in the fund book.")
    return _with_reason(request, batch, ReversalForm, batches.reverse_batch, done, "batch_reverse")


@takes_form
@requires(Permission.REVERSE_BATCH)
def row_reverse(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Propose that one row of a paid list be reversed; a second person decides."""
    batch = _found(request, pk, Permission.REVERSE_BATCH)
    found = get_object_or_404(batch.disbursements.select_related("recipient", "programme", "batch"), pk=row)
    form = ReversalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if change := attempt(form, batches.reverse_row, row=found, **values):
            messages.success(request, said_after(change))
            return redirect("batch_detail", pk)
    effect = effect_of(batch, "reverse", found)
    context = {"batch": batch, "row": found, "form": form, "effect": effect, "changes": batches.fund_lines(effect)}
    return render(request, "scholarships/row_reverse.html", context)


@takes_post("batch_detail")
@requires(Permission.APPROVE_BATCH)
def batch_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that an approved list has been paid."""
    batch = _found(request, pk, Permission.APPROVE_BATCH)
    version = shown_version(request)
    if attempt(request, batches.pay_batch, batch=batch, version=version, actor=user_of(request)):
        messages.success(request, _("The payment is in the fund book, and the batch counts."))
    return redirect("batch_detail", pk)


def _found(request: HttpRequest, pk: int, *rights: Permission) -> Batch:
    """Return the list, if the person holds one of the rights on its unit."""
    held = (Batch.objects.within(user_of(request), right) for right in rights)
    rows = reduce(or_, held).with_totals().select_related("unit")
    batch: Batch = get_object_or_404(rows, pk=pk)
    return batch


@official_language()
def tell_remarks(count: int) -> str:
    """Return the reason that stands in the form already where rows have remarks; it is stored, so it is Vietnamese."""
    said = ngettext("%(count)d row is to be looked at again.", "%(count)d rows are to be looked at again.", count)
    return said % {"count": count}


def _with_reason(
    request: HttpRequest, batch: Batch, form_class: type[forms.Form], service: Callable[..., Any], done: str, page: str
) -> HttpResponse:
    """Ask for the reason on a page of its own, then act."""
    remarks = list(RowRemark.objects.open_on(batch).select_related("row__recipient")) if page == "batch_return" else []
    form = form_class(request.POST or None, initial={"reason": tell_remarks(len(remarks))} if remarks else None)
    if request.method == "POST" and form.is_valid():
        reason, version = form.cleaned_data["reason"], shown_version(request)
        result = attempt(form, service, batch=batch, reason=reason, version=version, actor=user_of(request))
        if result is not None:
            messages.success(request, said_after(result) if isinstance(result, ProposedChange) else done)
            return redirect("batch_detail", batch.pk)
    context: dict[str, Any] = {"batch": batch, "form": form, "unit_name": batch.unit.name_on(batch.half_year.last_day)}
    context["remarks"] = remarks
    if page == "batch_reverse":
        context["effect"] = effect_of(batch, "reverse")
        context["changes"] = batches.fund_lines(context["effect"])
    return render(request, f"scholarships/{page}.html", context)
