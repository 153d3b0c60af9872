"""Files beside a list: the corrected one that takes the place of its rows, what of one is left out, one taken out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services.opening import warm_up
from portal.addresses import takes_form, takes_post
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of
from scholarships.forms.batches import CorrectedFileForm
from scholarships.models import Batch
from scholarships.models.batch import BatchQuerySet
from scholarships.services.files import correct_with, leave_rows, start_correction, undo_file
from scholarships.services.lists import DisbursementList


@takes_form
@requires(Permission.ENTER_BATCH)
def batch_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the corrected file of a draft or returned list; its preview shows what is new, changed and gone."""
    batch = get_object_or_404(_find_lists(request).with_totals(), pk=pk)
    if not batch.is_editable:
        messages.info(request, _("Rows can only be changed while the batch is a draft or has been returned."))
        return redirect("batch_detail", pk)
    form = CorrectedFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["content"]
        sent = {"batch": batch, "file_name": file.name, "content": file.read(), "actor": user_of(request)}
        if intake := attempt(form, start_correction, **sent):
            return redirect("intake_preview", intake.pk)
    warm_up()
    unit_name = batch.unit.name_on(batch.half_year.last_day)
    return render(request, "scholarships/batch_correct.html", {"batch": batch, "form": form, "unit_name": unit_name})


@takes_post("batch_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def batch_correct_with(request: HttpRequest, pk: int, intake: int) -> HttpResponse:
    """Let a file that was sent as a new list take the place of this list's rows."""
    batch = get_object_or_404(_find_lists(request), pk=pk)
    sent = Intake.objects.sent_by(user_of(request), {DisbursementList.code: Permission.ENTER_BATCH}).defer("content")
    file = get_object_or_404(sent, pk=intake)
    if attempt(request, correct_with, batch=batch, intake=file, actor=user_of(request)):
        messages.success(request, _("The file now stands beside the batch: look at what is new, changed and gone."))
    return redirect("intake_preview", file.pk)


@takes_post("batch_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def file_undo(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take the last file out of a draft or returned list again."""
    batch = get_object_or_404(_find_lists(request), pk=pk)
    found = get_object_or_404(batch.files.select_related("batch"), pk=file)
    version = shown_version(request)
    if attempt(request, undo_file, file=found, version=version, actor=user_of(request)):
        messages.success(request, _("The file has been taken out of the batch again; what it took out is back."))
    return redirect("batch_detail", pk)


@takes_post("batch_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def file_leave(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Give up the rows of a file that are not in the list, with a reason."""
    batch = get_object_or_404(_find_lists(request), pk=pk)
    found = get_object_or_404(batch.files.select_related("batch"), pk=file)
    given = {"reason": request.POST.get("reason", ""), "version": shown_version(request)}
    if attempt(request, leave_rows, file=found, actor=user_of(request), **given):
        messages.success(request, _("These rows stay out of the batch; the approver reads your reason."))
    return redirect("batch_detail", pk)


def _find_lists(request: HttpRequest) -> BatchQuerySet:
    return Batch.objects.within(user_of(request), Permission.ENTER_BATCH).select_related("unit")
