"""An administrator makes accounts, postings and codes; a person sets a password with the printed code."""

from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditEntry, HandoverCode, Posting, User
from portal.services import accounts
from portal.vocabulary import Role
from tests import factories

pytestmark = pytest.mark.django_db
NEW = {"username": "lechan.hoa", "full_name": "Nguyễn Thị Hoà", "phone": "0912 345 678", "email": ""}


def test_it_works_from_new_account_to_signed_in(client_of, administrator, tree, site_profile):
    office = client_of(administrator)
    made = office.post(reverse("account_create"), NEW)
    person = User.objects.get(username="lechan.hoa")
    assert made.url == reverse("account_detail", args=[person.pk])
    assert person.phone == "+84912345678"
    assert not person.has_usable_password()
    posting = {"role": "officer", "unit": "phuong le chan", "since": "2025-07-01", "until": ""}
    assert "reason" in office.post(reverse("posting_create", args=[person.pk]), posting).context["form"].errors
    posting["reason"] = "Làm việc từ khi thành lập phường."
    assert office.post(reverse("posting_create", args=[person.pk]), posting).status_code == 302
    sheet = office.post(reverse("account_code", args=[person.pk]), follow=True)
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", sheet.content.decode())[0]
    assert "no-store" in sheet.headers["Cache-Control"]

    public = client_of(None)
    answer = {
        "username": "lechan.hoa",
        "code": code.lower().replace("-", " - "),
        "password1": "sen-hong-mua-ha",
        "password2": "sen-hong-mua-ha",
    }
    assert public.post(reverse("account_activate"), answer).status_code == 302
    signed_in = public.post(reverse("account_login"), {"login": "0912.345.678", "password": "sen-hong-mua-ha"})
    assert signed_in.url == reverse("work_home")
    again = client_of(None).post(reverse("account_activate"), answer)
    assert again.status_code == 200
    assert "code" in again.context["form"].errors
    assert {
        "portal.account.create",
        "portal.posting.add",
        "portal.account.issue_code",
        "portal.account.use_code",
    } <= set(AuditEntry.objects.values_list("action", flat=True))


def test_a_wrong_code_is_counted_and_ends_the_code(administrator, tree):
    person = factories.make_user("moi")
    code = accounts.issue_handover_code(user=person, actor=administrator)
    for _attempt in range(accounts.MOST_ATTEMPTS):
        with pytest.raises(accounts.ValidationError):
            accounts.use_handover_code(username="moi", code="AAAAA-AAAAA", password="sen-hong-mua-ha")
    with pytest.raises(accounts.ValidationError):
        accounts.use_handover_code(username="moi", code=code, password="sen-hong-mua-ha")
    assert HandoverCode.objects.get(user=person).failed_attempts == accounts.MOST_ATTEMPTS


def test_a_code_runs_out(administrator, tree):
    person = factories.make_user("moi")
    code = accounts.issue_handover_code(user=person, actor=administrator)
    HandoverCode.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(accounts.ValidationError):
        accounts.use_handover_code(username="moi", code=code, password="sen-hong-mua-ha")


def test_a_weak_password_is_answered_beside_its_field(client_of, administrator, tree, site_profile):
    person = factories.make_user("moi")
    code = accounts.issue_handover_code(user=person, actor=administrator)
    answer = {"username": "moi", "code": code, "password1": "12345", "password2": "12345"}
    page = client_of(None).post(reverse("account_activate"), answer)
    assert "password1" in page.context["form"].errors
    assert HandoverCode.objects.get(user=person).used_at is None


@pytest.mark.parametrize("phone", ["12345", "0112345678"])
def test_a_phone_that_is_none_is_named(client_of, administrator, site_profile, phone):
    page = client_of(administrator).post(reverse("account_create"), NEW | {"phone": phone})
    assert phone in page.context["form"].errors["phone"][0]
    assert not User.objects.filter(username="lechan.hoa").exists()


def test_only_an_administrator_may(client_of, leader, site_profile):
    assert client_of(leader).get(reverse("account_create")).status_code == 403
    assert client_of(None).get(reverse("account_create")).status_code == 302


def test_an_administrator_of_a_unit_manages_its_people_only(client_of, tree, officer_nq, officer_lechan, site_profile):
    local = factories.make_user("local", role="administrator", unit=tree["LECHAN"])
    client = client_of(local)
    assert client.get(reverse("account_detail", args=[officer_lechan.pk])).status_code == 200
    assert client.get(reverse("account_detail", args=[officer_nq.pk])).status_code == 404
    beyond = client.post(
        reverse("posting_create", args=[officer_lechan.pk]), {"role": "officer", "unit": "NQ", "since": "2025-07-01"}
    )
    assert "unit" in beyond.context["form"].errors


def test_an_ended_posting_gives_no_right_the_day_after(administrator, officer_lechan):
    posting = Posting.objects.get(user=officer_lechan)
    accounts.end_posting(
        posting=posting, last_day=timezone.localdate() - datetime.timedelta(days=1), actor=administrator
    )
    assert User.objects.get(pk=officer_lechan.pk).permissions == frozenset()


def test_nobody_ends_their_own_account(administrator):
    with pytest.raises(accounts.ValidationError):
        accounts.set_account_active(user=administrator, active=False, actor=administrator)


def test_lists_need_a_constant_number_of_queries(
    client_of, administrator, tree, site_profile, django_assert_max_num_queries
):
    client = client_of(administrator)
    client.get(reverse("account_list"))
    for place in range(30):
        factories.make_user(f"nguoi{place}", role="officer", unit=tree["LC"])
    with django_assert_max_num_queries(14):
        assert client.get(reverse("account_list")).status_code == 200


def test_an_administrator_of_a_part_takes_no_account_that_works_elsewhere_too(client_of, tree, leader, site_profile):
    part = factories.make_user("quan.tri.phuong", role=Role.ADMINISTRATOR, unit=tree["LECHAN"])
    officer = factories.make_user("can.bo.phuong", role=Role.OFFICER, unit=tree["LECHAN"])
    Posting.objects.create(user=leader, unit=tree["LECHAN"], role=Role.OFFICER, valid=officer.postings.get().valid)
    office = client_of(part)
    changed = {"full_name": "Tên Khác", "phone": "0912345679", "email": "khac@example.org"}
    for person, allowed in ((leader, False), (officer, True)):
        assert (office.post(reverse("account_update", args=[person.pk]), changed).status_code == 302) is allowed
        address = reverse("account_code", args=[person.pk])
        answer = office.post(address, {"reason": "Quên mật khẩu cũ rồi."})
        assert (answer.status_code == 302 and answer.url == address) is allowed
        office.post(reverse("account_activity", args=[person.pk]), {"active": "0"})
        person.refresh_from_db()
        assert person.is_active is not allowed
        assert (person.full_name == "Tên Khác") is allowed
        changed["phone"] = ""
