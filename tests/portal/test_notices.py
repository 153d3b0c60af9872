"""Those who must know of a proposed change are told: asked, decided, running out; by mail and on their home."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.models import ProposedChange, User
from portal.services.notices import decided_lately, people_told, running_out
from portal.services.proposals import refuse_change
from scholarships.services import funds
from tests import factories
from tests.two_persons import agree

pytestmark = pytest.mark.django_db
WHY = "Công khai quỹ của thành phố."


@pytest.fixture
def proposal(tree, approver, leader, officer_nq, approver_lechan, django_capture_on_commit_callbacks):
    for user in (approver, leader, officer_nq, approver_lechan):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.test")
    fund = factories.make_fund(tree["HP"])
    with django_capture_on_commit_callbacks(execute=True):
        funds.update_fund(fund=fund, is_public=True, reason=WHY, actor=approver)
    return ProposedChange.objects.get()


def written_to():
    return sorted(address for one in mail.outbox for address in one.to)


def test_who_may_decide_is_asked_and_nobody_else(proposal):
    assert written_to() == ["leader@example.test"]
    letter = mail.outbox[0]
    assert reverse("proposal_detail", args=[proposal.pk]) in letter.body
    assert "Thành phố Hải Phòng" in letter.body
    assert WHY not in letter.body  # the reason may name somebody; the page shows it


def test_who_proposed_and_who_must_know_is_told_of_the_decision(
    client_of, proposal, approver, leader, officer_nq, site_profile, django_capture_on_commit_callbacks
):
    other = factories.make_user("duyet.hai", role="approver", unit=proposal.unit, email="hai@example.test")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        agree(proposal, by=leader)
    assert written_to() == ["approver@example.test", "hai@example.test"]
    assert set(people_told(ProposedChange.objects.get())) == {approver, other}
    for person, told in ((approver, True), (other, True), (leader, False), (officer_nq, False)):
        assert decided_lately(person).exists() is told
        page = client_of(person).get(reverse("work_home")).content.decode()
        assert (reverse("proposal_detail", args=[proposal.pk]) in page) is told


def test_a_refusal_is_told_too(proposal, approver, leader, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        refuse_change(change=proposal, reason="Chưa cần", actor=leader)
    assert written_to() == ["approver@example.test"]
    assert "từ chối" in mail.outbox[0].subject


@pytest.mark.parametrize(("left", "shown"), [(10, False), (2, True), (-1, True), (-9, False)])
def test_one_that_runs_out_is_on_the_home_of_who_proposed_it(
    client_of, proposal, approver, leader, site_profile, left, shown
):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_proposedchange DISABLE TRIGGER USER")
        ends = timezone.now() + datetime.timedelta(days=left)
        cursor.execute("UPDATE portal_proposedchange SET expires_at = %s", [ends])
        cursor.execute("ALTER TABLE portal_proposedchange ENABLE TRIGGER USER")
    assert running_out(approver).exists() is shown
    assert not running_out(leader).exists()
    page = client_of(approver).get(reverse("work_home")).content.decode()
    assert (reverse("proposal_detail", args=[proposal.pk]) in page) is shown
