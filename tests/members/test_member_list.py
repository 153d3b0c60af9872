"""Members found and looked at."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.members.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(tree, officer_lechan, site_profile):
    return make_member(tree["LECHAN"], officer_lechan, phone="+84912345678")


def found(client, **query) -> list[str]:
    return [row.member.full_name for row in client.get(reverse("member_list"), query).context["table"].page.rows]


def test_members_are_found_by_name_without_accents_by_phone_and_by_unit(client_of, officer_lechan, tree, member):
    make_member(tree["BRANCH"], officer_lechan, full_name="Vũ Văn Đức", birth=None)
    client = client_of(officer_lechan)
    assert found(client) == ["Đỗ Thị Ánh", "Vũ Văn Đức"]
    assert found(client, q="do thi anh") == ["Đỗ Thị Ánh"]
    assert found(client, q="ÁNH") == ["Đỗ Thị Ánh"]
    assert found(client, q="0912.345.678") == ["Đỗ Thị Ánh"]
    assert found(client, unit="11383-C1") == ["Vũ Văn Đức"]
    assert found(client, unit="11383") == ["Đỗ Thị Ánh", "Vũ Văn Đức"]
    assert found(client, q="khong co") == []


def test_a_stranger_sees_nobody_and_gets_404_and_whoever_may_not_look_403(client_of, tree, officer_nq, editor, member):
    assert found(client_of(officer_nq)) == []
    assert found(client_of(officer_nq), unit="11383") == []
    assert client_of(officer_nq).get(reverse("member_detail", args=[member.pk])).status_code == 404
    assert client_of(officer_nq).get(reverse("member_update", args=[member.pk])).status_code == 404
    assert client_of(editor).get(reverse("member_list")).status_code == 403
    assert client_of(editor).get(reverse("member_detail", args=[member.pk])).status_code == 403


def test_a_member_is_shown_with_their_unit(client_of, officer_lechan, auditor, member):
    text = client_of(officer_lechan).get(reverse("member_detail", args=[member.pk])).content.decode()
    assert all(said in text for said in ("Đỗ Thị Ánh", "15/03/1964", "0912 345 678", "Phường Lê Chân"))
    assert reverse("member_update", args=[member.pk]) in text
    assert (
        reverse("member_update", args=[member.pk])
        not in client_of(auditor).get(reverse("member_detail", args=[member.pk])).content.decode()
    )
