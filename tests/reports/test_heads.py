"""Whose a unit's papers are: its own head, place and signature, from its name, its place in the tree and its offices."""

import datetime as dt
import io

import docx
import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from members.models.member import ERASED_NAME
from members.services.positions import add_position, end_position
from portal.lib.periods import HalfYear
from portal.models import SiteProfile
from reports import services
from reports.figures import DatedTree
from reports.services.documents import render_report_docx, render_report_pdf
from reports.services.heads import make_head
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)
TOGETHER = "TM. BAN THƯỜNG VỤ"


THIS_YEAR = timezone.localdate().year


def holds(unit, title, name, *, since=dt.date(2021, 1, 1), until=None, term=f"{THIS_YEAR - 5}–{THIS_YEAR}"):
    member = rows.join(unit, name, on=dt.date(2020, 5, 1)).member
    return add_position(
        member=member, unit=unit, title=title, since=since, until=until, term=term, actor=rows.system()
    )  # fmt: skip


def head_of(unit, day=H1.last_day):
    tree = DatedTree(day)
    return make_head(unit, tree.name_of(unit), tree)


def text_of(pdf):
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf))


def signed_by(unit):
    found = head_of(unit)
    return found["authority"], found["signer"]


def test_a_districts_report_is_signed_by_its_own_head_on_pdf_and_docx(city, approver, leader):
    SiteProfile.objects.update(
        signature_authority="TM. BAN CHẤP HÀNH", signature_title="QUYỀN CHỦ TỊCH", signature_name="Người Của Thành Phố",
        recipients_of_documents="Thường trực Thành ủy",
    )  # fmt: skip
    holds(city["LC"], "chair", "Lê Thị Chủ Tịch")
    rows.approve_all(city, H1, approver)
    made = services.issue_report(unit=city["LC"], period=H1, actor=leader)
    head = made.payload["head"]
    assert (head["authority"], head["signer"], head["place"]) == ([TOGETHER, "CHỦ TỊCH"], "Lê Thị Chủ Tịch", "Lê Chân")
    assert head["recipients"] == ["Hội Khuyến học thành phố Hải Phòng (để báo cáo)", "Lưu: VT"]
    document = docx.Document(io.BytesIO(render_report_docx(made.payload, made.sha256)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for said in (text_of(render_report_pdf(made.payload, made.sha256)), " ".join(cells)):
        assert TOGETHER in said
        assert "Lê Thị Chủ Tịch" in said
        assert "Lê Chân, ngày" in said
        assert "Người Của Thành Phố" not in said
        assert "BAN CHẤP HÀNH" not in said
        assert "Thành ủy" not in said
    whole = services.issue_report(unit=city["HP"], period=H1, actor=leader)
    assert whole.payload["head"]["authority"] == ["TM. BAN CHẤP HÀNH", "QUYỀN CHỦ TỊCH"]
    assert whole.payload["head"]["signer"] == "Người Của Thành Phố"
    assert whole.payload["head"]["place"] == "Hải Phòng"


def test_a_units_own_half_year_is_signed_by_its_own_head(client_of, city):
    SiteProfile.objects.update(signature_name="Người Của Thành Phố")
    holds(city["LC"], "chair", "Lê Thị Chủ Tịch")
    officer = rows.officer_of(city["LC"], "officer.lc")
    rows.declare(city["LC"], H1, officer)
    printed = text_of(client_of(officer).get(reverse("submission_print", args=[H1, "LC"])).content)
    assert "Lê Thị Chủ Tịch" in printed
    assert "Lê Chân, ngày" in printed
    assert "Người Của Thành Phố" not in printed


def test_small_tables_do_not_draw_each_other_over_to_the_next_page(client_of, city):
    """All pages but the last are more than half full."""
    holds(city["LC"], "vice_chair", "Lê Thị Phó Chủ Tịch")
    officer = rows.officer_of(city["LC"], "officer.lc")
    rows.declare(city["LC"], H1, officer)
    pages = pypdfium2.PdfDocument(client_of(officer).get(reverse("submission_print", args=[H1, "LC"])).content)
    for page in list(pages)[:-1]:
        lines = page.get_textpage()
        lowest = min(lines.get_rect(number)[1] for number in range(lines.count_rects()))
        assert lowest < page.get_height() / 2


def test_who_signs_follows_the_offices_of_today(city):
    unit, today = factories.make_unit("TH", "Phường Thủy Hà", parent=city["HP"]), timezone.localdate()
    assert signed_by(unit) == ([TOGETHER, "CHỦ TỊCH"], "")  # nobody is recorded: room for a name
    deputy = holds(unit, "vice_chair", "Phó Một")
    holds(unit, "secretary", "Thư Ký")
    holds(city["NQ"], "chair", "Chủ Tịch Nơi Khác")
    in_place = [TOGETHER, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert signed_by(unit) == (in_place, "Phó Một")
    second = holds(unit, "vice_chair", "Phó Hai")
    assert signed_by(unit) == (in_place, "")  # either may sign
    holds(unit, "chair", "Chủ Tịch Cũ")
    assert signed_by(unit) == ([TOGETHER, "CHỦ TỊCH"], "Chủ Tịch Cũ")
    holds(unit, "chair", "Chủ Tịch Mới", since=dt.date(2024, 1, 1))  # the old one's end is not recorded yet
    assert signed_by(unit)[1] == "Chủ Tịch Mới"
    for position in unit.positions.filter(title="chair"):
        end_position(position=position, last_day=today - dt.timedelta(days=1), actor=rows.system())
    end_position(position=second, last_day=today - dt.timedelta(days=1), actor=rows.system())
    assert signed_by(unit) == (in_place, "Phó Một")
    holds(unit, "chair", "Chủ Tịch Tới", since=today + dt.timedelta(days=1))
    assert signed_by(unit) == (in_place, deputy.member.full_name)


def test_a_head_whose_term_is_over_with_no_end_recorded_is_not_named(city):
    unit, title = city["LC"], [TOGETHER, "CHỦ TỊCH"]
    old = holds(unit, "chair", "Lê Thị Đã Lâu", since=dt.date(THIS_YEAR - 7, 5, 1), term="")
    assert signed_by(unit) == (title, "")  # room for the name of who signs
    type(old).objects.update(term=f"{THIS_YEAR - 7}–{THIS_YEAR}")
    assert signed_by(unit) == (title, "Lê Thị Đã Lâu")
    end_position(position=old, last_day=timezone.localdate(), actor=rows.system())
    type(old).objects.update(term="")
    assert signed_by(unit) == (title, "Lê Thị Đã Lâu")  # the end is known, and has not come
    holds(unit, "chair", "Lê Thị Hết Nhiệm Kỳ", term=f"{THIS_YEAR - 6}–{THIS_YEAR - 1}")
    assert signed_by(unit) == (title, "")
    holds(unit, "chair", "Lê Thị Kế Nhiệm", since=dt.date(2024, 1, 1), term=f"{THIS_YEAR - 1}–{THIS_YEAR + 4}")
    assert signed_by(unit) == (title, "Lê Thị Kế Nhiệm")


def test_a_member_whose_data_are_erased_is_not_named(city):
    position = holds(city["LC"], "chair", "Lê Thị Chủ Tịch")
    type(position.member).objects.filter(pk=position.member_id).update(
        full_name=ERASED_NAME, search_text="", erased_at=timezone.now()
    )
    assert signed_by(city["LC"]) == ([TOGETHER, "CHỦ TỊCH"], "")


@pytest.mark.parametrize(
    ("name", "issuer", "place", "signs"),
    [
        ("Phường An Biên", "Hội Khuyến học phường An Biên", "An Biên", [TOGETHER, "CHỦ TỊCH"]),
        ("Phường 5", "Hội Khuyến học Phường 5", "Phường 5", [TOGETHER, "CHỦ TỊCH"]),
        ("Chi hội Trường Lạc Viên", "Chi hội Trường Lạc Viên", "Lê Chân", ["CHI HỘI TRƯỞNG"]),
        ("Ban khuyến học họ Vũ", "Ban khuyến học họ Vũ", "Lê Chân", ["TRƯỞNG BAN"]),
    ],
)
def test_a_unit_below_a_district_stands_under_the_district(city, name, issuer, place, signs):
    level = factories.make_level("below", 35)
    unit = factories.make_unit("LC-X", name, parent=city["LC"], level=level, until=dt.date(2025, 7, 1))
    found = head_of(unit)
    assert (found["superior"], found["issuer"]) == ("Hội Khuyến học quận Lê Chân", issuer)
    assert (found["place"], found["authority"]) == (place, signs)
    assert found["recipients"] == ["Hội Khuyến học quận Lê Chân (để báo cáo)", "Lưu: VT"]


def test_a_chapters_head_and_deputy(city):
    unit = factories.make_unit("CH", "Chi hội Cơ quan thành phố", parent=city["HP"])
    holds(unit, "deputy", "Phó Chi Hội")
    assert signed_by(unit) == (["KT. CHI HỘI TRƯỞNG", "CHI HỘI PHÓ"], "Phó Chi Hội")
    holds(unit, "head", "Trưởng Chi Hội")
    assert signed_by(unit) == (["CHI HỘI TRƯỞNG"], "Trưởng Chi Hội")
    assert head_of(unit)["place"] == "Hải Phòng"  # it stands on no ground of its own
