"""Somebody leaves: one act, from a day on, by the date alone; the way back until the day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.models import Posting, Unit, User
from portal.permissions import Permission
from portal.services.accounts import set_account_active
from portal.services.leaving import leave_office, stay_in_office
from portal.vocabulary import Role
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def heir(tree, site_profile):
    return factories.make_user("officer.moi", role=Role.OFFICER, unit=tree["LECHAN"])


def units_of(user: User, day: dt.date | None = None) -> set[str]:
    found = Unit.objects.covered_by(User.objects.get(pk=user.pk), Permission.MANAGE_MEMBERS, day)
    return set(found.values_list("code", flat=True))


def test_all_ends_with_the_day_and_comes_back_until_it(client_of, administrator, officer_lechan, heir):
    today = timezone.localdate()
    client = client_of(administrator)
    answer = client.post(
        reverse("account_leave", args=[officer_lechan.pk]),
        {"last_day": f"{today + 3 * DAY:%d/%m/%Y}", "work_goes_to": heir.pk},
    )
    assert answer.status_code == 302
    assert "11383" in units_of(officer_lechan)
    assert units_of(officer_lechan, today + 4 * DAY) == set()
    assert not Posting.objects.in_force(today + 4 * DAY).filter(user=officer_lechan).exists()
    said = client.get(reverse("account_detail", args=[officer_lechan.pk])).content.decode()
    assert heir.full_name in said
    told = f"Từ {today + 4 * DAY:%d/%m/%Y}"
    assert told in (home := client_of(heir).get(reverse("work_home")).content.decode())
    assert officer_lechan.full_name in home
    assert told not in client_of(officer_lechan).get(reverse("work_home")).content.decode()
    client.post(reverse("account_stay", args=[officer_lechan.pk]))
    assert told not in client_of(heir).get(reverse("work_home")).content.decode()
    assert "11383" in units_of(officer_lechan, today + 4 * DAY)


def test_whoever_has_left_is_out_with_the_next_request_and_old_postings_never_wake(
    client_of, administrator, officer_lechan, heir
):
    client = client_of(officer_lechan)
    assert client.get(reverse("work_home")).status_code == 200
    today = timezone.localdate()
    User.objects.filter(pk=officer_lechan.pk).update(locked_from=today, work_goes_to=heir)
    assert client.get(reverse("work_home")).status_code == 302
    with pytest.raises(ValidationError):
        stay_in_office(user=officer_lechan, actor=administrator)
    opened = set_account_active(user=officer_lechan, active=True, actor=administrator)
    assert opened.locked_from is None
    assert units_of(officer_lechan) == set()


@pytest.mark.parametrize("ahead", [-1, 400])
def test_a_day_that_is_past_or_far_is_refused(administrator, officer_lechan, heir, ahead):
    with pytest.raises(ValidationError) as refusal:
        leave_office(
            user=officer_lechan, last_day=timezone.localdate() + ahead * DAY, work_goes_to=heir, actor=administrator
        )
    assert "last_day" in refusal.value.message_dict


def test_the_work_goes_to_somebody_who_is_posted_there(administrator, officer_lechan, officer_nq, heir):
    today = timezone.localdate()
    with pytest.raises(ValidationError) as refusal:
        leave_office(user=officer_lechan, last_day=today, work_goes_to=officer_nq, actor=administrator)
    assert "work_goes_to" in refusal.value.message_dict
    with pytest.raises(ValidationError):
        leave_office(user=administrator, last_day=today, work_goes_to=heir, actor=administrator)


def test_the_database_lets_nobody_hand_work_to_themselves_or_without_a_day(officer_lechan, heir):
    for values in (
        "locked_from = '2026-12-01', work_goes_to_id = id",
        f"locked_from = NULL, work_goes_to_id = {heir.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE portal_user SET {values} WHERE id = %s", [officer_lechan.pk])


def test_who_would_enter_and_approve_is_asked_about_and_there_is_a_way_past(
    client_of, administrator, officer_lechan, officer_nq, tree, site_profile
):
    asked = {"role": "approver", "unit": "11383", "since": f"{timezone.localdate():%d/%m/%Y}", "until": "",
             "reason": "Hội phường thiếu người duyệt."}  # fmt: skip
    client = client_of(administrator)
    address = reverse("posting_create", args=[officer_lechan.pk])
    page = client.post(address, asked)
    assert "role" in page.context["form"].errors
    assert not page.context["form"].fields["both_roles"].widget.is_hidden
    assert client.post(address, asked | {"both_roles": "on"}).status_code == 302
    elsewhere = client.post(reverse("posting_create", args=[officer_nq.pk]), asked)
    assert elsewhere.status_code == 302, "an officer of another unit may approve here"
