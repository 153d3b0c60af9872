"""Addresses of the first and the last years that there are: nothing stands before or after, and no page breaks."""

import pytest
from django.urls import reverse

EDGES = ["1900", "1900-H1", "1900-H2", "1901", "2999", "2999-H1", "2999-H2"]
PAGES = ("report_detail", "report_text", "report_agenda", "report_lagging", "meeting_edit", "report_freeze")


@pytest.mark.parametrize("period", EDGES)
def test_a_page_of_a_time_without_neighbours_is_not_there(client_of, city, leader, period):
    client = client_of(leader)
    for name in PAGES:
        assert client.get(reverse(name, args=[period, "HP"])).status_code in {200, 404}, name
    assert client.get(reverse("report_public", args=[period, "HP"])).status_code == 404
    if "-" in period:
        assert client.get(reverse("half_board", args=[period])).status_code in {200, 404}
        assert client.get(reverse("submission_edit", args=[period, "LC"])).status_code in {403, 404}


@pytest.mark.parametrize("period", EDGES)
def test_the_home_of_such_a_time_is_that_of_now(client_of, city, leader, approver, officer_lechan, period):
    for person in (leader, approver, officer_lechan):
        client = client_of(person)
        assert client.get(reverse("work_home"), {"nua-nam": period}, follow=True).status_code == 200
        assert client.get(reverse("work_home")).status_code == 200  # it stays chosen
