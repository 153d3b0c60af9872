"""Allotments: granted, changed and ended by two persons; within them a unit's own approver approves."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from portal.models import AuditEntry, ProposedChange
from portal.services.proposals import accept_change
from portal.services.refusals import ConflictError
from scholarships.models import Allotment, Batch, Programme
from scholarships.services import batches
from scholarships.services.allotments import propose_allotment
from tests import factories
from tests.scholarships.test_rights_on_money import ward_list
from tests.two_persons import agree

pytestmark = pytest.mark.django_db
WHY = "Phường tự duyệt đến mức này."


@pytest.fixture
def fund(tree):
    return factories.make_fund(tree["HP"])


@pytest.fixture
def programme(tree, fund):
    return Programme.objects.create(unit=tree["HP"], name="Ngọn hải đăng", kind="award", fund=fund)


def grant(programme, unit, actor, amount=300_000):
    return agree(propose_allotment(programme=programme, unit=unit, amount=amount, reason=WHY, actor=actor))


def refused(error=ValidationError, **values):
    with pytest.raises(error), transaction.atomic():
        propose_allotment(**values)


def test_a_page_grants_it_when_a_second_person_agrees(
    client_of, tree, programme, officer_lechan, approver_lechan, approver, leader, site_profile
):
    form = {"programme": programme.pk, "unit": "11383", "amount": "300.000", "reason": WHY}
    answer = client_of(approver).post(reverse("allotment_create"), form)
    change = ProposedChange.objects.get()
    assert answer.url == reverse("proposal_detail", args=[change.pk])
    assert not Allotment.objects.exists()
    page = client_of(leader).get(answer.url).content.decode()
    assert "300.000 đồng" in page
    assert "Phường Lê Chân" in page
    client_of(leader).post(reverse("proposal_accept", args=[change.pk]))
    allotment = Allotment.objects.get()
    assert (allotment.granted_by, allotment.agreed_by, allotment.amount) == (approver, leader, 300_000)
    noted = AuditEntry.objects.get(action="scholarships.allotment.grant")
    assert noted.detail == {"amount": 300_000, "before": 0, "proposal": change.pk, "proposed_by": approver.pk}
    batches.approve_batch(batch=ward_list(tree, officer_lechan, programme), actor=approver_lechan)
    for person in (approver, approver_lechan):  # the ward's approver sees it too
        shown = client_of(person).get(reverse("allotment_list")).content.decode()
        assert "Ngọn hải đăng" in shown
        assert leader.full_name in shown
    assert client_of(approver_lechan).get(reverse("allotment_update", args=[allotment.pk])).status_code == 404


def test_a_stale_page_and_an_allotment_changed_meanwhile_are_409(
    client_of, tree, programme, approver, leader, site_profile
):
    grant(programme, tree["LECHAN"], approver)
    url = reverse("allotment_update", args=[Allotment.objects.get().pk])
    office = client_of(approver)
    shown = office.version_shown_for(url)
    grant(programme, tree["LECHAN"], approver, 400_000)
    assert office.post(url, shown | {"amount": "500.000", "reason": WHY}).status_code == 409
    given = {"programme": programme, "unit": tree["LECHAN"], "reason": WHY, "actor": approver}
    change = propose_allotment(amount=600_000, **given)
    refused(amount=700_000, **given)  # one waits
    other = factories.make_fund(tree["LC"])
    Programme.objects.update(fund=other)
    with pytest.raises(ConflictError) as told, transaction.atomic():
        accept_change(change=change, actor=leader)
    assert told.value.changes == []  # no name of a column, no number of a fund
    assert Allotment.objects.get().amount == 400_000


def test_its_end_leaves_every_batch_to_the_funds_unit(
    client_of, tree, programme, officer_lechan, approver_lechan, approver, site_profile
):
    grant(programme, tree["LECHAN"], approver)
    url = reverse("allotment_update", args=[Allotment.objects.get().pk])
    assert client_of(approver).post(url, {"amount": "", "reason": WHY, "end": "1"}).status_code == 302
    agree()
    batch = ward_list(tree, officer_lechan, programme)
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        batches.approve_batch(batch=batch, actor=approver_lechan)
    assert caught.value.code == "allotment"
    assert batches.approve_batch(batch=batch, actor=approver).state == "paid"


def test_what_cannot_be_allotted_is_refused(tree, programme, fund, officer_lechan, approver, approver_lechan):
    given = {"programme": programme, "unit": tree["LECHAN"], "amount": 300_000, "reason": WHY, "actor": approver}
    refused(**given | {"unit": tree["HP"]})
    refused(**given | {"amount": 0})
    refused(**given | {"reason": "ngắn"})
    refused(PermissionDenied, **given | {"actor": approver_lechan})
    refused(**given | {"programme": factories.make_programmes(tree["HP"])["award"]})
    outside = Programme.objects.create(unit=tree["LC"], name="Của quận", kind="award", fund=fund)
    refused(**given | {"programme": outside})
    grant(programme, tree["LECHAN"], approver)
    batches.approve_batch(batch=ward_list(tree, officer_lechan, programme), actor=approver_lechan)
    refused(**given | {"amount": 200_000})  # 300.000 have been given


def test_the_approver_who_proposed_it_does_not_agree_to_it(tree, programme, approver, approver_lechan):
    change = propose_allotment(programme=programme, unit=tree["LECHAN"], amount=1_000, reason=WHY, actor=approver)
    for person in (approver, approver_lechan):
        with pytest.raises(PermissionDenied), transaction.atomic():
            accept_change(change=change, actor=person)
    assert not Allotment.objects.exists()


@pytest.mark.parametrize("value", ["9000000", None])
def test_raw_sql_grants_nothing(tree, programme, approver, leader, value):
    first = grant(programme, tree["LECHAN"], approver)
    grant(programme, tree["LECHAN"], approver, 100_000)
    proposal = Allotment.objects.get().proposal_id

    def wrong(sql, *values):
        with (
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match=r"allotment|append-only"),
            transaction.atomic(),
        ):
            cursor.execute(sql, values)

    wrong("UPDATE scholarships_allotment SET amount = %s", value)
    wrong("UPDATE scholarships_allotment SET proposal_id = %s, amount = 300000", value and first.pk)
    wrong("UPDATE scholarships_allotment SET unit_id = %s", value and tree["LC"].pk)
    wrong("UPDATE scholarships_allotment SET proposal_id = NULL, agreed_by_id = NULL, amount = %s", value)
    insert = (
        "INSERT INTO scholarships_allotment (programme_id, unit_id, amount, granted_by_id, agreed_by_id, proposal_id, "
        "granted_at) VALUES (%s, %s, 1000, %s, %s, %s, now())"
    )
    wrong(insert, programme.pk, tree["NQ"].pk, approver.pk, value and leader.pk, value and proposal)
    wrong("DELETE FROM scholarships_allotment")
    wrong("TRUNCATE scholarships_allotment")
    assert Allotment.objects.get().amount == 100_000
    assert not Batch.objects.exists()
