"""Real connections against each other: no balance below zero, nothing twice, no step lost, no deadlock."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.models import AuditEntry, User
from portal.services.periods import close_half_year, grant_exception
from portal.services.refusals import ConflictError
from scholarships.models import Batch, Disbursement, Donation, Fund, LedgerEntry, Recipient, SealedBlock
from scholarships.services.batches import approve_batch, reverse_batch, submit_batch
from scholarships.services.donations import record_donation
from scholarships.services.rows import lock_entry
from scholarships.services.sealing import chain, seal_books
from scholarships.services.taking import take_in
from scholarships.services.verifying import find_differences
from tests import factories
from tests.scholarships.lists import GIVEN, HALF, add_row, build_plan, make_batch
from tests.scholarships.test_services_intakes import line, workbook
from tests.two_persons import agree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

EIGHT = 8


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same moment, each on a connection of its own; return results or the exceptions they raised."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            results[place] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a writer was never answered"
    return results


@pytest.fixture
def ground(tree):
    factories.make_programmes(tree["HP"])
    return tree


@pytest.fixture
def fund(ground):
    return factories.make_fund(ground["LC"], opening=600_000)


@pytest.fixture
def lists(ground, fund, officer_lc):
    """Eight submitted lists of LC, one row of 500.000 đồng each."""
    programme = ground["HP"].programmes.get(kind="scholarship")
    made = []
    for number in range(EIGHT):
        batch = make_batch(ground["LC"], officer_lc)
        add_row(batch, officer_lc, programme, full_name=f"Trần Văn {'ABCDEGHI'[number]}")
        made.append(submit_batch(batch=batch, actor=officer_lc))
    return made


def approve(batch: Batch, actor: User) -> Batch:
    """Press again, as an approver does, when the answer is that somebody else is posting: the lock waits five seconds."""
    for _time in range(20):
        try:
            return approve_batch(batch=batch, actor=actor)
        except ConflictError as busy:
            if sqlstate_of(busy) != "55P03":  # a lock that was not given in time; a deadlock would be a fault
                raise
    raise AssertionError("busy for ever")


def sqlstate_of(error: BaseException | None) -> str:
    while error is not None:
        if code := getattr(error, "sqlstate", ""):
            return code
        error = error.__cause__ or error.__context__
    return ""


def test_of_eight_payments_at_once_one_wins_also_by_raw_sql(fund, lists, approver):
    def pay(batch: Batch) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO scholarships_ledgerentry (fund_id, half, kind, amount, occurred_on, batch_id, reason, request_key, actor_id, created_at) "
                "VALUES (%s, '2023-H1', 'payout', -400000, '2023-05-01', %s, '', gen_random_uuid(), %s, now())",
                [fund.pk, batch.pk, approver.pk],
            )
            return cursor.rowcount

    results = together(*(lambda batch=batch: pay(batch) for batch in lists))
    assert results.count(1) == 1
    assert all(
        isinstance(result, IntegrityError) and "fund_not_negative" in str(result) for result in results if result != 1
    )
    assert Fund.objects.get().balance == 200_000


def test_of_eight_approvals_at_once_one_wins(fund, lists, approver):
    results = together(*(lambda batch=batch: approve(batch, approver) for batch in lists))
    won = [result for result in results if isinstance(result, Batch)]
    assert len(won) == 1
    assert all(isinstance(result, ValidationError) for result in results if result not in won)
    assert Counter(Batch.objects.values_list("state", flat=True)) == {"paid": 1, "submitted": EIGHT - 1}
    assert find_differences() == []


def test_a_list_approved_twice_at_once_is_paid_once(fund, lists, approver):
    results = together(*(lambda: approve(lists[0], approver) for _time in range(4)))
    assert sum(isinstance(result, Batch) for result in results) == 1
    assert LedgerEntry.objects.filter(kind="payout").count() == 1
    assert find_differences() == []


def test_receipts_stay_gapless_over_the_funds_of_a_unit(fund, approver):
    second = Fund.objects.create(unit=fund.unit, name="Quỹ hai", opened_on=fund.opened_on, is_main=False)
    together(
        *(
            lambda which=which: record_donation(
                fund=which, donor_name="A", source="people", amount=1, received_on=GIVEN, confirmed=True, actor=approver
            )
            for which in (fund, second) * (EIGHT // 2)
        )
    )
    assert sorted(Donation.objects.values_list("receipt_number", flat=True)) == list(range(1, EIGHT + 1))
    assert {Fund.objects.get(pk=fund.pk).balance, Fund.objects.get(pk=second.pk).balance} == {600_004, 4}


def test_the_same_file_twice_at_once_is_taken_in_once(fund, ground):
    record_donation(
        fund=fund,
        donor_name="A",
        source="people",
        amount=10**9,
        received_on=GIVEN,
        confirmed=True,
        actor=User.objects.system(),
    )
    content = workbook(*(line(f"Trần Văn {chr(65 + number)}") for number in range(20)))

    def take() -> Batch | None:
        with transaction.atomic():
            lock_entry(ground["LC"])
            plan = build_plan(unit=ground["LC"], half=HALF, content=content, file_name="ds.xlsx")
            return take_in(plan=plan, state="paid", actor=User.objects.system())

    results = together(*([take] * 4))
    assert sum(isinstance(result, Batch) for result in results) == 1
    assert results.count(None) == 3
    assert (Recipient.objects.count(), Disbursement.objects.count()) == (20, 20)
    assert find_differences() == []


def test_payments_reversals_and_closing_at_once_leave_right_books(fund, lists, approver, ground, leader):
    record_donation(
        fund=fund, donor_name="A", source="people", amount=10**8, received_on=GIVEN, confirmed=True, actor=approver
    )

    def to_and_fro(batch: Batch) -> str:
        try:
            approve(batch, approver)
            change = reverse_batch(batch=batch, reason="Nhập nhầm danh sách", actor=approver)
            agree(change, by=leader)
        except ValidationError as error:
            return str(error.messages)
        return "reversed"

    server = factories.make_system_account()

    def close() -> None:
        for _time in range(4):
            close_half_year(unit=ground["LC"], half=HALF, reason="Đã báo cáo", actor=leader)
            until = timezone.now() + datetime.timedelta(days=1)
            grant_exception(unit=ground["LC"], half=HALF, person=approver, until=until, reason="Bổ sung", actor=server)

    def give() -> None:
        for _time in range(6):
            record_donation(
                fund=fund, donor_name="A", source="people", amount=1, received_on=GIVEN, confirmed=True, actor=approver
            )

    results = together(close, give, *(lambda batch=batch: to_and_fro(batch) for batch in lists))
    broken = [result for result in results if isinstance(result, Exception)]
    assert not broken, "\n".join(map(str, broken))
    assert Fund.objects.get().balance >= 0
    assert find_differences() == []


def test_a_line_whose_transaction_ends_late_is_sealed_all_the_same(fund, approver):
    """It has the lower number and commits after a later one was sealed."""
    numbered, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            AuditEntry.objects.create(actor=approver, action="portal.unit.create", target_type="")
            numbered.set()
            assert go_on.wait(30)

    def quick() -> None:
        assert numbered.wait(30)
        AuditEntry.objects.create(actor=approver, action="portal.unit.update", target_type="")
        assert seal_books() == 1
        assert chain().unsealed_audit == 0
        go_on.set()

    assert together(slow, quick) == [None, None]
    assert chain().unsealed_audit == 1
    assert seal_books() == 2
    assert chain().unsealed_audit == 0
    assert find_differences() == []


def test_of_many_sealers_at_once_the_chain_has_no_gap_and_holds_each_line_once(fund, approver):
    def give_and_seal() -> None:
        record_donation(
            fund=fund, donor_name="A", source="people", amount=1, received_on=GIVEN, confirmed=True, actor=approver
        )
        seal_books()

    assert together(*([give_and_seal] * EIGHT)) == [None] * EIGHT
    blocks = list(SealedBlock.objects.values_list("number", flat=True))
    assert blocks == list(range(1, len(blocks) + 1))
    assert (chain().unsealed_ledger, chain().unsealed_audit) == (0, 0)
    assert find_differences() == []
