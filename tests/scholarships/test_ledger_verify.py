"""The books prove themselves from the rows: a planted error of one đồng is found wherever it lies."""

from __future__ import annotations

import pytest
from django.core.management import CommandError
from django.db import connection

from scholarships.services.batches import approve_batch, reverse_batch, submit_batch
from scholarships.services.donations import record_donation
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
