"""Funds, gifts and programmes through their services."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from portal.models import SearchEntry
from portal.services.periods import close_half_year
from scholarships.models import Fund, LedgerEntry
from scholarships.services.donations import record_donation
from scholarships.services.funds import open_fund, update_fund
from scholarships.services.programmes import create_programme, update_programme
from tests import factories
from tests.scholarships.lists import GIVEN, HALF, add_row
from tests.two_persons import agree

pytestmark = pytest.mark.django_db

OPENED = datetime.date(2023, 1, 1)


def test_an_opening_balance_is_the_first_line_of_the_book(tree, approver):
    fund = open_fund(
        unit=tree["LC"], name="Quỹ khuyến học", opened_on=OPENED, opening_balance=5_000_000, actor=approver
    )
    assert fund.balance == 5_000_000
    assert LedgerEntry.objects.get().kind == "opening"
    empty = open_fund(unit=tree["NQ"], name="Quỹ khuyến học", opened_on=OPENED, actor=approver)
    assert empty.balance == 0


def test_a_unit_has_one_main_fund_and_each_name_once(tree, approver, fund_lc):
    for values in ({"name": "Quỹ hai"}, {"name": fund_lc.name, "is_main": False}):
        with pytest.raises(ValidationError):
            open_fund(unit=tree["LC"], opened_on=OPENED, actor=approver, **values)
    other = open_fund(unit=tree["LC"], name="Quỹ hai", opened_on=OPENED, is_main=False, actor=approver)
    with pytest.raises(ValidationError):
        update_fund(fund=other, is_main=True, actor=approver)
    assert update_fund(fund=other, purpose="Xe đạp", actor=approver).purpose == "Xe đạp"


def test_only_who_keeps_funds_opens_one(tree, officer_lc, leader):
    for actor in (officer_lc, leader):
        with pytest.raises(PermissionDenied):
            open_fund(unit=tree["LC"], name="Quỹ", opened_on=OPENED, actor=actor)


def test_receipts_are_numbered_without_a_gap_within_fund_and_year(fund_lc, approver):
    days = [datetime.date(2023, 5, 1), datetime.date(2024, 1, 1), datetime.date(2023, 2, 1)]
    gifts = [
        record_donation(
            fund=fund_lc,
            donor_name=" Công ty  A ",
            source="organisation",
            amount=1_000_000,
            received_on=day,
            confirmed=True,
            actor=approver,
        )
        for day in days
    ]
    assert [(gift.receipt_year, gift.receipt_number) for gift in gifts] == [(2023, 1), (2024, 1), (2023, 2)]
    assert gifts[0].donor_name == "Công ty A"
    assert Fund.objects.get(pk=fund_lc.pk).balance == 103_000_000


def test_a_request_sent_twice_is_one_gift(fund_lc, approver):
    key = uuid.uuid4()
    gifts = [
        record_donation(
            fund=fund_lc,
            donor_name="A",
            source="people",
            amount=1_000,
            received_on=GIVEN,
            request_key=key,
            confirmed=True,
            actor=approver,
        )
        for _time in range(2)
    ]
    assert gifts[0] == gifts[1]
    assert Fund.objects.get(pk=fund_lc.pk).balance == 100_001_000


@pytest.mark.parametrize("values", [{"amount": 0}, {"amount": -1}, {"received_on": datetime.date(2999, 1, 1)}])
def test_a_gift_that_cannot_be_is_refused(fund_lc, approver, values):
    facts = {"donor_name": "A", "source": "people", "amount": 1, "received_on": OPENED}
    with pytest.raises(ValidationError):
        record_donation(fund=fund_lc, confirmed=True, actor=approver, **facts | values)
    assert Fund.objects.get(pk=fund_lc.pk).balance == 100_000_000


def test_a_gift_of_a_closed_half_year_counts_in_the_next(fund_lc, approver):
    close_half_year(unit=fund_lc.unit, half=HALF, reason="Đã báo cáo", actor=approver)
    record_donation(
        fund=fund_lc, donor_name="A", source="people", amount=1_000, received_on=GIVEN, confirmed=True, actor=approver
    )
    assert LedgerEntry.objects.get(kind="donation").half == "2023-H2"


def test_a_public_programme_is_found_by_search_while_it_is_in_use(tree, approver):
    programme = create_programme(
        unit=tree["HP"],
        name="Học bổng Hoa Phượng",
        kind="scholarship",
        is_public=True,
        purpose="Cho học sinh giỏi",
        actor=approver,
    )
    assert SearchEntry.objects.get().title == "Học bổng Hoa Phượng"
    update_programme(programme=programme, name="Học bổng Hoa Phượng Đỏ", actor=approver)
    assert SearchEntry.objects.matching("hoa phuong do").exists()
    update_programme(programme=programme, is_active=False, actor=approver)
    assert not SearchEntry.objects.exists()


def test_a_fund_is_found_by_search_while_it_is_shown_to_the_public(tree, approver, client, site_profile):
    fund = open_fund(
        unit=tree["LC-AB"], name="Quỹ khuyến học phường An Biên", opened_on=OPENED, is_public=True, actor=approver
    )
    assert not SearchEntry.objects.exists()  # a second person has not agreed yet
    agree()
    update_fund(fund=fund, name="Quỹ khuyến học, khuyến tài phường An Biên", actor=approver)
    for query in ("quỹ khuyến học phường An Biên", "P. An Biên", "quy an bien"):
        (result,) = client.get("/tim-kiem/", {"q": query, "kind": "fund"}).context["results"]
        assert result.entry.link == reverse("fund_public", args=[fund.pk])
        assert client.get(result.entry.link).status_code == 200
    update_fund(fund=fund, is_public=False, reason="Quỹ đã bàn giao cho nơi khác", actor=approver)
    agree()
    assert not SearchEntry.objects.exists()
    system = factories.make_system_account()
    open_fund(unit=tree["NQ"], name="Quỹ Ngô Quyền", opened_on=OPENED, is_public=True, actor=system)
    assert SearchEntry.objects.get().title == "Quỹ Ngô Quyền"


def test_a_programme_under_which_gifts_stand_keeps_its_kind(draft, programmes, officer_lc, approver):
    add_row(draft, officer_lc, programmes["award"])
    with pytest.raises(ValidationError):
        update_programme(programme=programmes["award"], kind="support", actor=approver)
    update_programme(programme=programmes["support"], kind="award", is_default=False, actor=approver)


@pytest.mark.parametrize(
    "values",
    [
        {"min_amount": 100, "max_amount": 99},
        {"opens_on": GIVEN, "closes_on": OPENED},
        {"name": "Khen thưởng học sinh"},
        {"is_default": True},
    ],
)
def test_a_programme_that_contradicts_itself_or_another_is_refused(tree, programmes, approver, values):
    facts = {"name": "Chương trình mới", "kind": "award"}
    with pytest.raises(ValidationError):
        create_programme(unit=tree["HP"], actor=approver, **facts | values)
