"""A half-year's report for staff: figures, text, issuing, files, the rows behind a figure, the draft article."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.lib.charts import short_number
from portal.lib.periods import Period, Year, parse_period
from portal.lib.vietnamese import format_int, format_money
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt
from portal.views.downloads import send_file
from portal.views.lists import show_list
from portal.vocabulary import ClosingScope, ReportFileKind, ReportState
from reports.figures import GROUP_LABELS, INDICATORS, Indicator, Measure, by_group, compute
from reports.forms import CommentForm, IssueForm, ReasonForm, ScanForm
from reports.models import DraftFile, Report, ReportComment, ReportScan
from reports.services import (
    build,
    canonical_json,
    draft_article_from_report,
    free_numbers,
    next_number,
    sha256_of,
    with_exact_figures,
)
from reports.services.articles import TITLE, article_lead
from reports.services.documents import (
    charts_of,
    render_report_json,
    render_report_xlsx,
)
from reports.services.drafting import WRITERS, ask_for_draft
from reports.services.issuing import find_hindrances, owing_names, version_of_draft
from reports.services.lagging import Lag, find_fallen, find_unsent, may_name_lagging
from reports.services.payloads import Draft, read_compared, submissions_of
from reports.services.rewriting import sections_of
from reports.services.unreported import find_unreported
from reports.tables import ReportTable
from reports.views.scope import issued_report, unit_in_scope, user_of, writable_unit


@require_safe
@requires(Permission.VIEW_REPORT)
def report_archive(request: HttpRequest) -> HttpResponseBase:
    """Every issued version within the person's scope, newest first."""
    reports = Report.objects.visible_to(user_of(request)).with_replacement().select_related("unit", "issued_by")
    return show_list(request, ReportTable(request, reports), "reports/report_archive.html")


@require_safe
@requires(Permission.VIEW_REPORT)
def report_detail(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """The half-year as it is now: figures with their trend, charts, text, what is missing, and issuing."""
    return render_detail(request, period, code)


def render_detail(
    request: HttpRequest,
    period: Period,
    code: str,
    form: IssueForm | None = None,
    discard_form: ReasonForm | None = None,
    revoke_form: ReasonForm | None = None,
) -> HttpResponse:
    """The half-year or year as it is now, with a form that was refused where there is one."""
    user, unit = user_of(request), unit_in_scope(request, code, Permission.VIEW_REPORT)
    draft = build(unit, period)
    reports = Report.objects.of(period).filter(unit=unit).with_replacement().select_related("issued_by", "decided_by")
    versions = list(reports.order_by("-pk"))
    standing = [one for one in versions if one.state != Report.State.DISCARDED]
    exact, may_issue = with_exact_figures(draft), user.may(Permission.ISSUE_REPORT, unit)
    context = {
        "period": period,
        "beside": [Year(period.year), *Year(period.year).halves],
        "unit": unit,
        "draft": draft,
        "versions": versions,
        "frozen": next((one for one in standing if one.state == Report.State.FROZEN), None),
        "latest": next((one for one in standing if one.state == Report.State.ISSUED and not one.is_replaced), None),
        **_show_scans(standing),
        **_show_comments(unit, period),
        "discard_form": discard_form or ReasonForm(prefix="discard"),
        "revoke_form": revoke_form or ReasonForm(prefix="revoke"),
        "may_settle": may_issue or user.may(Permission.APPROVE_SUBMISSION, unit),
        "free_numbers": free_numbers(unit) if may_issue else [],
        "cards": _make_cards(draft),
        **_group_indicators(unit, period, draft),
        "targets": draft.payload["targets"],
        **_show_text(draft),
        "charts": charts_of(exact),
        "charts_narrow": charts_of(exact, width=340),
        **_show_closing(unit, period, draft),
        "may_issue": may_issue,
        "may_draft": may_issue or user.may(Permission.WRITE_ARTICLE, unit),
        "version": version_of_draft(draft),
        "form": form or _make_issue_form(unit, versions),
        "kinds": ("pdf", "docx", "xlsx", "json"),
        "changed": _differs(unit, period, draft),
    }
    context["points"] = _list_points(draft, context["latest"], ready=not context["hindrances"])
    return render(request, "reports/report_detail.html", context)


def _list_points(draft: Draft, latest: Report | None, *, ready: bool) -> list[str]:
    """Return what to know first, as issued, else of the draft: a half-year's at any time, a year's once it is ready."""
    told = ready or "year" not in draft.payload
    points: list[str] = latest.payload["points"] if latest else draft.payload["points"] if told else []
    return points


def _show_closing(unit: Unit, period: Period, draft: Draft) -> dict[str, Any]:
    """Return what numbering waits for, what it closes that nobody reported on, and what has closed it already."""
    closings = unit.closings.filter(half=period.last_half.code, scope=ClosingScope.THROUGH)
    return {
        "hindrances": find_hindrances(unit, period, draft.tree),
        "unreported": find_unreported(unit, period.last_half),
        "closing": closings.select_related("closed_by").first(),
    }


def _make_issue_form(unit: Unit, versions: list[Report]) -> IssueForm:
    was_public = any(one.state in ReportState.those("was_public") for one in versions)
    return IssueForm(initial={"number": next_number(unit)}, has_version=was_public)


def _show_comments(unit: Unit, period: Period) -> dict[str, Any]:
    """Return what leaders said of the draft, and the form that takes more."""
    return {"comments": _list_comments(unit, period), "comment_form": CommentForm()}


def _show_text(draft: Draft) -> dict[str, Any]:
    """Return the text as it stands, its numbers marked where staff have edited it, and the headings that they have."""
    sections = sections_of(draft)
    return {"sections": sections, "edited": [one for one in sections if one.edit]}


def _show_scans(reports: list[Report]) -> dict[str, Any]:
    """Return the signed papers of the reports, scanned, and the form that takes another."""
    scans = ReportScan.objects.filter(report__in=reports).defer("content").select_related("report")
    return {"scans": list(scans), "scan_form": ScanForm()}


def has_version(unit: Unit, period: Period) -> bool:
    """Whether a version was issued already, so that a newer one must say why."""
    return Report.objects.of(period).filter(unit=unit).was_public().exists()


def _list_comments(unit: Unit, period: Period) -> list[ReportComment]:
    rows = ReportComment.objects.filter(unit=unit, period=period.code).select_related("written_by", "settled_by")
    return list(rows.order_by("-settled_at", "-pk")[:50])


def _differs(unit: Any, period: Period, draft: Draft) -> bool:
    """Whether the figures have moved since the newest version was issued."""
    latest = Report.objects.of(period).filter(unit=unit).latest_versions().values_list("exact", flat=True).first()
    return latest is not None and latest != draft.exact


def _make_cards(draft: Draft) -> list[dict[str, Any]]:
    """Return the four figures that leaders ask for first; amounts short, with the exact one under them."""
    codes = ("disbursements.turns", "disbursements.amount", "members.new", "funds.closing")
    cards = []
    for code in codes:
        value, is_money = draft.figure_set.figures[code], INDICATORS[code].measure is Measure.MONEY
        cards.append(
            {
                "indicator": INDICATORS[code],
                "value": short_number(value) if is_money and value >= 0 else format_int(value),
                "hint": format_money(value) if is_money else INDICATORS[code].measure_label,
            }
        )
    return cards


def _group_indicators(unit: Unit, period: Period, draft: Draft) -> dict[str, Any]:
    """Return the indicators by chapter with the figures that they are compared with, of which issued reports."""
    previous, last_year = draft.background.previous, draft.background.last_year
    beside = {period.previous(): previous, period.same_last_year(): last_year}  # before a year is last year
    issued = Report.objects.filter(unit=unit, period__in=[one.code for one in beside]).latest_versions()
    versions = dict(issued.order_by().values_list("period", "version"))
    compared = [{"period": one, "version": versions.get(one.code)} for one in beside]

    def line(one: Indicator) -> dict[str, Any]:
        return {
            "indicator": one,
            "value": draft.figure_set.get(one.code),
            "compared": [
                (column, figures.get(one.code) if figures else None)
                for column, figures in zip(compared, beside.values(), strict=True)
            ],
            "target": draft.payload["targets"].get(one.code),
        }

    shown = tuple(
        one
        for one in INDICATORS.values()
        if not one.is_optional
        or any(figures.get(one.code) for figures in (draft.figure_set.figures, previous or {}, last_year or {}))
    )
    groups = [(str(GROUP_LABELS[group]), [line(one) for one in members]) for group, members in by_group(shown).items()]
    return {"groups": groups, "compared": compared, "compares": any(one["version"] for one in compared)}


@require_safe
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_lagging(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """The internal annex: which units are late or missing, and which fell against the same period a year ago."""
    unit = writable_unit(request, code)
    earlier = period.same_last_year()
    figures, before = compute(unit, period), read_compared(unit, earlier)
    context = {
        "period": period, "unit": unit, "name": figures.unit_name, "before": earlier if before else None,
        "unsent": _list_unsent(unit, period), "fallen": find_fallen(figures, before),
        "is_public": may_name_lagging(),
    }  # fmt: skip
    return render(request, "reports/report_lagging.html", context)


def _list_unsent(unit: Unit, period: Period) -> list[Lag]:
    """Return the units of which no approved half-year stands, of a year those of either."""
    found: list[Lag] = []
    for half in period.halves:
        owing = owing_names(unit, half)
        found += find_unsent(half, owing, submissions_of(owing, half))
    return found


@require_safe
@requires(Permission.VIEW_REPORT)
def report_draft_file(request: HttpRequest, period: Period, code: str, kind: str) -> HttpResponse:
    """Return the report as a file as it would be printed now, every figure in full; it says that it is a draft."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    payload = with_exact_figures(build(unit, period))
    writers = {"xlsx": render_report_xlsx, "json": render_report_json}
    if kind in writers:
        content = writers[kind](payload, sha256_of(canonical_json(payload)))
        return send_file(content, f"du-thao-{period}-{unit.code}.{kind}")
    if kind not in WRITERS:
        raise Http404
    return _send_when_ready(request, unit, period, payload, ReportFileKind(kind))


@require_safe
@requires(Permission.VIEW_REPORT)
def report_draft_summary(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Return the two-page summary as it would be printed now, every figure in full; it says that it is a draft."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    return _send_when_ready(request, unit, period, with_exact_figures(build(unit, period)), ReportFileKind.SUMMARY)


def _send_when_ready(
    request: HttpRequest, unit: Unit, period: Period, payload: dict[str, Any], kind: ReportFileKind
) -> HttpResponse:
    """Send what the worker has made of the same figures; else ask it, and show the page that waits for it."""
    draft = attempt(
        request, ask_for_draft, unit=unit, period=period, kind=kind, payload=payload, actor=user_of(request)
    )
    if draft is None:
        return redirect("report_detail", period, unit.code)
    if draft.content is None:
        return redirect("draft_wait", draft.pk)
    return _send_draft(draft, unit)


@require_safe
@requires(Permission.VIEW_REPORT)
def draft_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Wait for a draft's file and send it when it is there; the page looks again by itself."""
    draft = get_object_or_404(DraftFile.objects.select_related("unit"), pk=pk)
    unit = unit_in_scope(request, draft.unit.code, Permission.VIEW_REPORT)
    if draft.content is not None:
        return _send_draft(draft, unit)
    period = parse_period(draft.period)
    is_summary = draft.kind == ReportFileKind.SUMMARY
    again = (
        reverse("report_draft_summary", args=[period, unit.code])
        if is_summary
        else reverse("report_draft_file", args=[period, unit.code, draft.kind])
    )
    name = unit.name_on(period.last_day)
    return render(request, "reports/draft_wait.html", {"draft": draft, "period": period, "name": name, "again": again})


def _send_draft(draft: DraftFile, unit: Unit) -> HttpResponse:
    is_summary = draft.kind == ReportFileKind.SUMMARY
    name = (
        f"tom-tat-du-thao-{draft.period}-{unit.code}.pdf"
        if is_summary
        else f"du-thao-{draft.period}-{unit.code}.{draft.kind}"
    )
    return send_file(bytes(draft.content or b""), name, inline=is_summary)


@takes_form
@requires(Permission.ISSUE_REPORT, Permission.WRITE_ARTICLE)
def report_draft_article(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Look at the article that the report would become; POST makes the draft and leads to the newsroom."""
    user, report = user_of(request), issued_report(period, code)
    if report.state != Report.State.ISSUED:
        raise Http404
    scope = Report.objects.within(user, Permission.WRITE_ARTICLE) | Report.objects.within(user, Permission.ISSUE_REPORT)
    if not scope.filter(pk=report.pk).exists():
        raise Http404
    if request.method == "POST":
        article = attempt(request, draft_article_from_report, report=report, actor=user)
        if article is None:
            return redirect("report_draft_article", period, code)
        messages.success(request, _("The draft is in the newsroom. Put in the meeting's photos and read it through."))
        if Permission.WRITE_ARTICLE in user.permissions:
            return redirect("newsroom_update", article.pk)
        return redirect("report_draft_article", period, code)
    known = (
        Report.objects.filter(pk=report.pk, draft__isnull=False)
        .select_related("draft__article")
        .only("draft__article")
        .first()
    )
    context = {
        "period": period,
        "report": report,
        "title": TITLE,
        "lead": article_lead(report),
        "article": known.draft.article if known else None,
    }
    return render(request, "reports/report_draft_article.html", context)
