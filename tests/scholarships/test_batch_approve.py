"""A list on its way: submitted, returned, approved, paid, withdrawn, reversed; each refused where it must be."""

from __future__ import annotations

import pytest
from django.urls import reverse

from scholarships.models import Batch
from scholarships.services import batches
from tests.scholarships.lists import add_row, make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(draft, officer_lc):
    return batches.submit_batch(batch=draft, actor=officer_lc)


def state(batch) -> str:
    return Batch.objects.get(pk=batch.pk).state


def test_from_submitted_to_paid_by_two_people(client_of, officer_lc, approver, draft, fund_lc):
    assert client_of(officer_lc).post(reverse("batch_submit", args=[draft.pk])).status_code == 302
    office = client_of(approver)
    assert draft.title in office.get(reverse("batch_queue")).content.decode()
    page = office.get(reverse("batch_approve", args=[draft.pk]))
    assert "1.500.000 đồng" in page.content.decode()
    answer = office.post(
        reverse("batch_approve", args=[draft.pk]), {"expected_turns": 3, "expected_amount": 1_500_000}, follow=True
    )
    assert state(draft) == "paid"
    assert answer.redirect_chain[0][0] == reverse("batch_queue")
    fund_lc.refresh_from_db()
    assert fund_lc.balance == 98_500_000


def test_a_list_that_is_not_what_was_shown_is_409_and_stays(client_of, approver, sent):
    for shown in (
        {"expected_turns": 2, "expected_amount": 1_500_000},
        {"expected_turns": 3, "expected_amount": 1_499_999},
        {},
        {"expected_turns": "x"},
    ):
        answer = client_of(approver).post(reverse("batch_approve", args=[sent.pk]), shown)
        assert answer.status_code == 409
        assert reverse("batch_detail", args=[sent.pk]) in answer.content.decode()
    assert state(sent) == "submitted"


def test_the_same_answer_twice_changes_nothing_more(client_of, approver, sent, fund_lc):
    shown = {"expected_turns": 3, "expected_amount": 1_500_000}
    client, url = client_of(approver), reverse("batch_approve", args=[sent.pk])
    client.post(url, shown)
    assert client.post(url, shown).status_code == 302
    fund_lc.refresh_from_db()
    assert fund_lc.balance == 98_500_000


def test_returned_with_a_reason_mended_and_sent_again(client_of, officer_lc, approver, sent, programmes):
    office, url = client_of(approver), reverse("batch_return", args=[sent.pk])
    assert "reason" in office.post(url, {"reason": " "}).context["form"].errors
    office.post(url, {"reason": "Thiếu ngày sinh"})
    assert state(sent) == "returned"
    assert "Thiếu ngày sinh" in client_of(officer_lc).get(reverse("batch_detail", args=[sent.pk])).content.decode()
    add_row(sent, officer_lc, programmes["award"])
    client_of(officer_lc).post(reverse("batch_submit", args=[sent.pk]))
    assert state(sent) == "submitted"


def test_to_pay_is_approved_first_and_paid_afterwards(
    client_of, officer_lc, approver, tree, programmes, fund_lc, site_profile
):
    batch = make_batch(tree["LC"], officer_lc, rows=2, mode="to_pay", programme=programmes["support"])
    batches.submit_batch(batch=batch, actor=officer_lc)
    office = client_of(approver)
    office.post(reverse("batch_approve", args=[batch.pk]), {"expected_turns": 2, "expected_amount": 1_000_000})
    assert state(batch) == "approved"
    office.post(reverse("batch_pay", args=[batch.pk]))
    assert state(batch) == "paid"


def test_withdrawn_while_unpaid_and_reversed_whole_afterwards(
    client_of, officer_lc, approver, tree, sent, programmes, fund_lc
):
    other = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["award"])
    client_of(officer_lc).post(reverse("batch_withdraw", args=[other.pk]), {"reason": "Nhập nhầm"})
    assert state(other) == "withdrawn"
    office, url = client_of(approver), reverse("batch_reverse", args=[sent.pk])
    batches.approve_batch(batch=sent, expected_turns=3, expected_amount=1_500_000, actor=approver)
    assert client_of(officer_lc).post(url, {"reason": "Danh sách sai hoàn toàn"}).status_code == 403
    assert "reason" in office.post(url, {"reason": "sai"}).context["form"].errors
    office.post(url, {"reason": "Danh sách sai hoàn toàn"})
    assert state(sent) == "reversed"
    fund_lc.refresh_from_db()
    assert fund_lc.balance == 100_000_000
    assert client_of(officer_lc).get(reverse("batch_detail", args=[sent.pk])).status_code == 200


@pytest.mark.parametrize("name", ["batch_submit", "batch_withdraw"])
def test_an_officers_step_is_404_for_a_stranger_and_403_without_the_right(client_of, officer_nq, approver, draft, name):
    assert client_of(officer_nq).post(reverse(name, args=[draft.pk]), {"reason": "Lý do đủ dài"}).status_code == 404
    assert client_of(approver).post(reverse(name, args=[draft.pk]), {"reason": "Lý do đủ dài"}).status_code == 403
    assert state(draft) == "draft"


@pytest.mark.parametrize("name", ["batch_return", "batch_approve", "batch_pay", "batch_reverse"])
def test_an_approvers_step_is_404_elsewhere_and_403_for_an_officer(client_of, officer_lc, tree, sent, name):
    from portal.vocabulary import Role
    from tests import factories

    elsewhere = factories.make_user("duyet.nq", role=Role.APPROVER, unit=tree["NGOQUYEN"])
    answer = {"reason": "Lý do đủ dài", "expected_turns": 3, "expected_amount": 1_500_000}
    assert client_of(elsewhere).post(reverse(name, args=[sent.pk]), answer).status_code == 404
    assert client_of(officer_lc).post(reverse(name, args=[sent.pk]), answer).status_code == 403
    assert state(sent) == "submitted"


def test_nobody_approves_their_own(client_of, tree, programmes, fund_lc, site_profile, officer_lc):
    from django.db.backends.postgresql.psycopg_any import DateRange

    from portal.models import Posting
    from tests import factories

    Posting.objects.create(user=officer_lc, unit=tree["LC"], role="approver", valid=DateRange(factories.START, None))
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["award"])
    batches.submit_batch(batch=batch, actor=officer_lc)
    client = client_of(officer_lc)
    text = client.get(reverse("batch_detail", args=[batch.pk])).content.decode()
    assert reverse("batch_approve", args=[batch.pk]) not in text
    client.post(reverse("batch_approve", args=[batch.pk]), {"expected_turns": 1, "expected_amount": 500_000})
    assert state(batch) == "submitted"
