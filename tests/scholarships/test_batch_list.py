"""Finding lists."""

from __future__ import annotations

import pytest
from django.urls import reverse

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
    other = make_batch(tree["NQ"], officer_nq)
    client, url = client_of(approver), reverse("batch_list")

    def found(**query):
        return client.get(url, query).context["table"].page.rows

    assert found() == [other, draft]
    assert found(unit="NQ") == [other]
    assert found(state="paid") == []
    assert found(half="2023-H1", state="draft") == [other, draft]
    assert client.get(url, {"unit": "LC"}).context["totals"] == {"turns": 3, "amount": 1_500_000}
    assert "1.500.000 đồng" in client.get(url, {"unit": "LC"}).content.decode()
    assert client.get(url, {"unit": "NQ"}).context["totals"]["turns"] == 0


@pytest.mark.parametrize(
    "query",
    [{"unit": "999999"}, {"state": "xx"}, {"half": "2023-h1"}, {"half": "2023-H9", "page": "ba", "sort": "';--"}],
)
def test_an_unknown_value_shows_no_list_and_no_sum_and_says_so(client_of, approver, draft, query):
    answer = client_of(approver).get(reverse("batch_list"), query)
    assert answer.context["table"].page.rows == []
    assert answer.context["totals"] is None
    assert draft.title not in answer.content.decode()
    assert "nên không hiện gì" in answer.content.decode()


def test_sums_are_not_added_up_over_the_whole_register(client_of, approver, draft):
    assert client_of(approver).get(reverse("batch_list")).context["totals"] is None
