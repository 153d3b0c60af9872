"""A unit none of whose children sends a half-year: its own report tells what it has declared itself."""

import pytest

from portal.lib.periods import HalfYear, Year
from reports import services
from reports.services.documents import tables_of
from tests.reports import rows

H1 = HalfYear(2026, 1)
SAID = {"activities": "Mở lớp kỹ năng số.", "plan": "Đỡ đầu mười học sinh.", "proposals": "Xin thêm sách."}


@pytest.fixture
def ward(tree, site_profile):
    """A ward of today, below which stands a chapter that never reports."""
    return tree["LECHAN"]


@pytest.fixture
def approved(ward, approver):
    one = rows.declare(
        ward, H1, rows.officer_of(ward, "officer.ward"), {"communication.events": 53, "commendation.people": 3}, SAID
    )
    return services.approve_submission(submission=one, actor=approver)


def coverage_of(draft, code):
    for table in tables_of(draft.payload):
        told = dict(zip([column.name for column in table.columns[1:]], table.coverage()[1:], strict=True))
        if code in told:
            return told[code]
    return None


def test_its_own_words_and_figures_stand_in_its_own_report(ward, approved):
    draft = services.build(ward, H1)
    text = draft.payload["narrative"]
    assert "Số liệu do đơn vị tự báo cáo đã được Hội cấp trên duyệt" in text
    for said in SAID.values():
        assert said in text
        assert f": {said}" not in text, "nobody else has said anything: no name before it"
    assert "1. Cách làm\n" in text
    assert "ác đơn vị" not in text
    assert coverage_of(draft, "communication.events") == "1/1"
    assert draft.payload["reporting"]["communication.events"] == 1


def test_what_it_has_declared_and_may_not_publish_is_not_called_unreported(ward, approved):
    text = services.build(ward, H1).payload["narrative"]
    assert "Số liệu thi đua, khen thưởng dưới mức được công bố chi tiết." in text
    assert "Đơn vị chưa báo cáo số liệu công tác kiểm tra." in text


def test_before_it_is_approved_the_report_says_so(ward):
    rows.declare(ward, H1, rows.officer_of(ward, "officer.ward"), {"communication.events": 53}, SAID)
    draft = services.build(ward, H1)
    text = draft.payload["narrative"]
    assert "Số liệu do đơn vị tự báo cáo chưa gửi hoặc chưa được duyệt" in text
    assert SAID["activities"] not in text
    assert "Đơn vị chưa nêu nội dung này trong báo cáo." in text
    assert draft.payload["figures"].get("communication.events") is None


def test_a_year_of_it_waits_for_both_half_years(ward, approved):
    draft = services.build(ward, Year(2026))
    assert "chưa gửi hoặc chưa được duyệt" in draft.payload["narrative"]
    assert SAID["activities"] in draft.payload["narrative"]
    assert draft.payload["figures"]["communication.events"] == 53


def test_a_year_in_whose_first_half_it_was_not_there_waits_for_the_second_alone(ward, approver):
    one = rows.declare(ward, HalfYear(2025, 2), rows.officer_of(ward, "officer.ward"), {"communication.events": 7})
    services.approve_submission(submission=one, actor=approver)
    assert "đã được Hội cấp trên duyệt" in services.build(ward, Year(2025)).payload["narrative"]


def test_a_unit_above_those_that_report_still_counts_them(tree, ward, approved):
    draft = services.build(tree["HP"], H1)
    assert "alone" not in draft.payload
    assert "Báo cáo tổng hợp số liệu của 1/2 phường" in draft.payload["narrative"]
    assert f"phường Lê Chân: {SAID['activities']}" in draft.payload["narrative"].replace("Phường", "phường")
