"""Programmes set up and changed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.vocabulary import Role
from scholarships.models import Programme
from scholarships.services.batches import approve_batch, remove_disbursement, submit_batch
from scholarships.services.checking import look_over
from scholarships.services.recipients import judge_recipients, undo_verdict
from tests import factories
from tests.scholarships.lists import add_row, make_batch

pytestmark = pytest.mark.django_db
NEW = {
    "unit": "HP", "name": "Học bổng Hoa phượng", "kind": "scholarship", "min_amount": "200.000", "max_amount": "2 triệu",
    "recurrence": "unlimited", "is_active": "on",
}  # fmt: skip


def test_it_is_set_up_listed_and_changed(client_of, approver, tree, site_profile):
    client = client_of(approver)
    assert client.post(reverse("programme_create"), NEW).url == reverse("programme_manage")
    programme = Programme.objects.get()
    assert (programme.unit, programme.max_amount) == (tree["HP"], 2_000_000)
    assert "Học bổng Hoa phượng" in client.get(reverse("programme_manage")).content.decode()
    changed = NEW | {"max_amount": "3.000.000", "closes_on": "30/6/2026", "is_public": "on"}
    assert client.post(reverse("programme_update", args=[programme.pk]), changed).status_code == 302
    programme.refresh_from_db()
    assert (programme.max_amount, programme.is_public) == (3_000_000, True)


def test_amounts_and_dates_the_wrong_way_round_are_refused(client_of, approver, tree, site_profile):
    answer = client_of(approver).post(
        reverse("programme_create"), NEW | {"min_amount": "3 triệu", "opens_on": "2/2/2026", "closes_on": "1/1/2026"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Programme.objects.exists()


def test_the_programme_of_a_unit_outside_is_404_and_without_the_right_403(client_of, officer_lc, tree, site_profile):
    elsewhere = factories.make_user("duyet.nq", role=Role.APPROVER, unit=tree["NGOQUYEN"])
    programme = factories.make_programmes(tree["HP"])["award"]
    assert client_of(elsewhere).get(reverse("programme_update", args=[programme.pk])).status_code == 404
    assert client_of(officer_lc).get(reverse("programme_update", args=[programme.pk])).status_code == 403
    assert client_of(officer_lc).get(reverse("programme_manage")).status_code == 403


def test_the_handing_over_day_follows_the_deadline_and_places_are_some(client_of, approver, tree, site_profile):
    client, url = client_of(approver), reverse("programme_create")
    calendar = {"closes_on": "30/6/2026", "hands_over_on": "29/6/2026", "places": "20"}
    assert client.post(url, NEW | calendar).context["form"].errors
    assert client.post(url, NEW | {"places": "0"}).context["form"].errors
    assert client.post(url, NEW | {"places": "99999999999999"}).context["form"].errors
    assert not Programme.objects.exists()
    assert client.post(url, NEW | calendar | {"hands_over_on": "30/6/2026"}).status_code == 302
    assert Programme.objects.get().places == 20


def test_a_last_day_on_a_sunday_is_taken_and_said(client_of, approver, tree, site_profile):
    client = client_of(approver)
    saved = client.post(reverse("programme_create"), NEW | {"closes_on": "10/1/2027"}, follow=True).content.decode()
    said = "Chủ Nhật, 10/01/2027 không phải ngày làm việc. Ngày làm việc tiếp theo là Thứ Hai, 11/01/2027."
    assert said in saved
    programme = Programme.objects.get()
    change = reverse("programme_update", args=[programme.pk])
    assert said in client.get(change).content.decode()  # beside the field
    changed = NEW | {"closes_on": "11/1/2027"}
    assert "không phải ngày làm việc" not in client.post(change, changed, follow=True).content.decode()


def test_a_list_takes_no_more_places_than_the_unit_has(officer_lc, approver, draft, programmes):
    programme = programmes["scholarship"]
    Programme.objects.filter(pk=programme.pk).update(places=2)
    with pytest.raises(ValidationError, match="2 suất"):
        submit_batch(batch=draft, actor=officer_lc)
    assert next(one.is_grave for one in look_over(draft, officer_lc))
    remove_disbursement(row=draft.disbursements.first(), actor=officer_lc)
    submit_batch(batch=draft, actor=officer_lc)
    more = make_batch(draft.unit, officer_lc)
    add_row(more, officer_lc, programme, full_name="Lê Thị Thêm")
    with pytest.raises(ValidationError, match="3 suất"):
        submit_batch(batch=more, actor=officer_lc)
    Programme.objects.filter(pk=programme.pk).update(places=3)
    assert submit_batch(batch=more, actor=officer_lc).state == "submitted"


def test_an_approval_asks_for_places_again_and_the_button_knows(client_of, officer_lc, approver, draft, programmes):
    programme = programmes["scholarship"]
    more = make_batch(draft.unit, officer_lc)
    add_row(more, officer_lc, programme, full_name="Lê Thị Thêm")
    for batch in (draft, more):
        submit_batch(batch=batch, actor=officer_lc)
    Programme.objects.filter(pk=programme.pk).update(places=3)  # meanwhile
    client, url = client_of(approver), reverse("batch_approve", args=[more.pk])
    assert client.get(url).context["problems"] == []  # whoever is approved first has the places
    approve_batch(batch=draft, actor=approver)
    (said,) = client.get(url).context["problems"]
    assert "3 suất" in said
    with pytest.raises(ValidationError, match="3 suất"):
        approve_batch(batch=more, actor=approver)
    Programme.objects.filter(pk=programme.pk).update(places=4)
    assert approve_batch(batch=more, actor=approver).state == "paid"


def test_who_turns_out_to_be_one_person_is_given_once_also_at_the_approval(
    client_of, officer_lc, approver, draft, programmes
):
    programme = programmes["scholarship"]
    Programme.objects.filter(pk=programme.pk).update(recurrence="half_year")
    more = make_batch(draft.unit, officer_lc)
    other = add_row(more, officer_lc, programme, full_name="Lê Thị Thêm").recipient
    for batch in (draft, more):
        submit_batch(batch=batch, actor=officer_lc)
    approve_batch(batch=draft, actor=approver)
    kept = draft.disbursements.first().recipient
    verdict = judge_recipients(kept=kept, other=other, is_same=True, reason="Cùng một em", actor=officer_lc)
    (said,) = client_of(approver).get(reverse("batch_approve", args=[more.pk])).context["problems"]
    assert "Lê Thị Thêm" in said
    with pytest.raises(ValidationError, match="Lê Thị Thêm"):
        approve_batch(batch=more, actor=approver)
    undo_verdict(verdict=verdict, actor=officer_lc)
    assert approve_batch(batch=more, actor=approver).state == "paid"
