"""Finding the row that an address names within a person's scope; outside it is 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from portal import choosing
from portal.lib.numbers import whole_number
from portal.lib.periods import HalfYear, Period, Year
from portal.models import Unit, User
from portal.permissions import Permission
from portal.vocabulary import ReportFileKind
from reports.figures import DatedTree
from reports.models import Report, Submission
from reports.services import units_owing


def user_of(request: HttpRequest) -> User:
    """Return the signed-in person; views behind @requires have one."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def unit_in_scope(request: HttpRequest, code: str, permission: Permission) -> Unit:
    """Return the unit with the code, if the person holds the right on it."""
    return get_object_or_404(Unit.objects.covered_by(user_of(request), permission), code=code.upper())


def may_write(request: HttpRequest, unit: Unit) -> bool:
    """Whether the person writes the unit's report: approves its half-years, or issues it."""
    user = user_of(request)
    return user.may(Permission.APPROVE_SUBMISSION, unit) or user.may(Permission.ISSUE_REPORT, unit)


def writable_unit(request: HttpRequest, code: str) -> Unit:
    """Return the unit with the code, if the person writes its report."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    if not may_write(request, unit):
        raise Http404
    return unit


def owing_unit(request: HttpRequest, half: HalfYear, code: str, permission: Permission) -> Unit:
    """Return the same, if the unit owes a submission for the half-year; it then carries its `name` of the last day."""
    unit = unit_in_scope(request, code, permission)
    tree = DatedTree(half.last_day)
    if unit.pk not in {place.unit_id for place in units_owing(half, tree)}:
        raise Http404
    unit.name = tree.name_of(unit)  # type: ignore[attr-defined]  # annotated
    return unit


def submission_of(unit: Unit, half: HalfYear) -> Submission | None:
    """Return the unit's submission with its people, or None while nothing was saved."""
    people = ("unit", "entered_by", "submitted_by", "decided_by")
    return Submission.objects.of(half).filter(unit=unit).select_related(*people).first()


def issued_report(period: Period, code: str, version: str | None = None, *, light: bool = False) -> Report:
    """Return the newest report of the unit that was issued, or the version asked for; 404 when there is none.

    It may have been revoked since: readers are told so. `light`: without its payload, for who hands out a file.
    """
    reports = (
        Report.objects.was_public()
        .of(period)
        .filter(unit__code=code.upper())
        .select_related("unit", "issued_by")
        .defer("canonical", "exact", *(["payload"] if light else []))
    )
    chosen = reports.filter(version=whole_number(version, most=9999) or 0) if version else reports.order_by("-version")
    report: Report = get_object_or_404(chosen[:1])
    return report


def is_kept_for_staff(report: Report) -> bool:
    """Whether a newer version would tell single people beside this one, so that its files are for staff alone."""
    newer = Report.objects.was_public().of(report.period_value).filter(unit=report.unit_id, version__gt=report.version)
    return any(report.version in hides for hides in newer.values_list("hides", flat=True))


def name_of_file(period: Period | str, unit: str, version: int, kind: str) -> str:
    """Return what a file of a unit's report is called."""
    if kind == ReportFileKind.SUMMARY:
        return f"tom-tat-{period}-{unit}-v{version}.pdf"
    return f"bao-cao-{period}-{unit}-v{version}.{kind}"


def chosen_half(request: HttpRequest) -> HalfYear:
    """Return the half-year chosen in the header, which stays chosen; without a choice the one that units report on."""
    half = choosing.chosen_half(request)
    if choosing.asked_half(request) is not None and request.session.get("half") != half.code:
        request.session["half"] = half.code
    return half


def chosen_year(request: HttpRequest) -> Year | None:
    """Return the year chosen in the header; None where it is a half-year, or nothing."""
    period = choosing.asked_period(request)
    return period if isinstance(period, Year) else None
