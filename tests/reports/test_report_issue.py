"""Freezing a report: under which conditions, what is hashed, that it never changes, and the command that does the same."""

import datetime as dt
import hashlib
import io
import json
import re

import openpyxl
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from members.models import Membership
from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Closing, Highlight, SearchEntry
from portal.services.periods import is_closed
from reports import services
from reports.models import Report
from reports.services.documents import render_report_csv, render_report_docx, render_report_json, render_report_xlsx
from reports.services.unreported import find_unreported
from scholarships.models import SealedBlock
from scholarships.services.sealing import chain
from scholarships.services.verifying import find_differences
from tests.reports import rows

H1 = HalfYear(2023, 1)


@pytest.fixture
def approved(city, approver):
    rows.approve_all(
        city,
        H1,
        approver,
        {"LC": {"communication.events": 40, "funds.topup_policy": 1, "funds.topup_amount": 500_000_000}},
    )
    return city


@pytest.fixture
def report(approved, leader):
    return services.issue_report(unit=approved["HP"], period=H1, number=12, actor=leader)


def refused(match=None, **arguments):
    with pytest.raises(ValidationError, match=match) as caught, transaction.atomic():
        services.issue_report(**arguments)
    return " ".join(caught.value.messages)


# ---- conditions ------------------------------------------------------------------------------------------------


def test_issuing_needs_every_unit_settled(city, leader, approver):
    assert "Quận Lê Chân" in refused(unit=city["HP"], period=H1, actor=leader)
    one = rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"))
    services.approve_submission(submission=one, actor=approver)
    told = refused(unit=city["HP"], period=H1, actor=leader)
    assert "Quận Ngô Quyền" in told
    assert "Lê Chân" not in told
    services.mark_missing(unit=city["NQ"], half=H1, reason="Không gửi", actor=approver)
    report = services.issue_report(unit=city["HP"], period=H1, actor=leader)
    assert report.payload["missing"] == ["NQ"]
    assert report.number == 1


def test_only_the_leader_issues(approved, approver, officer_lechan, auditor):
    for person in (approver, officer_lechan, auditor):
        with pytest.raises(PermissionDenied):
            services.issue_report(unit=approved["HP"], period=H1, actor=person)
    assert not Report.objects.exists()


def test_issuing_closes_the_half_year_of_all(report, approved):
    units = [approved[code] for code in ("HP", "LC", "LC-AB", "NQ", "LECHAN")]  # the last one began later
    assert all(services.is_closed(unit, half) for unit in units for half in (HalfYear(2022, 2), H1))
    assert not any(services.is_closed(unit, H1.next()) for unit in units)


def test_a_half_year_that_has_not_begun_is_not_issued(city, leader):
    refused(unit=city["HP"], period=HalfYear(timezone.localdate().year + 1, 1), actor=leader)


def test_a_number_is_given_once_a_year(report, approved, leader, approver):
    told = refused(unit=approved["HP"], period=H1, number=12, reason="Sửa số liệu của quận", actor=leader)
    assert "13" in told
    second = services.issue_report(unit=approved["HP"], period=H1, reason="Sửa số liệu của quận", actor=leader)
    assert (second.number, second.version, second.replaces_id) == (13, 2, report.pk)
    assert second.payload["replaces"] == {"version": 1, "sha256": report.sha256}


@pytest.mark.parametrize("reason", ["", "Sửa", "         "])
def test_a_newer_version_names_its_reason(report, approved, leader, reason):
    refused(unit=approved["HP"], period=H1, reason=reason, actor=leader)


# ---- what is frozen --------------------------------------------------------------------------------------------


def test_the_hash_is_over_canonical_json_without_the_hash(report):
    served = json.loads(render_report_json(report.payload, report.sha256))
    sha256 = served.pop("sha256")
    canonical = json.dumps(served, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert sha256 == report.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert canonical == report.canonical
    assert (served["unit"], served["half"], served["version"], served["number"]) == ("HP", "2023-H1", 1, 12)


def test_the_exact_figures_are_kept_beside_the_public_ones(report):
    assert report.exact["figures"]["disbursements.turns"] == 28
    assert report.exact["by_unit"]["LC"]["disbursements.turns"] == 19
    assert (
        sum(unit["disbursements.amount"] for unit in report.exact["by_unit"].values())
        == report.exact["figures"]["disbursements.amount"]
    )
    public = report.payload["by_unit"]["NQ"]  # 9 turns, of which 3 of a kind, 5 in hardship: 4 without
    assert "disbursements.turns.award" not in public
    assert "disbursements.turns.hardship" not in public


def test_an_issued_report_stays_as_it_is_whatever_happens_after(report, approved, leader):
    before = (report.content_of("pdf"), report.canonical)
    membership = Membership.objects.filter(unit=approved["NQ"]).get()
    membership.valid = rows.DateRange(membership.valid.lower, dt.date(2023, 5, 1))
    with pytest.raises(IntegrityError, match="period_closed"), transaction.atomic():
        membership.save()
    membership.left_half = "2023-H2"  # learned late: it keeps its day and counts in the first open half-year
    membership.save()
    after = Report.objects.get(pk=report.pk)
    assert (after.content_of("pdf"), after.canonical) == before
    assert services.build(approved["HP"], H1).exact == report.exact
    later = services.build(approved["HP"], H1.next()).exact["figures"]["members.total"]
    assert later == report.exact["figures"]["members.total"] - 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_report SET sha256 = repeat('0', 64)",
        "UPDATE reports_report SET reason = 'khác'",
        "UPDATE reports_report SET replaces_id = id",
        "DELETE FROM reports_report",
        "TRUNCATE reports_report CASCADE",
    ],
)
def test_the_database_refuses_every_change(report, statement):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")


COPY = (
    "INSERT INTO reports_report (unit_id, period, version, number, symbol, code, payload, exact, canonical, sha256, issued_on, "
    "issued_by_id, issued_at, reason, replaces_id, state, decision_reason, hides) SELECT unit_id, {period}, {version}, 99, symbol, 'X', {payload}, exact, canonical, {sha}, "
    "issued_on, issued_by_id, now(), {reason}, {replaces}, state, '', '[]' FROM reports_report"
)
GOOD = {
    "period": "period",
    "version": "2",
    "payload": "payload",
    "sha": "sha256",
    "reason": "'Sửa số liệu quận'",
    "replaces": "id",
}


def insert_copy(**changes):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY.format(**GOOD | changes))


def test_a_whole_copy_as_second_version_is_accepted_by_raw_sql(report):
    insert_copy()


@pytest.mark.parametrize(
    "changes",
    [
        {"sha": "repeat('0', 64)"},
        {"sha": "NULL"},
        {"payload": 'payload || \'{"unit": "XX"}\''},
        {"payload": "NULL"},
        {"reason": "'ngắn'"},
        {"reason": "''"},
        {"reason": "NULL"},
        {"replaces": "NULL"},
        {"version": "1"},
        {"version": "3"},
        {"version": "NULL"},
        {"period": "'2023-H2'"},
        {"period": "NULL"},
    ],
)
def test_the_database_refuses_a_false_version(report, changes):
    with pytest.raises(IntegrityError):
        insert_copy(**changes)


def test_the_home_and_the_search_learn_of_it(report, approved, leader):
    card = Highlight.objects.get(key="reports.latest")
    assert card.link == "/bao-cao/2023-H1/HP/"
    assert {figure["value"] for figure in card.figures} >= {"28"}
    services.issue_report(unit=approved["HP"], period=H1, reason="Sửa số liệu của quận", actor=leader)
    assert SearchEntry.objects.filter(kind="report").count() == 1


# ---- documents -------------------------------------------------------------------------------------------------


def pages_of(pdf):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_the_pdf_is_tagged_in_vietnamese_with_its_fonts(report):
    with pikepdf.open(io.BytesIO(report.content_of("pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("vi")
        assert "khuyến học" in str(pdf.docinfo["/Title"])
        fonts = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)


def test_the_pdf_has_the_official_parts(report):
    first, text = pages_of(report.content_of("pdf"))[0], " ".join(" ".join(pages_of(report.content_of("pdf"))).split())
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG",
        "12/BC-HKH",
        "Hải Phòng, ngày",
    ):
        assert part in " ".join(first.split()), part
    for part in (
        "BÁO CÁO",
        "I. KẾT QUẢ",
        "II. ĐÁNH GIÁ",
        "III. PHƯƠNG HƯỚNG",
        "TM. BAN THƯỜNG VỤ",
        "Tổng cộng",
        "Quận Lê Chân",
        "28 lượt",
    ):
        assert part in text, part


def test_the_qr_code_on_paper_opens_the_verification_page(report, client):
    document = pypdfium2.PdfDocument(report.content_of("pdf"))
    found = {code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}
    assert found == {f"http://127.0.0.1:8000/xac-minh/{report.code}/"}
    page = client.get(f"/xac-minh/{report.code}/")
    assert page.status_code == 200
    for told in ("12/BC-HKH", report.sha256, "HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG"):
        assert told in page.content.decode()


def test_docx_tells_the_same(report):
    document = Document(io.BytesIO(render_report_docx(report.payload, report.sha256)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for section in report.payload["sections"]:
        assert section["heading"] in text
        assert all(paragraph in text for paragraph in section["paragraphs"])
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"Quận Lê Chân", "Tổng cộng", "28"} <= cells


def test_a_name_that_begins_like_a_formula_is_text_in_the_workbook(report):
    names = dict.fromkeys(report.payload["units"], "=1+1")
    book = openpyxl.load_workbook(
        io.BytesIO(render_report_xlsx(report.payload | {"unit_name": "=1+1", "units": names}))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert len(cells) > 1
    assert {cell.data_type for cell in cells} == {"s"}


def test_xlsx_adds_up_and_its_formulas_are_the_figures(report):
    book = openpyxl.load_workbook(io.BytesIO(render_report_xlsx(report.payload, report.sha256)))
    seen = 0
    for sheet in book.worksheets[1:-1]:
        total = sheet.max_row - 1  # under it stands how many units each total holds
        for column in range(2, sheet.max_column + 1):
            cells = [sheet.cell(row, column).value for row in range(3, total)]
            told = sheet.cell(total, column).value
            if isinstance(told, str) and told.startswith("=SUM("):
                seen += 1
                letters = re.fullmatch(r"=SUM\(([A-Z]+)3:\1(\d+)\)", told)
                assert int(letters[2]) == total - 1
                assert all(cell is None or isinstance(cell, int) for cell in cells)
            else:
                assert told in {"chưa báo cáo", "*"} or isinstance(told, int)
    assert seen > 5


def test_csv_holds_public_figures_only(report):
    lines = render_report_csv(report.payload).decode("utf-8-sig").splitlines()
    assert len(lines) > 50
    assert not any(",NQ,Quận Ngô Quyền,disbursements.turns.award," in line for line in lines)


# ---- the command -----------------------------------------------------------------------------------------------


def run(capsys, *arguments):
    call_command("build_report", *arguments)
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_the_command_computes_without_storing(city, capsys, tmp_path):
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "pdf", "docx", "xlsx")}
    told = run(capsys, "2023-H1", "--unit", "HP", *(f"--{kind}={path}" for kind, path in files.items()))
    assert (told["unit"], told["half"], told["version"]) == ("HP", "2023-H1", 0)
    assert told["figures"]["disbursements.turns"] == 28
    assert told["by_unit"]["NQ"]["disbursements.turns.award"] == 3
    assert "28 lượt" in told["narrative"]
    assert json.loads(files["json"].read_text()) == told
    assert files["pdf"].read_bytes().startswith(b"%PDF-")
    assert all(path.stat().st_size > 1000 for path in files.values())
    assert not Report.objects.exists()
    assert not Closing.objects.exists()


def test_the_command_issues_under_the_pages_rules(approved, leader, approver, capsys, tmp_path):
    with pytest.raises(SystemExit) as caught:
        call_command("build_report", "2023-H1", "--unit", "HP", "--issue", "--as", "approver")
    assert caught.value.code == 1
    pdf = tmp_path / "report.pdf"
    told = run(capsys, "2023-H1", "--unit", "HP", "--issue", "--as", "leader", "--pdf", str(pdf))
    report = Report.objects.get()
    assert (told["version"], told["sha256"]) == (1, report.sha256)
    assert pdf.read_bytes() == report.content_of("pdf")


@pytest.mark.parametrize(
    "arguments",
    [
        ("2023-H3", "--unit", "HP"),
        ("2023-H1", "--unit", "XX"),
        ("2023-H1", "--unit", "HP", "--issue"),
        ("2023-H1", "--unit", "HP", "--as", "nobody"),
    ],
)
def test_the_command_is_refused_with_reasons(city, capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        call_command("build_report", *arguments)
    assert caught.value.code == 1
    assert capsys.readouterr().err.strip()


# ---- replaced behind every guard


def replace(changes: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reports_report DISABLE TRIGGER USER")
        cursor.execute(changes)
        cursor.execute("ALTER TABLE reports_report ENABLE TRIGGER USER")


OTHER = "replace(canonical, '\"unit\"', '\"unit_\"')"


REPLACED = f"""UPDATE reports_report SET payload = ({OTHER})::jsonb, canonical = {OTHER},
    sha256 = encode(sha256(convert_to({OTHER}, 'UTF8')), 'hex')"""

WITHOUT_FILES = "ALTER TABLE reports_reportfile DISABLE TRIGGER USER; DELETE FROM reports_reportfile"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (REPLACED, "report"),
        (f"{WITHOUT_FILES}; DELETE FROM reports_report", "report_gone"),
    ],
)
def test_a_report_or_its_paper_replaced_is_found(report, changes, what):
    assert find_differences() == []
    replace(changes)
    assert [one.what for one in find_differences()] == [what]


def test_what_is_closed_is_sealed_with_it(city, approved, leader, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.issue_report(unit=city["HP"], period=H1, actor=leader)
    assert SealedBlock.objects.exists()
    assert chain().unsealed_audit == 0


# ---- half-years that nobody reported on


def test_halves_never_reported_are_listed_before_and_closed_with_the_report(
    client_of, city, approved, leader, site_profile
):
    old = HalfYear(2022, 2)  # the funds were opened in it
    page = client_of(leader).get(reverse("report_detail", args=["2023-H1", "HP"]))
    assert [(one.half, one.names) for one in page.context["unreported"]] == [(old, ["Quận Lê Chân", "Quận Ngô Quyền"])]
    assert "Quận Lê Chân, Quận Ngô Quyền" in page.content.decode()
    assert not is_closed(unit=city["LC-AB"], half=old)
    report = services.issue_report(unit=city["HP"], period=H1, actor=leader)
    assert is_closed(unit=city["LC-AB"], half=old)
    entry = AuditEntry.objects.get(action="reports.report.freeze", target_id=report.pk)  # closed with its number
    assert entry.detail["never_reported"] == {"2022-H2": [city["LC"].pk, city["NQ"].pk]}
    assert "6 tháng cuối năm 2022" in Closing.objects.get(scope="through").reason
    again = client_of(leader).get(reverse("report_detail", args=["2023-H1", "HP"]))
    assert again.context["unreported"] == []
    assert "chưa từng báo cáo" in again.content.decode()


def test_what_was_listed_as_missing_or_closed_is_no_surprise(city, approved, approver, leader):
    for code in ("LC", "NQ"):
        services.mark_missing(unit=city[code], half=HalfYear(2022, 2), reason="Không có số liệu", actor=approver)
    assert find_unreported(city["HP"], H1) == []
