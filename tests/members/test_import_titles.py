"""Lists of titles from a spreadsheet: mapped, refused by name, known the second time; the portal's own file adds nothing."""

from __future__ import annotations

import io
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from members.models import LearningTitle
from tests.members.test_member_preview import token_of
from tests.members.titles import bring_on, make_criteria, make_title, recognise
from tests.scholarships.districts import run

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Họ tên chủ hộ", "Tổ dân phố", "Danh hiệu", "Đơn vị", "Ngày đăng ký", "Nộp hồ sơ", "Ngày tự đánh giá",
        "Điểm tự chấm", "Ngày đánh giá", "Tổng điểm", "Số QĐ"]  # fmt: skip
GOOD = [
    [1, "Gia đình ông Nguyễn Văn An", "Tổ 5", "Gia đình học tập", "Phường Lê Chân", "01/02/2026", "", "", "", "", "", ""],
    [2, "Gia đình bà Lê Thị Bé", "Tổ 5", "", "phuong le chan", "1/2/2026", "1/3/2026", "1/4/2026", 90, "1/5/2026", 88, "12/QĐ"],
    [3, "Dòng họ Vũ thôn Đông", "", "dòng họ", "11383", "1/2/2026", "1/3/2026", "", "", "", "", ""],
]  # fmt: skip
BAD = [
    ([4, "Gia đình Trần", "", "Gia đình học tập", "Phường Lê Chân", "", "", "", "", "", "", ""], "Ngày đăng ký"),
    ([5, "Ông Tám", "", "", "Phường Lê Chân", "1/2/2026", "", "", "", "", "", ""], "Danh hiệu"),
    ([6, "Gia đình Sáu", "", "gia đình", "Phường Lạ", "1/2/2026", "", "", "", "", "", ""], "Đơn vị"),
    ([7, "Gia đình Bảy", "", "gia đình", "11383", "1/2/2026", "", "1/4/2026", "", "1/5/2026", 88, ""], "Nộp hồ sơ"),
    ([8, "Gia đình Chín", "", "gia đình", "11383", "1/2/2026", "1/1/2026", "", "", "", "", ""], "Nộp hồ sơ"),
    ([9, "Gia đình Mười", "", "gia đình", "11383", "1/2/2026", "1/3/2026", "1/4/2026", 190, "", "", ""], "Điểm tự chấm"),
    ([10, "GIA ĐÌNH ÔNG NGUYỄN VĂN AN", "tổ 5", "gia đình", "11383", "1/2/2026", "", "", "", "", "", ""], "Họ tên chủ hộ"),
    ([11, "Gia đình Xưa", "", "gia đình", "LC", "1/8/2021", "", "", "", "", "", ""], "Danh hiệu"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def criteria(tree, site_profile):
    make_criteria()


def write(path, rows, head=HEAD):
    book = Workbook()
    for row in [["DANH SÁCH ĐĂNG KÝ DANH HIỆU HỌC TẬP NĂM 2026"], head, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def test_good_rows_are_taken_bad_ones_named_and_the_second_time_adds_nothing(tree, officer_lechan, tmp_path):
    file = write(tmp_path / "a.xlsx", [*GOOD, *(row for row, _column in BAD)])
    dry = run("import_titles", file, "--dry-run", "--as", "officer.lechan")
    assert not LearningTitle.objects.exists()
    errors = tmp_path / "loi.xlsx"
    done = run("import_titles", file, "--as", "officer.lechan", "--errors", errors)
    assert (done["accepted"], done["rejected"], done["questions"]) == (3, len(BAD), []) == (
        dry["accepted"], dry["rejected"], dry["questions"],
    )  # fmt: skip
    assert [error["column"] for error in done["errors"]] == [column for _row, column in BAD]
    assert len(list(load_workbook(errors).active.iter_rows())) >= len(BAD)
    states = dict(LearningTitle.objects.values_list("subject__name", "state"))
    assert states == {GOOD[0][1]: "registered", GOOD[1][1]: "evaluated", GOOD[2][1]: "dossier"}
    second = LearningTitle.objects.get(subject__name=GOOD[1][1])
    assert (second.model, second.own_score, second.score, second.decision) == ("family", 90, 88, "12/QĐ")
    assert (second.evaluated_half, second.recognised_by) == ("2026-H1", None)
    shuffled = [*GOOD]
    random.Random(3).shuffle(shuffled)
    again = run("import_titles", write(tmp_path / "b.xlsx", shuffled), "--as", "officer.lechan")
    assert (again["accepted"], again["known"], again["rejected"]) == (0, 3, 0)


def test_another_unit_is_refused_and_a_stranger_takes_nothing_in(tree, officer_ngoquyen, tmp_path):
    done = run("import_titles", write(tmp_path / "a.xlsx", GOOD), "--as", "officer.ngoquyen")
    assert (done["accepted"], done["rejected"]) == (0, 3)


def test_the_lists_own_file_adds_and_changes_nothing(
    client_of, tree, leader, officer_lechan, approver_lechan, tmp_path
):
    made = [make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}") for number in range(3)]
    make_title(tree["LECHAN"], officer_lechan, "=1+1", model="organisation")
    make_title(tree["BRANCH"], officer_lechan, "Đỗ Thị Ánh", model="citizen", place="")
    bring_on(made[:2], officer_lechan)
    recognise(made[:1], approver_lechan)
    file = tmp_path / "danh-hieu.xlsx"
    file.write_bytes(b"".join(client_of(leader).get(reverse("title_list"), {"file": "xlsx"}).streaming_content))
    before = list(LearningTitle.objects.order_by("pk").values())
    back = run("import_titles", file)
    assert (back["accepted"], back["known"], back["rejected"], back["questions"]) == (0, 5, 0, [])
    assert list(LearningTitle.objects.order_by("pk").values()) == before


def test_an_officer_sends_a_workbook_looks_and_takes_it_in(client_of, tree, officer_lechan, tmp_path):
    client = client_of(officer_lechan)
    content = write(tmp_path / "a.xlsx", GOOD).read_bytes()
    upload = {"unit": tree["LECHAN"].pk, "content": SimpleUploadedFile("a.xlsx", content)}
    answer = client.post(reverse("title_upload"), upload)
    page = client.get(answer.headers["Location"])
    text = page.content.decode()
    assert page.status_code == 200
    assert all(row[1] in text for row in GOOD)
    pk = page.context["intake"].pk
    done = client.post(reverse("intake_commit", args=[pk]), {"token": token_of(page)})
    assert done.status_code == 302
    assert LearningTitle.objects.count() == 3
    blank = client.get(reverse("title_form"))
    assert "Mô hình học tập" in [
        cell.value for row in load_workbook(io.BytesIO(blank.content)).active.iter_rows() for cell in row
    ]
