"""The books prove themselves from the rows: a planted error of one đồng is found wherever it lies."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction
from django_tasks_db.models import DBTaskResult

from scholarships.models import LedgerEntry, SealedBlock
from scholarships.services.batches import approve_batch, reverse_batch, submit_batch
from scholarships.services.donations import record_donation
from scholarships.services.funds import open_fund
from scholarships.services.sealing import schedule_sealing, seal_books, seal_each_minute
from scholarships.services.verifying import find_differences
from tests.scholarships.districts import run
from tests.scholarships.lists import GIVEN, make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(draft, officer_lc, approver, fund_lc, programmes):
    """Two paid lists, one of them reversed, and a gift."""
    submit_batch(batch=draft, actor=officer_lc)
    approve_batch(batch=draft, actor=approver)
    agree(reverse_batch(batch=draft, reason="Danh sách nhập nhầm kỳ", actor=approver))
    second = make_batch(draft.unit, officer_lc, rows=3, programme=programmes["award"])
    submit_batch(batch=second, actor=officer_lc)
    approve_batch(batch=second, actor=approver)
    record_donation(
        fund=fund_lc, donor_name="A", source="people", amount=1_000, received_on=GIVEN, confirmed=True, actor=approver
    )
    return second


def plant(table: str, change: str) -> None:
    """Change rows behind every guard, as a damaged disk or a careless hand would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change}")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_right_books_have_no_differences(books):
    done = run("verify_ledger")
    assert done["differences"] == []
    assert (done["funds"], done["entries"], done["disbursements"]) == (1, 5, 6)


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        ("scholarships_fund", "balance = balance + 1", "balance"),
        ("scholarships_ledgerentry", "amount = amount + 1 WHERE kind = 'donation'", "donation"),
        (
            "scholarships_ledgerentry",
            "amount = amount - 1 WHERE id = (SELECT max(id) FROM scholarships_ledgerentry WHERE kind = 'payout')",
            "payout",
        ),
        ("scholarships_ledgerentry", "amount = amount - 1 WHERE kind = 'reversal'", "reversal"),
        (
            "scholarships_disbursement",
            "amount = amount + 1 WHERE id = (SELECT max(id) FROM scholarships_disbursement)",
            "sum_amount",
        ),
        (
            "scholarships_disbursement",
            "is_hardship = true WHERE id = (SELECT max(id) FROM scholarships_disbursement)",
            "sum_hardship_turns",
        ),
        (
            "scholarships_disbursement",
            "paid_at = NULL WHERE id = (SELECT max(id) FROM scholarships_disbursement)",
            "batch_state",
        ),
        (
            "scholarships_disbursement",
            "half = '2023-H2' WHERE id = (SELECT max(id) FROM scholarships_disbursement)",
            "row_of_its_list",
        ),
        ("scholarships_disbursementsum", "amount = amount + 1 WHERE turns > 0", "sum_amount"),
        ("scholarships_disbursementsum", "turns = turns - 1 WHERE turns > 0", "sum_turns"),
        ("scholarships_donation", "receipt_number = 2", "receipt_numbers"),
        ("scholarships_donation", "amount = amount + 1", "donation"),
    ],
)
def test_a_planted_error_is_found_and_named(books, table, change, what):
    plant(table, change)
    found = find_differences()
    assert what in {difference.what for difference in found}
    with pytest.raises(CommandError, match=what):
        run("verify_ledger")


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        ("scholarships_ledgerentry", "half = '2023-H2' WHERE kind = 'donation'", "ledger_half"),
        ("scholarships_ledgerentry", "half = '2022-H2' WHERE kind = 'donation'", "ledger_half"),
        ("scholarships_ledgerentry", "half = '2022-H2' WHERE kind = 'payout'", "ledger_half"),
        ("scholarships_ledgerentry", "half = '2024-H1' WHERE kind = 'payout'", "ledger_half"),
        ("scholarships_ledgerentry", "half = '2026-H2' WHERE kind = 'reversal'", "reversal_half"),
        (
            "scholarships_disbursement",
            "is_hardship = NOT is_hardship, circumstance = circumstance WHERE paid_at IS NOT NULL", "hardship",
        ),
        ("scholarships_disbursement", "circumstance = 'orphan' WHERE NOT is_hardship", "hardship"),
    ],
)  # fmt: skip
def test_what_agrees_in_its_sums_and_is_wrong_all_the_same_is_found(books, table, change, what):
    assert what not in {difference.what for difference in find_differences()}
    plant(table, change)
    assert what in {difference.what for difference in find_differences()}


def test_an_opening_and_its_balance_changed_together_are_found(tree, approver):
    fund = open_fund(unit=tree["LC"], name="Quỹ", opened_on=GIVEN, opening_balance=1_000, actor=approver)
    assert find_differences() == []
    plant("scholarships_ledgerentry", f"amount = 6000, balance_after = 6000 WHERE fund_id = {fund.pk}")
    plant("scholarships_fund", f"balance = 6000 WHERE id = {fund.pk}")
    assert [(one.what, one.stored, one.computed) for one in find_differences()] == [("opening", 6_000, 1_000)]


# ---- the sealed chain


def kinds():
    return [one.what for one in find_differences()]


def test_the_chain_says_what_is_sealed_and_what_is_not(books, approver):
    before = run("verify_ledger")["chain"]
    assert (before["number"], before["unsealed_ledger"]) == (0, 5)
    assert seal_books() == 1
    assert seal_books() is None
    sealed = run("verify_ledger")["chain"]
    assert (sealed["number"], sealed["unsealed_ledger"], sealed["unsealed_audit"]) == (1, 0, 0)
    fund = LedgerEntry.objects.first().fund
    record_donation(
        fund=fund, donor_name="B", source="people", amount=1, received_on=GIVEN, confirmed=True, actor=approver
    )
    later = run("verify_ledger")["chain"]
    assert (later["unsealed_ledger"], later["unsealed_audit"], later["digest"]) == (1, 1, sealed["digest"])
    assert seal_books() == 2
    assert SealedBlock.objects.get(number=2).previous == sealed["digest"]
    assert run("verify_ledger", "--known", f"1:{sealed['digest']}")["differences"] == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("scholarships_ledgerentry", "reason = 'Lý do khác đi rồi' WHERE kind = 'reversal'"),
        ("scholarships_ledgerentry", "occurred_on = occurred_on + 1 WHERE kind = 'opening'"),
        ("scholarships_ledgerentry", "actor_id = (SELECT id FROM portal_user WHERE username = 'system')"),
        ("portal_auditentry", "actor_id = (SELECT id FROM portal_user WHERE username = 'system')"),
        ("portal_auditentry", "detail = '{}' WHERE action = 'scholarships.batch.approve'"),
        ("portal_auditentry", "at = at - interval '1 day'"),
    ],
)
def test_what_even_an_owner_changes_afterwards_no_longer_fits_its_block(books, table, change):
    seal_books()
    plant(table, change)
    assert "sealed" in kinds()


@pytest.mark.parametrize("table", ["scholarships_ledgerentry", "portal_auditentry"])
def test_a_line_taken_out_as_replica_is_missed(books, table):
    seal_books()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert "sealed" in kinds()


def test_a_chain_made_anew_is_another_than_what_was_written_down(books):
    seal_books()
    known = run("verify_ledger")["chain"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("scholarships_sealedblock", "scholarships_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE scholarships_ledgerentry SET reason = 'Lý do khác đi rồi' WHERE kind = 'reversal'")
        cursor.execute("DELETE FROM scholarships_sealedblock")
        cursor.execute("SELECT seal_books()")
        for table in ("scholarships_sealedblock", "scholarships_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert kinds() == []
    with pytest.raises(CommandError, match="chain"):
        run("verify_ledger", "--known", f"1:{known['digest']}")


SEALED_AGAIN = """INSERT INTO scholarships_sealedblock SELECT id + 1, number + 1, at, {}, digest, ledger_ids,
    ledger_digest, ledger_last, ledger_floor, audit_ids, audit_digest, audit_last, audit_floor, horizon
    FROM scholarships_sealedblock"""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scholarships_sealedblock SET digest = 'x'",
        "UPDATE scholarships_sealedblock SET ledger_ids = NULL",
        "DELETE FROM scholarships_sealedblock",
        "TRUNCATE scholarships_sealedblock",
        SEALED_AGAIN.format("digest"),
        SEALED_AGAIN.format("NULL"),
    ],
)
def test_raw_sql_makes_and_changes_no_block(books, sql):
    seal_books()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"append-only|sealed_block_follows"), transaction.atomic():
            cursor.execute(sql)


def test_the_worker_comes_again_in_a_minute(books, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    schedule_sealing()
    schedule_sealing()
    waiting = DBTaskResult.objects.get()
    assert waiting.run_after > waiting.enqueued_at
    DBTaskResult.objects.update(status="RUNNING")
    assert seal_each_minute.call() == 1
    assert DBTaskResult.objects.filter(status="READY").count() == 1
