"""A fund and its book."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from portal.models import AuditEntry
from scholarships.models import Fund
from scholarships.services import donations
from tests import factories
from tests.two_persons import agree

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(tree, site_profile):
    return factories.make_fund(tree["LC"], opening=1_000_000)


def test_the_book_shows_the_balance_after_each_line(client_of, officer_lc, approver, fund):
    for amount in (200_000, 300_000):
        donations.record_donation(
            fund=fund,
            donor_name="Ông Bình",
            source="people",
            amount=amount,
            received_on=dt.date(2023, 3, 1),
            confirmed=True,
            actor=approver,
        )
    answer = client_of(officer_lc).get(reverse("fund_detail", args=[fund.pk]))
    assert [entry.balance_after for entry in answer.context["table"].page.rows] == [1_500_000, 1_200_000, 1_000_000]
    assert "Ông Bình" in answer.content.decode()
    assert not answer.context["manages"]


def test_the_running_balance_goes_on_over_pages(client_of, approver, fund, settings):
    settings.PAGE_SIZE = 2
    for amount in (200_000, 300_000, 400_000):
        donations.record_donation(
            fund=fund,
            donor_name="Ông Bình",
            source="people",
            amount=amount,
            received_on=dt.date(2023, 3, 1),
            confirmed=True,
            actor=approver,
        )
    url, client = reverse("fund_detail", args=[fund.pk]), client_of(approver)
    second = client.get(url + client.get(url).context["table"].next_url)
    assert [entry.balance_after for entry in second.context["table"].page.rows] == [1_200_000, 1_000_000]


def test_the_fund_of_another_unit_is_404(client_of, officer_nq, fund):
    assert client_of(officer_nq).get(reverse("fund_detail", args=[fund.pk])).status_code == 404


def test_a_manager_opens_a_fund_records_a_gift_and_changes_the_account(client_of, approver, tree, site_profile):
    client = client_of(approver)
    opened = {
        "unit": "phuong le chan",
        "name": "Quỹ Hoa phượng",
        "opened_on": "1/7/2025",
        "opening_balance": "12 triệu",
        "is_main": "on",
    }
    answer = client.post(reverse("fund_create"), opened)
    fund = Fund.objects.get(name="Quỹ Hoa phượng")
    assert answer.url == reverse("fund_detail", args=[fund.pk])
    assert (fund.balance, fund.unit) == (12_000_000, tree["LECHAN"])
    gift = {
        "donor_name": "Công ty A",
        "source": "organisation",
        "amount": "1,5 triệu",
        "received_on": "02/07/2025",
        "confirmed": "on",
    }
    assert client.post(reverse("donation_create", args=[fund.pk]), gift).status_code == 302
    fund.refresh_from_db()
    assert fund.balance == 13_500_000
    account = {
        "name": fund.name,
        "bank_bin": "970436",
        "bank_account": "0123 456 789",
        "bank_account_name": "HKH LE CHAN",
        "is_main": "on",
    }
    assert "reason" in client.post(reverse("fund_update", args=[fund.pk]), account).context["form"].errors
    account["reason"] = "Mở tài khoản riêng của quỹ."
    assert client.post(reverse("fund_update", args=[fund.pk]), account).status_code == 302
    fund.refresh_from_db()
    assert fund.bank_account == ""
    change = agree()
    fund.refresh_from_db()
    history = fund.account_in_force
    assert (history.proposed_by, history.decided_by) == (approver, change.decided_by)
    assert (fund.bank_account, fund.bank_account_name) == ("0123456789", "HKH LE CHAN")
    assert {"scholarships.fund.open", "scholarships.donation.record", "scholarships.fund.update"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "1.5"),
        ("amount", "-200"),
        ("amount", "nửa triệu"),
        ("received_on", "31/02/2023"),
        ("received_on", "1/1/2999"),
        ("donor_name", ""),
    ],
)
def test_a_gift_that_cannot_be_read_is_refused_beside_its_field_and_keeps_the_rest(
    client_of, approver, fund, field, typed
):
    gift = {"donor_name": "Bà Lan", "source": "people", "amount": "500.000", "received_on": "02/07/2023"} | {
        field: typed
    }
    answer = client_of(approver).post(reverse("donation_create", args=[fund.pk]), gift)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not fund.donations.exists()
    kept = {name: value for name, value in gift.items() if name != field}
    assert all(value in answer.content.decode() for value in kept.values())


def test_half_an_account_and_a_bad_number_are_refused(client_of, approver, fund):
    client, url = client_of(approver), reverse("fund_update", args=[fund.pk])
    half = client.post(url, {"name": fund.name, "bank_bin": "970436", "is_main": "on"})
    bad = client.post(
        url,
        {"name": fund.name, "bank_bin": "970436", "bank_account": "12/34", "bank_account_name": "A", "is_main": "on"},
    )
    assert "bank_account" in half.context["form"].errors
    assert "bank_account" in bad.context["form"].errors


def test_an_officer_may_look_but_not_change(client_of, officer_lc, fund):
    client = client_of(officer_lc)
    assert client.post(reverse("donation_create", args=[fund.pk]), {}).status_code == 403
    assert client.get(reverse("fund_update", args=[fund.pk])).status_code == 403
    assert client.get(reverse("fund_create")).status_code == 403


def test_a_gift_sent_twice_is_one_gift(client_of, approver, fund):
    client, url = client_of(approver), reverse("donation_create", args=[fund.pk])
    key = client.get(url).context["form"]["request_key"].value()
    gift = {
        "donor_name": "Bà Lan",
        "source": "people",
        "amount": "500.000",
        "received_on": "02/07/2023",
        "confirmed": "on",
        "request_key": key,
    }
    assert {client.post(url, gift).status_code for _press in range(2)} == {302}
    assert fund.donations.count() == 1
    assert client.get(url).context["form"]["request_key"].value() != key
    assert str(key) in client.post(url, gift | {"amount": "?"}).content.decode()
