"""Income by who gave, in cash and in kind, and turns by who received: each with its rows, now and as issued."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.lib.periods import HalfYear
from reports import services
from reports.figures import compute
from reports.models import Report
from scholarships.models import Recipient
from scholarships.services.donations import record_donation
from tests.reports import rows

pytestmark = pytest.mark.django_db
H1 = HalfYear(2023, 1)
GIVERS = ("people", "organisation", "local_budget")


@pytest.fixture
def given(city):
    for number, giver in enumerate(GIVERS, start=1):
        for goods, amount in (("", 1_000_000 * number), ("sách vở", 10_000 * number)):
            record_donation(
                fund=city["funds"]["LC"], donor_name=f"Người ủng hộ {number}", source=giver, amount=amount, goods=goods,
                received_on=dt.date(2023, 5, number), confirmed=True, actor=rows.system(),
            )  # fmt: skip
    for kind in ("scholarship", "award"):
        rows.give(city, "LC", count=12, kinds=(kind,), start=500, kind_of_person="teacher")
    return city


def test_each_giver_has_a_figure_in_cash_and_in_kind_and_they_add_up(given):
    figures = compute(given["HP"], H1).figures
    assert [figures[f"funds.in_kind.{giver}"] for giver in GIVERS] == [10_000, 20_000, 30_000]
    assert figures["funds.in_kind"] == 60_000
    assert sum(figures[f"funds.income.{giver}"] for giver in GIVERS) == figures["funds.income"]
    assert figures["funds.income.organisation"] == 2_000_000
    text = services.build(given["HP"], H1).payload["narrative"]
    assert "tổ chức, doanh nghiệp ủng hộ 2 triệu đồng" in text
    assert "ngân sách địa phương hỗ trợ 3 triệu đồng" in text


def test_turns_by_who_received_add_up_to_all_turns_and_are_no_people(given):
    figures = compute(given["HP"], H1).figures
    assert figures["recipients.turns.teacher"] == 24
    assert figures["recipients.teacher"] == 12
    assert sum(figures[f"recipients.turns.{kind}"] for kind in Recipient.Kind.values) == figures["disbursements.turns"]


@pytest.mark.parametrize(
    "code", ["funds.income.organisation", "funds.in_kind.people", "recipients.turns.teacher", "funds.income.people"]
)
def test_the_page_of_each_shows_rows_with_its_sum_now_and_as_issued(given, client, leader, code):
    rows.freeze(given["HP"], H1, leader)
    report = Report.objects.get(unit=given["HP"])
    client.force_login(leader)
    for query in ("?unit=LC", f"?unit=LC&version={report.version}"):
        context = client.get(reverse("figure_detail", args=[H1, "HP", code]) + query).context
        assert context["rows"].total == context["value"] == report.exact["by_unit"]["LC"][code] > 0, query


def test_nobody_gave_is_none_and_not_left_out(city):
    figures = compute(city["HP"], H1).figures
    assert [figures[f"funds.in_kind.{giver}"] for giver in GIVERS] == [0, 0, 0]
