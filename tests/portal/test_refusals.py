"""Refusals meet their pages: 400, 405, 409, and what belongs to the whole site belongs to the root unit."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.lib.numbers import whole_number
from portal.models import AuditEntry, SiteProfile, User
from portal.services.accounts import create_account
from portal.services.versions import version_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["²", "١", "+1", "-1", " 1", "1.0", "", None, "1" * 5000, str(2**63)])
def test_what_only_looks_like_a_number_is_none(text):
    assert whole_number(text) is None


def test_a_number_within_its_bounds_is_read():
    assert (whole_number("007"), whole_number("5", least=6), whole_number("5", most=4)) == (7, None, None)


@pytest.mark.parametrize("data", [{"username": "a\0b"}, {"a\0": "b"}])
def test_a_null_character_in_a_form_is_400(client_of, administrator, site_profile, data):
    answer = client_of(administrator).post(reverse("account_create"), data | {"version": ""})
    assert (answer.status_code, b"<h1>" in answer.content) == (400, True)


@pytest.mark.parametrize("count", [10_000])
def test_a_form_of_ten_thousand_fields_is_400(client_of, administrator, site_profile, count):
    answer = client_of(administrator).post(
        reverse("site_update"), {f"f{n}": "x" for n in range(count)} | {"version": ""}
    )
    assert answer.status_code == 400


def test_an_address_that_only_takes_a_form_leads_to_the_page_with_the_form(client_of, administrator, officer_lc):
    answer = client_of(administrator).get(reverse("account_activity", args=[officer_lc.pk]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    text = answer.content.decode()
    assert text.count(reverse("account_detail", args=[officer_lc.pk])) >= 2  # the way back, and the language switch
    assert "Địa chỉ này chỉ nhận dữ liệu từ biểu mẫu gửi lên" in text


def test_the_sheet_of_a_code_can_be_reloaded_and_makes_no_second_code(client_of, administrator, officer_lc):
    client, url = client_of(administrator), reverse("account_code", args=[officer_lc.pk])
    sheet = client.post(url)
    assert sheet.status_code == 200
    assert f'name="next" value="{url}"' in sheet.content.decode()
    assert client.get(url).status_code == 200
    assert officer_lc.handover_codes.count() == 1


def test_who_saves_over_an_unseen_change_is_told_what_changed(client_of, administrator, site_profile):
    client, url = client_of(administrator), reverse("account_update", args=[administrator.pk])
    shown = version_of(User.objects.get(pk=administrator.pk))
    User.objects.filter(pk=administrator.pk).update(full_name="Tên Của Người Kia")
    answer = client.post(url, {"full_name": "Tên Của Tôi", "phone": "", "email": "", "version": shown})
    assert answer.status_code == 409
    assert "Tên Của Người Kia" in answer.content.decode()
    assert User.objects.get(pk=administrator.pk).full_name == "Tên Của Người Kia"


# ---- a ward's people and the whole site (one chain, seen in an attack)


def test_an_administrator_of_a_ward_does_not_change_the_site(client_of, administrator_lechan, site_profile):
    client = client_of(administrator_lechan)
    assert client.get(reverse("site_update")).status_code == 403
    assert client.post(reverse("site_update"), {"name": "Bị chiếm"}).status_code == 403
    assert SiteProfile.objects.get().name == site_profile.name
    assert reverse("site_update") not in client.get(reverse("work_home")).content.decode()


def test_an_auditor_of_a_ward_sees_no_entry_that_belongs_to_no_unit(auditor_lechan, auditor, administrator):
    AuditEntry.objects.create(actor=administrator, action="portal.site.update", target_type="portal.siteprofile")
    assert not AuditEntry.objects.auditable_by(auditor_lechan).filter(unit=None).exists()
    assert AuditEntry.objects.auditable_by(auditor).filter(unit=None).exists()


def test_an_account_without_a_posting_belongs_to_the_unit_that_made_it_or_to_the_root(
    tree, administrator_lechan, administrator
):
    given = {"full_name": "Người Mới", "phone": None, "email": ""}
    of_city = create_account(username="moi.tp", **given, actor=administrator)
    of_ward = create_account(username="moi.lc", unit=tree["LECHAN"], **given, actor=administrator_lechan)
    assert set(User.objects.manageable_by(administrator_lechan)) & {of_city, of_ward} == {of_ward}
    assert set(User.objects.manageable_by(administrator)) >= {of_city, of_ward}


def test_an_administrator_of_a_ward_takes_no_account_of_the_city(client_of, administrator_lechan, administrator):
    fresh = factories.make_user("moi")
    assert client_of(administrator_lechan).post(reverse("account_code", args=[fresh.pk])).status_code == 404
    assert client_of(administrator).post(reverse("account_code", args=[fresh.pk])).status_code == 200
