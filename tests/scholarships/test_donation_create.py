"""Gifts: what is asked, what is refused, goods and givers who wish to be anonymous, receipts, the donors' wall."""

from __future__ import annotations

import datetime
import uuid

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from reports.figures import compute
from scholarships.models import Donation, Fund
from scholarships.services.donations import record_donation, reverse_donation
from scholarships.services.verifying import find_differences
from tests import factories
from tests.two_persons import agree

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def fund(tree):
    return factories.make_fund(tree["LECHAN"], opening=1_000_000, half="2025-H2")


def give(fund, actor, **facts):
    """A gift of today."""
    known = {"donor_name": "Bà Tư", "source": "people", "amount": 2_000_000, "received_on": TODAY()}
    return record_donation(fund=fund, actor=actor, **known | facts)


def typed(**facts):
    """What the form sends."""
    known = {
        "donor_name": "Bà Tư", "source": "people", "amount": "2 triệu", "received_on": TODAY().strftime("%d/%m/%Y"),
        "request_key": str(uuid.uuid4()),
    }  # fmt: skip
    return known | facts


def test_an_equal_gift_is_asked_about_and_then_recorded(client_of, fund, approver):
    client, url = client_of(approver), reverse("donation_create", args=[fund.pk])
    assert client.post(url, typed()).status_code == 302
    asked = client.post(url, typed(donor_name="bà tư"))
    assert asked.status_code == 200
    assert "phiếu thu 1/" in " ".join(asked.context["form"].errors["donor_name"]).lower()
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert 'value="2 triệu"' in asked.content.decode()
    assert Donation.objects.count() == 1
    assert client.post(url, typed(confirmed="on")).status_code == 302
    assert Donation.objects.count() == 2
    assert Fund.objects.get(pk=fund.pk).balance == 5_000_000


def test_the_same_form_twice_asks_nothing_and_adds_nothing(client_of, fund, approver):
    client, url, sent = client_of(approver), reverse("donation_create", args=[fund.pk]), typed()
    assert [client.post(url, sent).status_code for _time in range(2)] == [302, 302]
    assert Donation.objects.count() == 1


def test_a_day_of_an_earlier_year_is_asked_about(fund, approver):
    last_year = datetime.date(TODAY().year - 1, 12, 31)
    with pytest.raises(ValidationError) as asked:
        give(fund, approver, received_on=last_year)
    assert [error.code for error in asked.value.error_list] == ["earlier_year"]
    gift = give(fund, approver, received_on=last_year, confirmed=True)
    assert (gift.receipt_year, gift.receipt_number) == (last_year.year, 1)


def test_a_day_before_the_fund_was_opened_is_refused_whoever_says_so(fund, approver):
    day = fund.opened_on - datetime.timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        give(fund, approver, received_on=day, confirmed=True)
    assert "received_on" in refused.value.message_dict
    with pytest.raises(IntegrityError, match="donation_before_fund"), transaction.atomic():
        by_hand(fund, approver, received_on=day, half=HalfYear.containing(day).code, receipt_year=day.year)
    assert give(fund, approver, received_on=fund.opened_on, confirmed=True).pk


def by_hand(fund, actor, **facts):
    """A gift written past the services."""
    day = TODAY()
    known = {
        "unit_id": fund.unit_id, "donor_name": "A", "source": "people", "amount": 1_000, "received_on": day,
        "half": HalfYear.containing(day).code, "receipt_year": day.year, "recorded_by": actor,
    }  # fmt: skip
    return Donation.objects.create(fund=fund, **known | facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"amount": 0}, "donation_positive"),
        ({"amount": -1}, "donation_positive"),
        ({"amount": 10**15}, "donation_positive"),
        ({"amount": None}, "null value"),
        ({"received_on": None}, "donation_of_its_fund"),
        ({"donor_name": "\u200b"}, "donation_donor_seen"),
        ({"receipt_year": 1990}, "donation_of_its_fund"),
        ({"is_anonymous": True}, "donation_anonymous_unnamed"),
        ({"half": "2026-H3"}, "donation_half"),
        ({"reversed_at": timezone.now()}, "donation_only_cancelled"),
    ],
)
def test_the_database_refuses_a_gift_that_cannot_be(fund, approver, facts, said):
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        by_hand(fund, approver, **facts)
    assert by_hand(fund, approver).receipt_number == 0


def test_a_gift_belongs_to_the_unit_of_its_fund(fund, approver, tree):
    with pytest.raises(IntegrityError, match="donation_of_its_fund"), transaction.atomic():
        by_hand(fund, approver, unit_id=tree["HP"].pk)


def test_numbers_are_the_units_and_the_databases_own(fund, approver, tree):
    other = Fund.objects.create(unit=fund.unit, name="Quỹ xe đạp", opened_on=fund.opened_on, is_main=False)
    elsewhere = factories.make_fund(tree["NGOQUYEN"], opening=0)
    gifts = [give(fund, approver), give(other, approver), give(elsewhere, approver)]
    forged = by_hand(fund, approver, receipt_number=99)
    forged.refresh_from_db()
    assert [gift.receipt_number for gift in (*gifts, forged)] == [1, 2, 1, 3]
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE scholarships_donation SET receipt_number = 7")


def test_goods_are_counted_with_their_value_and_are_no_money_in_the_fund(fund, approver, tree):
    gift = give(fund, approver, goods="20 xe đạp", amount=40_000_000)
    assert (gift.receipt_number, gift.entries.count()) == (1, 0)
    assert Fund.objects.get(pk=fund.pk).balance == 1_000_000
    half = HalfYear.containing(TODAY())
    figures = compute(tree["HP"], half).figures
    assert (figures["funds.in_kind"], figures["funds.income"]) == (40_000_000, 0)
    with pytest.raises(IntegrityError, match="ledger_as_its_gift"), transaction.atomic():
        fund.entries.create(
            half=half.code, kind="donation", amount=gift.amount, occurred_on=TODAY(), donation=gift, actor=approver
        )
    assert find_differences() == []
    agree(reverse_donation(donation=gift, reason="Ghi nhầm quỹ nhận", actor=approver))
    assert compute(tree["HP"], half).figures["funds.in_kind"] == 0
    assert Fund.objects.get(pk=fund.pk).balance == 1_000_000


def test_of_who_wishes_to_be_anonymous_no_name_is_kept(client_of, fund, approver):
    client, url = client_of(approver), reverse("donation_create", args=[fund.pk])
    assert client.post(url, typed(donor_name="Ông Bảy", is_anonymous="on")).status_code == 302
    assert Donation.objects.get().donor_name == "Nhà hảo tâm ẩn danh"
    asked = client.post(url, typed(donor_name=""))
    assert "donor_name" in asked.context["form"].errors
    with pytest.raises(ValidationError):
        give(fund, approver, is_anonymous=True, may_be_named=True)


def words_of(answer) -> str:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    return " ".join(pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded().split())


def test_a_receipt_spells_the_amount_and_a_cancelled_one_keeps_its_number(
    client_of, fund, approver, officer_nq, site_profile
):
    gift = give(fund, approver, amount=2_005_000)
    client, url = client_of(approver), reverse("donation_receipt", args=[gift.pk])
    words = words_of(client.get(url))
    assert "Hai triệu không trăm linh năm nghìn đồng" in words
    assert f"Số: 01/{TODAY().year}" in words
    assert "ĐÃ HỦY" not in words
    assert client_of(officer_nq).get(url).status_code == 404
    agree(reverse_donation(donation=gift, reason="Ghi nhầm số tiền", actor=approver))
    words = words_of(client.get(url))
    assert "ĐÃ HỦY" in words, words
    assert "Ghi nhầm số tiền" in words
    assert f"Số: 01/{TODAY().year}" in words
    assert give(fund, approver).receipt_number == 2
    listed = client.get(reverse("donation_list")).content.decode()
    assert str(_("cancelled")) in listed


def test_the_wall_shows_who_agreed_and_counts_the_others(client, fund, approver):
    Fund.objects.filter(pk=fund.pk).update(is_public=True)
    give(fund, approver, donor_name="Công ty Hoa Phượng", may_be_named=True)
    give(fund, approver, donor_name="Bà Kín Tiếng")
    taken_back = give(fund, approver, donor_name="Ông Ghi Nhầm", may_be_named=True)
    agree(reverse_donation(donation=taken_back, reason="Ghi nhầm người ủng hộ", actor=approver))
    page = client.get(reverse("fund_public", args=[fund.pk])).content.decode()
    assert "Công ty Hoa Phượng" in page
    assert "Bà Kín Tiếng" not in page
    assert "Ông Ghi Nhầm" not in page
    assert "1 khoản ủng hộ của người không nêu tên" in page


def test_the_public_page_accounts_for_each_half_year(client, fund, approver):
    Fund.objects.filter(pk=fund.pk).update(is_public=True)
    give(fund, approver, amount=2_000_000)
    page = client.get(reverse("fund_public", args=[fund.pk]))
    half, sums = page.context["statements"][0]
    assert half == HalfYear.containing(TODAY())
    assert (sums["opening"], sums["income"], sums["spending"], sums["closing"]) == (1_000_000, 2_000_000, 0, 3_000_000)
    assert "3.000.000" in page.content.decode()
    assert page.context["statements"][-1][0] == HalfYear(2025, 2)


def test_only_who_keeps_the_fund_records_and_cancels(fund, approver, officer_lechan, leader):
    for actor in (officer_lechan, leader):
        with pytest.raises(PermissionDenied):
            give(fund, actor)
    gift = give(fund, approver)
    with pytest.raises(PermissionDenied):
        reverse_donation(donation=gift, reason="Ghi nhầm số tiền", actor=officer_lechan)


def test_consent_to_be_named_is_taken_back_at_once(client_of, client, fund, approver, officer_lechan):
    Fund.objects.filter(pk=fund.pk).update(is_public=True)
    gift = give(fund, approver, donor_name="Công ty Hoa Phượng", may_be_named=True)
    wall, url = reverse("fund_public", args=[fund.pk]), reverse("donation_unname", args=[gift.pk])
    assert "Công ty Hoa Phượng" in client.get(wall).content.decode()
    assert client_of(officer_lechan).post(url).status_code == 403
    assert client_of(approver).post(url).status_code == 302
    assert "Công ty Hoa Phượng" not in client.get(wall).content.decode()
    with pytest.raises(IntegrityError, match="donation_only_cancelled"), transaction.atomic():
        Donation.objects.filter(pk=gift.pk).update(may_be_named=True)
