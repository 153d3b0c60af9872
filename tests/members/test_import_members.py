"""Lists of members taken in: units by their names, people known again, refused rows by name."""

from __future__ import annotations

import datetime
from collections import Counter
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from openpyxl import Workbook, load_workbook

from members.models import Member, Membership
from members.services.naming import UnitFinder
from tests import factories
from tests.scholarships.districts import SAMPLES, make_districts, run

FILE = SAMPLES / "hoi-vien-moi.xlsx"
DAY = datetime.date(2023, 4, 1)


def workbook(path, *rows, head=("Họ và tên", "Năm sinh", "Đơn vị", "Ngày vào Hội", "Điện thoại")):
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def districts(tree):
    return make_districts(tree)


def test_eleven_hundred_new_members_by_district_and_none_again(districts):
    sheet = load_workbook(FILE).active
    head = [cell.value for cell in sheet[1]]
    told = Counter(row[head.index("Đơn vị")] for row in sheet.iter_rows(min_row=2, values_only=True))
    first = run("import_members", FILE)
    assert (first["rows"], first["accepted"], first["known"], first["rejected"]) == (1100, 1100, 0, 0)
    assert set(first) == {"rows", "accepted", "known", "rejected", "total_row", "errors", "questions", "notes"}
    by_name = {
        unit.name_on(DAY): Membership.objects.filter(unit=unit, valid__contains=datetime.date(2023, 6, 30)).count()
        for unit in districts.values()
    }
    assert {name: count for name, count in by_name.items() if count} == told
    again = run("import_members", FILE)
    assert (again["accepted"], again["known"]) == (0, 1100)
    assert Member.objects.count() == 1100


def test_a_dry_run_writes_nothing(districts):
    done = run("import_members", FILE, "--dry-run")
    assert done["accepted"] == 1100
    assert not Member.objects.exists()


def test_bad_rows_are_refused_by_name_and_written_out(districts, tmp_path):
    path = workbook(
        tmp_path / "hv.xlsx",
        ("Nguyễn Văn An", 1960, "Q. Lê Chân", "01/04/2023", "0912 345 678"),
        ("Nguyễn Văn Bình", 1960, "Quận Không Có", "01/04/2023", ""),
        ("Trần Thị Cúc", 1961, "quan le chan", "01/04/2099", ""),
        ("NGUYỄN VĂN AN", 1960, "Lê Chân", "01/04/2023", "+84912345678"),
        ("Phạm Thị Dung", 1970, "Phường Lê Chân", "01/04/2023", ""),
        ("Lê Văn Em", 1970, "", "01/04/2023", ""),
    )
    done = run("import_members", path, "--errors", tmp_path / "loi.xlsx")
    assert (done["rows"], done["accepted"], done["rejected"]) == (6, 1, 5)
    assert [(error["row"], error["column"]) for error in done["errors"]] == [
        (3, "Đơn vị"), (4, "Ngày vào Hội"), (5, "Họ và tên"), (6, "Đơn vị"), (7, "Đơn vị"),
    ]  # fmt: skip
    assert "Quận Không Có" in done["errors"][0]["message"]
    rows = list(load_workbook(BytesIO((tmp_path / "loi.xlsx").read_bytes())).active.iter_rows(values_only=True))
    assert rows[0][-1] == "Lỗi"
    assert len(rows) == 6


def test_a_namesake_with_another_phone_is_asked_about(districts, tmp_path):
    run("import_members", workbook(tmp_path / "1.xlsx", ("Nguyễn Văn An", 1960, "Lê Chân", "01/04/2023", "0912345678")))
    path = workbook(tmp_path / "2.xlsx", ("Nguyễn Văn An", 1960, "Lê Chân", "01/04/2023", "0987654321"))
    (asked,) = run("import_members", path, "--dry-run")["questions"]
    with pytest.raises(CommandError):
        run("import_members", path)
    assert run("import_members", path, "--dry-run", "--answer", f"{asked['id']}=same")["known"] == 1
    second = run("import_members", path, "--answer", f"{asked['id']}=other")
    assert second["accepted"] == 1
    assert run("import_members", path)["known"] == 1
    assert Member.objects.filter(name_key="nguyễn văn an").count() == 2


def test_unit_names_as_people_write_them(tree):
    factories.make_unit(
        "NQ-HT",
        "Phường Hồng Thái",
        parent=tree["NQ"],
        level=factories.make_level("commune", 30),
        until=factories.REFORM,
    )
    factories.make_unit(
        "LC-HT",
        "Phường Hồng Thái",
        parent=tree["LC"],
        level=factories.make_level("commune", 30),
        until=factories.REFORM,
    )
    finder = UnitFinder()
    for text in (
        "Quận Lê Chân",
        "quan le chan",
        "LÊ CHÂN",
        "Q.Lê Chân",
        "LC",
        "lc",
        "Hội Khuyến học quận Lê Chân",
        "HKH Lê Chân",
    ):
        assert finder.find(text, DAY) == tree["LC"], text
    assert finder.find("Lê Chân", factories.REFORM) == tree["LECHAN"]
    assert finder.find("Phường Hồng Thái, quận Lê Chân", DAY).code == "LC-HT"
    assert UnitFinder(root=tree["NQ"]).find("Hồng Thái", DAY).code == "NQ-HT"
    with pytest.raises(ValidationError, match=r"LC-HT.*NQ-HT"):
        finder.find("Hồng Thái", DAY)
    for text in ("Huyện Lê Chân", "Cầu Giấy", "Phường Lê Chân"):
        with pytest.raises(ValidationError, match=text):
            finder.find(text, DAY)


def test_an_officer_keeps_the_members_of_the_own_unit_only(districts, officer_lc, tmp_path):
    path = workbook(
        tmp_path / "hv.xlsx",
        ("Nguyễn Văn An", 1960, "Lê Chân", "01/04/2023", ""),
        ("Nguyễn Văn Ba", 1960, "Ngô Quyền", "01/04/2023", ""),
    )
    done = run("import_members", path, "--as", "officer.lc")
    assert (done["accepted"], done["rejected"]) == (1, 1)
    with pytest.raises(CommandError):
        run("import_members", path, "--as", "nobody")
    with pytest.raises(CommandError):
        run("import_members", path, "--as", "officer.lc", "--unit", "NQ")


def test_a_file_that_is_no_workbook_is_refused(districts, tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError):
        run("import_members", tmp_path / "x.xlsx")


FIRST = ("Nguyễn Thị Thúy", 1960, "Lê Chân", "01/04/2023", "0912345678")


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({0: "Bà Nguyễn Thị Thuý"}, (0, 1, [])),
        ({4: ""}, (0, 1, [])),
        ({1: "05/03/1960"}, (0, 0, ["alike_shorter"])),
        ({1: ""}, (0, 0, ["alike_missing"])),
        ({1: 1961}, (0, 0, ["alike_phone"])),
        ({1: 1961, 4: ""}, (1, 0, [])),
        ({0: "Nguyễn Thị Thủy"}, (1, 0, [])),
    ],
)
def test_a_member_written_in_another_way(districts, tmp_path, changed, wanted):
    run("import_members", workbook(tmp_path / "1.xlsx", FIRST))
    again = workbook(tmp_path / "2.xlsx", [changed.get(place, value) for place, value in enumerate(FIRST)])
    said = run("import_members", again, "--dry-run")
    assert (said["accepted"], said["known"], [one["kind"] for one in said["questions"]]) == wanted


def test_a_member_called_as_another_row_should_be_is_asked_about(districts, tmp_path):
    twin = ("Nguyễn Thị Тhúy", *FIRST[1:])  # the T is Cyrillic
    said = run("import_members", workbook(tmp_path / "1.xlsx", twin, FIRST), "--dry-run")
    assert (said["accepted"], said["rejected"], [one["kind"] for one in said["questions"]]) == (
        0,
        1,
        ["alike_proposed"],
    )
