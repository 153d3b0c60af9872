"""A name is found however it was copied: double and no-break spaces, curly apostrophes, long dashes, invisible signs."""

import pytest
from django.urls import reverse

from tests import factories
from tests.members.people import make_member

NAME = "Nguyễn\u00a0Văn  Y-Mới H’Mai"
TYPED = [
    "Nguyễn Văn Y-Mới", "nguyen  van", "NGUYỄN\u00a0VĂN", "Văn\u200b Y", "Y–Mới", "Y Mới", "y moi h'mai", "H’Mai", "H‘Mai", "H`mai",
]  # fmt: skip
NOT_TYPED = ["Nguyễn Vân Anh", "YMới", "xx"]


def finds(client, address, text, mark):
    return mark in client.get(address, {"q": text}).content.decode()


@pytest.fixture
def named(tree, officer_lechan):
    factories.make_user("canh.tim", full_name=NAME)
    factories.make_unit(
        "11399", NAME, parent=tree["LECHAN"], level=factories.make_level("chapter", 40), since=factories.REFORM
    )
    return make_member(tree["LECHAN"], officer_lechan, full_name=NAME, birth=None)


@pytest.mark.parametrize("typed", TYPED)
def test_an_account_a_unit_and_a_member_are_found(named, administrator, officer_lechan, client_of, typed):
    assert finds(client_of(administrator), reverse("account_list"), typed, "canh.tim")
    assert finds(client_of(administrator), reverse("unit_list"), typed, "11399")
    assert finds(client_of(officer_lechan), reverse("member_list"), typed, reverse("member_detail", args=[named.pk]))


@pytest.mark.parametrize("typed", NOT_TYPED)
def test_others_are_not(named, administrator, officer_lechan, client_of, typed):
    assert not finds(client_of(administrator), reverse("account_list"), typed, "canh.tim")
    assert not finds(client_of(administrator), reverse("unit_list"), typed, "11399")
    assert not finds(
        client_of(officer_lechan), reverse("member_list"), typed, reverse("member_detail", args=[named.pk])
    )
