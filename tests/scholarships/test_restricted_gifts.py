"""Gifts that one programme alone may spend, half-years that may not end below zero, funds that are low."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from portal.models import ProposedChange
from portal.services.versions import version_of
from scholarships.models import Donation, Fund, LedgerEntry, Programme
from scholarships.services import batches
from scholarships.services.donations import record_donation, reverse_donation
from scholarships.services.effects import effect_of
from scholarships.services.holding import list_held
from scholarships.services.verifying import find_differences
from tests import factories
from tests.scholarships.lists import make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(tree, programmes, site_profile):
    return factories.make_fund(tree["LC"], opening=1_000_000)


def give(fund, approver, programme=None, amount=2_000_000):
    return record_donation(
        fund=fund, donor_name="Ông Bình", source="people", amount=amount, received_on=dt.date(2023, 3, 1),
        programme=programme, confirmed=True, actor=approver,
    )  # fmt: skip


def send(tree, officer, programme, rows=3):
    """A batch of `rows` times 500.000 that waits for approval."""
    batch = make_batch(tree["LC"], officer, rows=rows, programme=programme)
    return batches.submit_batch(batch=batch, actor=officer)


def held(fund) -> dict[str, int]:
    return {one.programme.kind: one.amount for one in list_held(fund)}


def approve(batch, approver):
    return batches.approve_batch(batch=batch, version=version_of(batch, effect_of(batch, "approve")), actor=approver)


def test_another_programme_cannot_spend_it_and_the_approver_knows_before(
    client_of, tree, officer_lc, approver, programmes, fund
):
    give(fund, approver, programmes["award"])
    batch = send(tree, officer_lc, programmes["scholarship"])
    page = client_of(approver).get(reverse("batch_approve", args=[batch.pk]))
    assert "Khen thưởng học sinh" in page.context["problems"][0]
    assert "500.000 đồng" in page.context["problems"][0]  # what is missing
    with pytest.raises(ValidationError) as refused:
        approve(batch, approver)
    assert refused.value.messages == page.context["problems"]
    fund.refresh_from_db()
    assert fund.balance == 3_000_000


def test_its_own_programme_spends_it_first_and_the_rest_is_free(tree, officer_lc, approver, programmes, fund):
    give(fund, approver, programmes["award"])
    approve(send(tree, officer_lc, programmes["award"], rows=3), approver)
    assert held(fund) == {"award": 500_000}
    approve(send(tree, officer_lc, programmes["scholarship"], rows=2), approver)
    assert held(fund) == {"award": 500_000}
    assert find_differences() == []


def test_what_was_spent_before_the_gift_takes_nothing_of_it(tree, officer_lc, approver, programmes, fund):
    give(fund, approver)
    approve(send(tree, officer_lc, programmes["award"], rows=4), approver)
    give(fund, approver, programmes["award"], 700_000)
    assert held(fund) == {"award": 700_000}


def test_a_payment_taken_back_gives_it_back_to_its_programme(tree, officer_lc, approver, programmes, fund):
    give(fund, approver, programmes["award"], 600_000)
    paid = approve(send(tree, officer_lc, programmes["award"], rows=3), approver)
    assert held(fund) == {}
    agree(batches.reverse_batch(batch=paid, version=_shown(paid), reason="Trao nhầm cả đợt.", actor=approver))
    assert held(fund) == {"award": 600_000}


def _shown(batch):
    return version_of(batch, effect_of(batch, "reverse"))


def test_the_gift_itself_can_be_cancelled_and_another_not_at_its_cost(approver, programmes, fund):
    free, only = give(fund, approver, None, 300_000), give(fund, approver, programmes["award"])
    Fund.objects.filter(pk=fund.pk).update(name="Quỹ thử")
    agree(reverse_donation(donation=only, reason="Ghi nhầm quỹ nhận.", actor=approver))
    assert held(fund) == {}
    agree(reverse_donation(donation=free, reason="Ghi nhầm quỹ nhận.", actor=approver))
    fund.refresh_from_db()
    assert fund.balance == 1_000_000


def test_the_database_refuses_it_too(tree, officer_lc, approver, programmes, fund):
    give(fund, approver, programmes["award"], 5_000_000)
    other = Fund.objects.create(unit=tree["LC"], name="Quỹ thứ hai", opened_on=dt.date(2023, 1, 1), is_main=False)
    system = factories.make_system_account()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scholarships_handover (from_fund_id, to_fund_id, amount, on_date, half, decision, recorded_by_id,"
            " recorded_at) VALUES (%s, %s, 1000001, '2023-04-01', '2023-H1', 'QĐ', %s, now()) RETURNING id",
            [fund.pk, other.pk, system.pk],
        )
        passed = cursor.fetchone()[0]
        with pytest.raises(DatabaseError, match="fund_restricted"), transaction.atomic():
            LedgerEntry.objects.create(
                fund=fund, half="2023-H1", kind="passed_on", amount=-1_000_001, occurred_on=dt.date(2023, 4, 1),
                hand_over_id=passed, actor=system,
            )  # fmt: skip
        transaction.set_rollback(True)


@pytest.mark.parametrize("made_for", ["other_fund", "not_main"])
def test_a_programme_that_the_fund_does_not_pay_gets_no_gift(tree, approver, programmes, fund, made_for):
    other = Fund.objects.create(unit=tree["LC"], name="Quỹ thứ hai", opened_on=dt.date(2023, 1, 1), is_main=False)
    programme = programmes["award"]
    if made_for == "other_fund":
        programme = Programme.objects.create(unit=tree["LC"], name="Của quỹ hai", kind="award", fund=other)
        other = fund
    with pytest.raises(ValidationError) as refused:
        give(other, approver, programme)
    assert "programme" in refused.value.message_dict
    values = [other.pk, other.unit_id, programme.pk, approver.pk]
    with pytest.raises(DatabaseError, match="donation_of_its_programme"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scholarships_donation (fund_id, unit_id, programme_id, donor_name, is_anonymous, may_be_named, source,"
            " amount, received_on, half, receipt_year, receipt_number, recorded_by_id, recorded_at) VALUES"
            " (%s, %s, %s, 'A', false, false, 'people', 5, '2023-03-01', '2023-H1', 2023, 0, %s, now())",
            values,
        )


def test_a_large_gift_keeps_its_programme_through_the_second_person(approver, programmes, fund):
    change = give(fund, approver, programmes["award"], 500_000_000)
    assert isinstance(change, ProposedChange)
    agree(change)
    assert Donation.objects.get().programme == programmes["award"]


def test_the_form_offers_the_programmes_that_the_fund_pays(client_of, approver, programmes, fund):
    client, url = client_of(approver), reverse("donation_create", args=[fund.pk])
    assert programmes["award"].name in client.get(url).content.decode()
    sent = {
        "donor_name": "Bà Tư", "source": "people", "amount": "1 triệu", "received_on": "02/03/2023", "confirmed": "on",
        "programme": programmes["award"].pk,
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    assert "Chỉ dành cho một chương trình" in client.get(reverse("fund_detail", args=[fund.pk])).content.decode()
    assert held(fund) == {"award": 1_000_000}


def test_money_that_came_later_is_known_not_to_pay_an_earlier_half_year(
    client_of, tree, officer_lc, approver, programmes, fund
):
    record_donation(
        fund=fund, donor_name="Ông Bình", source="people", amount=9_000_000, received_on=dt.date(2024, 3, 1), confirmed=True,
        actor=approver,
    )  # fmt: skip
    batch = send(tree, officer_lc, programmes["award"], rows=3)  # of 2023-H1, when the fund held 1.000.000
    page = client_of(approver).get(reverse("batch_approve", args=[batch.pk]))
    [problem] = page.context["problems"]
    assert "6 tháng đầu năm 2023" in problem
    assert "500.000 đồng" in problem
    with pytest.raises(ValidationError), transaction.atomic():
        approve(batch, approver)


def test_a_low_fund_is_said_where_people_look(client_of, tree, officer_lc, approver, leader, programmes, fund):
    homes = [client_of(person) for person in (officer_lc, approver, leader)]
    assert all("sắp cạn" not in home.get(reverse("work_home")).content.decode() for home in homes)
    Fund.objects.filter(pk=fund.pk).update(low_below=900_000)
    batch = send(tree, officer_lc, programmes["award"], rows=1)
    assert "sắp cạn" in client_of(approver).get(reverse("batch_approve", args=[batch.pk])).content.decode()
    approve(batch, approver)
    for home in homes:
        assert "Quỹ khuyến học LC” sắp cạn" in home.get(reverse("work_home")).content.decode()
    assert "sắp cạn" in homes[0].get(reverse("fund_detail", args=[fund.pk])).content.decode()
    assert [row.pk for row in homes[2].get(reverse("fund_list"), {"only": "low"}).context["table"].page.rows] == [
        fund.pk
    ]


def test_waiting_batches_that_need_more_than_there_is_are_said(client_of, tree, officer_lc, programmes, fund):
    send(tree, officer_lc, programmes["award"], rows=3)
    assert "1.500.000 đồng" in client_of(officer_lc).get(reverse("work_home")).content.decode()
