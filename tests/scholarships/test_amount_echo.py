"""How a typed amount is read, shown while typing."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1,5 triệu", 1_500_000), ("1.500.000đ", 1_500_000), ("500k", 500_000), ("1.5", None), ("abc", None), ("", None)],
)
def test_it_reads_as_the_form_does(client_of, officer_lc, typed, amount):
    answer = client_of(officer_lc).get(reverse("amount_echo"), {"q": typed}).json()
    assert answer["amount"] == amount


def test_it_is_for_those_who_enter_amounts(client_of, editor, tree):
    assert client_of(editor).get(reverse("amount_echo"), {"q": "1"}).status_code == 403
