"""The files of an issued report: made once, kept with a hash each, handed out as they are; a changed byte is found."""

import dataclasses
import datetime as dt
import hashlib
import io
import json
import re

import lxml.html
import openpyxl
import pypdfium2
import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.template.base import Template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import trans_real
from docx import Document

from members.models import Member
from members.services.moves import transfer_member
from portal.lib.periods import HalfYear
from portal.lib.qr import format_code
from portal.models import SiteProfile
from portal.services.reorganising import Plan, apply_plan, check_plan
from portal.vocabulary import ReportFileKind
from reports import services
from reports.figures import INDICATORS
from reports.models import Submission
from reports.services.documents import render_report_pdf
from reports.services.handing_out import find_public_file
from reports.services.scanning import attach_scan
from scholarships.models import Batch
from scholarships.services.batches import reverse_batch
from scholarships.services.verifying import find_differences
from tests.reports import rows
from tests.two_persons import agree

H1 = HalfYear(2023, 1)
ADDRESSES = [f"/bao-cao/2023-H1/HP.{kind}" for kind in ("pdf", "docx", "xlsx", "json")] + [
    "/du-lieu-mo/2023-H1/HP.csv",
    "/bao-cao/2023-H1/HP/tom-tat.pdf",
]


@pytest.fixture
def approved(city, approver):
    rows.approve_all(city, H1, approver, {"LC": {"communication.events": 40}})
    return city


@pytest.fixture
def report(approved, leader):
    return services.issue_report(unit=approved["HP"], period=H1, number=12, actor=leader)


def page_body(client, language="vi"):
    content = client.get("/bao-cao/2023-H1/HP/", headers={"Accept-Language": language}).content.decode()
    tables = content[content.index('class="report-tables"') :]
    return re.sub(r'nonce="[^"]*"', "", tables[: tables.index("</section>")])


def test_what_was_issued_stays_byte_for_byte(report, client, monkeypatch):
    before = {address: client.get(address).content for address in ADDRESSES}
    page = page_body(client)
    for name in ("members.new", "disbursements.turns"):
        monkeypatch.setitem(INDICATORS, name, dataclasses.replace(INDICATORS[name], label="Tên khác"))
    new = dataclasses.replace(INDICATORS["chapters.total"], code="chapters.new", label="Chỉ tiêu mới")
    monkeypatch.setitem(INDICATORS, "chapters.new", new)
    SiteProfile.objects.update(issuing_body="HỘI KHÁC", signature_name="Người khác")
    for address in ADDRESSES:
        assert client.get(address, headers={"Accept-Language": "en"}).content == before[address], address
    assert page_body(client) == page
    assert "Chỉ tiêu mới" not in page


def move_a_member(city, officer, approver, leader):
    member = Member.objects.get(full_name="Hội viên 0")
    transfer_member(member=member, unit=city["LC-AB"], moved_on=dt.date(2023, 8, 1), actor=officer)


def take_a_list_back(city, officer, approver, leader):
    batch = Batch.objects.filter(unit=city["NQ"]).first()
    agree(reverse_batch(batch=batch, reason="Trao nhầm cả danh sách.", actor=approver), by=leader)


def open_by_exception(city, officer, approver, leader):
    given = {"person": officer, "until": timezone.now() + dt.timedelta(days=2), "reason": "Sửa số chi hội"}
    agree(services.propose_exception(unit=city["LC"], half=H1, actor=approver, **given), by=leader)
    services.save_submission(unit=city["LC"], half=H1, values={"chapters.total": 12}, texts={}, actor=officer)
    sent = services.submit_submission(submission=Submission.objects.get(unit=city["LC"]), actor=officer)
    services.approve_submission(submission=sent, actor=approver)


def merge_units(city, officer, approver, leader):
    day = dt.date(2026, 3, 1)
    plan = Plan("merge", [city["NGOQUYEN"]], day, "1/NQ", dt.date(2026, 2, 1), "HĐND", [city["LECHAN"]], [])
    check_plan(plan)
    apply_plan(plan, city["HP"], rows.system())


def test_whatever_happens_after_no_byte_of_it_changes(report, approved, approver, leader, client, monkeypatch):
    """One story: a member moves, a list is taken back, the half-year opened, units merge; templates and words change."""
    before, officer = (
        {address: client.get(address).content for address in ADDRESSES},
        rows.officer_of(approved["LC"], "officer.lc"),
    )
    for happens in (move_a_member, take_a_list_back, open_by_exception, merge_units):
        happens(approved, officer, approver, leader)
        assert found() == set(), happens.__name__
    assert services.build(approved["HP"], H1).exact != report.exact, "something has happened"
    SiteProfile.objects.update(issuing_body="HỘI KHÁC", signature_name="Người khác")
    monkeypatch.setattr(Template, "render", lambda *_given: "Mẫu khác")
    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", lambda *_given: "Lời khác")
    for address in ADDRESSES:
        assert client.get(address).content == before[address], address
    assert found() == set()
    forge("UPDATE reports_reportfile SET content = 'x', sha256 = encode(sha256('x'), 'hex') WHERE kind = 'docx'")
    assert found() == {("report_file", "docx")}


# ---- a changed byte is found -----------------------------------------------------------------------------------


SIGNED = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"


def forge(sql):
    """Change what no service changes, as somebody with the database in hand would."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = replica; {sql}; SET session_replication_role = origin")


def found():
    return {(one.what, one.where.partition(") ")[0].rpartition(", ")[2]) for one in find_differences()}


def test_an_untouched_report_verifies(report):
    assert found() == set()
    assert set(report.files.values_list("kind", flat=True)) == {
        "pdf",
        "docx",
        "xlsx",
        "csv",
        "json",
        "charts",
        "summary",
    }


def test_a_changed_byte_of_any_file_is_found(report):
    kinds = [kind.value for kind in ReportFileKind]
    drop = "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE reports_reportfile DROP CONSTRAINT report_file_hash"
    forge(f"{drop}; UPDATE reports_reportfile SET content = overlay(content PLACING '\\x21'::bytea FROM 9)")
    assert found() == {("report_file", kind) for kind in kinds}


def test_a_scan_of_the_signed_paper_does_not_change(report, leader):
    scan = attach_scan(report=report, file=SimpleUploadedFile("a.pdf", SIGNED), actor=leader)
    assert found() == set()
    for change in ("UPDATE reports_reportscan SET ending = 'jpg'", "DELETE FROM reports_reportscan"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE reports_reportscan CASCADE")
    forge("UPDATE reports_reportscan SET content = '%PDF-1.7 forged'")
    assert found() == {("report_scan", f"scan {scan.pk}")}
    forge(f"UPDATE reports_reportscan SET content = decode('{SIGNED.hex()}', 'hex')")
    assert found() == set()
    forge("DELETE FROM reports_reportscan")
    assert found() == {("report_scan", f"scan {scan.pk}")}


def test_a_file_replaced_with_its_hash_or_gone_is_found(report):
    forge("UPDATE reports_reportfile SET content = 'x', sha256 = encode(sha256('x'), 'hex') WHERE kind = 'pdf'")
    forge("DELETE FROM reports_reportfile WHERE kind = 'csv'")
    assert found() == {("report_file", "pdf"), ("report_file", "csv")}


def test_a_changed_figure_for_our_own_eyes_is_found(report):
    forge("UPDATE reports_report SET exact = jsonb_set(exact, '{figures,members.new}', '5')")
    assert {what for what, _where in found()} == {"report_exact"}


def test_the_database_refuses_to_change_a_file(report):
    for statement in (
        "UPDATE reports_reportfile SET content = 'x'",
        "UPDATE reports_reportfile SET content = NULL",
        "DELETE FROM reports_reportfile",
        "TRUNCATE reports_reportfile",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")


def test_the_database_refuses_a_file_under_another_hash(report):
    forge("DELETE FROM reports_reportfile WHERE kind = 'csv'")
    insert = "INSERT INTO reports_reportfile (report_id, kind, content, sha256) VALUES (%s, 'csv', 'x', {})"
    for sha256 in ("repeat('0', 64)", "NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert.format(sha256), [report.pk])
    with connection.cursor() as cursor:
        cursor.execute(insert.format("encode(sha256('x'), 'hex')"), [report.pk])


def test_the_hash_of_a_file_is_that_of_its_bytes(report, client):
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'


# ---- one address a file ----------------------------------------------------------------------------------------


def test_a_query_that_nobody_knows_leads_to_the_plain_address(report, client):
    for address in ("/bao-cao/2023-H1/HP/", *ADDRESSES):
        answer = client.get(address, {"fbclid": "1"})
        assert (answer.status_code, answer["Location"]) == (302, address)
        answer = client.get(address, {"utm": "1", "version": "1"})
        assert (answer.status_code, answer["Location"]) == (302, f"{address}?version=1")
        assert client.get(address, {"version": "1"}).status_code == 200


# ---- handed out before anything of the reader is looked at ------------------------------------------------------

ADDRESS_NAMES = {
    "report_download": ({"kind": kind} for kind in ("pdf", "docx", "xlsx", "json")),
    "report_summary": ({},), "open_data_file": ({},), "open_data_json": ({},),
}  # fmt: skip


def test_a_stored_file_has_the_headers_of_every_answer(report, client):
    """The version's own address goes through every step; the plain one is answered before them, and says the same."""
    for name, more in ADDRESS_NAMES.items():
        for one in more:
            address = reverse(name, kwargs={"period": H1, "code": "HP"} | one)
            early, late = client.get(address), client.get(address, {"version": "1"})
            assert (early.status_code, early.content) == (late.status_code, late.content), address
            assert early["Cache-Control"] == "public, max-age=0, s-maxage=1"  # taken back, it is gone for everybody
            told = {key: value for key, value in late.items() if key not in {"Vary", "Content-Language"}}
            assert dict(early.items()) == told, address
            for tag in (early["ETag"], f"W/{early['ETag']}", f'"another", {early["ETag"]}'):  # weak: a proxy packed it
                assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
            other = client.get(address, headers={"If-Match": '"another"'})
            assert (other.status_code, "public" in other.get("Cache-Control", "")) == (412, False)
            assert client.head(address).status_code == 200
            assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/bao-cao/2023-H1/HP.csv", "/du-lieu-mo/2023-H1/HP.pdf", "/bao-cao/2023-H1/HP.charts", "/bao-cao/1000-H1/HP.pdf",
     "/du-lieu-mo/2023-H1/HP/tom-tat.pdf", "/bao-cao/2023-H1/LC.pdf", "/bao-cao/2023-H2/HP.pdf"],
)  # fmt: skip
def test_what_is_no_stored_file_is_not_found(report, client, address):
    assert client.get(address).status_code == 404


def test_a_stored_file_goes_to_no_other_host(report, client):
    assert client.get("/bao-cao/2023-H1/HP.pdf", headers={"host": "khac.example"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_opened_again():
    """No question goes before the one that finds the file, so it is asked once more where the server was away."""
    connection.ensure_connection()
    other, cut = connection.copy(), connection.connection.info.backend_pid
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [cut])
    other.close()
    assert find_public_file(H1, "HP", "pdf", None) is None
    assert connection.connection.info.backend_pid != cut


# ---- not reported is not nothing -------------------------------------------------------------------------------


@pytest.fixture
def half_told(city, approver, leader):
    """LC reports 0 members and 40 events; NQ is missing, with a list of 9 turns and one new member."""
    one = rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"), {"communication.events": 40})
    services.approve_submission(submission=one, actor=approver)
    services.mark_missing(unit=city["NQ"], half=H1, reason="Không gửi đúng hạn", actor=approver)
    return services.issue_report(unit=city["HP"], period=H1, actor=leader)


def test_what_a_missing_unit_did_not_say_is_no_zero(half_told):
    told, exact = half_told.payload["by_unit"], half_told.exact["by_unit"]
    assert "communication.articles" not in told["NQ"]
    assert told["LC"]["communication.articles"] == 0
    assert exact["NQ"]["disbursements.turns"] == 9  # by its list: recorded, and in the total
    assert all(exact["NQ"].values())


def test_totals_say_how_many_units_they_hold(half_told):
    coverage = half_told.payload["coverage"]
    assert coverage["units"] == 2
    assert coverage["with_figure"]["communication.events"] == 1
    assert coverage["with_figure"]["disbursements.turns"] == 2


def test_the_report_lists_who_is_missing_and_why_and_what_its_lists_gave(half_told, client):
    assert half_told.payload["absent"] == [{"unit": "NQ", "name": "Quận Ngô Quyền", "reason": "Không gửi đúng hạn"}]
    assert half_told.payload["through_lists"]["units"] == 1
    assert half_told.payload["through_lists"]["figures"]["disbursements.turns"] == 9
    said = "ghi nhận qua danh sách trao của 1 đơn vị chưa gửi báo cáo"
    assert said in half_told.payload["narrative"]
    paper = pypdfium2.PdfDocument(half_told.content_of("pdf"))
    texts = {
        "page": client.get("/bao-cao/2023-H1/HP/").content.decode(),
        "pdf": " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in paper),
        "docx": " ".join(one.text for one in Document(io.BytesIO(half_told.content_of("docx"))).paragraphs),
    }
    for where, text in texts.items():
        assert "Không gửi đúng hạn" in text, where
        assert said in text, where
    assert "1/2" in texts["page"]
    assert "1/2" in texts["pdf"]


def test_files_say_not_reported_in_words(half_told):
    book = openpyxl.load_workbook(io.BytesIO(half_told.content_of("xlsx")), data_only=True)
    cells = {
        (sheet.cell(row, 1).value, sheet.cell(2, column).value): sheet.cell(row, column).value
        for sheet in book.worksheets
        if sheet.title.startswith("Biểu")
        for row in range(3, sheet.max_row + 1)
        for column in range(2, sheet.max_column + 1)
    }
    events = next(label for name, label in cells if label and "tuyên truyền" in label)
    assert cells["Quận Ngô Quyền", events] == "chưa báo cáo"
    assert cells["Quận Lê Chân", events] == 40
    assert cells["Số đơn vị có số liệu", events] == "1/2"
    lines = half_told.content_of("csv").decode("utf-8-sig").splitlines()
    told = [line for line in lines if ",NQ,Quận Ngô Quyền,đơn vị,communication.events," in line]
    assert len(told) == 1
    assert ",chưa báo cáo," in told[0]
    total = [line for line in lines if ",HP," in line and ",tổng,communication.events," in line]
    assert total[0].endswith(",1,2")


def test_a_declared_yes_is_said_in_words(city, approver, leader, client, client_of):
    rows.approve_all(city, H1, approver, {"LC": {"funds.topup_policy": 1}, "NQ": {"funds.topup_policy": 0}})
    report = services.issue_report(unit=city["HP"], period=H1, actor=leader)
    page = page_body(client)
    assert '<td class="num">Có</td>' in page
    assert '<td class="num">Không</td>' in page

    staff = client_of(leader).get(reverse("figure_detail", args=[H1, "HP", "funds.topup_policy"])).content.decode()
    assert re.findall(r'<td class="num">\s*([^<]*?)\s*</td>', staff) == [
        "Có",
        "Không",
        "1",
    ]  # of the total how many say yes

    label = report.payload["indicators"]["funds.topup_policy"]["label"]
    book = openpyxl.load_workbook(io.BytesIO(report.content_of("xlsx")))
    (column,) = [
        column for sheet in book for column in sheet.iter_cols() if any(str(one.value).startswith(label) for one in column)
        and sheet.title.startswith("Biểu")
    ]  # fmt: skip
    said = [(cell.value, cell.number_format) for cell in column if isinstance(cell.value, int)]
    assert said == [(value, '[=1]"Có";[=0]"Không";#,##0') for value in (1, 0)]
    (total,) = [cell for cell in column if str(cell.value).startswith("=SUM(")]
    assert total.number_format == "#,##0"


def test_the_page_is_a_document_whose_contents_and_headline_lead_to_their_places(city, approver, leader, client):
    one = rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"))
    services.approve_submission(submission=one, actor=approver)
    report = rows.freeze(city["HP"], H1, leader)
    page = lxml.html.fromstring(client.get(f"/bao-cao/{H1}/HP/").content)
    ids = page.xpath("//main//@id")
    assert len(ids) == len(set(ids))
    listed = [link.removeprefix("#") for link in page.xpath("//nav[@aria-labelledby='contents']//a/@href")]
    assert set(listed) <= set(ids)
    assert listed == sorted(listed, key=ids.index)  # in the order of the page: text, then charts, then tables
    assert {"text", "tables", "bieu-quy-khuyen-hoc", "verify"} <= set(listed)

    chapters = page.xpath("//section[@aria-labelledby='text']//*[self::h3 or self::h4]/@id")
    assert len(chapters) > 5
    assert set(chapters) < set(listed)

    figures = page.xpath("//main//div[dt and dd[@class='figure-value']]")
    assert len(figures) == 5
    for figure in figures:
        label = figure.findtext("dt").strip()
        link = figure.xpath("string(.//a/@href)")
        if not link:  # a table of which nobody has any figure is not printed
            assert label == "Gia đình học tập, được công nhận"
            continue
        (table,) = page.xpath("//*[@id=$place]", place=link.removeprefix("#"))
        assert any(label in head.text_content() for head in table.xpath(".//thead//th"))
        terms = table.xpath(".//details//dl[@class='facts']/dt")
        assert any(term.text_content().startswith(label) for term in terms)
    held = [
        found[0] if (found := re.findall(r"\d+/2 đơn vị có số liệu", figure.text_content())) else ""
        for figure in figures
    ]
    counts = [one["units"] for one in report.payload["headline"]]
    assert held == ["" if count == 2 else f"{count}/2 đơn vị có số liệu" for count in counts]
    assert len(set(held)) > 1  # else nothing was asked here


def test_every_figure_has_a_definition_frozen_with_it(report):
    for code, told in report.payload["indicators"].items():
        assert len(told["definition"]) > 10, code
        assert told["definition"] != told["label"], code


def test_a_report_of_a_district_waits_for_its_own_half_year_only(city, approver, leader):
    with pytest.raises(ValidationError, match="Quận Lê Chân"), transaction.atomic():
        services.issue_report(unit=city["LC"], period=H1, actor=leader)
    one = rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"))
    services.approve_submission(submission=one, actor=approver)
    made = services.issue_report(unit=city["LC"], period=H1, actor=leader)
    assert made.payload["head"]["issuer"] == "Hội Khuyến học quận Lê Chân"
    assert made.payload["head"]["superior"] == "HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG"


# ---- the paper in the hand -------------------------------------------------------------------------------------


def test_a_forged_paper_is_exposed_by_the_verification_page(report, client):
    """The paper says 33 turns under the true code and hash: the page says 28, and what the other figures are."""
    forged = report.payload | {"figures": report.payload["figures"] | {"disbursements.turns": 33}}
    paper = render_report_pdf(forged, report.sha256)
    code = zxingcpp.read_barcodes(pypdfium2.PdfDocument(paper)[0].render(scale=3).to_pil())[0].text
    page = client.get(code.removeprefix("http://127.0.0.1:8000")).content.decode()
    told = [(one["label"], one["text"]) for one in report.payload["headline"]]
    assert len(told) == 5
    assert told[0][1] == "28"
    for label, text in told:
        assert f"<dt>{label}</dt><dd><strong>{text}</strong></dd>" in page
    stored = {one.kind: one.sha256 for one in report.files.all()}
    assert stored["pdf"] in page
    assert report.sha256 in page
    assert hashlib.sha256(paper).hexdigest() not in page
    assert "/bao-cao/2023-H1/HP.pdf?version=1" in page
    assert json.loads(re.search(r'id="compare-hashes"[^>]*>([^<]*)<', page)[1]) == stored


def test_every_page_carries_code_and_qr(report):
    code = format_code(report.code)
    for page in pypdfium2.PdfDocument(report.content_of("pdf")):
        assert code in page.get_textpage().get_text_range()
        found = {one.text for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}
        assert found == {f"http://127.0.0.1:8000/xac-minh/{report.code}/"}
