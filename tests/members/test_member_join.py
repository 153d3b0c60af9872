"""The public page about joining."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_it_tells_whom_to_ask(client_of):
    factories.make_site_profile(phone="0225 3 123 456", address="1 Phan Đình Phùng")
    answer = client_of(None).get(reverse("member_join"))
    text = answer.content.decode()
    assert "0225 3 123 456" in text
    assert "1 Phan Đình Phùng" in text
    assert not answer.cookies
