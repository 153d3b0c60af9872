"""A member added and changed by form."""

from __future__ import annotations

import pytest
from django.urls import reverse

from members.models import Member
from tests.members.people import make_member

pytestmark = pytest.mark.django_db
NEW = {
    "full_name": "đỗ thị ánh",
    "birth": "15/3/1964",
    "gender": "female",
    "unit": "Phường Lê Chân",
    "joined_on": "2/9/2025",
    "phone": "0912 345 678",
}


def test_a_member_is_added_and_changed(client_of, officer_lechan, tree, site_profile):
    client = client_of(officer_lechan)
    answer = client.post(reverse("member_create"), NEW)
    member = Member.objects.get()
    assert answer.url == reverse("member_detail", args=[member.pk])
    assert (member.full_name, member.birth_year, member.phone) == ("Đỗ Thị Ánh", 1964, "+84912345678")
    form = client.get(reverse("member_update", args=[member.pk])).context["form"]
    assert form["birth"].value() == "15/03/1964"
    client.post(
        reverse("member_update", args=[member.pk]),
        {"full_name": "Đỗ Thị Ánh", "birth": "1965", "occupation": "Giáo viên nghỉ hưu"},
    )
    member.refresh_from_db()
    assert (member.birth_year, member.birth_day, member.occupation) == (1965, None, "Giáo viên nghỉ hưu")


def test_one_after_another(client_of, officer_lechan, tree, site_profile):
    assert client_of(officer_lechan).post(reverse("member_create"), NEW | {"again": "1"}).url == reverse(
        "member_create"
    )


def test_a_namesake_is_asked_about_and_may_be_confirmed(client_of, officer_lechan, tree, site_profile):
    make_member(tree["LECHAN"], officer_lechan)
    client = client_of(officer_lechan)
    asked = client.post(reverse("member_create"), NEW)
    assert asked.status_code == 200
    assert "full_name" in asked.context["form"].errors
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert client.post(reverse("member_create"), NEW | {"confirmed": "on"}).status_code == 302
    assert Member.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("full_name", ""), ("birth", "31/02/1960"), ("birth", "2999"), ("joined_on", "1/1/2999"), ("joined_on", "hôm nay"), ("phone", "123"),
        ("unit", "Phường Ngô Quyền"), ("unit", ""), ("joined_on", "1/1/2020"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_beside_its_field_and_the_rest_is_kept(
    client_of, officer_lechan, tree, site_profile, field, typed
):
    answer = client_of(officer_lechan).post(reverse("member_create"), NEW | {field: typed, "occupation": "Hưu trí"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == ({field} if typed != "1/1/2020" else {"unit"})
    assert "Hưu trí" in answer.content.decode()
    assert not Member.objects.exists()


def test_nothing_of_another_unit_is_suggested_and_without_the_right_it_is_403(
    client_of, officer_lechan, approver, tree, site_profile
):
    text = client_of(officer_lechan).get(reverse("member_create")).content.decode()
    assert "Phường Lê Chân" in text
    assert "Ngô Quyền" not in text
    assert client_of(approver).get(reverse("member_create")).status_code == 403
