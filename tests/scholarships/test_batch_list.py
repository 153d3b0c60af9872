"""Finding lists."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db


def test_an_officer_sees_their_lists_with_sums_and_the_successor_sees_them_too(
    client_of, officer_lc, officer_lechan, draft
):
    for person in (officer_lc, officer_lechan):
        text = client_of(person).get(reverse("batch_list")).content.decode()
        assert draft.title in text
        assert "1.500.000" in text
        assert "Quận Lê Chân" in text


def test_a_stranger_sees_nothing_of_it_and_without_the_right_it_is_403(client_of, officer_nq, editor, draft):
    text = client_of(officer_nq).get(reverse("batch_list")).content.decode()
    assert draft.title not in text
    assert "Quận Lê Chân" not in text
    assert client_of(editor).get(reverse("batch_list")).status_code == 403


def test_filters_narrow_the_list_and_its_sums(client_of, approver, officer_nq, tree, draft):
    make_batch(tree["NQ"], officer_nq)
    client, url = client_of(approver), reverse("batch_list")
    assert client.get(url).context["count"] == 2
    only = client.get(url, {"unit": tree["NQ"].pk})
    assert (only.context["count"], only.context["totals"]["turns"]) == (1, 0)
    assert client.get(url, {"state": "paid"}).context["count"] == 0
    assert client.get(url, {"half": "2023-H1", "state": "draft"}).context["count"] == 2
    assert client.get(url, {"unit": "x", "half": "2023-H9", "page": "ba", "sort": "';--"}).status_code == 200


def test_the_queries_are_the_same_for_one_list_and_thirty(client_of, approver, tree, officer_lc, programmes, draft):
    client = client_of(approver)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("batch_list")).status_code == 200
        return len(caught)

    one = queries()
    for number in range(30):
        unit = factories.make_unit(
            f"P{number}",
            f"Phường {number}",
            parent=tree["LC"],
            level=factories.make_level("commune"),
            until=factories.REFORM,
        )
        make_batch(unit, officer_lc)
    assert queries() == one
