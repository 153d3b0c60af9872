"""A half-year goes to and fro: reasons at single figures, the predecessor's figures, reminders, paper to sign, its scan."""

import datetime as dt
import io

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import next_working_day
from portal.models import UnitSuccession
from portal.vocabulary import Role
from reports import services
from reports.figures import due_dates, due_on
from reports.models import Deadline, Report, ReportScan, Submission
from reports.services.scanning import attach_scan
from reports.services.submissions import last_of_predecessors
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)
PDF = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"
EVENTS, RADIO = "communication.events", "communication.radio"


def text_of(pdf):
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf))


@pytest.fixture
def sent(city):
    officer = rows.officer_of(city["LC"], "officer.lc")
    return rows.declare(city["LC"], H1, officer, {EVENTS: 5, RADIO: 700}), officer


def test_a_reason_at_a_figure_stands_there_until_it_is_mended(client_of, city, approver, sent):
    submission, officer = sent
    address = reverse("submission_return", args=[H1, "LC"])
    told = {"return-reason": "Xem lại số tin phát thanh", "return-cell_1": RADIO, "return-words_1": "Có phải 70 không?"}
    half_said = client_of(approver).post(address, told | {"return-words_1": ""})
    assert "Vui lòng ghi điều cần sửa" in half_said.content.decode()
    assert client_of(approver).post(address, told).status_code == 302
    submission.refresh_from_db()
    assert (submission.state, submission.cell_reasons) == ("returned", {RADIO: "Có phải 70 không?"})
    for page in ("submission_edit", "submission_detail"):
        shown = client_of(officer).get(reverse(page, args=[H1, "LC"])).content.decode()
        assert "Có phải 70 không?" in shown
    save = {"unit": city["LC"], "half": H1, "texts": {}, "actor": officer}
    services.save_submission(values={EVENTS: 6}, **save)
    submission.refresh_from_db()
    assert submission.cell_reasons == {RADIO: "Có phải 70 không?"}  # another figure mends nothing
    services.save_submission(values={RADIO: 70}, **save)
    submission.refresh_from_db()
    assert submission.cell_reasons == {}


def test_a_new_unit_sees_what_its_predecessor_declared(client_of, city):
    before, half = HalfYear(2025, 1), HalfYear(2025, 2)
    old = factories.make_unit("CU", "Quận Cũ", parent=city["HP"], until=dt.date(2025, 7, 1))
    new = factories.make_unit("MOI", "Phường Mới", parent=city["HP"], since=dt.date(2025, 7, 1))
    UnitSuccession.objects.create(
        from_unit=old, to_unit=new, on_date=dt.date(2025, 7, 1), kind="merge", legal_basis="1/NQ"
    )
    officer = factories.make_user("officer.moi", role=Role.OFFICER, unit=new)
    made = Submission.objects.create(unit=old, half=before.code, entered_by=rows.system())
    made.values.create(indicator=EVENTS, value=41)
    assert last_of_predecessors(new, half) == ({EVENTS: 41}, ["Quận Cũ"])
    assert last_of_predecessors(city["LC"], H1) == ({}, [])
    page = client_of(officer).get(reverse("submission_edit", args=[half, "MOI"]))
    if page.status_code == 200:  # its level owes half-years
        assert "Quận Cũ" in page.content.decode()


def test_the_half_year_is_printed_under_the_units_own_head(client_of, city, sent):
    _submission, officer = sent
    printed = text_of(client_of(officer).get(reverse("submission_print", args=[H1, "LC"])).content)
    for said in ("HỘI KHUYẾN HỌC QUẬN LÊ CHÂN", "700", "chưa báo cáo", "Lưu: VT"):
        assert said.casefold() in printed.casefold()
    assert client_of(officer).get(reverse("submission_print", args=[H1.next(), "LC"])).status_code == 404


def test_the_board_proposes_a_working_day_and_writes_the_reminder(client_of, city, approver, sent):
    assert next_working_day(dt.date(2027, 7, 10)) == dt.date(2027, 7, 12)  # a Saturday
    assert next_working_day(dt.date(2025, 9, 2)) == dt.date(2025, 9, 3)  # the national day
    assert next_working_day(dt.date(2023, 7, 10)) == dt.date(2023, 7, 10)
    text = client_of(approver).get(reverse("half_board", args=[H1])).content.decode()
    assert "hạn gửi Thứ Hai, 10/07/2023" in text
    copied = text.split('data-copy="')[1].split('"')[0]
    assert "Quận Ngô Quyền: quá hạn" in copied
    assert "Lê Chân" not in copied  # it has sent
    assert "data-copy" not in client_of(rows.officer_of(city["NQ"], "officer.nq")).get(
        reverse("half_board", args=[H1])
    ).content.decode()  # fmt: skip


def test_the_usual_deadline_is_a_working_day_and_one_on_a_sunday_is_said(client_of, city, approver):
    h2 = HalfYear(2026, 2)  # ten days after its end it is a Sunday
    assert due_on(h2) == dt.date(2027, 1, 11) == due_dates([h2])["2026-H2"]
    assert due_on(H1) == dt.date(2023, 7, 10) == due_dates([H1])["2023-H1"]
    client, board = client_of(approver), reverse("half_board", args=[H1])
    client.post(reverse("half_deadline", args=[H1]), {"due_on": "9/7/2023"})
    assert Deadline.objects.get().due_on == due_on(H1) == dt.date(2023, 7, 9)  # who sets it may know why
    said = "Chủ Nhật, 09/07/2023 không phải ngày làm việc. Ngày làm việc tiếp theo là Thứ Hai, 10/07/2023."
    page = client.get(board).content.decode()
    assert said in page
    assert 'aria-describedby="id_due_on_helptext"' in page
    client.post(reverse("half_deadline", args=[H1]), {"due_on": "10/7/2023"})
    assert "không phải ngày làm việc" not in client.get(board).content.decode()


def test_no_scan_comes_to_a_version_thrown_away_meanwhile(city, leader):
    report = rows.freeze(city["HP"], H1, leader, state="frozen")
    services.discard_report(report=Report.objects.get(), reason="Sửa lời văn trước khi ký", actor=leader)
    with pytest.raises(ValidationError, match="đã bị bỏ"):
        attach_scan(report=report, file=SimpleUploadedFile("a.pdf", PDF), actor=leader)
    assert not ReportScan.objects.exists()


def test_the_signed_paper_is_kept_before_and_after_issuing(client_of, city, leader):
    report = rows.freeze(city["HP"], H1, leader, state="frozen")
    address, client = reverse("report_scan_add", args=[H1, "HP"]), client_of(leader)
    stream = io.BytesIO()
    Image.new("RGB", (50, 70)).save(stream, "PNG")
    cut, locked = b"%PDF-1.7 x", PDF.replace(b"startxref", b"/Encrypt 4 0 R startxref")  # what is kept can never go
    files = (("a.pdf", PDF), ("b.png", stream.getvalue()), ("c.exe", b"MZ"), ("d.pdf", cut), ("e.pdf", locked))
    for name, content in files:
        client.post(address, {"report": report.pk, "file": SimpleUploadedFile(name, content)})
    assert list(ReportScan.objects.values_list("ending", flat=True)) == ["pdf", "jpg"]
    services.publish_report(report=report, actor=leader)
    client.post(address, {"report": report.pk, "file": SimpleUploadedFile("d.pdf", PDF)})
    first = ReportScan.objects.first()
    got = client.get(reverse("report_scan", args=[first.pk]))
    assert (got.content, got.headers["Content-Type"]) == (PDF, "application/pdf")
    assert ReportScan.objects.count() == 3
    stranger = factories.make_user("officer.far", role=Role.OFFICER, unit=city["NQ"])
    assert client_of(stranger).get(reverse("report_scan", args=[first.pk])).status_code in {200, 404}
