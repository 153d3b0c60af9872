"""Trang việc chờ: chỉ nói việc mà người xem thật sự được làm."""

import datetime as dt

from portal.lib.periods import HalfYear, Year
from reports.services.waiting import waiting_for
from scholarships.models import BatchEvent
from scholarships.services.batches import submit_batch
from tests import factories
from tests.reports import rows
from tests.scholarships.lists import make_batch


def test_whoever_changed_a_row_is_not_told_to_approve_the_list(tree, officer_lc, approver, site_profile):
    programmes = factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"], opening=100_000_000)
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["scholarship"])
    submit_batch(batch=batch, actor=officer_lc)
    told = [item for item in waiting_for(approver, dt.date(2023, 6, 1)) if item.icon == "sheet"]
    assert [item.count for item in told] == [1]
    BatchEvent.objects.create(batch=batch, action="edit", actor=approver)
    assert not [item for item in waiting_for(approver, dt.date(2023, 6, 1)) if item.icon == "sheet"]


def links_to_reports(user, day):
    return [(item.title, item.url) for item in waiting_for(user, day) if item.icon == "file-check"]


def test_every_numbered_report_waits_to_be_signed_whatever_it_is_about(city, leader, contributor):
    """Also one of an earlier half-year, or of a year, which nobody would find again."""
    day = dt.date(2024, 1, 20)  # when the second half of 2023 is reported on
    for period in (HalfYear(2022, 2), Year(2022)):
        rows.freeze(city["HP"], period, leader, state="frozen")
    told = links_to_reports(leader, day)
    assert [url for title, url in told if "chờ ký" in title] == [
        "/lam-viec/bao-cao/2022/HP/", "/lam-viec/bao-cao/2022-H2/HP/"
    ]  # fmt: skip
    assert links_to_reports(contributor, day) == []


def test_a_year_waits_once_both_its_half_years_are_reported_on(city, leader):
    day = dt.date(2024, 1, 20)
    rows.freeze(city["HP"], HalfYear(2023, 2), leader)
    assert links_to_reports(leader, day) == []
    rows.freeze(city["HP"], HalfYear(2023, 1), leader)
    assert [url for _title, url in links_to_reports(leader, day)] == ["/lam-viec/bao-cao/2023/HP/"]
    rows.freeze(city["HP"], Year(2023), leader)
    assert links_to_reports(leader, day) == []
