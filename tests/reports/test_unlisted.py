"""What a unit gave of which it has only the totals: declared by kind, shown apart, added to no sum."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from reports import services
from reports.figures import compute
from reports.services.checking import look_over_submission
from tests.reports import rows

H1 = HalfYear(2023, 1)
TOTALS = {"unlisted.turns.award": 40, "unlisted.amount.award": 8_000_000}


def declare(city, officer_lc, values):
    return rows.declare(city["LC"], H1, officer_lc, {"communication.events": 5} | values)


@pytest.mark.parametrize(
    "values",
    [{"unlisted.turns.award": 40}, {"unlisted.amount.award": 9}, TOTALS | {"unlisted.turns.award": 0}],
)
def test_turns_and_amount_are_declared_together(city, officer_lc, values):
    with pytest.raises(ValidationError):
        declare(city, officer_lc, values)


def test_totals_stand_apart_and_are_never_added(city, officer_lc, approver, leader, client, client_of):
    before = compute(city["HP"], H1).figures
    sent = declare(city, officer_lc, TOTALS)
    page = client_of(approver).get(reverse("submission_detail", args=[H1, "LC"]))
    assert page.context["filled"] == 1  # nobody waits for what only some have
    services.approve_submission(submission=sent, actor=approver)
    after = compute(city["HP"], H1)
    changed = {code for code, value in after.figures.items() if before.get(code) != value}
    assert changed == {*TOTALS, "communication.events"}
    assert {code: after.by_unit["LC"][code] for code in TOTALS} == TOTALS
    services.mark_missing(unit=city["NQ"], half=H1, reason="Không gửi", actor=approver)
    report = services.issue_report(unit=city["HP"], half=H1, actor=leader)
    (table,) = [one for one in report.payload["tables"] if "không có danh sách" in one["title"]]
    assert table["codes"] == [*TOTALS]
    assert report.payload["figures"]["disbursements.turns"] == before["disbursements.turns"]
    told = str(report.payload["narrative"])
    assert "khen thưởng 40 lượt, 8.000.000 đồng" in told
    assert "không cộng vào" in told
    read = client.get(reverse("report_public", args=[H1, "HP"])).content.decode()
    assert "Khen thưởng không có danh sách" in read
    data = client.get(reverse("open_data_file", args=[H1, "HP"])).content.decode()
    assert "unlisted.turns.award" in data


def test_its_sender_is_told_where_lists_of_the_kind_count_too(city, officer_lc):
    said = look_over_submission(declare(city, officer_lc, TOTALS), timezone.localdate())
    assert any("40" in one and "6" in one for one in said)  # of 19 turns in LC and its ward six are awards
