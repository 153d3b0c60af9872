"""Two approvers press at the same moment for what only one of their lists can have: one passes, the other reads why."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from portal.vocabulary import Role
from scholarships.models import Batch, Disbursement, LedgerEntry, Programme
from scholarships.services.batches import submit_batch
from scholarships.services.verifying import find_differences
from tests import factories
from tests.concurrency.test_money import together
from tests.scholarships.lists import GIVEN, add_row, make_batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def programme(tree):
    factories.make_programmes(tree["HP"])
    return tree["HP"].programmes.get(kind="scholarship")


@pytest.fixture
def press_at_once(programme, tree, officer_lc, approver, client_of):
    """Send a list of one child for each name, open each for an approver of its own, let all press; return the answers.

    What the programme allows is said after the lists were sent, for else they would not have been.
    """

    def press(names: list[str], source: str, **allows: object) -> list[tuple[int, str]]:
        factories.make_fund(tree["LC"], opening=10_000_000)
        presses = []
        for place, name in enumerate(names):
            batch = make_batch(tree["LC"], officer_lc)
            add_row(batch, officer_lc, programme, full_name=name, source=source, given_on=GIVEN + timedelta(days=place))
            submit_batch(batch=batch, actor=officer_lc)
            person = factories.make_user(f"approver.{place}", role=Role.APPROVER, unit=tree["HP"])
            presses.append((client_of(person), reverse("batch_approve", args=[batch.pk])))
        Programme.objects.filter(pk=programme.pk).update(**allows)
        seen = [client.version_shown_for(url) for client, url in presses]
        assert all(seen)
        answers = together(
            *(lambda c=client, u=url, v=shown: c.post(u, v) for (client, url), shown in zip(presses, seen, strict=True))
        )
        return [(answer.status_code, html.unescape(answer.content.decode())) for answer in answers]

    return press


def show_that_one_passed(answers, sentence, source):
    won, lost = sorted(answers)
    assert (won[0], lost[0]) == (302, 409)
    if source == "direct":  # paid from a fund, its new balance is what has changed first of all
        assert sentence in lost[1]
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["paid", "submitted"]
    assert Disbursement.objects.filter(paid_at__isnull=False).count() == 1
    assert LedgerEntry.objects.filter(kind="payout").count() == (1 if source == "fund" else 0)
    assert find_differences() == []


@pytest.mark.parametrize("source", ["fund", "direct"])
def test_of_two_approvals_for_the_last_place_one_passes(press_at_once, source):
    answers = press_at_once(["Trần Văn An", "Lê Thị Bình"], source, places=1)
    show_that_one_passed(answers, "1 suất", source)


def test_of_two_approvals_for_a_child_that_is_given_once_one_passes(press_at_once):
    answers = press_at_once(["Trần Văn An", "Trần Văn An"], "direct", recurrence="half_year")
    show_that_one_passed(answers, "Trần Văn An", "direct")
