"""Refusals meet their pages: 400, 405, 409, and what belongs to the whole site belongs to the root unit."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from portal import audit
from portal.lib.numbers import whole_number
from portal.models import AuditEntry, SiteProfile, User
from portal.services.accounts import create_account
from portal.services.versions import version_of
from scholarships.models import BatchEvent
from tests import factories
from tests.reports import rows as made

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
    assert client.post(url).url == url
    sheet = client.get(url)
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
    assert client_of(administrator).post(reverse("account_code", args=[fresh.pk]), follow=True).status_code == 200


# ---- what was refused is in the audit, and cannot flood it


def refusals(user):
    return AuditEntry.objects.filter(actor=user, action="portal.request.refuse").order_by("id")


def test_one_who_tries_again_and_again_fills_the_audit_no_further(client_of, officer_lc, officer_nq, site_profile):
    client, url = client_of(officer_lc), reverse("site_update")
    for _time in range(audit.MOST_REFUSALS + 5):
        assert client.post(url, {"name": "Bị chiếm"}).status_code == 403
    assert refusals(officer_lc).count() == audit.MOST_REFUSALS
    assert [one.detail.get("many") for one in refusals(officer_lc)[:2]] == [None, None]
    assert refusals(officer_lc).last().detail == {"page": "site_update", "status": 403, "many": True}
    assert client_of(officer_nq).post(url).status_code == 403
    assert refusals(officer_nq).count() == 1


def test_an_hour_later_refusals_are_written_down_again(client_of, officer_lc, site_profile):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portal_auditentry (at, actor_id, action, target_type, fields, detail, source) "
            "SELECT now() - interval '61 minutes', %s, 'portal.request.refuse', '', '[]', '{}', '' "
            "FROM generate_series(1, %s)",
            [officer_lc.pk, audit.MOST_REFUSALS],
        )
    client_of(officer_lc).post(reverse("site_update"))
    assert refusals(officer_lc).count() == audit.MOST_REFUSALS + 1


def test_what_is_refused_in_the_form_is_written_down_and_a_slip_is_not(
    client_of, tree, officer_lc, approver, site_profile
):
    fund = factories.make_fund(tree["LC"])
    client_of(approver).post(reverse("donation_create", args=[fund.pk]), {"donor_name": "Bà Tư", "amount": "1.5"})
    assert not refusals(approver).exists()
    batch = made.batch(tree["LC"], state="submitted")
    factories.make_programmes(tree["HP"])
    BatchEvent.objects.create(batch=batch, action="edit", actor=approver)
    client_of(approver).post(reverse("batch_approve", args=[batch.pk]))
    assert [(one.detail, one.target_id, one.unit) for one in refusals(approver)] == [
        ({"act": "approve_batch"}, batch.pk, tree["LC"])
    ]
