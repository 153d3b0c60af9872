"""Members of a split unit are assigned to its heirs by list, by address, all the rest, until nobody is left."""

from __future__ import annotations

import pytest
from django.urls import reverse

from members.models import Membership
from members.services.assigning import undecided_members
from tests import factories
from tests.members.people import make_member
from tests.portal.test_reorganisation_create import DAY, decide, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def split(tree, administrator, site_profile):
    system = factories.make_system_account()
    for name, address in (("Vũ Văn An", "Số 3 Cát Bi"), ("Vũ Văn Bình", "Số 9 CÁT BI"), ("Vũ Văn Cúc", "Đằng Hải"), ("Vũ Thị Dịu", "")):  # fmt: skip
        make_member(tree["NGOQUYEN"], system, full_name=name, address=address)
    decide(plan(tree, "split", heirs=("LECHAN",), new=[("11360", "Phường Gia Viên")]), administrator)
    return tree["NGOQUYEN"]


def names_at(code: str) -> list[str]:
    rows = Membership.objects.in_force(DAY).filter(unit__code=code).order_by("member__sort_key")
    return list(rows.values_list("member__full_name", flat=True))


def test_by_address_by_list_and_the_rest(client_of, split, tree):
    officer = factories.make_user("can.bo.tp", role="officer", unit=tree["HP"])
    client, url = client_of(officer), reverse("member_assign", args=[split.code])
    assert len(client.get(url).context["page"].object_list) == 4
    client.post(url, {"heir": "gia vien", "which": "address", "address": "cat bi"})
    assert names_at("11360") == ["Vũ Văn An", "Vũ Văn Bình"]
    one = undecided_members(split).get(member__full_name="Vũ Văn Cúc")
    client.post(url, {"heir": "11383-C1", "which": "chosen", "chosen": [one.pk]})
    assert names_at("11383-C1") == ["Vũ Văn Cúc"]
    again = client.post(url, {"heir": "11383", "which": "chosen", "chosen": [one.pk, "abc"]})
    assert again.status_code == 200
    assert again.context["form"].errors
    client.post(url, {"heir": "11383", "which": "rest"})
    assert names_at("11383") == ["Vũ Thị Dịu"]
    assert not undecided_members(split).exists()
    assert not Membership.objects.in_force(DAY).exclude(is_transfer=True).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"heir": "HP"}, "heir"), ({"which": "address", "address": ""}, "address"), ({"heir": "Không Có"}, "heir")],
)
def test_what_cannot_be_is_said_beside_its_field(client_of, split, tree, change, field):
    officer = factories.make_user("can.bo.tp", role="officer", unit=tree["HP"])
    data = {"heir": "11360", "which": "rest"} | change
    page = client_of(officer).post(reverse("member_assign", args=[split.code]), data)
    assert field in page.context["form"].errors
    assert undecided_members(split).count() == 4


def test_an_heirs_officer_takes_to_their_own_unit_and_a_stranger_sees_nothing(
    client_of, split, officer_lechan, officer_nq
):
    url = reverse("member_assign", args=[split.code])
    client = client_of(officer_lechan)
    refused = client.post(url, {"heir": "11360", "which": "rest"})
    assert "heir" in refused.context["form"].errors
    assert client.post(url, {"heir": "11383", "which": "rest"}).status_code == 302
    stranger = factories.make_user("nguoi.la", role="officer", unit=split.__class__.objects.get(code="LC-AB"))
    assert client_of(stranger).get(url).status_code == 404
