"""The book of a fund by day: running balance over pages, half-years and files."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from scholarships.models import LedgerEntry
from scholarships.services import donations
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(tree, site_profile, approver):
    """Gifts written in another order than that of their days, in two half-years."""
    fund = factories.make_fund(tree["LC"], opening=1_000)
    for day, amount in ((dt.date(2023, 5, 1), 30), (dt.date(2023, 8, 1), 400), (dt.date(2023, 3, 1), 2)):
        donations.record_donation(
            fund=fund, donor_name="Ông Bình", source="people", amount=amount, received_on=day, confirmed=True, actor=approver
        )  # fmt: skip
    return fund


def test_lines_stand_by_day_with_what_the_fund_held_then(client_of, officer_lc, fund, settings):
    settings.PAGE_SIZE = 2
    client, url = client_of(officer_lc), reverse("fund_book", args=[fund.pk])
    first = client.get(url)
    assert [line.running for line in first.context["table"].page.rows] == [1_000, 1_002]
    second = client.get(url + first.context["table"].next_url)
    assert [line.running for line in second.context["table"].page.rows] == [1_032, 1_432]
    turned = client.get(url, {"sort": "-occurred_on"})
    assert [line.running for line in turned.context["table"].page.rows] == [1_432, 1_032]


def test_a_half_year_begins_with_what_was_left(client_of, officer_lc, fund):
    client, url = client_of(officer_lc), reverse("fund_book", args=[fund.pk])
    page = client.get(url, {"half": "2023-H1"})
    assert [line.running for line in page.context["table"].page.rows] == [1_002, 1_032]
    assert page.context["sums"] == {"opening": 1_000, "received": 32, "spent": 0, "closing": 1_032}
    file = b"".join(client.get(url, {"half": "2023-H1", "file": "csv"}).streaming_content).decode("utf-8-sig")
    assert "1032" in file.splitlines()[2]
    assert client.get(url, {"file": "xlsx"}).status_code == 200


def test_a_late_line_leaves_what_stood_before_as_it_was(client_of, officer_lc, fund):
    LedgerEntry.objects.create(
        fund=fund, half="2023-H2", kind="reversal", amount=-2, occurred_on=dt.date(2023, 1, 5), reason="Ghi nhầm khoản này",
        reverses=LedgerEntry.objects.get(amount=2), actor=factories.make_system_account(),
    )  # fmt: skip
    client, url = client_of(officer_lc), reverse("fund_book", args=[fund.pk])
    assert client.get(url, {"half": "2023-H1"}).context["sums"]["closing"] == 1_032
    late = client.get(url, {"half": "2023-H2"})
    assert [line.running for line in late.context["table"].page.rows] == [1_030, 1_430]
    assert "bổ sung kỳ trước" in late.content.decode()


def test_the_book_of_another_unit_is_404(client_of, officer_nq, fund):
    assert client_of(officer_nq).get(reverse("fund_book", args=[fund.pk])).status_code == 404
