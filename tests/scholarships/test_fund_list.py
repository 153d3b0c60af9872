"""The list of funds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_an_officer_sees_the_funds_of_their_own_units_only(client_of, officer_lc, tree, site_profile):
    factories.make_fund(tree["LC"], opening=2_000_000)
    factories.make_fund(tree["NQ"], opening=3_000_000)
    answer = client_of(officer_lc).get(reverse("fund_list"))
    text = answer.content.decode()
    assert "Quỹ khuyến học LC" in text
    assert "2.000.000" in text
    assert "Quỹ khuyến học NQ" not in text


def test_without_the_right_it_is_403_and_signed_out_it_asks_to_sign_in(client_of, contributor, tree, site_profile):
    assert client_of(contributor).get(reverse("fund_list")).status_code == 403
    assert reverse("account_login") in client_of(None).get(reverse("fund_list")).url


def test_the_queries_are_the_same_for_one_fund_and_thirty(client_of, approver, tree, site_profile):
    client = client_of(approver)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(reverse("fund_list")).status_code == 200
        return len(caught)

    factories.make_fund(tree["LC"])
    one = queries()
    for number in range(30):
        factories.make_fund(factories.make_unit(f"P{number}", f"Phường {number}", parent=tree["HP"]))
    assert queries() == one


def test_funds_are_found_by_the_name_of_their_unit_within_the_scope(
    client_of, approver, officer_lc, tree, site_profile
):
    factories.make_fund(tree["LC"])
    factories.make_fund(tree["NQ"])
    url = reverse("fund_list")
    assert [
        fund.unit.code for fund in client_of(approver).get(url, {"q": "quan ngo quyen"}).context["table"].page.rows
    ] == ["NQ"]
    assert not client_of(officer_lc).get(url, {"q": "quan ngo quyen"}).context["table"].page.rows
