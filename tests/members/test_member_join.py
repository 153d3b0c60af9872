"""The public page about joining."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from members.models import Member, MembershipApplication
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_tells_whom_to_ask(client_of):
    factories.make_site_profile(phone="0225 3 123 456", address="1 Phan Đình Phùng")
    answer = client_of(None).get(reverse("member_join"))
    text = answer.content.decode()
    assert "0225 3 123 456" in text
    assert "1 Phan Đình Phùng" in text
    assert not answer.cookies


SENT = {
    "full_name": "vũ văn bình", "birth": "1970", "unit": "phuong le chan", "phone": "0912 345 670", "agreed": "on",
}  # fmt: skip


def send(client, **changes):
    return client.post(reverse("application_create"), SENT | changes)


def test_somebody_asks_to_join_is_taken_in_and_sees_it_by_the_code(
    client_of, officer_lechan, officer_nq, tree, site_profile
):
    answer = send(client_of(None))
    application = MembershipApplication.objects.get()
    assert answer.url == reverse("application_status", args=[application.code])
    assert application.consent_text.text in client_of(None).get(reverse("application_create")).content.decode()
    officer, page = client_of(officer_lechan), reverse("application_approve", args=[application.pk])
    assert "1 người xin gia nhập" in officer.get(reverse("work_home")).content.decode()
    assert client_of(officer_nq).get(page).status_code == 404
    assert officer.post(page, {"unit": "11383-C1", "joined_on": "1/9/2026"}).status_code == 302
    member = Member.objects.get()
    assert (member.full_name, member.memberships.get().unit) == ("Vũ Văn Bình", tree["BRANCH"])
    assert member.consents.get().text == application.consent_text
    status = client_of(None).get(answer.url).content.decode()
    assert "Đã kết nạp" in status
    assert "Bình" not in status
    assert officer.post(page, {"unit": "11383-C1", "joined_on": "1/9/2026"}).status_code == 409


def test_nothing_is_kept_without_consent_and_a_robot_is_thanked_for_nothing(client_of, tree, site_profile):
    answer = send(client_of(None), agreed="")
    assert list(answer.context["form"].errors) == ["agreed"]
    assert "Vũ Văn Bình" not in str(answer.context["form"].errors)
    assert send(client_of(None), website="http://x").status_code == 302
    assert not MembershipApplication.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("unit", "Quận Lê Chân"), ("unit", "Phường Không Có"), ("full_name", ""), ("birth", "2999"), ("phone", "12")],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(client_of, tree, site_profile, field, typed):
    answer = send(client_of(None), **{field: typed})
    assert list(answer.context["form"].errors) == [field]
    assert not MembershipApplication.objects.exists()


def test_one_address_may_send_so_many_only(client_of, tree, site_profile, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"join": "2/10m/ip"}
    cache.clear()
    answers = [send(client_of(None), phone=f"091234567{number}").status_code for number in range(3)]
    assert answers == [302, 302, 429]


def test_a_refusal_has_its_reason_and_its_way_back_and_an_application_can_be_withdrawn(
    client_of, officer_lechan, tree, site_profile
):
    status = send(client_of(None)).url
    application, officer = MembershipApplication.objects.get(), client_of(officer_lechan)
    page = reverse("application_refuse", args=[application.pk])
    assert list(officer.post(page, {"reason": ""}).context["form"].errors) == ["reason"]
    assert officer.post(page, {"reason": "Đang là hội viên ở Kiến An"}).status_code == 302
    assert "Đang là hội viên ở Kiến An" in client_of(None).get(status).content.decode()
    assert officer.post(reverse("application_reconsider", args=[application.pk])).status_code == 302
    assert client_of(None).post(status).status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert client_of(None).post(status).status_code == 409
    assert client_of(None).get(reverse("application_check"), {"code": application.code}).url == status
    assert client_of(None).get(reverse("application_check"), {"code": "2222"}).status_code == 200
    assert client_of(None).get(reverse("application_status", args=["222222222222"])).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_consenttext SET text = 'khác'",
        "DELETE FROM members_consenttext",
        "UPDATE members_membershipapplication SET state = 'approved'",
        "UPDATE members_membershipapplication SET state = NULL",
        "UPDATE members_membershipapplication SET state = 'refused'",
        "UPDATE members_membershipapplication SET consent_text_id = NULL",
    ],
)
def test_the_database_refuses(client_of, tree, site_profile, statement):
    send(client_of(None))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_menu_marks_where_one_is_and_nothing_above_it(client_of, officer_lc, site_profile):
    menu = client_of(officer_lc).get(reverse("application_list")).context["staff_nav"]
    current = [item["url"] for group in menu for item in group["items"] if item["current"]]
    assert current == [reverse("application_list")]
