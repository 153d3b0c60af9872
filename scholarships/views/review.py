"""The approver's screen: what is worth looking at, the rows with remarks, the decision, the next list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.addresses import takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.permissions import Permission, requires
from portal.services.proposals import alike
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.models import Batch, Fund, RowRemark
from scholarships.services import batches
from scholarships.services.effects import ListEffect, effect_of
from scholarships.services.findings import Findings
from scholarships.services.holding import say_low, with_needs
from scholarships.services.reviewing import queue_of, remark_rows, see_batch
from scholarships.tables import ReviewRowTable
from scholarships.views.batches import files_beside, makers_of, set_beside_before, takes_from_funds


@takes_form
@requires(Permission.APPROVE_BATCH)
def batch_approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Look through a list; POST approves exactly what was shown. A list that has changed since is answered with 409."""
    batch, user = _found(request, pk), user_of(request)
    if request.method == "POST":
        return _approve(request, batch)
    attempt(request, see_batch, batch=batch, actor=user)
    effect, looked = effect_of(batch, "approve"), Findings(batch, user)
    findings = list(looked)
    kinds = batch.disbursements.sums_by_kind()
    context: dict[str, Any] = {
        "batch": batch,
        "unit_name": batch.unit.name_on(batch.half_year.last_day),
        "takes": takes_from_funds(batch),
        "effect": effect,
        "low": _foresee_low(effect),
        "problems": batches.problems_of_approval(batch, effect, user),
        "alike": [(one, shared) for one in makers_of(batch) if (shared := alike(one, user))],
        "queue": queue_of(user, batch),
        "findings": findings,
        "paid_elsewhere": next((found.count for found in findings if found.kind.code == "paid"), 0),
        "largest": looked.largest(),
        "kinds": kinds,
        "halves_before": set_beside_before(batch, kinds),
        "files": files_beside(batch),
        "remarks": RowRemark.objects.open_on(batch).count(),
    }
    return show_list(request, ReviewRowTable(request, batch, looked), "scholarships/batch_approve.html", context)


@takes_post("batch_approve")
@requires(Permission.APPROVE_BATCH)
def batch_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what stands beside the rows of the page ("remark-<row>"); a script asks for JSON: {"open": how many}."""
    batch = _found(request, pk)
    named = {whole_number(name.removeprefix("remark-")): name for name in request.POST if name.startswith("remark-")}
    remarks = {row: request.POST[name] for row, name in named.items() if row is not None}
    kept = attempt(request, remark_rows, batch=batch, remarks=remarks, actor=user_of(request))
    if request.headers.get("Accept") == "application/json":
        said = [] if kept else [str(one) for one in messages.get_messages(request)]
        return JsonResponse({"open": RowRemark.objects.open_on(batch).count(), "said": said})
    if kept:
        messages.success(request, _("The remarks are kept; they go to the unit when you return the batch."))
    query = request.POST.get("back", "")
    return redirect(f"{reverse('batch_approve', args=[pk])}{f'?{query}' if query else ''}#rows")


def _approve(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Approve and go on to the next list that waits."""
    user = user_of(request)
    approved = attempt(request, batches.approve_batch, batch=batch, version=shown_version(request), actor=user)
    if approved is None:
        return redirect("batch_detail", batch.pk)
    messages.success(request, said_after_approval(approved))
    following = queue_of(user, batch).following
    return redirect("batch_approve", following.pk) if following else redirect("batch_queue")


def said_after_approval(batch: Batch) -> str:
    """Return what the approver is told."""
    if batch.state == Batch.State.PAID:
        return _("“%(title)s” is approved and counts; the fund book has been charged.") % {"title": batch.title}
    return _("“%(title)s” is approved. The unit may hand the money out; record the payment afterwards.") % {
        "title": batch.title
    }


def _foresee_low(effect: ListEffect) -> list[str]:
    """Return which funds would be low with the list paid."""
    left = {line.fund: line.balance_after for line in effect.lines if line.balance_after >= 0}
    funds = with_needs(Fund.objects.all()).in_bulk(left)
    return [said for pk, fund in funds.items() if (said := say_low(fund, left[pk]))]


def _found(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.within(user_of(request), Permission.APPROVE_BATCH).with_totals().select_related("unit")
    batch: Batch = get_object_or_404(rows, pk=pk)
    return batch
