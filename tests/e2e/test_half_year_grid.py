"""The grid of a half-year in a browser: a column from Excel by the real clipboard, and what is said while one types."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.lib.periods import HalfYear
from portal.vocabulary import Role
from reports import services
from reports.models import Submission
from reports.services.submissions import declared_notes, declared_values, keep_evidence
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]
H1 = HalfYear(2023, 1)
EVENTS, RADIO = "communication.events", "communication.radio"
# as Excel copies two columns: cells parted by tabs, rows ended by CR LF
COLUMN = (
    "Tổng số hội viên\t1.234\r\nChi hội\t56\r\nBuổi nói chuyện\t9\r\nLượt người dự\t800\r\nTin phát thanh\t\u00a070\r\n"
)

FIGURES = ("members__declared_total", "chapters__total", "communication__events", "communication__attendees")


@pytest.fixture
def officer():
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    return factories.make_user("officer.lc", role=Role.OFFICER, unit=tree["LC"])


def test_a_column_is_pasted_and_a_jump_asks_for_a_note_while_one_types(officer, page_of):
    unit = officer.postings.get().unit
    services.save_submission(unit=unit, half=H1.previous(), values={RADIO: 7}, texts={}, actor=officer)
    keep_evidence(unit=unit, half=H1, indicator=EVENTS, lines=[("Tọa đàm", 4), ("Hội thi", 8)], actor=officer)
    page = page_of("officer.lc")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/lam-viec/nua-nam/2023-H1/LC/nhap/")
    page.evaluate("text => navigator.clipboard.writeText(text)", COLUMN)
    page.focus("#id_members__declared_total")
    page.keyboard.press("Control+V")
    for field, value in (
        ("members__declared_total", "1.234"), ("chapters__total", "56"), ("communication__events", "12"),
        ("communication__attendees", "800"), ("communication__radio", "70"), ("training__classes", ""),
    ):  # fmt: skip
        expect(page.locator(f"#id_{field}")).to_have_value(value)  # a sum of lines keeps its place and its figure
    expect(page.locator("[data-remark=communication__radio]")).to_contain_text("gấp mười lần")
    page.fill("#id_communication__radio__note", "Thêm đài của bốn phường")
    expect(page.locator("[data-remark=communication__radio]")).to_be_hidden()
    page.fill("#id_communication__radio", "7")
    page.fill("#id_communication__radio", "71")
    page.press("#id_communication__radio", "Enter")
    page.wait_for_url("**/lam-viec/nua-nam/2023-H1/LC/")  # Enter saves, it opens no lines
    saved = Submission.objects.get(half=str(H1))
    assert declared_values(saved) == {
        "members.declared_total": 1234, "chapters.total": 56, EVENTS: 12, "communication.attendees": 800, RADIO: 71,
    }  # fmt: skip
    assert declared_notes(saved) == {RADIO: "Thêm đài của bốn phường"}
    assert page.problems == []


def paste(page, text, field="members__declared_total"):
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.focus(f"#id_{field}")
    page.keyboard.press("Control+V")


@pytest.mark.parametrize(
    ("pasted", "figures", "said"),
    [
        ("1.234\r\n1 234\r\n１２\r\n0\r\n", ("1.234", "1 234", "12", "0"), "4 ô đã được điền."),
        ("Số liệu\r\n1,234\r\n\r\n3\r\n", ("1,234", "", "3", ""), "Bỏ qua dòng tiêu đề: Số liệu."),
        ("6 tháng đầu năm 2026\r\n5\r\n6\r\n", ("5", "6", "", ""), "Bỏ qua dòng tiêu đề: 6 tháng đầu năm 2026."),
        ('"Tổng số\nhội viên"\t7\t\r\nChi hội\t\t\r\nBuổi\t8\t\r\n', ("7", "", "8", ""), "3 ô đã được điền."),
        ("Chi hội\t56\r\n", ("56", "", "", ""), "1 ô đã được điền."),
        ("12 chi hội\r\n4\r\n", ("12 chi hội", "4", "", ""), "2 ô đã được điền."),
        ("4\r\n–\r\nx\r\n-5\r\n", ("4", "–", "x", "-5"), "4 ô đã được điền."),
    ],
)
def test_a_column_as_people_have_it_lands_in_its_fields(officer, page_of, pasted, figures, said):
    """A heading, cells of two lines, merged ones, empty ones: each figure in its place, and what was left out is said."""
    page = page_of("officer.lc")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/lam-viec/nua-nam/2023-H1/LC/nhap/")
    paste(page, pasted)
    expect(page.locator("#pasted")).to_contain_text(said)
    assert tuple(page.input_value(f"#id_{field}") for field in FIGURES) == figures
    assert page.problems == []


def test_what_finds_no_field_is_said_and_a_choice_keeps_its_own(officer, page_of):
    page = page_of("officer.lc")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/lam-viec/nua-nam/2023-H1/LC/nhap/")
    page.select_option("#id_funds__topup_policy", "1")
    paste(page, "3\r\nchưa rõ\r\n500.000\r\n", "centres__learners")
    expect(page.locator("#pasted")).to_have_text("2 ô đã được điền. Không có ô nào cho: chưa rõ.")
    assert page.input_value("#id_funds__topup_policy") == "1"
    paste(page, "3\r\nKho\u0302ng\r\n500.000\r\n", "centres__learners")
    assert page.input_value("#id_funds__topup_policy") == "0"
    assert page.problems == []
