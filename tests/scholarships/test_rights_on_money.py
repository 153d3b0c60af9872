"""The right is asked on every object that changes: the fund that pays, the row that is replaced."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import AuditEntry
from portal.services.refusals import ConflictError
from scholarships.models import Disbursement, Programme
from scholarships.services import batches
from scholarships.services.allotments import propose_allotment
from scholarships.services.locking import lock_in_order
from scholarships.services.programmes import create_programme
from tests import factories
from tests.scholarships.lists import add_row, make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db

NOW = HalfYear(2026, 2)
DAY = datetime.date(2026, 9, 5)


@pytest.fixture
def city_fund(tree):
    return factories.make_fund(tree["HP"])


def ward_list(tree, officer, programme):
    factories.make_fund(tree["LECHAN"])
    batch = batches.create_batch(unit=tree["LECHAN"], half=NOW, mode="handed_out", actor=officer)
    batches.add_disbursement(
        batch=batch,
        full_name="Trần Thị Sen",
        birth=None,
        programme=programme,
        amount=300_000,
        given_on=DAY,
        actor=officer,
    )
    return batches.submit_batch(batch=batch, actor=officer)


def test_a_programme_of_the_city_pays_from_the_citys_fund_for_a_wards_list(
    tree, city_fund, officer_lechan, approver_lechan, approver
):
    opened = Programme.objects.create(unit=tree["HP"], name="Ngọn hải đăng", kind="award", fund=city_fund)
    batch = ward_list(tree, officer_lechan, opened)
    with pytest.raises(ValidationError, match="Người dùng approver"):  # beyond its allotment the fund's unit decides
        batches.approve_batch(batch=batch, actor=approver_lechan)
    given = {"programme": opened, "unit": tree["LECHAN"], "amount": 300_000, "reason": "Phường tự duyệt đến mức này."}
    agree(propose_allotment(actor=approver, **given))
    assert batches.approve_batch(batch=batch, actor=approver_lechan).state == "paid"
    city_fund.refresh_from_db()
    assert city_fund.balance == 20_000_000_000 - 300_000
    agree(batches.reverse_batch(batch=batch, reason="Danh sách sai hoàn toàn", actor=approver_lechan))
    city_fund.refresh_from_db()
    assert city_fund.balance == 20_000_000_000


@pytest.mark.parametrize("how", ["programme of the ward", "programme put away", "programme of another fund"])
def test_a_wards_approver_does_not_spend_the_citys_fund_otherwise(
    tree, city_fund, officer_lechan, approver_lechan, how
):
    unit = tree["LECHAN"] if how == "programme of the ward" else tree["HP"]
    programme = Programme.objects.create(unit=unit, name="Ngọn hải đăng", kind="award", fund=city_fund)
    batch = ward_list(tree, officer_lechan, programme)
    if how == "programme put away":
        Programme.objects.update(is_active=False)
    if how == "programme of another fund":
        Programme.objects.update(fund=None)
    with pytest.raises(ValidationError) as refused:
        batches.approve_batch(batch=batch, actor=approver_lechan)
    assert refused.value.code == "fund_of_another"
    city_fund.refresh_from_db()
    assert city_fund.balance == 20_000_000_000


def test_a_programme_names_only_a_fund_on_which_its_keeper_has_the_right(tree, city_fund, approver_lechan, approver):
    given = {"unit": tree["LECHAN"], "name": "Của phường", "kind": "award", "fund": city_fund}
    with pytest.raises(PermissionDenied):
        create_programme(**given, actor=approver_lechan)
    made = create_programme(**given, actor=approver)
    assert (made.fund, made.is_active) == (None, False)
    agree()
    made.refresh_from_db()
    assert (made.fund, made.is_active) == (city_fund, True)


@pytest.fixture
def paid(tree, officer_lc, approver, programmes, fund_lc):
    batch = make_batch(tree["LC"], officer_lc, rows=2, programme=programmes["award"])
    batches.submit_batch(batch=batch, actor=officer_lc)
    return batches.approve_batch(batch=batch, actor=approver)


@pytest.mark.parametrize("other", ["full_name", "programme", "given_on"])
def test_a_row_replaces_only_the_same_gift(paid, tree, officer_lc, programmes, other):
    theirs = paid.disbursements.select_related("recipient", "programme").first()
    same = {"full_name": theirs.recipient.full_name, "programme": theirs.programme, "given_on": theirs.given_on}
    wrong = {"full_name": "Kẻ Thế Chỗ", "programme": programmes["support"], "given_on": datetime.date(2023, 6, 1)}
    draft = batches.create_batch(unit=tree["LC"], half=HalfYear(2023, 1), mode="handed_out", actor=officer_lc)
    with pytest.raises(ValidationError) as refused:
        batches.add_disbursement(
            batch=draft,
            birth=Birth(2011),
            amount=50_000,
            replaces=theirs,
            actor=officer_lc,
            **(same | {other: wrong[other]}),
        )
    assert refused.value.code == "disbursement_replaces"
    row = batches.add_disbursement(
        batch=draft, birth=Birth(2011), amount=50_000, replaces=theirs, actor=officer_lc, **same
    )
    assert row.replaces_id == theirs.pk


def test_what_a_payment_reverses_is_in_the_audit_row_by_row(paid, tree, officer_lc, approver):
    theirs = paid.disbursements.select_related("recipient", "programme").first()
    draft = batches.create_batch(unit=tree["LC"], half=HalfYear(2023, 1), mode="handed_out", actor=officer_lc)
    batches.add_disbursement(
        batch=draft, full_name=theirs.recipient.full_name, birth=Birth(2011), programme=theirs.programme, amount=50_000,
        given_on=theirs.given_on, replaces=theirs, actor=officer_lc,
    )  # fmt: skip
    batches.submit_batch(batch=draft, actor=officer_lc)
    batches.approve_batch(batch=draft, actor=approver)
    entry = AuditEntry.objects.get(action="scholarships.disbursement.reverse")
    assert (entry.target_id, entry.actor, entry.detail["batch"]) == (theirs.pk, approver, draft.pk)


@pytest.mark.parametrize("column", ["recipient_id", "programme_id", "given_on", "unit_id", "paid_at", "reversed"])
def test_the_database_too_replaces_only_the_same_gift(paid, tree, officer_lc, programmes, column):
    theirs, another = paid.disbursements.order_by("pk")
    draft = make_batch(tree["LC"], officer_lc, rows=0, programme=programmes["award"])
    row = add_row(draft, officer_lc, programmes["award"], full_name="Lê Văn Bốn")
    values = {
        "recipient_id": theirs.recipient_id, "programme_id": theirs.programme_id, "given_on": theirs.given_on,
        "unit_id": theirs.unit_id, "amount": 1,
    }  # fmt: skip
    wrong = {
        "recipient_id": another.recipient_id, "programme_id": programmes["support"].pk,
        "given_on": datetime.date(2023, 6, 1), "unit_id": tree["NQ"].pk,
    }  # fmt: skip
    values |= {column: wrong[column]} if column in wrong else {}
    target = theirs.pk
    if column == "paid_at":  # a row that is not paid (NULL) is no gift yet
        target = add_row(draft, officer_lc, programmes["award"], full_name="Lê Văn Năm").pk
    if column == "reversed":
        batches.reverse_batch(batch=paid, reason="Danh sách sai hoàn toàn", actor=factories.make_system_account())
    sql = f"UPDATE scholarships_disbursement SET {', '.join(f'{name} = %s' for name in values)}, replaces_id = %s WHERE id = %s"
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="disbursement_replaces"), transaction.atomic():
            cursor.execute(sql, [*values.values(), target, row.pk])
        cursor.execute(sql, [*values.values(), None, row.pk])  # a row that replaces nothing may be anything
    assert Disbursement.objects.get(pk=row.pk).replaces_id is None


def test_a_row_removed_meanwhile_is_a_conflict_and_no_error(tree, officer_lc, programmes, fund_lc):
    draft = make_batch(tree["LC"], officer_lc, rows=2, programme=programmes["award"])
    row = draft.disbursements.first()
    batches.remove_disbursement(row=Disbursement.objects.get(pk=row.pk), actor=officer_lc)
    with pytest.raises(ConflictError):
        batches.remove_disbursement(row=row, actor=officer_lc)


@pytest.mark.django_db(transaction=True)
def test_locks_outside_a_transaction_are_refused():
    with pytest.raises(RuntimeError):
        lock_in_order(periods=[(1, "2023-H1")])
