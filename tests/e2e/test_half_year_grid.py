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
