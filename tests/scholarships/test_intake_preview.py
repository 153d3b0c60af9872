"""A workbook on its way in: looked at, mended in the preview itself, taken in; nothing of another unit."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intakes.models import Intake
from scholarships.models import Batch, Disbursement

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Lớp", "Trường", "Hoàn cảnh", "Hình thức", "Số tiền (đồng)", "Ngày trao"]
GOOD = [
    [1, "Nguyễn Văn An", "12/03/2011", "6A", "THCS Võ Thị Sáu", "Hộ nghèo", "Học bổng", 500000, "20/05/2023"],
    [2, "Trần Thị Bình", "2012", "5B", "TH Kim Đồng", "", "Khen thưởng", 300000, "21/05/2023"],
    [3, "Lê Văn Cường", "01/09/2010", "7C", "THCS Võ Thị Sáu", "Mồ côi", "Hỗ trợ", 1000000, "21/05/2023"],
]
BAD = [
    [4, "", "2011", "6A", "THCS Võ Thị Sáu", "", "Học bổng", 500000, "20/05/2023"],
    [5, "Phạm Thị Dung", "2011", "6A", "THCS Võ Thị Sáu", "", "Học bổng", "năm trăm", "20/05/2023"],
    [6, "Vũ Văn Em", "2011", "6A", "THCS Võ Thị Sáu", "", "Học bổng", 500000, "31/02/2023"],
]


def workbook(rows, total=None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "DS"
    sheet.append(HEAD)
    for row in rows:
        sheet.append(row)
    if total is not None:
        sheet.append([None, "Tổng cộng", None, None, None, None, None, total])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client, unit, content, name="danh-sach.xlsx", **other):
    sent = {
        "mode": "handed_out",
        "way": "upload",
        "unit": unit.pk,
        "half": "2023-H1",
        "content": SimpleUploadedFile(name, content),
    } | other
    return client.post(reverse("batch_create"), sent)


@pytest.fixture
def ready(tree, programmes, fund_lc, site_profile):
    return tree["LC"]


@pytest.fixture
def client(client_of, officer_lc):
    return client_of(officer_lc)


def preview_of(client, unit, rows, total=None):
    answer = upload(client, unit, workbook(rows, total))
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def sent_back(context, **changes):
    """What a browser sends when the officer fills cells: {(row, field): text} and buttons by keyword `press`."""
    post = {}
    typed = changes.get("typed", {})
    for card in context["cards"]:
        post[f"k{card.index}"] = card.id
        for cell in card.cells:
            post[cell.name] = typed.get((card.row, cell.field), cell.value)
            post[f"w{card.index}-{cell.field}"] = cell.value
        if card.recorded_id:
            post[f"d{card.index}"] = card.recorded_id
        if card.row in changes.get("reasons", {}):
            post[f"r{card.index}"] = changes["reasons"][card.row]
    return post | changes.get("press", {"save": "1"})


def token_of(answer) -> str:
    return re.search(r'name="token" value="([0-9a-f]+)"', answer.content.decode())[1]


def test_from_a_good_workbook_to_a_draft(client, ready):
    url = preview_of(client, ready, GOOD, total=1_800_000)
    page = client.get(url)
    plan = page.context["plan"]
    assert (len(plan.accepted), plan.amount, plan.difference, plan.rejected) == (3, 1_800_000, 0, [])
    intake = Intake.objects.get()
    answer = client.post(reverse("intake_commit", args=[intake.pk]), {"token": token_of(page)})
    batch = Batch.objects.get()
    assert answer.url == reverse("batch_detail", args=[batch.pk])
    assert (batch.state, batch.disbursements.count()) == ("draft", 3)
    intake.refresh_from_db()
    assert intake.content is None


def test_rows_are_mended_in_the_preview_all_at_once(client, ready):
    url = preview_of(client, ready, GOOD + BAD)
    page = client.get(url)
    assert [card.row for card in page.context["cards"]] == [5, 6, 7]
    typed = {(5, "full_name"): "Đỗ Thị Lan", (6, "amount"): "500.000", (7, "given_on"): "28/2/2023"}
    assert client.post(url, sent_back(page.context, typed=typed)).status_code == 302
    mended = client.get(url).context["plan"]
    assert (len(mended.accepted), len(mended.rejected)) == (6, 0)
    assert "Đỗ Thị Lan" in {row.name for row in mended.accepted}


def test_a_correction_that_is_wrong_again_is_kept_and_says_why(client, ready):
    url = preview_of(client, ready, GOOD + BAD[1:2])
    client.post(url, sent_back(client.get(url).context, typed={(5, "amount"): "nửa triệu"}))
    page = client.get(url)
    cell = next(cell for cell in page.context["cards"][0].cells if cell.field == "amount")
    assert cell.value == "nửa triệu"
    assert "nửa triệu" in cell.errors[0].message
    assert not Batch.objects.exists()


def test_a_formula_is_shown_as_such_and_its_result_is_one_click_away(client, ready):
    url = preview_of(client, ready, [*GOOD, [4, '=CONCATENATE("Đỗ Thị ","Lan")', *GOOD[0][2:]]])
    cell = client.get(url).context["cards"][0].cells[0]
    assert cell.value.startswith("=CONCATENATE")
    client.post(url, sent_back(client.get(url).context, press={"take": "0:full_name:Đỗ Thị Lan"}))
    assert "Đỗ Thị Lan" in {row.name for row in client.get(url).context["plan"].accepted}


def test_a_row_is_left_out_and_taken_back(client, ready):
    url = preview_of(client, ready, GOOD + BAD)
    client.post(url, sent_back(client.get(url).context, press={"drop": "0"}, typed={(6, "amount"): "200000"}))
    page = client.get(url)
    assert ([card.row for card in page.context["cards"]], page.context["dropped"]) == ([7], [("DS!5", "DS", 5)])
    client.post(url, {"restore": "DS!5"})
    assert [card.row for card in client.get(url).context["cards"]] == [5, 7]


def test_the_same_row_twice_needs_a_reason(client, ready):
    url = preview_of(client, ready, [*GOOD, GOOD[0]])
    page = client.get(url)
    assert page.context["cards"][0].status == "repeat"
    refused = client.post(url, sent_back(page.context, press={"repeat": "0"}))
    assert refused.status_code == 200
    assert refused.context["cards"][0].needs_reason
    assert (
        client.post(url, sent_back(page.context, press={"repeat": "0"}, reasons={5: "Hai nhà tài trợ"})).status_code
        == 302
    )
    assert len(client.get(url).context["plan"].accepted) == 4


def test_a_file_sent_again_adds_nothing_and_a_changed_amount_may_replace_the_paid_one(
    client, client_of, approver, ready
):
    url = preview_of(client, ready, GOOD)
    client.post(url.rstrip("/") + "/nhan/", {"token": token_of(client.get(url))})
    again = preview_of(client, ready, GOOD)
    page = client.get(again)
    assert (len(page.context["plan"].known), page.context["plan"].turns) == (3, 0)
    client.post(again.rstrip("/") + "/nhan/", {"token": token_of(page)})
    assert Disbursement.objects.count() == 3

    batch = Batch.objects.get()
    client.post(reverse("batch_submit", args=[batch.pk]))
    client_of(approver).post(reverse("batch_approve", args=[batch.pk]), {})
    changed = [[*GOOD[0][:7], 550000, GOOD[0][8]], *GOOD[1:]]
    url = preview_of(client, ready, changed)
    page = client.get(url)
    assert (page.context["cards"][0].status, page.context["cards"][0].recorded_text) == ("change", "500.000 đồng")
    client.post(url, sent_back(page.context, press={"replace": "0"}))
    assert client.get(url).context["plan"].amount == 550_000


def test_what_changed_since_it_was_shown_is_409(client, ready):
    url = preview_of(client, ready, GOOD + BAD)
    shown = token_of(client.get(url))
    client.post(url, sent_back(client.get(url).context, typed={(5, "full_name"): "Đỗ Thị Lan"}))
    answer = client.post(url.rstrip("/") + "/nhan/", {"token": shown})
    assert answer.status_code == 409
    assert url in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_column_is_taken_for_something_else_and_the_file_read_again(client, ready):
    url = preview_of(client, ready, GOOD)
    columns = client.get(url).context["columns"]
    school = next(column for column in columns if column.field == "school")
    post = {"map": "1"}
    for column in columns:
        post |= {
            f"header-{column.index}": column.header,
            f"column-{column.index}": "note" if column is school else column.field or "ignore",
        }
    assert client.post(url, post).status_code == 302
    assert Intake.objects.get().mapping == {"Trường": "note"}
    assert client.get(url).context["plan"].accepted[0].values["note"] == "THCS Võ Thị Sáu"


def test_the_rows_to_mend_can_be_saved_as_a_workbook(client, ready):
    url = preview_of(client, ready, GOOD + BAD)
    answer = client.get(url.rstrip("/") + "/dong-can-sua.xlsx")
    cells = {
        cell.value for line in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in line
    }
    assert "Vũ Văn Em" in cells
    assert "Lê Văn Cường" not in cells


def test_a_file_left_in_the_middle_is_found_again_by_its_own_unit_only(client, client_of, officer_nq, auditor, ready):
    url = preview_of(client, ready, GOOD)
    assert url in client.get(reverse("batch_list")).content.decode()
    for other in (officer_nq, auditor):
        assert url not in client_of(other).get(reverse("batch_list")).content.decode()
    client.post(url.rstrip("/") + "/bo/")
    assert url not in client.get(reverse("batch_list")).content.decode()


def test_a_file_given_up_is_erased(client, ready):
    url = preview_of(client, ready, GOOD)
    client.post(url.rstrip("/") + "/bo/")
    assert Intake.objects.get().content is None
    assert client.get(url).url == reverse("batch_list")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"%PDF-1.7"), ("a.xlsx", b""), ("a.xls", b"<html><table>"), ("a.xlsx", b"PK\x03\x04broken")],
)
def test_what_is_no_workbook_is_refused_beside_the_field(client, ready, name, content):
    answer = upload(client, ready, content, name)
    assert answer.status_code == 200
    assert "content" in answer.context["form"].errors
    assert not Intake.objects.exists()


def test_a_file_too_large_and_a_missing_one_are_refused(client, ready, settings):
    settings.UPLOAD_LIMIT = 1000
    assert "content" in upload(client, ready, workbook(GOOD)).context["form"].errors
    sent = {"mode": "to_pay", "way": "upload", "unit": ready.pk, "half": "2023-H1"}
    answer = client.post(reverse("batch_create"), sent)
    assert "content" in answer.context["form"].errors
    assert 'value="to_pay"' in re.search(r"<input[^>]*checked[^>]*>", answer.content.decode())[0]


def test_another_units_file_is_404_everywhere_and_without_the_right_403(
    client, client_of, officer_nq, approver, ready, tree
):
    url = preview_of(client, ready, GOOD)
    for path in (url, url.rstrip("/") + "/dong-can-sua.xlsx"):
        assert client_of(officer_nq).get(path).status_code == 404
        assert client_of(approver).get(path).status_code == 403
    for path in (url, url.rstrip("/") + "/nhan/", url.rstrip("/") + "/bo/"):
        assert client_of(officer_nq).post(path, {"token": "x"}).status_code == 404
        assert client_of(approver).post(path, {"token": "x"}).status_code == 403
    refused = upload(client_of(officer_nq), ready, workbook(GOOD))
    assert "unit" in refused.context["form"].errors


def test_the_successors_officer_may_send_the_ended_units_list(client_of, officer_lechan, ready):
    answer = upload(client_of(officer_lechan), ready, workbook(GOOD))
    assert answer.status_code == 302
    assert len(client_of(officer_lechan).get(answer.url).context["plan"].accepted) == 3


def test_the_queries_are_the_same_for_one_row_and_thirty(client, ready):
    def queries(rows: int) -> int:
        lines = [
            [
                n,
                f"Nguyễn Văn {chr(65 + n % 20)}{chr(97 + n // 20)}",
                "2011",
                "6A",
                "THCS",
                "",
                "Học bổng",
                500000 + 1000 * n,
                "20/05/2023",
            ]
            for n in range(rows)
        ]
        url = preview_of(client, ready, [*lines, [99, "Xấu", "2011", "6A", "THCS", "", "Học bổng", "x", "20/05/2023"]])
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    queries(2)
    assert queries(2) == queries(30)
