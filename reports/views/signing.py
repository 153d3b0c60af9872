"""The way of a report to its readers: comments on the draft, numbered and frozen, issued, thrown away, revoked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.lib.periods import Period
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import send_file
from reports.forms import CommentForm, IssueForm, ReasonForm, ScanForm
from reports.models import Report, ReportComment, ReportScan
from reports.services import (
    comment_report,
    discard_report,
    freeze_report,
    publish_report,
    revoke_report,
    settle_comment,
)
from reports.services.scanning import attach_scan
from reports.views.reports import has_version, render_detail
from reports.views.scope import name_of_file, unit_in_scope, user_of


@takes_form
@requires(Permission.ISSUE_REPORT)
def report_freeze(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Number and freeze the report, or say beside the form why not; asked for by itself it is the report's page."""
    unit = unit_in_scope(request, code, Permission.ISSUE_REPORT)
    if request.method != "POST":
        return render_detail(request, period, code)
    form, report = IssueForm(request.POST, has_version=has_version(unit, period)), None
    if form.is_valid():
        given = {"number": form.cleaned_data["number"], "reason": form.cleaned_data.get("reason", "")}
        about = {"unit": unit, "period": period, "version": shown_version(request), "actor": user_of(request)}
        report = attempt(form, freeze_report, withhold=form.cells(), **given, **about)
        form.offer()
    if report is None:
        return render_detail(request, period, code, form)
    messages.success(
        request, _("Number %(number)s is frozen. Print it and have it signed, then issue it.") % {"number": report}
    )
    return redirect("report_detail", period, unit.code)


@takes_post("report_detail")
@requires(Permission.ISSUE_REPORT)
def report_issue(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Issue the version that is numbered: readers find it from now on."""
    report = _find(request, period, code, Report.State.FROZEN)
    if attempt(request, publish_report, report=report, version=shown_version(request), actor=user_of(request)):
        told = {"number": report, "version": report.version}
        messages.success(request, _("Report %(number)s has been issued, version %(version)d.") % told)
    return redirect("report_detail", period, code)


@takes_form
@requires(Permission.ISSUE_REPORT)
def report_discard(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Throw the numbered version away with a reason; asked for by itself it is the report's page."""
    form = ReasonForm(_read_sent(request), prefix="discard")
    if form.is_bound and form.is_valid():
        report = _find(request, period, code, Report.State.FROZEN)
        given = {"reason": form.cleaned_data["reason"], "version": shown_version(request)}
        if attempt(form, discard_report, report=report, actor=user_of(request), **given):
            messages.success(request, _("The version was thrown away. Its number is free again."))
            return redirect("report_detail", period, code)
    return render_detail(request, period, code, discard_form=form)


@takes_form
@requires(Permission.ISSUE_REPORT)
def report_revoke(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Take the issued version back with a reason; asked for by itself it is the report's page."""
    form = ReasonForm(_read_sent(request), prefix="revoke")
    if form.is_bound and form.is_valid():
        report = _find(request, period, code, Report.State.ISSUED)
        given = {"reason": form.cleaned_data["reason"], "version": shown_version(request)}
        if attempt(form, revoke_report, report=report, actor=user_of(request), **given):
            messages.success(request, _("The report was revoked. Its address says so, with the reason."))
            return redirect("report_detail", period, code)
    return render_detail(request, period, code, revoke_form=form)


@takes_post("report_detail")
@requires(Permission.ISSUE_REPORT)
def report_comment(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Keep what a leader says of the draft."""
    unit = unit_in_scope(request, code, Permission.ISSUE_REPORT)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    elif attempt(
        request, comment_report, unit=unit, period=period, text=form.cleaned_data["text"], actor=user_of(request)
    ):
        messages.success(request, _("Your comment is kept; whoever prepares the report sees it."))
    return redirect("report_detail", period, unit.code)


@takes_post("report_detail", keep=("period", "code"))
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_comment_settle(request: HttpRequest, period: Period, code: str, pk: int) -> HttpResponse:
    """Say that a comment was seen to."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    comment = get_object_or_404(ReportComment, pk=pk, unit=unit, period=period.code)
    if attempt(request, settle_comment, comment=comment, version=shown_version(request), actor=user_of(request)):
        messages.success(request, _("Marked as dealt with."))
    return redirect("report_detail", period, unit.code)


@require_safe
@requires(Permission.VIEW_REPORT)
def report_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Hand a file of any version to staff: numbered and not yet issued, kept for staff, or revoked."""
    report = get_object_or_404(
        Report.objects.visible_to(user_of(request)).without_files().select_related("unit"), pk=pk
    )
    file = report.files.filter(kind=kind).first()
    if file is None:
        raise Http404
    return send_file(
        bytes(file.content),
        name_of_file(report.period, report.unit.code, report.version, kind),
        inline=kind in {"pdf", "summary"},
    )


@takes_post("report_detail")
@requires(Permission.ISSUE_REPORT)
def report_scan_add(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Keep a scan of the signed paper, before or after issuing."""
    unit, form = unit_in_scope(request, code, Permission.ISSUE_REPORT), ScanForm(request.POST, request.FILES)
    reports = Report.objects.of(period).filter(unit=unit).standing().without_files().select_related("unit")
    report = get_object_or_404(reports, pk=whole_number(request.POST.get("report", ""), most=2**31) or 0)
    about = {"report": report, "file": form.cleaned_data.get("file") if form.is_valid() else None}
    if form.is_valid() and attempt(form, attach_scan, actor=user_of(request), **about) is not None:
        messages.success(request, _("The signed paper is kept with the report."))
    else:
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    return redirect("report_detail", period, unit.code)


@require_safe
@requires(Permission.VIEW_REPORT)
def report_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a scan of the signed paper to staff."""
    seen = Report.objects.visible_to(user_of(request)).values("pk")
    scan = get_object_or_404(ReportScan.objects.filter(report__in=seen).select_related("report__unit"), pk=pk)
    name = f"ban-ky-{scan.report.period}-{scan.report.unit.code}-{scan.pk}.{scan.ending}"
    return send_file(bytes(scan.content), name)


def _find(request: HttpRequest, period: Period, code: str, state: str) -> Report:
    """Return the newest version in the state, of a unit whose reports are the person's to issue.

    Raises ConflictError where there is none: the page that the button stood on is an old one.
    """
    unit = unit_in_scope(request, code, Permission.ISSUE_REPORT)
    reports = Report.objects.of(period).filter(unit=unit, state=state).without_files().select_related("unit")
    report: Report | None = reports.order_by("-version").first()
    if report is None:
        raise ConflictError(_("There is no version for this step any more. Look at the report once more."))
    return report


def _read_sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
