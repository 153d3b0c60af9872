"""A workbook of members on its way in."""

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
from intakes.services.intakes import repair_intake
from members.models import Member
from portal.vocabulary import Role
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Nghề nghiệp", "Ngày vào Hội", "Điện thoại"]
GOOD = [
    [1, "Đỗ Thị Ánh", "15/03/1964", "Phường Lê Chân", "Hưu trí", "02/09/2025", "0912 345 678"],
    [2, "Vũ Văn Đức", "1958", "Chi hội Tổ dân phố 1", "", "02/09/2025", ""],
]
BAD = [
    [3, "Trần Thị Xa", "1970", "Phường Ngô Quyền", "", "02/09/2025", ""],
    [4, "Lê Văn Sai", "1970", "Phường Lê Chân", "", "31/02/2025", ""],
]


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "HV"
    for row in [HEAD, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client, unit, content):
    return client.post(
        reverse("member_upload"), {"unit": unit.pk, "content": SimpleUploadedFile("hoi-vien.xlsx", content)}
    )


def token_of(answer) -> str:
    return re.search(r'name="token" value="([0-9a-f]+)"', answer.content.decode())[1]


@pytest.fixture
def client(client_of, officer_lechan, site_profile):
    return client_of(officer_lechan)


def test_rows_are_mended_in_the_preview_and_taken_in(client, tree):
    url = upload(client, tree["LECHAN"], workbook(GOOD + BAD)).url
    page = client.get(url)
    assert (len(page.context["plan"].accepted), [card.row for card in page.context["cards"]]) == (2, [4, 5])
    post = {}
    for card in page.context["cards"]:
        post[f"k{card.index}"] = card.id
        for cell in card.cells:
            post[cell.name] = (
                {"unit": "Phường Lê Chân", "joined_on": "28/02/2026"}.get(cell.field, cell.value)
                if cell.errors
                else cell.value
            )
            post[f"w{card.index}-{cell.field}"] = cell.value
    assert client.post(url, post).status_code == 302
    page = client.get(url)
    assert not page.context["cards"]
    assert client.post(url.rstrip("/") + "/nhan/", {"token": token_of(page)}).url == reverse("member_list")
    assert Member.objects.count() == 4
    assert Intake.objects.get().content is None


def test_sent_again_it_adds_nobody(client, tree):
    for _time in range(2):
        url = upload(client, tree["LECHAN"], workbook(GOOD)).url
        client.post(url.rstrip("/") + "/nhan/", {"token": token_of(client.get(url))})
    assert Member.objects.count() == 2


def test_what_changed_since_it_was_shown_is_409(client, tree):
    url = upload(client, tree["LECHAN"], workbook(GOOD)).url
    assert client.post(url.rstrip("/") + "/nhan/", {"token": "0" * 32}).status_code == 409
    assert not Member.objects.exists()


@pytest.mark.parametrize(("name", "text"), [("full_name", "Vũ Văn Tráo"), ("birth", "1959"), ("phone", "0987654321")])
def test_what_another_one_typed_into_a_row_since_it_was_shown_is_409(client, tree, name, text):
    helper = factories.make_user("nguoi.giup", role=Role.OFFICER, unit=tree["LECHAN"])
    url = upload(client, tree["LECHAN"], workbook(GOOD)).url
    token, intake = token_of(client.get(url)), Intake.objects.get()
    repair_intake(intake=intake, repairs={"HV!3": {name: text}}, actor=helper)
    assert client.post(url.rstrip("/") + "/nhan/", {"token": token}).status_code == 409
    assert not Member.objects.exists()
    assert client.post(url.rstrip("/") + "/nhan/", {"token": token_of(client.get(url))}).status_code == 302


def test_another_units_file_is_404_everywhere_and_without_the_right_403(client, client_of, officer_nq, approver, tree):
    url = upload(client, tree["LECHAN"], workbook(GOOD)).url
    for path in (url, url.rstrip("/") + "/dong-can-sua.xlsx"):
        assert client_of(officer_nq).get(path).status_code == 404
        assert client_of(approver).get(path).status_code == 403
    for path in (url.rstrip("/") + "/nhan/", url.rstrip("/") + "/bo/"):
        assert client_of(officer_nq).post(path, {"token": "x"}).status_code == 404
    assert "unit" in upload(client_of(officer_nq), tree["LECHAN"], workbook(GOOD)).context["form"].errors


def test_no_workbook_is_refused_and_a_file_given_up_is_erased(client, tree):
    assert "content" in upload(client, tree["LECHAN"], b"%PDF-1.7").context["form"].errors
    url = upload(client, tree["LECHAN"], workbook(GOOD)).url
    assert client.post(url.rstrip("/") + "/bo/").url == reverse("member_list")
    assert Intake.objects.get().content is None
    assert client.get(url).url == reverse("member_list")


def test_the_blank_form_and_the_rows_to_mend_are_workbooks(client, tree):
    url = upload(client, tree["LECHAN"], workbook(GOOD + BAD)).url
    for path in (reverse("member_form"), url.rstrip("/") + "/dong-can-sua.xlsx"):
        assert openpyxl.load_workbook(io.BytesIO(client.get(path).content)).sheetnames


def test_the_queries_are_the_same_for_one_row_and_thirty(client, tree):
    def queries(rows: int) -> int:
        lines = [
            [n, f"Vũ Văn {chr(65 + n % 26)}{chr(97 + n // 26)}", "1960", "Phường Lê Chân", "", "02/09/2025", ""]
            for n in range(rows)
        ]
        url = upload(client, tree["LECHAN"], workbook(lines)).url
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    queries(2)
    assert queries(2) == queries(30)
