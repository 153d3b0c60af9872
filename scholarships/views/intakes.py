"""A workbook on its way in: looked at, mended in the preview itself, taken in or given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from intakes.models import Intake
from intakes.reading.words.schemas import DISBURSEMENTS
from intakes.reading.writing import write_errors
from intakes.services.intakes import sentences_by_row
from intakes.views import preview
from portal.lib.periods import HalfYear
from portal.models.unit import unit_scope
from portal.permissions import Permission, requires
from portal.views.downloads import send_file
from portal.views.errors import conflict
from portal.views.staff import user_of
from scholarships.models import Disbursement
from scholarships.services import intakes
from scholarships.services.plan import Plan
from scholarships.services.programmes import ProgrammeFinder

FIELDS = ("full_name", "birth", "kind", "amount", "given_on")

enters_batches = requires(Permission.ENTER_BATCH)


@enters_batches
def intake_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the file holds and what needs a look; save corrections, decisions and answers all at once."""
    intake = _found(request, pk)
    if intake.finished_at is not None:
        messages.info(
            request, _("This file has been taken in or given up already. Send it again if it is still needed.")
        )
        return redirect("batch_list")
    try:
        plan = intakes.plan_intake(intake=intake)
        needs_reason: set[str] = set()
        if request.method == "POST":
            needs_reason = preview.save_answers(request, intake, plan.reading)
            if not needs_reason:
                return redirect("intake_preview", pk)
            intake.refresh_from_db()
            plan = intakes.plan_intake(intake=intake)
    except ValidationError as error:
        return render(
            request, "scholarships/intake_refused.html", {"intake": intake, "sentences": error.messages}, status=422
        )
    return render(request, "scholarships/intake_preview.html", _shown(request, intake, plan, needs_reason))


@require_POST
@enters_batches
def intake_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the good rows in as a draft, if they are still those that were shown."""
    intake = _found(request, pk)
    try:
        batch = intakes.commit_intake(intake=intake, token=request.POST.get("token", ""), actor=user_of(request))
    except intakes.Conflict as changed:
        back = {"back_url": reverse("intake_preview", args=[pk]), "back_label": _("Look at the preview again")}
        return conflict(request, str(changed), **back)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("intake_preview", pk)
    if batch is None:
        messages.info(request, _("Every row of this file was recorded already. Nothing has been added."))
        return redirect("batch_list")
    messages.success(
        request, _("The rows are in the draft below. Look at the sums, then submit the list for approval.")
    )
    return redirect("batch_detail", batch.pk)


@require_POST
@enters_batches
def intake_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file up."""
    intake = _found(request, pk)
    try:
        intakes.discard_intake(intake=intake, actor=user_of(request))
        messages.success(request, _("The file has been given up and erased. Nothing was recorded."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("batch_list")


@require_safe
@enters_batches
def intake_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the same sheets with only the rows to mend and what is wrong with each."""
    intake = _found(request, pk)
    if intake.finished_at is not None:
        return redirect("intake_preview", pk)
    plan = intakes.plan_intake(intake=intake)
    content = write_errors(
        bytes(intake.content or b""), intake.file_name, sentences_by_row(plan.errors), DISBURSEMENTS, intake.mapping
    )
    return send_file(content, f"dong-can-sua-{intake.pk}.xlsx")


def _found(request: HttpRequest, pk: int) -> Intake:
    scope = unit_scope(user_of(request), Permission.ENTER_BATCH)
    found = Intake.objects.filter(kind=Intake.Kind.DISBURSEMENTS, unit_id__in=scope).select_related("unit")
    return get_object_or_404(found, pk=pk)


def _shown(request: HttpRequest, intake: Intake, plan: Plan, needs_reason: set[str]) -> dict[str, Any]:
    finder = ProgrammeFinder(unit=plan.unit, half=plan.half)
    kinds = [
        (programme.name, f"{programme.name} ({programme.get_kind_display().lower()})")
        for programme in finder.programmes
    ]
    gone = [row["id"] for row in plan.gone][: preview.MOST_SHOWN]
    missing = Disbursement.objects.filter(pk__in=gone, unit=plan.unit).select_related("recipient") if gone else []
    common = preview.shown(
        request, intake, plan, schema=DISBURSEMENTS, fields=FIELDS, choices={"kind": kinds}, needs_reason=needs_reason
    )
    return common | {
        "half": HalfYear.parse(intake.half),
        "unit_name": plan.unit.name_on(plan.half.last_day),
        "gone": missing,
    }
