"""A unit's half-year on paper: printed to be signed, and kept as it was signed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_post
from portal.lib.periods import HalfYear
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import send_file
from reports.forms import ScanForm
from reports.models import Submission, SubmissionScan
from reports.services.printing import print_submission
from reports.services.scanning import SCANS_SUBMISSION, attach_submission_scan
from reports.views.scope import owing_unit, submission_of, user_of


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def submission_print(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Return the unit's own half-year on paper, under its own head, to be signed; 404 while nothing was entered."""
    unit = owing_unit(request, half, code, Permission.VIEW_SUBMISSION)
    submission = submission_of(unit, half)
    if submission is None:
        raise Http404
    return send_file(print_submission(submission), f"so-lieu-{half}-{unit.code}.pdf", inline=True)


@takes_post("submission_detail")
@requires(*SCANS_SUBMISSION)
def submission_scan_add(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Keep a scan of the unit's signed paper, before or after approval."""
    unit, form = owing_unit(request, half, code, Permission.VIEW_SUBMISSION), ScanForm(request.POST, request.FILES)
    submission = submission_of(unit, half)
    if submission is None:
        messages.error(request, _("Nothing has been entered for this half-year yet."))
    elif form.is_valid() and _keep(request, form, submission) is not None:
        messages.success(request, _("The signed paper is kept with the half-year."))
    else:
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    return redirect("submission_detail", half, unit.code)


def _keep(request: HttpRequest, form: ScanForm, submission: Submission) -> SubmissionScan | None:
    values = {"submission": submission, "file": form.cleaned_data["file"], "version": shown_version(request)}
    return attempt(form, attach_submission_scan, actor=user_of(request), **values)


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def submission_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a scan of a unit's signed paper to those who see its half-year."""
    seen = Submission.objects.visible_to(user_of(request)).values("pk")
    scans = SubmissionScan.objects.filter(submission__in=seen).select_related("submission__unit")
    scan = get_object_or_404(scans, pk=pk)
    name = f"ban-ky-so-lieu-{scan.submission.half}-{scan.submission.unit.code}-{scan.pk}.{scan.ending}"
    return send_file(bytes(scan.content), name)
