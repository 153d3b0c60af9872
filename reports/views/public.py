"""What everybody may read: issued reports with their files, verification of a paper, open data."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.models import MemberCard, TitleCertificate
from portal.lib.periods import Period, parse_period
from portal.lib.qr import clean_code, format_code, is_code
from portal.lib.vietnamese import format_int
from portal.lists import numbered_page
from portal.views.errors import gone
from portal.vocabulary import ReportFileKind
from reports.forms import CodeForm, CompareForm
from reports.models import Report, ReportQuerySet
from reports.services import open_books
from reports.services.contents import Payload, key_of, say_absent, title_absent
from reports.services.documents import FigureTable, notes_of, read_charts, tables_of
from reports.services.open_rows import FIELDS, halves_with_rows
from reports.views.disclosure import list_books_and_statements
from reports.views.scope import is_kept_for_staff, issued_report
from reports.views.stored import hand_out
from scholarships.models import Certificate


def _find_newest() -> ReportQuerySet:
    """Return the reports that no newer one replaces, newest first; of the payload only what a line of a list needs."""
    reports = Report.objects.latest_versions().without_files().select_related("unit")
    rows: ReportQuerySet = reports.annotate(title=KT("payload__title"), unit_name=KT("payload__unit_name"))
    return rows.newest_first()


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """The issued reports, newest half-year first."""
    page = numbered_page(_find_newest(), request.GET.get("page"))
    return render(request, "reports/report_list.html", {"page": page})


def list_addresses() -> list[tuple[str, dt.datetime | None]]:
    """Return the address of the newest version of every issued report with its time, and of what anybody may check."""
    rows = _find_newest().values_list("period", "unit__code", "issued_at")
    reports = [(reverse("report_public", args=[parse_period(period), code]), at) for period, code, at in rows]
    alone = [reverse(name) for name in ("report_check", "open_data", "open_check")]
    return reports + [(address, None) for address in (*alone, *list_books_and_statements())]


@require_safe
def report_public(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """One issued report with charts, text and tables; `version` shows an earlier one, which says so."""
    if (plain := _find_plain_address(request)) is not None:
        return redirect(plain)
    report = issued_report(period, code, request.GET.get("version"))
    if report.state == Report.State.REVOKED:
        return _tell_revoked(request, report)
    newest = (
        Report.objects.of(period).filter(unit=report.unit).latest_versions().values_list("version", flat=True).first()
    )
    payload = report.payload
    context: dict[str, Any] = {
        "report": report,
        "period": period,
        "payload": payload,
        "kept_for_staff": is_kept_for_staff(report),
        "has_summary": report.files.filter(kind=ReportFileKind.SUMMARY).exists(),
        "charts": read_charts(report.content_of(ReportFileKind.CHARTS)),
        "tables": (tables := tables_of(payload)),
        "headline": _lead_to_tables(payload, tables),
        "sections": _anchor_sections(payload),
        "notes": notes_of(payload),
        "absent": say_absent(payload),
        "absent_title": title_absent(payload),
        "absent_units": len({one["unit"] for one in payload["absent"]}),
        "newest": newest,
        "code": format_code(report.code),
        "query": f"?version={report.version}" if report.version != newest else "",
        "verify_url": f"{settings.SITE_URL}{reverse('report_verify', args=[report.code])}",
        "canonical": f"{settings.SITE_URL}{reverse('report_public', args=[report.period, report.unit.code])}",
    }
    return render(request, "reports/report_public.html", context)


def _lead_to_tables(payload: Payload, tables: list[FigureTable]) -> list[dict[str, str]]:
    """Return the headline figures: what each is, of how many units where not of all, and the table it stands in."""
    places = {column.name: table.anchor for table in tables for column in table.columns[1:]}
    units = payload["coverage"]["units"]
    told = []
    for one in payload["headline"]:
        place, held = places.get(one["code"]), ""
        if one["units"] < units:
            held = _("%(count)s of %(units)s units reported") % {
                "count": format_int(one["units"]), "units": format_int(units),
            }  # fmt: skip
        way = {"link": f"#{place}", "link_label": _("By unit")} if place else {"link": "", "link_label": ""}
        told.append({"label": one["label"], "text": one["text"], "held": held} | way)
    return told


def _anchor_sections(payload: Payload) -> list[dict[str, Any]]:
    """Return the sections of the text, each with what it is called in an address, whatever its number."""
    return [one | {"anchor": f"muc-{key_of(one['heading'])}"} for one in payload["sections"]]


@require_safe
def report_download(request: HttpRequest, period: Period, code: str, kind: str) -> HttpResponse:
    """Return a file of an issued report: the bytes that were made when it was issued."""
    return _hand_out(request, period, code, kind)


@require_safe
def report_summary(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Return the two-page summary of an issued report: the bytes that were made when it was issued."""
    return _hand_out(request, period, code, ReportFileKind.SUMMARY)


def _hand_out(request: HttpRequest, period: Period, code: str, kind: str) -> HttpResponse:
    if (plain := _find_plain_address(request)) is not None:
        return redirect(plain)
    return hand_out(request, period, code, kind) or _tell_why_not(request, period, code)


def _tell_why_not(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """404 where nothing was issued, 410 where it was taken back or its files are for staff."""
    report = issued_report(period, code, request.GET.get("version"), light=True)
    if report.state == Report.State.REVOKED:
        return _tell_revoked(request, report)
    if not is_kept_for_staff(report):
        raise Http404
    url = reverse("report_public", args=[period, report.unit.code])
    reason = _("Beside the newer version its figures would tell single people: its files are kept for staff.")
    return gone(request, reason=reason, replacement={"url": url, "title": _("The newest version")})


def _tell_revoked(request: HttpRequest, report: Report) -> HttpResponse:
    """410: the report was taken back; why, when, and what to read instead."""
    newest = Report.objects.of(report.period_value).filter(unit=report.unit).latest_versions().without_files().first()
    url = reverse("report_public", args=[report.period_value, report.unit.code])
    known = {"url": url, "title": _("The newest version")} if newest is not None else None
    told = {"reason": report.decision_reason, "withdrawn_at": report.decided_at, "replacement": known}
    return gone(request, title=str(report), **told)


def _find_plain_address(request: HttpRequest) -> str | None:
    """Return the address without what this page does not ask for, so that a cache keeps one copy; None if it is so."""
    known = {name: request.GET[name] for name in ("version",) if name in request.GET}
    if dict(request.GET.items()) == known:
        return None
    return f"{request.path}?{urlencode(known)}" if known else request.path


@require_safe
def report_verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a paper is what was issued: number, version, hash, status, issuing body and date. Another code is 404."""
    plain = clean_code(code)
    if not is_code(plain):
        raise Http404
    if plain != code:
        return redirect("report_verify", plain)
    if certificate := Certificate.objects.of_code(plain):
        return render(request, "reports/certificate_verify.html", {"one": certificate, "code": format_code(plain)})
    if answer := _tell_of_members(request, plain):
        return answer
    report = get_object_or_404(
        Report.objects.select_related("unit", "issued_by").defer("canonical", "exact"), code=plain
    )
    if report.state in Report.State.those("needs_reason"):
        return _tell_revoked(request, report)
    newer = Report.objects.was_public().without_files().filter(replaces=report).first()
    return render(
        request,
        "reports/report_verify.html",
        {
            "report": report,
            "payload": report.payload,
            "files": {one.kind: one.sha256 for one in report.files.defer("content")},
            "newer": newer,
            "is_issued": report.state == Report.State.ISSUED,
            "kept_for_staff": is_kept_for_staff(report),
            "code": format_code(plain),
            "form": CompareForm(auto_id="compare_%s"),
        },
    )


def _tell_of_members(request: HttpRequest, plain: str) -> HttpResponse | None:
    """Tell of a member's card or a title's certificate, without a name; None where the code is of neither."""
    code = format_code(plain)
    if card := MemberCard.objects.filter(code=plain).select_related("member").first():
        membership = card.membership()
        unit_name = membership.unit.name_on(timezone.localdate()) if membership else ""
        context = {"membership": membership, "unit_name": unit_name, "code": code}
        return render(request, "reports/card_verify.html", context)
    one = TitleCertificate.objects.filter(code=plain).select_related("title__subject", "title__unit").first()
    if one is None:
        return None
    unit_name = one.title.unit.name_on(one.title.decided_on or timezone.localdate())
    return render(request, "reports/title_verify.html", {"one": one, "unit_name": unit_name, "code": code})


def _is_of_paper(code: str) -> bool:
    """Whether a code stands on a paper of ours."""
    if Report.objects.filter(code=code).exists() or Certificate.objects.of_code(code):
        return True
    return any(model.objects.filter(code=code).exists() for model in (MemberCard, TitleCertificate))


@require_safe
def report_check(request: HttpRequest) -> HttpResponse:
    """Where a code from paper is typed in."""
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        plain = clean_code(form.cleaned_data["code"])
        if is_code(plain) and _is_of_paper(plain):
            return redirect("report_verify", plain)
        sentence = _("No report has the code “%(code)s”. Compare it with the paper, character by character.")
        form.add_error("code", sentence % {"code": form.cleaned_data["code"]})
    return render(request, "reports/report_check.html", {"form": form})


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """The page of open data: links to the figures of every issued report."""
    page = numbered_page(_find_newest(), request.GET.get("page"))
    context = {
        "page": page, "halves": halves_with_rows(), "fields": FIELDS, "book_halves": open_books.halves_with_books(),
        "book_fields": open_books.FIELDS,
    }  # fmt: skip
    return render(request, "reports/open_data.html", context)


@require_safe
def open_data_file(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Return the figures of an issued report as CSV."""
    return _hand_out(request, period, code, "csv")


@require_safe
def open_data_json(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Return what the hash of an issued report is over, with the hash beside it."""
    return _hand_out(request, period, code, "json")
