"""Addresses of the reports app."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from portal import addresses  # noqa: F401 - brings the converter of unit codes
from portal.lib.periods import HalfYear, Period, demand_neighbours, parse_period
from reports.views import (
    agenda,
    board,
    disclosure,
    evidence,
    exceptions,
    figures,
    home,
    open_data,
    papers,
    public,
    reports,
    signing,
    submissions,
    texts,
)


class HalfConverter:
    """A half-year in an address: 2023-H1, also written small."""

    regex = r"[12][0-9]{3}-[Hh][12]"

    def to_python(self, value: str) -> HalfYear:
        """ValueError for a year that there is not: 404."""
        half = HalfYear.parse(value)
        demand_neighbours(half)
        return half

    def to_url(self, value: HalfYear | str) -> str:
        """Take a half-year or its code."""
        return str(value)


class PeriodConverter:
    """A half-year or a year in an address: 2025-H1, 2025."""

    regex = r"[12][0-9]{3}(?:-[Hh][12])?"

    def to_python(self, value: str) -> Period:
        """ValueError for a year that there is not: 404."""
        period = parse_period(value)
        demand_neighbours(period)
        return period

    def to_url(self, value: Period | str) -> str:
        """Take a half-year, a year or the code of either."""
        return str(value)


class FileKind(StringConverter):
    """The kinds of files that a report has."""

    regex = r"pdf|docx|xlsx|json"


class IndicatorCode(StringConverter):
    """An indicator's code in an address."""

    regex = r"[a-z_.]{1,60}"


register_converter(HalfConverter, "half")
register_converter(PeriodConverter, "period")
register_converter(FileKind, "filekind")
register_converter(IndicatorCode, "indicator")

HALF = "lam-viec/nua-nam/<half:half>/"
SUBMISSION = f"{HALF}<code:code>/"
REPORT = "lam-viec/bao-cao/<period:period>/<code:code>/"

urlpatterns = [
    # public
    path("bao-cao/", public.report_list, name="report_list"),
    path("bao-cao/<period:period>/<code:code>.<filekind:kind>", public.report_download, name="report_download"),
    path("bao-cao/<period:period>/<code:code>/", public.report_public, name="report_public"),
    path("bao-cao/<period:period>/<code:code>/tom-tat.pdf", public.report_summary, name="report_summary"),
    path("xac-minh/", public.report_check, name="report_check"),
    path("xac-minh/<str:code>/", public.report_verify, name="report_verify"),
    path("du-lieu-mo/luot-trao.schema.json", open_data.open_rows_schema, name="open_rows_schema"),
    path("du-lieu-mo/luot-trao-<half:half>.csv", open_data.open_rows_file, {"kind": "csv"}, name="open_rows_file"),
    path(
        "du-lieu-mo/luot-trao-<half:half>.json", open_data.open_rows_file, {"kind": "json"}, name="open_rows_file_json"
    ),
    path("du-lieu-mo/so-quy.schema.json", open_data.open_books_schema, name="open_books_schema"),
    path("du-lieu-mo/so-quy-<half:half>.csv", open_data.open_books_file, {"kind": "csv"}, name="open_books_file"),
    path(
        "du-lieu-mo/so-quy-<half:half>.json", open_data.open_books_file, {"kind": "json"}, name="open_books_file_json"
    ),
    path("du-lieu-mo/muc-luc.json", open_data.open_index, name="open_index"),
    path("du-lieu-mo/gop-<period:period>.json", open_data.open_pool_file, name="open_pool_file"),
    path("du-lieu-mo/tu-kiem-tra/", open_data.open_check, name="open_check"),
    path("du-lieu-mo/<period:period>/<code:code>.json", public.open_data_json, name="open_data_json"),
    path("du-lieu-mo/", public.open_data, name="open_data"),
    path("du-lieu-mo/<period:period>/<code:code>.csv", public.open_data_file, name="open_data_file"),
    path("cong-khai/", disclosure.transparency, name="transparency"),
    path("cong-khai/<code:code>/<period:period>.pdf", disclosure.statement_pdf, name="statement_pdf"),
    path("cong-khai/<code:code>/<period:period>/", disclosure.statement_public, name="statement_public"),
    path("hoc-bong/quy/<int:pk>/so-quy/", disclosure.fund_book_public, name="fund_book_public"),
    # staff
    path("lam-viec/", home.work_home, name="work_home"),
    path("lam-viec/nua-nam/", board.half_current, name="half_current"),
    path(HALF, board.half_board, name="half_board"),
    path(f"{HALF}han-gui/", board.half_deadline, name="half_deadline"),
    path("lam-viec/mo-ky-da-khoa/", exceptions.exception_list, name="exception_list"),
    path("lam-viec/mo-ky-da-khoa/them/", exceptions.exception_create, name="exception_create"),
    path("lam-viec/mo-ky-da-khoa/<int:pk>/ket-thuc/", exceptions.exception_end, name="exception_end"),
    path(SUBMISSION, submissions.submission_detail, name="submission_detail"),
    path(f"{SUBMISSION}nhap/", submissions.submission_edit, name="submission_edit"),
    path(f"{SUBMISSION}nhap/xem-lai/", submissions.submission_check, name="submission_check"),
    path(f"{SUBMISSION}nhap/<indicator:indicator>/", evidence.submission_evidence, name="submission_evidence"),
    path(f"{SUBMISSION}ban-in.pdf", papers.submission_print, name="submission_print"),
    path(f"{SUBMISSION}ban-ky/", papers.submission_scan_add, name="submission_scan_add"),
    path("lam-viec/nua-nam/ban-ky/<int:pk>/", papers.submission_scan, name="submission_scan"),
    path(f"{SUBMISSION}gui/", submissions.submission_submit, name="submission_submit"),
    path(f"{SUBMISSION}lay-lai/", submissions.submission_take_back, name="submission_take_back"),
    path(f"{SUBMISSION}duyet/", submissions.submission_approve, name="submission_approve"),
    path(f"{SUBMISSION}tra-lai/", submissions.submission_return, name="submission_return"),
    path(f"{SUBMISSION}thieu/", submissions.submission_mark_missing, name="submission_mark_missing"),
    path(f"{SUBMISSION}mo-lai/", exceptions.submission_reopen, name="submission_reopen"),
    path("lam-viec/bao-cao/", reports.report_archive, name="report_archive"),
    path(REPORT, reports.report_detail, name="report_detail"),
    path("lam-viec/bao-cao/du-thao/<int:pk>/", reports.draft_wait, name="draft_wait"),
    path(f"{REPORT}du-thao.<filekind:kind>", reports.report_draft_file, name="report_draft_file"),
    path(f"{REPORT}du-thao-tom-tat.pdf", reports.report_draft_summary, name="report_draft_summary"),
    path(
        "lam-viec/bao-cao/tep/<int:pk>-tom-tat.pdf",
        signing.report_file,
        {"kind": "summary"},
        name="report_file_summary",
    ),
    path(f"{REPORT}danh-so/", signing.report_freeze, name="report_freeze"),
    path(f"{REPORT}ban-hanh/", signing.report_issue, name="report_issue"),
    path(f"{REPORT}huy/", signing.report_discard, name="report_discard"),
    path(f"{REPORT}thu-hoi/", signing.report_revoke, name="report_revoke"),
    path(f"{REPORT}ban-ky/", signing.report_scan_add, name="report_scan_add"),
    path("lam-viec/bao-cao/ban-ky/<int:pk>/", signing.report_scan, name="report_scan"),
    path(f"{REPORT}gop-y/", signing.report_comment, name="report_comment"),
    path(f"{REPORT}gop-y/<int:pk>/xong/", signing.report_comment_settle, name="report_comment_settle"),
    path("lam-viec/bao-cao/tep/<int:pk>.<filekind:kind>", signing.report_file, name="report_file"),
    path(f"{REPORT}loi-van/", texts.report_text, name="report_text"),
    path(f"{REPORT}loi-van/<slug:section>/", texts.report_text_edit, name="report_text_edit"),
    path(f"{REPORT}loi-van/<slug:section>/bo/", texts.report_text_drop, name="report_text_drop"),
    path(f"{REPORT}phu-luc-noi-bo/", reports.report_lagging, name="report_lagging"),
    path(f"{REPORT}nhiem-vu/", agenda.report_agenda, name="report_agenda"),
    path(f"{REPORT}nhiem-vu/<int:pk>/", agenda.report_task_decide, name="report_task_decide"),
    path(f"{REPORT}kien-nghi/<int:pk>/", agenda.report_proposal_answer, name="report_proposal_answer"),
    path(f"{REPORT}hoi-nghi/", agenda.meeting_edit, name="meeting_edit"),
    path(f"{REPORT}hoi-nghi/anh/<int:pk>.jpg", agenda.meeting_photo, name="meeting_photo"),
    path(f"{REPORT}hoi-nghi/anh/<int:pk>/bo/", agenda.meeting_photo_remove, name="meeting_photo_remove"),
    path(f"{REPORT}hoi-nghi/giay-moi.pdf", agenda.meeting_invitation, name="meeting_invitation"),
    path(f"{REPORT}tin-bai/", reports.report_draft_article, name="report_draft_article"),
    path(f"{REPORT}so-lieu/<indicator:indicator>/", figures.figure_detail, name="figure_detail"),
]
