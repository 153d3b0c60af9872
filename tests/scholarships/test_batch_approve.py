"""A list on its way: submitted, returned, approved, paid, withdrawn, reversed; each refused where it must be."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.services.versions import version_of
from scholarships.models import Batch
from scholarships.services import batches
from scholarships.services.effects import effect_of
from tests.scholarships.lists import add_row, make_batch
from tests.two_persons import agree

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
    answer = office.post(reverse("batch_approve", args=[draft.pk]), follow=True)
    assert state(draft) == "paid"
    assert answer.redirect_chain[0][0] == reverse("batch_queue")
    fund_lc.refresh_from_db()
    assert fund_lc.balance == 98_500_000


def test_a_list_that_is_not_what_was_shown_is_409_and_stays(client_of, approver, officer_lc, sent):
    before = version_of(sent, effect_of(sent, "approve"))
    batches.return_batch(batch=sent, reason="Xem lại", actor=approver)
    batches.update_disbursement(row=sent.disbursements.first(), amount=600_000, actor=officer_lc)
    batches.submit_batch(batch=sent, actor=officer_lc)
    for shown in (before, "", "x", "scholarships.batch:1:", f"{before}.abcdefg"):
        answer = client_of(approver).post(reverse("batch_approve", args=[sent.pk]), {"version": shown})
        assert answer.status_code == 409
        assert reverse("batch_approve", args=[sent.pk]) in answer.content.decode()
        assert ("3 lượt, 1.600.000 đồng" in answer.content.decode()) is (shown == before)  # what has changed, in words
    assert state(sent) == "submitted"


def test_the_same_answer_twice_changes_nothing_more(client_of, approver, sent, fund_lc):
    client, url, shown = (
        client_of(approver),
        reverse("batch_approve", args=[sent.pk]),
        {"version": version_of(sent, effect_of(sent, "approve"))},
    )
    assert client.post(url, shown).status_code == 302
    assert client.post(url, shown).status_code == 409
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
    office.post(reverse("batch_approve", args=[batch.pk]))
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
    batches.approve_batch(batch=sent, actor=approver)
    assert client_of(officer_lc).post(url, {"reason": "Danh sách sai hoàn toàn"}).status_code == 403
    assert "reason" in office.post(url, {"reason": "sai"}).context["form"].errors
    said = office.post(url, {"reason": "Danh sách sai hoàn toàn"}, follow=True).content.decode()
    assert "Đã gửi đề nghị" in said
    assert state(sent) == "paid"
    agree()
    assert state(sent) == "reversed"
    fund_lc.refresh_from_db()
    assert fund_lc.balance == 100_000_000
    assert client_of(officer_lc).get(reverse("batch_detail", args=[sent.pk])).status_code == 200


@pytest.mark.parametrize("name", ["batch_submit", "batch_withdraw"])
def test_an_officers_step_is_404_for_a_stranger_and_403_without_the_right(client_of, officer_nq, leader, draft, name):
    assert client_of(officer_nq).post(reverse(name, args=[draft.pk]), {"reason": "Lý do đủ dài"}).status_code == 404
    assert client_of(leader).post(reverse(name, args=[draft.pk]), {"reason": "Lý do đủ dài"}).status_code == 403
    assert state(draft) == "draft"


def test_an_approver_withdraws_a_list_but_sends_none(client_of, approver, draft):
    assert client_of(approver).post(reverse("batch_submit", args=[draft.pk])).status_code == 403
    assert state(draft) == "draft"
    client_of(approver).post(reverse("batch_withdraw", args=[draft.pk]), {"reason": "Lý do đủ dài"})
    assert state(draft) == "withdrawn"


@pytest.mark.parametrize("name", ["batch_return", "batch_approve", "batch_pay", "batch_reverse"])
def test_an_approvers_step_is_404_elsewhere_and_403_for_an_officer(client_of, officer_lc, tree, sent, name):
    from portal.vocabulary import Role
    from tests import factories

    elsewhere = factories.make_user("duyet.nq", role=Role.APPROVER, unit=tree["NGOQUYEN"])
    answer = {"reason": "Lý do đủ dài"}
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
    client.post(reverse("batch_approve", args=[batch.pk]))
    assert state(batch) == "submitted"
