"""Programmes set up and changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.vocabulary import Role
from scholarships.models import Programme
from tests import factories

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
