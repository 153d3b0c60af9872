"""The sheet with the one-time code: printed, loaded again, used with a phone number; afterwards one is signed in."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal.models import HandoverCode
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def sheet(client_of, administrator, officer_lc):
    factories.make_site_profile(phone="0225 384 1234")
    officer_lc.phone = "+84912345678"
    officer_lc.save()
    client, address = client_of(administrator), reverse("account_code", args=[officer_lc.pk])
    return client, address, client.post(address, follow=True)


def test_loading_the_sheet_again_does_not_void_the_code(sheet):
    client, address, page = sheet
    code = CODE.search(page.content.decode())[0]
    assert page.redirect_chain  # a reload asks for the page and sends no form
    assert code in client.get(address).content.decode()
    assert HandoverCode.objects.count() == 1
    assert code not in str(dict(client.session))  # sealed: who reads the database has no code
    for word in ("Hội Khuyến học thành phố Hải Phòng", "0225 384 1234", "0912 345 678"):
        assert word in page.content.decode()


def test_nobody_else_is_shown_it_and_another_is_made_only_after_a_question(sheet, client_of, administrator):
    _client, address, page = sheet
    code = CODE.search(page.content.decode())[0]
    text = client_of(administrator).get(address).content.decode()  # another browser
    assert code not in text
    assert "data-confirm=" in re.search(r'<form class="form-card".*?>', text)[0]


def test_the_phone_number_works_too_and_then_one_is_signed_in(sheet, client_of, officer_lc):
    client, address, page = sheet
    public = client_of(None)
    words = {"password1": PASSWORD + "-moi", "password2": PASSWORD + "-moi"}
    answer = {"username": "0912.345.678", "code": CODE.search(page.content.decode())[0]} | words
    assert "show-passwords" in public.get(reverse("account_activate")).content.decode()
    shown = public.post(reverse("account_activate"), answer, follow=True)
    assert shown.redirect_chain[-1][0] == reverse("work_home")
    assert shown.context["user"] == officer_lc
    assert CODE.search(client.get(address).content.decode()) is None  # used: its sheet is gone
