"""Who is the same person: known when equal, asked about when alike, refused with another amount on the same day."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from openpyxl import Workbook

from portal.lib.vietnamese import Birth
from scholarships.models import Disbursement
from scholarships.services.batches import add_disbursement, create_batch
from scholarships.services.programmes import ProgrammeFinder
from tests.scholarships.districts import make_districts, run
from tests.scholarships.lists import HALF

pytestmark = pytest.mark.django_db

HEAD = ("STT", "Họ và tên", "Ngày sinh", "Hình thức", "Số tiền", "Ngày trao")


@pytest.fixture
def districts(tree):
    return make_districts(tree)


@pytest.fixture
def send(districts, tmp_path):
    def send_rows(*rows, options=("--dry-run",)):
        book = Workbook()
        book.active.title = "DS"
        book.active.append(HEAD)
        for number, (name, birth, amount) in enumerate(rows, start=1):
            book.active.append((number, name, birth, "Học bổng", amount, "20/05/2023"))
        out = BytesIO()
        book.save(out)
        path = tmp_path / "ds.xlsx"
        path.write_bytes(out.getvalue())
        return run("import_disbursements", path, "--unit", "LC", "--half", "2023-H1", *options)

    return send_rows


def gist(said):
    return said["accepted"], said["known"], said["rejected"], [one["kind"] for one in said["questions"]]


@pytest.mark.parametrize(
    ("name", "birth", "wanted"),
    [
        ("Nguyễn Hoà Bình", "15/03/2011", (0, 1, 0, [])),
        ("Em NGUYỄN HÒA BÌNH", "15/03/2011", (0, 1, 0, [])),
        ("Nguyễn Hóa Bình", "15/03/2011", (1, 0, 0, [])),
        ("Nguyễn Hòa Bình", "2011", (0, 0, 0, ["alike_shorter"])),
        ("Nguyễn Hòa Bình", "", (0, 0, 0, ["alike_missing"])),
        ("Nguyễn Hòa Bình", "15/03/2012", (1, 0, 0, [])),
    ],
)
def test_a_recorded_person_written_in_another_way(send, name, birth, wanted):
    send(("Nguyễn Hòa Bình", "15/03/2011", 500_000), options=())
    assert gist(send((name, birth, 500_000))) == wanted


def test_a_row_called_as_another_one_should_be_is_asked_about(send):
    """The name of the first is written with a letter that only looks like an O."""
    rows = [("Nguyễn Thị Оanh", "15/03/2011", 500_000), ("Nguyễn Thị Oanh", "15/03/2011", 500_000)]
    said = send(*rows, ("Nguyễn Thị Oanh", "16/03/2012", 500_000))
    assert gist(said) == (1, 0, 1, ["alike_proposed"])
    (asked,) = said["questions"]
    assert asked["rows"] == [3]
    assert gist(send(*rows, options=("--dry-run", "--answer", f"{asked['id']}=same"))) == (0, 1, 1, [])
    assert gist(send(*rows, options=("--dry-run", "--answer", f"{asked['id']}=other"))) == (1, 0, 1, [])


def test_day_and_month_of_the_birth_swapped_is_asked(send):
    send(("H'Mai Niê", "05/03/2011", 500_000), options=())
    assert gist(send(("H’Mai Niê", "03/05/2011", 500_000))) == (0, 0, 0, ["alike_swapped"])


def test_the_answer_makes_them_one_person_or_two(send):
    send(("Lê Thị An", "15/03/2011", 500_000), ("Vũ Văn Bé", "16/03/2011", 500_000), options=())
    again = [("Lê Thị An", "2011", 500_000), ("Vũ Văn Bé", "2011", 500_000)]
    (asked,) = send(*again)["questions"]
    assert asked["rows"] == [2, 3]
    with pytest.raises(CommandError):
        send(*again, options=())
    assert gist(send(*again, options=("--dry-run", "--answer", f"{asked['id']}=same"))) == (0, 2, 0, [])
    send(*again, options=("--answer", f"{asked['id']}=other"))
    assert Disbursement.objects.count() == 4
    assert gist(send(*again)) == (0, 2, 0, [])


def test_the_same_person_with_another_amount_is_refused_also_after_the_answer(send):
    send(("Lê Thị An", "15/03/2011", 500_000), options=())
    name = send(("Lê Thị An", "2011", 700_000))["questions"][0]["id"]
    said = send(("Lê Thị An", "2011", 700_000), options=("--dry-run", "--answer", f"{name}=same"))
    assert gist(said) == (0, 0, 1, [])
    assert "500.000" in said["errors"][0]["message"]


def test_alike_people_of_one_file_are_asked_about(send):
    said = send(("Lê Thị An", "15/03/2011", 500_000), ("Lê Thị An", "2011", 500_000))
    assert gist(said) == (1, 0, 0, ["alike_shorter"])
    assert said["questions"][0]["rows"] == [3]


def test_two_amounts_for_one_person_and_day_in_one_file_are_refused_naming_the_first(send):
    said = send(("Lê Thị An", "15/03/2011", 500_000), ("Lê Thị An", "15/03/2011", 5_000_000))
    assert gist(said) == (1, 0, 1, [])
    assert "500.000 đồng" in said["errors"][0]["message"]
    assert "2" in said["errors"][0]["message"]


def test_a_typed_row_is_asked_about_in_the_same_way(districts, officer_lc):
    batch = create_batch(unit=districts["LC"], half=HALF, mode="handed_out", actor=officer_lc)
    programme = ProgrammeFinder(unit=batch.unit, half=HALF).find("scholarship")
    facts = {
        "batch": batch, "programme": programme, "amount": 500_000, "given_on": HALF.last_day, "actor": officer_lc,
    }  # fmt: skip
    add_disbursement(full_name="Nguyễn Văn Hòa", birth=Birth(2011, 3, 5), **facts)
    for name, birth in (
        ("Nguyễn Văn Hoà", Birth(2011, 3, 5)),
        ("Nguyễn Văn Hoà", Birth(2011)),
        ("Nguyễn Văn Hòa", None),
    ):
        with pytest.raises(ValidationError):
            add_disbursement(full_name=name, birth=birth, **facts)
    add_disbursement(full_name="Nguyễn Văn Hòa", birth=Birth(2011), repeat_reason="hai anh em họ", **facts)
    add_disbursement(full_name="Nguyễn Văn Họa", birth=Birth(2011), **facts)
    assert Disbursement.objects.count() == 3
