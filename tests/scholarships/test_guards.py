"""What the database itself refuses, also for raw SQL: each rule tried beside the case it allows, with NULL where it could hide."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from scholarships.models import Batch, Disbursement, DisbursementSum, Fund, LedgerEntry, Recipient
from scholarships.services.batches import approve_batch, reverse_batch, submit_batch
from tests import factories
from tests.scholarships.lists import make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db


def refused(sql: str, *params, match: str = "") -> None:
    with pytest.raises(IntegrityError, match=match or None), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def allowed(sql: str, *params) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def paid(draft, officer_lc, approver):
    """The list of LC, three scholarships of 500.000 đồng, paid."""
    submit_batch(batch=draft, actor=officer_lc)
    return approve_batch(batch=draft, actor=approver)


def payout(fund, batch, amount):
    entry = "INSERT INTO scholarships_ledgerentry (fund_id, half, kind, amount, occurred_on, batch_id, reason, request_key, actor_id, created_at) "
    return (
        entry + "VALUES (%s, '2023-H1', 'payout', %s, '2023-05-01', %s, '', gen_random_uuid(), %s, now())",
        fund.pk,
        amount,
        batch.pk,
        batch.entered_by_id,
    )


def test_a_payment_beyond_the_balance_is_refused_by_the_database(paid, fund_lc):
    fund_lc.refresh_from_db()
    assert fund_lc.balance == 98_500_000
    refused(*payout(fund_lc, paid, -98_500_001), match="fund_not_negative")
    allowed(*payout(fund_lc, paid, -98_500_000))
    assert Fund.objects.get(pk=fund_lc.pk).balance == 0


def test_a_balance_moves_by_the_ledger_alone(fund_lc, tree):
    refused(
        "UPDATE scholarships_fund SET balance = balance + 1 WHERE id = %s", fund_lc.pk, match="balance_by_ledger_only"
    )
    refused("UPDATE scholarships_fund SET balance = NULL WHERE id = %s", fund_lc.pk)
    with pytest.raises(IntegrityError, match="balance_by_ledger_only"), transaction.atomic():
        Fund.objects.create(unit=tree["NQ"], name="Quỹ", opened_on=datetime.date(2023, 1, 1), balance=1)
    allowed("UPDATE scholarships_fund SET name = 'Quỹ khuyến tài' WHERE id = %s", fund_lc.pk)


def test_the_book_is_append_only(paid, fund_lc):
    refused(
        "UPDATE scholarships_ledgerentry SET amount = amount - 1 WHERE fund_id = %s", fund_lc.pk, match="append-only"
    )
    refused("DELETE FROM scholarships_ledgerentry WHERE fund_id = %s", fund_lc.pk, match="append-only")
    allowed("SET CONSTRAINTS ALL IMMEDIATE")  # else the table is refused for its pending checks
    refused("TRUNCATE scholarships_ledgerentry CASCADE", match="append-only")


def test_entries_have_the_sign_and_the_source_of_their_kind(paid, fund_lc):
    sql, *params = payout(fund_lc, paid, -1000)
    refused(sql, params[0], 1000, *params[2:], match="ledger_sign")
    refused(sql, params[0], 0, *params[2:], match="ledger_sign")
    refused(sql, params[0], None, *params[2:])
    refused(sql, *params[:2], None, params[3], match="ledger_payout_batch")
    refused(sql.replace("'payout'", "'donation'"), params[0], 1000, *params[2:], match="ledger_donation")
    refused(
        sql.replace("'payout'", "'reversal'"),
        params[0],
        1000,
        *params[2:],
        match="ledger_reversal_names_entry|reversal_must_mirror|ledger_reversal_reason",
    )
    refused(sql.replace("'payout'", "'opening'"), params[0], 1000, *params[2:], match="ledger_one_opening")
    refused(sql.replace("2023-H1", "2023-H3"), *params, match="ledger_half")
    refused(sql.replace("'payout'", "NULL"), *params)


def test_a_reversal_mirrors_what_it_reverses(paid, fund_lc):
    entry = LedgerEntry.objects.get(kind="payout")
    sql = (
        "INSERT INTO scholarships_ledgerentry (fund_id, half, kind, amount, occurred_on, batch_id, reverses_id, reason, request_key, actor_id, created_at) "
        "VALUES (%s, '2023-H1', 'reversal', %s, '2023-05-01', %s, %s, %s, gen_random_uuid(), %s, now())"
    )
    tail = (paid.pk, entry.pk, "Trả lại tiền thừa", paid.entered_by_id)
    refused(sql, fund_lc.pk, 1_500_001, *tail, match="reversal_must_mirror")
    refused(sql, fund_lc.pk, -5, *tail, match="reversal_must_mirror")
    refused(sql, fund_lc.pk, 5, paid.pk, entry.pk, "ngắn", paid.entered_by_id, match="ledger_reversal_reason")
    allowed(sql, fund_lc.pk, 1_000_000, *tail)
    refused(sql, fund_lc.pk, 500_001, *tail, match="reversal_must_mirror")
    allowed(sql, fund_lc.pk, 500_000, *tail)


def test_a_paid_row_allows_one_change_its_reversal(paid):
    row = paid.disbursements.first()
    for change in (
        "amount = amount + 1",
        "given_on = '2023-01-01'",
        "paid_at = NULL",
        "note = 'x'",
        "is_hardship = NOT is_hardship",
        "fund_id = NULL",
    ):
        refused(
            f"UPDATE scholarships_disbursement SET {change} WHERE id = %s",
            row.pk,
            match="no change but its one reversal",
        )
    refused(
        "UPDATE scholarships_disbursement SET reversed_at = now() WHERE id = %s",
        row.pk,
        match="disbursement_reversal_whole",
    )
    refused("DELETE FROM scholarships_disbursement WHERE id = %s", row.pk, match="never deleted")
    allowed("SET CONSTRAINTS ALL IMMEDIATE")  # else the table is refused for its pending checks
    refused("TRUNCATE scholarships_disbursement CASCADE", match="append-only")
    reverse = "UPDATE scholarships_disbursement SET reversed_at = now(), reversed_half = '2023-H1', reversal_reason = 'Trao nhầm người' WHERE id = %s"
    allowed(reverse, row.pk)
    refused(reverse, row.pk, match="no change but its one reversal")
    refused(
        "UPDATE scholarships_disbursement SET reversed_at = NULL, reversed_half = '', reversal_reason = '' WHERE id = %s",
        row.pk,
    )


def test_a_row_stands_once_until_it_is_reversed(draft):
    row = draft.disbursements.first()
    copy = Disbursement.objects.get(pk=row.pk)
    copy.pk = None
    with pytest.raises(IntegrityError, match="disbursement_key"), transaction.atomic():
        copy.save(force_insert=True)
    copy.repeat_no = 2
    with pytest.raises(IntegrityError, match="disbursement_repeat_reason"), transaction.atomic():
        copy.save(force_insert=True)
    copy.repeat_reason = "Hai nhà tài trợ"
    with transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ("amount = 0", "disbursement_positive"),
        ("amount = NULL", ""),
        ("half = '2023'", "disbursement_half"),
        ("fund_id = NULL", "disbursement_fund"),
        ("source = 'direct'", "disbursement_fund"),
        ("source = 'other', fund_id = NULL", "disbursement_source"),
        ("source = NULL", ""),
        ("reversed_at = now()", "disbursement_reversal_whole"),
        ("reversal_reason = 'x'", "disbursement_reversal_whole"),
        ("recipient_id = NULL", ""),
        ("repeat_no = NULL", ""),
    ],
)
def test_a_row_is_whole(draft, change, guard):
    refused(f"UPDATE scholarships_disbursement SET {change} WHERE batch_id = %s", draft.pk, match=guard)
    allowed("UPDATE scholarships_disbursement SET source = 'direct', fund_id = NULL WHERE batch_id = %s", draft.pk)


@pytest.mark.parametrize(
    "change",
    [
        "birth_month = 3, birth_year = NULL, birth_day = NULL", "birth_day = 3, birth_month = NULL", "birth_month = 13", "full_name = ''",
        "birth_month = 2, birth_day = 32", "kind = 'robot'", "name_key = NULL",
    ],
)  # fmt: skip
def test_a_person_is_whole(draft, change):
    person = draft.disbursements.first().recipient
    refused(f"UPDATE scholarships_recipient SET {change} WHERE id = %s", person.pk)
    allowed(
        "UPDATE scholarships_recipient SET birth_year = 2011, birth_month = 3, birth_day = NULL WHERE id = %s",
        person.pk,
    )


def test_the_same_person_without_a_birth_stands_once_in_a_unit(draft, tree):
    names = {"full_name": "Vũ An", "name_key": "vũ an", "sort_key": "an"}
    Recipient.objects.create(unit=tree["LC"], **names)
    with pytest.raises(IntegrityError, match="recipient_key"), transaction.atomic():
        Recipient.objects.create(unit=tree["LC"], **names)
    Recipient.objects.create(unit=tree["NQ"], **names)
    Recipient.objects.create(unit=tree["LC"], **names, birth_year=2011)


def test_nobody_approves_what_they_entered_also_by_raw_sql(draft, officer_lc, approver):
    submit_batch(batch=draft, actor=officer_lc)
    approve = "UPDATE scholarships_batch SET state = 'approved', approved_by_id = %s, approved_at = now() WHERE id = %s"
    refused(approve, officer_lc.pk, draft.pk, match="batch_not_approved_by_its_maker")
    refused(approve, None, draft.pk, match="batch_approved_by_somebody")
    helper = factories.make_user("helper")
    row = draft.disbursements.first()
    take = "UPDATE scholarships_disbursement SET entered_by_id = %s WHERE id = %s"
    refused(take, helper.pk, row.pk, match="batch_maker_stays")  # who entered a row stays
    Disbursement.objects.filter(pk=row.pk).delete()
    row.pk, row.entered_by = None, helper
    row.save()
    refused(approve, helper.pk, draft.pk, match="batch_not_approved_by_its_maker")
    allowed(approve, approver.pk, draft.pk)


def test_a_batch_takes_no_forbidden_step(draft, officer_lc, approver):
    refused(
        "UPDATE scholarships_batch SET state = 'paid', paid_at = now(), approved_by_id = %s WHERE id = %s",
        approver.pk,
        draft.pk,
        match="batch_state",
    )
    refused("UPDATE scholarships_batch SET state = 'withdrawn' WHERE id = %s", draft.pk, match="batch_reason_given")
    submit_batch(batch=draft, actor=officer_lc)
    skipping = "UPDATE scholarships_batch SET state = 'paid', approved_by_id = %s WHERE id = %s"
    refused(skipping, approver.pk, draft.pk, match="batch_state")
    Batch.objects.filter(pk=draft.pk).update(state="approved", approved_by=approver)
    refused("UPDATE scholarships_batch SET state = 'paid' WHERE id = %s", draft.pk, match="batch_paid_at")
    refused("UPDATE scholarships_batch SET state = 'done' WHERE id = %s", draft.pk)
    refused("DELETE FROM scholarships_batchevent WHERE batch_id = %s", draft.pk, match="append-only")
    refused("UPDATE scholarships_batchevent SET action = 'x' WHERE batch_id = %s", draft.pk, match="append-only")


def test_a_closed_half_year_takes_no_payment_and_gives_none_back(paid, draft, fund_lc, officer_lc, approver):
    other = make_batch(paid.unit, officer_lc)
    close = "INSERT INTO portal_closing (unit_id, half, scope, reason, closed_by_id, closed_at) VALUES (%s, '2023-H1', 'half', 'x', %s, now())"
    allowed(close, paid.unit_id, approver.pk)
    refused(*payout(fund_lc, paid, -1), match="period_closed")
    copy = paid.disbursements.first()
    copy.pk, copy.batch, copy.amount, copy.paid_at = None, other, 700_000, timezone.now()
    with pytest.raises(IntegrityError, match="period_closed"), transaction.atomic():
        copy.save(force_insert=True)
    reverse = "UPDATE scholarships_disbursement SET reversed_at = now(), reversed_half = %s, reversal_reason = 'Trao nhầm' WHERE batch_id = %s"
    refused(reverse, "2023-H1", paid.pk, match="period_closed")
    allowed(reverse, "2023-H2", paid.pk)
    assert DisbursementSum.objects.get(half="2023-H1").turns == 3
    assert (
        DisbursementSum.objects.get(half="2023-H2").turns,
        DisbursementSum.objects.get(half="2023-H2").recalled_turns,
    ) == (0, 3)


def test_a_reversed_row_can_be_entered_again(paid, officer_lc, approver, programmes):
    agree(reverse_batch(batch=paid, reason="Danh sách nhập nhầm kỳ", actor=approver))
    again = make_batch(paid.unit, officer_lc, rows=3, programme=programmes["scholarship"])
    submit_batch(batch=again, actor=officer_lc)
    approve_batch(batch=again, actor=approver)
    assert Batch.objects.get(pk=again.pk).state == "paid"
    assert DisbursementSum.objects.get().turns == 3
