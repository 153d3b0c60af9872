"""Rows typed by keyboard."""

from __future__ import annotations

import pytest
from django.urls import reverse

from scholarships.models import Disbursement, Recipient
from scholarships.services.batches import approve_batch, submit_batch
from tests.scholarships.lists import add_row, make_batch

pytestmark = pytest.mark.django_db


def row(programmes, **typed):
    return {
        "full_name": "Trần Thị Bình", "birth": "15/3/2011", "programme": programmes["award"].pk, "amount": "300000", "given_on": "20-5-2023",
        "source": "fund", "circumstance": "poor", "school": "THCS Võ Thị Sáu", "school_class": "6A",
    } | typed  # fmt: skip


def test_a_row_is_saved_and_the_next_one_stands_ready_with_what_stays_the_same(
    client_of, officer_lc, draft, programmes
):
    client, url = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    saved = client.post(url, row(programmes), follow=True)
    assert saved.redirect_chain == [(url, 302)]
    text = saved.content.decode()
    assert "Trần Thị Bình" in text
    assert "1.800.000" in text
    form = saved.context["form"]
    assert form["given_on"].value() == "20/05/2023"
    assert form["school"].value() == "THCS Võ Thị Sáu"
    assert not form["full_name"].value()
    assert "autofocus" in str(form["full_name"])
    line = Disbursement.objects.get(recipient__full_name="Trần Thị Bình")
    assert (line.amount, line.is_hardship, line.recipient.birth_text) == (300_000, True, "15/03/2011")


def test_an_amount_in_words_is_shown_back_before_it_is_saved(client_of, officer_lc, draft, programmes):
    client, url = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    shown = client.post(url, row(programmes, amount="1,5 triệu"))
    assert "1.500.000 đồng" in shown.content.decode()
    assert shown.context["form"]["amount"].value() == "1.500.000"
    assert draft.disbursements.count() == 3
    again = {name: shown.context["form"][name].value() or "" for name in shown.context["form"].fields}
    assert client.post(url, again).status_code == 302
    assert draft.disbursements.get(amount=1_500_000)


def test_an_amount_that_the_page_showed_already_is_saved_at_once(client_of, officer_lc, draft, programmes):
    url = reverse("batch_entry", args=[draft.pk])
    assert (
        client_of(officer_lc).post(url, row(programmes, amount="1,5 triệu", amount_shown="1.500.000")).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""), ("full_name", "=1+1"), ("amount", "1.5"), ("amount", "0"), ("amount", "năm trăm"), ("amount", "1000"), ("birth", "31/02/2011"),
        ("birth", "2999"), ("given_on", "30/2/2023"), ("given_on", "1/9/2023"), ("programme", "999999"), ("given_on", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_its_field_and_the_rest_is_kept(
    client_of, officer_lc, draft, programmes, field, typed
):
    sent = row(programmes, **{field: typed})
    answer = client_of(officer_lc).post(reverse("batch_entry", args=[draft.pk]), sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert draft.disbursements.count() == 3
    kept = ["THCS Võ Thị Sáu", *(value for name, value in sent.items() if name in {"full_name", "birth"} - {field})]
    assert all(value in answer.content.decode() for value in kept)


def test_the_same_turn_again_is_asked_about_and_taken_with_a_reason(client_of, officer_lc, draft, programmes):
    client, url = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    client.post(url, row(programmes))
    again = client.post(url, row(programmes))
    assert again.context["ask_repeat"]
    assert "full_name" in again.context["form"].errors
    assert client.post(url, row(programmes, repeat_reason="Hai suất của hai nhà tài trợ")).status_code == 302
    assert draft.disbursements.filter(amount=300_000).count() == 2


def test_another_amount_may_replace_the_paid_one(client_of, officer_lc, approver, draft, programmes):
    client, url = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    client.post(url, row(programmes))
    recorded = draft.disbursements.get(amount=300_000)
    asked = client.post(url, row(programmes, amount="350000"))
    assert asked.context["form"].recorded is None  # not paid yet: it is corrected where it stands
    submit_batch(batch=draft, actor=officer_lc)
    approve_batch(batch=draft, actor=approver)
    second = make_batch(draft.unit, officer_lc)
    url = reverse("batch_entry", args=[second.pk])
    asked = client.post(url, row(programmes, amount="350000"))
    assert asked.context["form"].recorded == recorded.pk
    assert client.post(url, row(programmes, amount="350000", replaces=recorded.pk)).status_code == 302
    assert second.disbursements.get().replaces == recorded


def test_only_the_units_own_people_are_suggested(client_of, officer_lc, officer_nq, tree, draft, programmes):
    elsewhere = make_batch(tree["NQ"], officer_nq)
    from tests import factories

    factories.make_fund(tree["NQ"])
    add_row(elsewhere, officer_nq, programmes["award"], full_name="Người Quận Khác")
    answer = client_of(officer_lc).get(reverse("batch_entry", args=[draft.pk]))
    assert "Người Quận Khác" not in answer.content.decode()
    assert {person.unit_id for person in answer.context["recipients"]} == {tree["LC"].pk}
    assert Recipient.objects.filter(unit=tree["NQ"]).exists()


def test_a_stranger_gets_404_without_the_right_403_and_a_submitted_list_leads_back(
    client_of, officer_lc, officer_nq, approver, draft, programmes
):
    url = reverse("batch_entry", args=[draft.pk])
    assert client_of(officer_nq).get(url).status_code == 404
    assert client_of(approver).get(url).status_code == 403
    client_of(officer_lc).post(reverse("batch_submit", args=[draft.pk]))
    assert client_of(officer_lc).get(url).url == reverse("batch_detail", args=[draft.pk])
    assert client_of(officer_lc).post(url, row(programmes)).status_code == 409
    assert draft.disbursements.count() == 3
