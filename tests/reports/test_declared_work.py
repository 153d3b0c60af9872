"""Learning centres, commendation and inspection: declared, checked, added up, told truly, printed and explained."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from portal.lib.periods import HalfYear
from reports import services
from reports.figures import DECLARED, GROUP_LABELS, INDICATORS, Group, RollUp, check_declared, checks_of, compute
from reports.services.activities import tell_centres, tell_commendation, tell_inspection
from reports.services.documents import render_report_csv, render_report_xlsx
from tests.reports import rows
from tests.reports.test_narrative import figure_set

H1 = HalfYear(2023, 1)
NEW = {Group.CENTRES, Group.COMMENDATION, Group.INSPECTION}
LC = {
    "centres.total": 9, "centres.active": 8, "centres.classes": 40, "centres.learners": 1600,
    "commendation.collectives": 7, "commendation.people": 30, "commendation.medals": 6,
    "inspection.held": 5, "inspection.bodies": 11, "inspection.faults": 2,
}  # fmt: skip
NQ = {"centres.total": 7, "centres.active": 7, "commendation.people": 2, "inspection.held": 0, "inspection.faults": 0}


@pytest.fixture
def told(city, approver):
    rows.approve_all(city, H1, approver, {"LC": LC, "NQ": NQ})
    return services.build(city["HP"], H1)


def test_each_says_what_it_counts_by_which_rule_and_how_it_adds_up():
    asked = [one for one in INDICATORS.values() if one.group in NEW]
    assert {one.code for one in asked if one.declared} == LC.keys()
    assert all(str(one.definition) and one.reference and one.annex for one in asked if one.declared)
    share = INDICATORS["centres.share"]
    assert (share.roll_up, share.share_of) == (RollUp.SHARE, ("centres.active", "centres.total"))


def test_they_add_up_and_stand_in_every_file_and_in_the_text(told):
    assert told.payload["figures"]["centres.total"] == 16
    assert told.payload["figures"]["centres.share"] == 938  # 15 of 16, made anew from the sums
    assert told.payload["by_unit"]["LC"]["inspection.faults"] == 2
    for said in (
        "4. Trung tâm học tập cộng đồng",
        "địa bàn có 16 trung tâm học tập cộng đồng; 15 trung tâm mở lớp, chuyên đề trong kỳ (93,8% số trung tâm); ",
        "; mở 40 lớp, chuyên đề với 1.600 lượt người học (1/2 quận báo cáo).",
        "7. Thi đua, khen thưởng",
        "7 tập thể được khen thưởng (1/2 quận báo cáo)",
        "8. Công tác kiểm tra",
        "tiến hành 5 cuộc kiểm tra tại 11 tổ chức Hội, chi hội; 2 cuộc có nội dung phải chấn chỉnh.",
    ):
        assert said in told.payload["narrative"], said
    printed = {code for table in told.payload["tables"] for code in table["codes"]}
    assert printed >= LC.keys()
    assert "inspection.held,Số cuộc kiểm tra" in render_report_csv(told.payload).decode("utf-8-sig").replace(";", ",")
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_report_xlsx(told.payload)))
    lines = {line[0]: line for line in book.get_sheet_by_name("Chú giải").to_python()}
    share = lines[told.payload["indicators"]["centres.share"]["label"]]
    assert share[4:7] == ["Tính lại ở mỗi cấp", told.payload["indicators"]["centres.total"]["label"], ""]
    merits = lines[told.payload["indicators"]["commendation.people"]["label"]]
    assert merits[3] == "Đơn vị khai"
    one = INDICATORS["commendation.people"]
    assert merits[6:] == [str(one.annex), one.reference, " ".join(checks_of(one.code))]


def test_two_people_commended_in_a_unit_are_not_public(told):
    assert "commendation.people" in told.payload["withheld"]["NQ"]
    assert "commendation.people" not in told.payload["by_unit"]["LC"]  # or the total would tell it
    assert told.payload["figures"]["commendation.people"] == 32


def test_what_contradicts_itself_is_refused_in_pairs(city):
    for wrong, right, where in (
        ({"centres.total": 3, "centres.active": 4}, {"centres.total": 4, "centres.active": 4}, "centres.active"),
        ({"inspection.held": 1, "inspection.faults": 2}, {"inspection.held": 2, "inspection.faults": 2},
         "inspection.faults"),
        ({"inspection.held": 0, "inspection.bodies": 2}, {"inspection.held": 1, "inspection.bodies": 2},
         "inspection.bodies"),
        ({"centres.active": 0, "centres.classes": 2}, {"centres.active": 1, "centres.classes": 2}, "centres.classes"),
    ):  # fmt: skip
        assert [one.indicator for one in check_declared(wrong, {}) if one.refuses] == [where]
        assert not check_declared(right, {})
    officer = rows.officer_of(city["LC"], "officer.lc")
    with pytest.raises(ValidationError, match="một phần trong đó"):
        rows.declare(city["LC"], H1, officer, {"centres.total": 3, "centres.active": 4})


def test_none_not_reported_and_withheld_are_three_sentences():
    codes = ("commendation.collectives", "commendation.people", "commendation.medals")
    assert tell_commendation(figure_set()) == ["Các đơn vị chưa báo cáo số liệu thi đua, khen thưởng."]
    some = figure_set({codes[0]: 0}, reporting={codes[0]: 1})
    assert tell_commendation(some) == ["Các đơn vị chưa báo cáo đủ số liệu thi đua, khen thưởng."]
    hidden = figure_set({codes[0]: 0}, reporting=dict.fromkeys(codes, 1))
    assert "dưới mức" in tell_commendation(hidden)[0]
    none = figure_set(dict.fromkeys(codes, 0), reporting=dict.fromkeys(codes, 1))
    assert "không có tập thể, cá nhân nào" in tell_commendation(none)[0]
    assert tell_inspection(figure_set())[0].startswith("Các đơn vị chưa báo cáo")
    assert tell_centres(figure_set())[0].startswith("Các đơn vị chưa báo cáo")
    nearly = figure_set({"centres.total": 4000, "centres.active": 3999})
    assert "100%" not in tell_centres(nearly)[0]


def test_the_officer_is_asked_with_the_rule_beside_the_field_and_a_leader_reads_it(client_of, city, told, leader):
    grid = client_of(rows.officer_of(city["LC"], "officer.lc")).get(
        reverse("submission_edit", args=[H1.next(), "LC"])
    ).content.decode()  # fmt: skip
    for group in NEW:
        assert str(GROUP_LABELS[group]) in grid
    for one in DECLARED:
        if one.group in NEW:
            assert str(one.definition) in grid
    page = client_of(leader).get(reverse("figure_detail", args=[H1, "HP", "inspection.held"])).content.decode()
    assert str(INDICATORS["inspection.held"].definition) in page
    assert "Điều lệ Hội Khuyến học Việt Nam" in page
    assert compute(city["HP"], H1).figures["inspection.held"] == 5
