"""What happens to a list: submitted, withdrawn, returned, approved, paid, reversed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.forms.fields import take_errors
from portal.permissions import Permission, requires
from portal.views.errors import conflict
from portal.views.staff import user_of
from scholarships.forms.batches import ReasonForm, ReversalForm
from scholarships.models import Batch
from scholarships.services import batches
from scholarships.views.batches import takes_from_funds


@require_POST
@requires(Permission.ENTER_BATCH)
def batch_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a list for approval."""
    batch = _found(request, pk, Permission.ENTER_BATCH)
    try:
        batches.submit_batch(batch=batch, actor=user_of(request))
        messages.success(
            request, _("The list has been submitted. Next, the city looks at it; you see its answer here.")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("batch_detail", pk)


@requires(Permission.ENTER_BATCH)
def batch_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an unpaid list."""
    batch = _found(request, pk, Permission.ENTER_BATCH)
    return _with_reason(
        request, batch, ReasonForm, batches.withdraw_batch, _("The list has been withdrawn."), "batch_withdraw"
    )


@requires(Permission.APPROVE_BATCH)
def batch_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a list to its unit with a reason."""
    batch = _found(request, pk, Permission.APPROVE_BATCH)
    return _with_reason(
        request,
        batch,
        ReasonForm,
        batches.return_batch,
        _("The list has been returned; the unit sees your reason."),
        "batch_return",
    )


@requires(Permission.REVERSE_BATCH)
def batch_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a paid list as a whole."""
    batch = _found(request, pk, Permission.REVERSE_BATCH)
    done = _("The list has been reversed; its money is back in the fund book.")
    return _with_reason(request, batch, ReversalForm, batches.reverse_batch, done, "batch_reverse")


@requires(Permission.APPROVE_BATCH)
def batch_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is approved, then approve exactly that; a list that has changed meanwhile is answered by 409."""
    batch = _found(request, pk, Permission.APPROVE_BATCH)
    error: ValidationError | None = None
    if request.method == "POST":
        expected = {name: _whole(request.POST.get(name)) for name in ("expected_turns", "expected_amount")}
        try:
            batch = batches.approve_batch(batch=batch, actor=user_of(request), **expected)
        except batches.Conflict as changed:
            back = {"back_url": reverse("batch_detail", args=[pk]), "back_label": _("Look at the list again")}
            return conflict(request, str(changed), **back)
        except ValidationError as refused:
            error = refused
        else:
            messages.success(request, said_after_approval(batch))
            return redirect("batch_queue")
    if error is not None:
        messages.error(request, " ".join(error.messages))
        return redirect("batch_detail", pk)
    context = {
        "batch": batch,
        "unit_name": batch.unit.name_on(batch.half_year.last_day),
        "takes": takes_from_funds(batch),
    }
    return render(request, "scholarships/batch_approve.html", context)


@require_POST
@requires(Permission.APPROVE_BATCH)
def batch_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that an approved list has been paid."""
    batch = _found(request, pk, Permission.APPROVE_BATCH)
    try:
        batches.pay_batch(batch=batch, actor=user_of(request))
        messages.success(request, _("The payment is in the fund book, and the list counts."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("batch_detail", pk)


def said_after_approval(batch: Batch) -> str:
    """Return what the approver is told."""
    if batch.state == Batch.State.PAID:
        return _("“%(title)s” is approved and counts; the fund book has been charged.") % {"title": batch.title}
    return _("“%(title)s” is approved. The unit may hand the money out; record the payment afterwards.") % {
        "title": batch.title
    }


def _found(request: HttpRequest, pk: int, permission: Permission) -> Batch:
    rows = Batch.objects.within(user_of(request), permission).with_totals().select_related("unit")
    return get_object_or_404(rows, pk=pk)


def _with_reason(
    request: HttpRequest, batch: Batch, form_class: type[forms.Form], service: Callable[..., Any], done: str, page: str
) -> HttpResponse:
    """Ask for the reason on a page of its own, then act."""
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(batch=batch, reason=form.cleaned_data["reason"], actor=user_of(request))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("batch_detail", batch.pk)
    context = {"batch": batch, "form": form, "unit_name": batch.unit.name_on(batch.half_year.last_day)}
    return render(request, f"scholarships/{page}.html", context)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else -1
