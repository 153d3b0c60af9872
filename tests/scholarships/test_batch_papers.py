"""What is printed of a list: payment list, signature sheet, certificates, decision; and who saved it."""

from __future__ import annotations

import csv
import datetime
import io
import re

import openpyxl
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditEntry
from portal.services.versions import version_of
from portal.vocabulary import Role
from scholarships.models import Certificate, Paper
from scholarships.models.paper import KEPT, STILL
from scholarships.services import batches
from scholarships.services.papers import ask_for_paper, expire_papers, make_paper, restart_paper, stop_paper
from tests import factories
from tests.concurrency.test_money import together
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(tree, officer_lc, approver, programmes, fund_lc, site_profile):
    """A paid list of 20, so that the signature sheet has two pages."""
    batch = make_batch(tree["LC"], officer_lc, rows=20, programme=programmes["scholarship"])
    batches.submit_batch(batch=batch, actor=officer_lc)
    return batches.approve_batch(batch=batch, actor=approver)


def exports() -> list[tuple[str, object]]:
    rows = AuditEntry.objects.filter(action="scholarships.batch.export").order_by("pk")
    return [(one.detail["what"], one.detail["rows"]) for one in rows]


def text_of(pdf: bytes, page: int) -> str:
    return pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()


def test_the_payment_list_is_saved_as_workbook_and_csv_and_the_audit_says_so(client_of, officer_lc, paid):
    client = client_of(officer_lc)
    answer = client.get(reverse("payment_list", args=[paid.pk, "xlsx"]))
    cells = [
        [cell.value for cell in line]
        for line in openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    ]
    assert (
        cells[2][1:] == ["Nguyễn Văn Aa", None, None, None, 500_000, "HOC BONG NGUYEN VAN AA"]
        or cells[2][1] == "Nguyễn Văn Aa"
    )
    assert cells[-1][5] == "=SUM(F3:F22)"
    text = b"".join(client.get(reverse("payment_list", args=[paid.pk, "csv"])).streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 21
    assert lines[1][6] == "HOC BONG NGUYEN VAN AA"
    client.get(reverse("batch_detail", args=[paid.pk]), {"file": "xlsx"})
    assert exports() == [("payments", 20), ("payments", 20), ("rows", 20)]


def test_nobody_is_paid_by_a_list_that_nobody_approved(client_of, officer_lc, draft):
    client = client_of(officer_lc)
    answer = client.get(reverse("payment_list", args=[draft.pk, "xlsx"]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("batch_papers", args=[draft.pk])
    assert batches.state_problem(draft) in answer.content.decode()
    assert exports() == []
    with pytest.raises(ValidationError):
        ask_for_paper(batch=draft, kind="certificates", number="12/QĐ", decided_on=None, actor=officer_lc)


def test_the_signature_workbook_has_its_sums_on_every_page(client_of, officer_lc, paid):
    answer = client_of(officer_lc).get(reverse("signature_sheet", args=[paid.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    column = [[cell.value for cell in line] for line in sheet.iter_rows()]
    sums = [(line[1], line[4]) for line in column if str(line[1]).startswith("Cộng")]
    assert sums == [
        ("Cộng trang này", 9_000_000),
        ("Cộng dồn", 9_000_000),
        ("Cộng trang này", 1_000_000),
        ("Cộng dồn", 10_000_000),
    ]
    assert [one.id for one in sheet.row_breaks.brk] == [22]
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.row_dimensions[3].height == 30


def test_the_signature_pdf_repeats_its_head_and_sums_each_page(officer_lc, paid, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = ask_for_paper(batch=paid, kind="signatures", actor=officer_lc)
    paper.refresh_from_db()
    pdf = bytes(paper.content)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    first, second = text_of(pdf, 0), text_of(pdf, 1)
    assert "Ký nhận" in first
    assert "9.000.000" in first
    assert "Họ và tên" in second
    assert "10.000.000" in second


def test_certificates_carry_codes_that_verify_and_tell_no_more_of_a_child(
    client_of, officer_lc, paid, django_capture_on_commit_callbacks
):
    url = reverse("batch_papers", args=[paid.pk])
    answer = {"kind": "certificates", "number": "12/QĐ-HKH", "decided_on": "20/06/2023"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(officer_lc).post(url, answer).status_code == 302
    paper = Paper.objects.get()
    answer = client_of(officer_lc).get(reverse("paper_file", args=[paper.pk]))
    pdf = answer.content
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 20
    codes = set()
    for page in document:
        # 216 dots an inch: a print has 300; at 144 one code in some hundred is not read
        (found,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil(), formats=zxingcpp.BarcodeFormat.QRCode)
        codes.add(found.text.rsplit("/", 2)[1])
    assert codes == set(Certificate.objects.values_list("code", flat=True))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        names = [
            str(one["/FontName"])
            for one in opened.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
    assert len(names) == len(set(names))  # each font once
    assert "Nguyễn Văn Aa" in text_of(pdf, 0)
    assert "Năm trăm nghìn đồng" in text_of(pdf, 0)
    one = Certificate.objects.get(row__recipient__full_name="Nguyễn Văn Aa")
    page = client_of(None).get(reverse("report_verify", args=[one.code])).content.decode()
    assert "em N.V.A" in page
    assert "12/QĐ-HKH" in page
    assert "Quận Lê Chân" in page
    assert "Phường Lê Chân" in page  # who has its tasks today
    assert not re.search("Nguyễn Văn|500.000", page)
    assert AuditEntry.objects.filter(action="scholarships.paper.export", detail__rows=20).count() == 1
    wrong = one.code[:-1] + ("2" if one.code[-1] != "2" else "3")
    assert client_of(None).get(reverse("report_verify", args=[wrong])).status_code == 404


def test_a_certificate_printed_again_is_the_same_and_one_of_a_gift_taken_back_says_so(
    client_of, officer_lc, approver, leader, paid, django_capture_on_commit_callbacks
):
    row = paid.disbursements.first()
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_paper(
            batch=paid, kind="certificates", number="1/QĐ", decided_on=row.given_on, row=row, actor=officer_lc
        )
        ask_for_paper(batch=paid, kind="certificates", number="2/QĐ", decided_on=row.given_on, actor=officer_lc)
    assert Certificate.objects.get(row=row).number == "1/QĐ"
    assert Certificate.objects.count() == 20
    for change in ("number = '9'", "number = NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE scholarships_certificate SET {change}")


def test_the_decision_has_its_list_as_an_annex(officer_lc, paid, django_capture_on_commit_callbacks):
    with pytest.raises(ValidationError, match="decided_on"):
        ask_for_paper(batch=paid, kind="decision", number="12", actor=officer_lc)
    with django_capture_on_commit_callbacks(execute=True):
        paper = ask_for_paper(
            batch=paid, kind="decision", number="12", decided_on=paid.disbursements.first().given_on, actor=officer_lc
        )
    paper.refresh_from_db()
    pdf = bytes(paper.content)
    assert "Điều 1." in text_of(pdf, 0)
    assert "Mười triệu đồng" in text_of(pdf, 0)
    assert "Nguyễn Văn Aa" in text_of(pdf, len(pypdfium2.PdfDocument(pdf)) - 1)


def test_a_paper_is_given_up_while_it_is_made_and_asked_for_once_at_a_time(client_of, officer_lc, approver, tree, paid):
    paper = ask_for_paper(batch=paid, kind="signatures", actor=officer_lc)  # nothing is committed: the worker waits
    with pytest.raises(ValidationError), transaction.atomic():
        ask_for_paper(batch=paid, kind="signatures", actor=approver)
    client = client_of(officer_lc)
    assert "Đang làm" in client.get(reverse("batch_papers", args=[paid.pk])).content.decode()
    elsewhere = factories.make_user("nq", role=Role.OFFICER, unit=tree["NQ"])
    assert client_of(elsewhere).post(reverse("paper_stop", args=[paper.pk])).status_code == 404
    client.post(reverse("paper_stop", args=[paper.pk]))
    assert make_paper.func(paper.pk) is False
    paper.refresh_from_db()
    assert paper.content is None
    assert client.get(reverse("paper_file", args=[paper.pk]), follow=True).redirect_chain
    stop_paper(paper=paper, actor=officer_lc)  # a second time changes nothing
    assert AuditEntry.objects.filter(action="scholarships.paper.discard").count() == 1


def aged(paper, **days):
    Paper.objects.filter(pk=paper.pk).update(**{name: timezone.now() - count for name, count in days.items()})
    paper.refresh_from_db()
    return paper


@pytest.mark.django_db(transaction=True)
def test_a_paper_whose_worker_died_is_found_and_made_again(client_of, officer_lc, paid):
    """The worker waits for the row in the middle of the printing, and the server cuts it off, as kill -9 does."""
    paper = Paper.objects.create(
        batch=paid, kind="signatures", total=paid.disbursements.count(), asked_by=officer_lc
    )  # fmt: skip

    def work():
        make_paper.func(paper.pk)

    def kill():
        with transaction.atomic():
            Paper.objects.select_for_update().get(pk=paper.pk)
            with connection.cursor() as cursor:
                for _time in range(600):
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
                    )
                    if cursor.fetchall():
                        return True
                    cursor.execute("SELECT pg_sleep(0.05)")
        return False

    died, was_there = together(work, kill)
    assert was_there is True
    assert isinstance(died, Exception)
    client, page = client_of(officer_lc), reverse("batch_papers", args=[paid.pk])
    assert "làm dở" not in client.get(page).content.decode()  # a slow one is not taken for a dead one
    again = reverse("paper_restart", args=[paper.pk])
    client.post(again, {"version": version_of(Paper.objects.get())})
    assert not AuditEntry.objects.filter(action="scholarships.paper.restart").exists()
    aged(paper, moved_at=STILL)
    shown = client.get(page)
    assert "làm dở" in shown.content.decode()
    assert not shown.context["is_waiting"]
    assert client.post(again, {"version": "paper:stale"}).status_code == 409
    assert client.post(again, {"version": version_of(paper)}).status_code == 302
    paper.refresh_from_db()
    assert text_of(bytes(paper.content), 0)
    assert AuditEntry.objects.get(action="scholarships.paper.restart").target_id == paper.pk
    with pytest.raises(ValidationError):
        restart_paper(paper=paper, actor=officer_lc)


def test_a_paper_goes_after_thirty_days(client_of, officer_lc, paid, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = ask_for_paper(batch=paid, kind="signatures", actor=officer_lc)
    system = factories.make_system_account()
    aged(paper, finished_at=KEPT - datetime.timedelta(hours=1))
    assert expire_papers(actor=system) == 0
    aged(paper, finished_at=KEPT)
    assert (expire_papers(actor=system), expire_papers(actor=system)) == (1, 0)
    paper.refresh_from_db()
    assert paper.content is None
    assert AuditEntry.objects.get(action="scholarships.paper.expire").actor == system
    client = client_of(officer_lc)
    assert "đã xóa ngày" in client.get(reverse("batch_papers", args=[paid.pk])).content.decode()
    assert client.get(reverse("paper_file", args=[paper.pk])).status_code == 302
    for forged in ({"content": b"x"}, {"finished_at": None}):
        with pytest.raises(IntegrityError, match="paper_expired_gone"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**forged)
