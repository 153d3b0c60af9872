"""What the file itself says: the unit, the half-year and the kind of list of its titles are evidence."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.urls import reverse
from openpyxl import Workbook

from portal.vocabulary import Role
from scholarships.models import Batch, Disbursement
from tests import factories
from tests.scholarships.districts import FILES, SAMPLES, make_districts, run

pytestmark = pytest.mark.django_db

HEAD = ("STT", "Họ và tên", "Ngày sinh", "Hình thức", "Số tiền", "Ngày trao")


@pytest.fixture
def districts(tree):
    return make_districts(tree)


@pytest.fixture
def send(districts, tmp_path):
    def send_file(*titles, name="ds.xlsx", sheet="DS", day="20/05/2023", unit="LC", options=("--dry-run",)):
        book = Workbook()
        book.active.title = sheet
        for title in titles:
            book.active.append([title])
        book.active.append(HEAD)
        book.active.append((1, "Lê Thị An", "15/03/2011", "Học bổng", 500_000, day))
        book.active.append((2, "Vũ Văn Bé", "16/03/2011", "Học bổng", 500_000, day))
        book.save(tmp_path / name)
        return run("import_disbursements", tmp_path / name, "--unit", unit, "--half", "2023-H1", *options)

    return send_file


@pytest.mark.parametrize(
    "facts",
    [
        {"titles": ["HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG", "HỘI KHUYẾN HỌC QUẬN NGÔ QUYỀN"]},
        {"titles": ["DANH SÁCH HỌC SINH QUẬN NGÔ QUYỀN NHẬN HỌC BỔNG"]},
        {"sheet": "Quận Ngô Quyền"},
        {"name": "ds_quan_ngo_quyen.xlsx"},
    ],
)
def test_another_unit_is_asked_about_and_nothing_taken(send, facts):
    titles = facts.pop("titles", [])
    said = send(*titles, **facts)
    (asked,) = said["questions"]
    assert (asked["kind"], asked["rows"][-2:], said["accepted"]) == ("other_unit", asked["rows"], 0)
    assert "Lê Chân" in asked["message"]
    assert send(*titles, **facts, options=("--dry-run", "--answer", f"{asked['id']}=take"))["accepted"] == 2
    assert send(*titles, **facts, options=("--answer", f"{asked['id']}=leave_out"))["accepted"] == 0
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "title",
    ["HỘI KHUYẾN HỌC QUẬN LÊ CHÂN", "HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG", "HỘI KHUYẾN HỌC HUYỆN KHÔNG CÓ", "LỚP 5A"],
)
def test_names_of_the_unit_of_those_above_and_of_unknown_places_contradict_nothing(send, title):
    assert send(title)["questions"] == []


def test_the_name_of_a_unit_that_came_later_is_that_of_some_place(send, tree):
    factories.make_unit(
        "AH", "Xã An Hưng", parent=tree["HP"], level=factories.make_level("commune", 30), since=factories.REFORM
    )
    assert send(sheet="Xã An Hưng")["questions"] == []


def test_a_sheet_for_each_place_names_no_other_unit_of_the_size(send, tree):
    level = factories.make_level("commune", 30)
    factories.make_unit("AH", "Xã An Hưng", parent=tree["NQ"], level=level, until=factories.REFORM)
    assert send(sheet="Xã An Hưng")["questions"] == []
    (asked,) = send("HỘI KHUYẾN HỌC XÃ AN HƯNG")["questions"]
    assert asked["kind"] == "other_unit"


@pytest.mark.parametrize(
    "name", ["LC 6 thang cuoi nam 2022.xlsx", "LC_2022-H2.xlsx", "lc-h2-2022.xlsx", "6T cuối 2022.xlsx"]
)
def test_the_half_year_in_the_name_of_the_file_is_evidence(send, name):
    assert [one["kind"] for one in send(name=name)["questions"]] == ["other_half"]
    assert (
        send(
            name=name.replace("2022", "2023")
            .replace("H2", "H1")
            .replace("h2", "h1")
            .replace("cuoi", "dau")
            .replace("cuối", "đầu")
        )["questions"]
        == []
    )


def test_the_number_of_people_in_the_name_of_the_file_is_said_when_it_differs(send):
    kinds = [note["kind"] for note in send(name="DS trao 45 em.xlsx")["notes"]]
    assert "file_name_count" in kinds
    assert "file_name_count" not in [note["kind"] for note in send(name="DS trao 2 em.xlsx")["notes"]]


def test_the_wrong_half_can_be_moved_to(send):
    said = send("6 THÁNG CUỐI NĂM 2022", day="20/12/2022")
    (asked,) = said["questions"]
    assert (asked["kind"], said["accepted"], said["rejected"]) == ("other_half", 0, 2)
    moved = send("6 THÁNG CUỐI NĂM 2022", day="20/12/2022", options=("--answer", f"{asked['id']}=move"))
    assert moved["accepted"] == 2
    assert Batch.objects.get().half == "2022-H2"


def test_days_of_another_half_alone_offer_to_move(send):
    assert [one["kind"] for one in send(day="20/12/2022")["questions"]] == ["other_half"]


def test_a_list_of_members_is_recognised(districts):
    said = run("import_disbursements", SAMPLES / "hoi-vien-moi.xlsx", "--unit", "LC", "--half", "2023-H1", "--dry-run")
    assert [one["kind"] for one in said["questions"]] == ["list_of_members"]
    assert said["rejected"] == said["accepted"] == 0


def test_a_list_of_scholarships_is_recognised_among_members(districts):
    said = run("import_members", FILES["BLV"], "--unit", "BLV", "--dry-run")
    assert [one["kind"] for one in said["questions"]] == ["list_of_gifts"]


def test_another_districts_file_is_asked_about_and_its_approver_told(districts, client_of, tree, officer_lc):
    run("import_disbursements", FILES["NQ"], "--unit", "NQ", "--half", "2023-H1")
    with pytest.raises(CommandError, match="--answer"):
        run("import_disbursements", FILES["NQ"], "--unit", "LC", "--half", "2023-H1")
    said = run("import_disbursements", FILES["NQ"], "--unit", "LC", "--half", "2023-H1", "--dry-run")
    (asked,) = said["questions"]
    assert asked["kind"] == "other_unit"
    run(
        "import_disbursements", FILES["NQ"], "--unit", "LC", "--half", "2023-H1", "--state", "submitted",
        "--answer", f"{asked['id']}=take",
    )  # fmt: skip
    batch = Batch.objects.get(unit=tree["LC"])
    approver = factories.make_user("duyet", role=Role.APPROVER, unit=tree["HP"])
    for page in ("batch_detail", "batch_approve"):
        text = client_of(approver).get(reverse(page, args=[batch.pk])).content.decode()
        assert "1.163 dòng trùng với danh sách đã chi của đơn vị khác" in text
    assert not Disbursement.objects.filter(unit=tree["LC"], paid_at__isnull=False).exists()
